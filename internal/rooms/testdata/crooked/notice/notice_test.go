package notice_test

import (
	"testing"

	"crooked/geo4d"
)

func TestKind(t *testing.T) {
	if geo4d.Kind("") != "" {
		t.Fail()
	}
}
