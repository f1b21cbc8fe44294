// Roomlint is the house's own lint: go vet -vettool=bin/roomlint ./...
package main

import (
	"golang.org/x/tools/go/analysis/unitchecker"

	"parley/internal/rooms/roomlint"
)

func main() { unitchecker.Main(roomlint.Analyzers()...) }
