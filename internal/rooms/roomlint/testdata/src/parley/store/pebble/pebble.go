// Package pebble is where the disk is.
package pebble

import (
	"os"
	"time"
)

func disk() { _, _ = os.ReadFile("") }

func exit() { os.Exit(1) } // want `os.Exit reaches for the process`

func clock() { _ = time.Now() } // want `time.Now reaches for the clock`
