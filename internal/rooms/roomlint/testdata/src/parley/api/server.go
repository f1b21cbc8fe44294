// Package api is the room that may listen, in one file.
package api

import (
	"net"
	"net/http"
	"os"
)

func listen() { _, _ = net.Listen("tcp", "") }

func serve(s *http.Server) { _ = s.ListenAndServe() } // want `http.Server reaches for an HTTP client or server`

func disk() { _, _ = os.ReadFile("") } // want `os.ReadFile reaches for the disk`
