// Parley is the one program, which hands everything to the rooms.
package main

import (
	"crypto/rand"
	"log/slog"
	"net"
	"os"
	"time"
)

func main() {
	_, _ = net.Dial("tcp", time.Now().String())
	_, _ = os.ReadFile(os.Args[0])
	_ = rand.Reader
	slog.Info("")
}
