package node

import (
	"log/slog"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"parley/internal/clock"
	"parley/node/view"
	"parley/store/pebble"
)

// What runs beside the node has its alarms in the same list, in the same order, and an officer
// acknowledges them like any other.
func TestAlarmsOfWhatRunsBesideTheNode(t *testing.T) {
	st, err := pebble.Open(pebble.Config{Dir: "store", FS: vfs.NewMem(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	since := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	more := []view.Alarm{{ID: "low", Kind: "k", Level: look, Since: since}, {ID: "high", Kind: "k", Level: actNow, Since: since}}
	n := &Node{cfg: Config{Store: st, Clock: clock.System{}, More: func() []view.Alarm { return more }}, acked: map[string]ack{"low": {Received: view.Received{Officer: "duty officer"}, Since: since}}}
	n.rota.Store(&rota{})
	got, err := n.Alarms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].ID != "high" || got[1].ID != "low" || got[1].Acknowledged == nil || got[0].Acknowledged != nil {
		t.Errorf("got %+v", got)
	}
}
