package conflict

import (
	"testing"
	"time"
)

func TestNow(t *testing.T) {
	if Now().After(time.Now()) {
		t.Fail()
	}
}
