// Package line is the room that may dial, in one file.
package line

import (
	"net"
	"net/http"
	"time"
)

func dial() { _, _ = net.Dial("tcp", "") }

func server() { _ = http.Server{} }

func clock() { _ = time.Now() } // want `time.Now reaches for the clock`
