package notam

import (
	"bytes"
	"math"
	"os"
	"testing"

	"parley/geo4d"
)

// FuzzRead holds what must be true of any bytes: no panic, nothing beyond the bounds, and volumes
// that are whole just where nothing was refused.
func FuzzRead(f *testing.F) {
	text, err := os.ReadFile("testdata/notams.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, part := range bytes.Split(text, []byte("\n\n")) {
		f.Add(part)
	}
	f.Add([]byte(withD("2608010600", "2612051200", "MON-FRI 0700-1100 1200-1600 EXC AUG 15, DEC 01-02 2200-0400")))
	f.Add([]byte(withD("2608010600", "2608051200", "MON 0700-FRI 1600, 02 0900-03 1000")))
	f.Add([]byte(withE("5NM EITHER SIDE OF LINE N340000E0360000-N340000E0370000. CIRCLE RADIUS 1,5KM CENTRE 34°00'00\"N 036°00'00\"E")))
	f.Add([]byte(withE("1.PSN:353000N0363000E RADIUS:40M 2.PSN:363000N0363000E RADIUS:50M, 3400N03600E-3400N03700E\n\n3500N03600E")))
	f.Add([]byte("(A0002/26 NOTAMC A0001/26 A) OSTT E) CNL)\r\nNNNN\r\nZCZC"))
	f.Fuzz(func(t *testing.T, text []byte) {
		ns, err := Read(text)
		if err != nil {
			return
		}
		for _, n := range ns {
			whole := len(n.Refusals) == 0 && n.Type != Cancel
			if whole != (len(n.Volumes) > 0) || len(n.Volumes) > MaxVolumes {
				t.Fatalf("%d volumes beside %v", len(n.Volumes), n.Refusals)
			}
			if !bytes.Contains(text, []byte(n.Text)) {
				t.Fatalf("the text is not as given: %q", n.Text)
			}
			for _, v := range n.Volumes {
				checkVolume(t, v)
			}
		}
	})
}

func checkVolume(t *testing.T, v geo4d.Volume) {
	t.Helper()
	if !v.Window.End.After(v.Window.Start) {
		t.Fatalf("window %v", v.Window)
	}
	place := func(p geo4d.Position) {
		if !(math.Abs(p.LatDeg) <= 90 && math.Abs(p.LonDeg) <= 180) {
			t.Fatalf("position %v", p)
		}
	}
	switch s := v.Shape.(type) {
	case geo4d.Circle:
		place(s.Center)
		if !(s.RadiusM > 0) || math.IsInf(s.RadiusM, 0) {
			t.Fatalf("radius %f", s.RadiusM)
		}
	case geo4d.Polygon:
		ring := s.Rings[0]
		if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
			t.Fatalf("ring %v", ring)
		}
		for _, p := range ring {
			place(p)
		}
	case geo4d.Corridor:
		if len(s.Line) < 2 || !(s.HalfWidthM > 0) {
			t.Fatalf("corridor %v", s)
		}
		for _, p := range s.Line {
			place(p)
		}
	default:
		t.Fatalf("shape %T", s)
	}
}
