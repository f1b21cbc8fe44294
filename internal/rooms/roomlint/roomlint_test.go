package roomlint_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"parley/internal/rooms/roomlint"
)

// The fixtures in testdata say, line by line, what the rules must find; what a line does not ask
// for fails the test as well.

func TestOutside(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), roomlint.Outside(), "parley/conflict", "parley/line", "parley/api",
		"parley/internal/clock", "parley/store/pebble", "parley/store/storetest", "parley/cmd/parley", "elsewhere")
}

func TestState(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), roomlint.State(), "parley/state", "elsewhere")
}
