package node

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/fault"
	"parley/geo4d"
	"parley/internal/testnet"
	"parley/node/view"
	"parley/notice"
)

// TestSiteCopies gives copies of sites of every form, reads them as a recipient does, and asks whose
// they are after a restart and after the sites were moved and removed.
func TestSiteCopies(t *testing.T) {
	testnet.Run(t, func(t *testing.T) {
		w := newWorld(t, worldOptions{seed: 1})
		w.open()
		red, ctx := w.ends[0], t.Context()
		at := func(lon, lat float64) geo4d.Position {
			return geo4d.Position{LonDeg: 35 + lon/100, LatDeg: 35 + lat/100}
		}
		ring := func(lon, lat float64) geo4d.Polygon {
			return geo4d.Polygon{Rings: [][]geo4d.Position{{at(lon, lat), at(lon+0.5, lat), at(lon+0.4, lat+0.5), at(lon, lat)}}}
		}
		window := geo4d.Window{Start: time.Now().Add(time.Hour).UTC().Truncate(time.Second), End: time.Now().AddDate(1, 0, 0)}
		shapes := []geo4d.Shape{geo4d.Circle{Center: at(1, 1), RadiusM: 200}, geo4d.Circle{Center: at(2, 2), RadiusM: 30}, ring(3, 3),
			geo4d.Corridor{Line: []geo4d.Position{at(5, 5), at(6, 5)}, HalfWidthM: 80}, geo4d.Multi{Parts: []geo4d.Shape{ring(7, 7), ring(8, 8)}}}
		file := func(id string, s geo4d.Shape) notice.Notice {
			return notice.Notice{ID: id, Version: 1, Kind: notice.Site, Title: "Clinic " + id, Contact: "+15550100", Persons: 7, Volumes: []geo4d.Volume{{Shape: s, Window: window}}}
		}
		for i, s := range shapes {
			if _, err := red.Node.File(ctx, Officer{Name: "Ana", Role: "planner"}, "", file(fmt.Sprint("site-", i), s), false); err != nil {
				t.Fatal(err)
			}
		}
		ana := Officer{Name: "Ana", Role: "supervisor"}
		give := func(who, level string) CopyFile {
			t.Helper()
			c, err := red.Node.IssueSites(ctx, ana, "", Issuing{For: who, Level: level})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		// Whoever is first makes the one key.
		var copies [3]CopyFile
		var wg sync.WaitGroup
		for i, level := range []string{view.CopyVolume, view.CopyFull, view.CopyVolume} {
			wg.Go(func() { copies[i] = give(fmt.Sprint("office ", i), level) })
		}
		wg.Wait()
		for _, c := range copies {
			holdsAll(t, c, shapes)
		}
		if bytes.Contains(copies[0].Bytes, []byte("Clinic")) || bytes.Contains(copies[0].Bytes, []byte("site-")) || !bytes.Contains(copies[1].Bytes, []byte("Clinic site-3")) {
			t.Errorf("levels:\n%s\n%s", copies[0].Bytes, copies[1].Bytes)
		}
		time.Sleep(time.Second) // so that it is the newest
		if alert := give("press", view.CopyAlert); bytes.Contains(alert.Bytes, []byte("coordinates")) || alert.Sites != len(shapes) {
			t.Errorf("alert: %s", alert.Bytes)
		}
		whose := func(when string) {
			t.Helper()
			for i, c := range copies {
				out, err := red.Node.WhoseCopy(ctx, "", bytes.ReplaceAll(c.Bytes, []byte("office"), []byte("nobody")))
				if err != nil || len(out.Named) != 1 || out.Named[0].Copy.ID != c.ID || out.Named[0].Copy.For != fmt.Sprint("office ", i) || out.Copies != 3 || out.AsHeld != 0 {
					t.Errorf("%s: %v, %+v", when, err, out)
				}
			}
		}
		whose("at once")
		moved := file("site-0", geo4d.Circle{Center: at(1.05, 1.02), RadiusM: 200})
		moved.Version = 2
		if _, err := red.Node.Amend(ctx, ana, "", moved, false); err != nil {
			t.Fatal(err)
		}
		if _, err := red.Node.SetState(ctx, ana, "", "site-1", notice.Cancel, "closed"); err != nil {
			t.Fatal(err)
		}
		whose("after a change and a removal")
		red.crash(0)
		red.open()
		w.within(time.Minute, "both may sign", w.unready)
		ctx = t.Context()
		whose("after a restart")
		if list, err := red.Node.SiteCopies(ctx, ""); err != nil || len(list) != 4 || list[0].For != "press" {
			t.Errorf("%v, %+v", err, list)
		}
		if c := give("office 9", view.CopyFull); c.Sites != len(shapes)-1 {
			t.Errorf("a removed site is in a copy: %+v", c.SiteCopy)
		}
		if _, err := red.Node.WhoseCopy(ctx, "", []byte("nothing")); !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
		w.finish()
	})
}

// holdsAll reads a copy as a plan file, and holds every corner and edge of the true shapes against it.
func holdsAll(t *testing.T, c CopyFile, shapes []geo4d.Shape) {
	t.Helper()
	plan, err := notice.ReadPlan(bytes.NewReader(c.Bytes), notice.PlanOptions{NeedIDs: true})
	if err != nil || len(plan.Refused) > 0 || len(plan.Notices) != len(shapes) {
		t.Fatalf("%v, %+v", err, plan.Refused)
	}
	var volumes []geo4d.Volume
	for _, n := range plan.Notices {
		if n.Party != "red" || n.Notice.Kind != notice.Site {
			t.Errorf("%+v", n)
		}
		volumes = append(volumes, n.Notice.Volumes...)
	}
	for _, s := range shapes {
		for _, p := range edgeOf(s) {
			if !slices.ContainsFunc(volumes, func(v geo4d.Volume) bool { return geo4d.Contains(v.Shape, p) && v.Window.End.IsZero() }) {
				t.Errorf("%s: %v of %#v is left out", c.For, p, s)
			}
		}
	}
}

// edgeOf returns places of the edge of a shape.
func edgeOf(s geo4d.Shape) (out []geo4d.Position) {
	round := func(p geo4d.Position, m float64) {
		for az := 0.0; az < 360; az += 15 {
			q, _ := geo4d.Direct(p, az, math.Max(0, m-0.001))
			out = append(out, q)
		}
	}
	switch s := s.(type) {
	case geo4d.Circle:
		round(s.Center, s.RadiusM)
	case geo4d.Corridor:
		for _, p := range s.Line {
			round(p, s.HalfWidthM)
		}
	case geo4d.Polygon:
		for i := 1; i < len(s.Rings[0]); i++ {
			a, b := s.Rings[0][i-1], s.Rings[0][i]
			d, az, _ := geo4d.Inverse(a, b)
			for k := range 20 {
				q, _ := geo4d.Direct(a, az, d*float64(k)/20)
				out = append(out, q)
			}
		}
	case geo4d.Multi:
		for _, p := range s.Parts {
			out = append(out, edgeOf(p)...)
		}
	}
	return out
}

// TestCopyOfTooManyCorners refuses a site that a copy could not hold whole, by its name.
func TestCopyOfTooManyCorners(t *testing.T) {
	var ring []geo4d.Position
	for i := range notice.MaxVertices/2 + 10 {
		p, _ := geo4d.Direct(geo4d.Position{LatDeg: 35, LonDeg: 35}, 360*float64(i)/(notice.MaxVertices/2+10), 20_000)
		ring = append(ring, p)
	}
	n := notice.Notice{ID: "camp-4", Kind: notice.Site, Volumes: []geo4d.Volume{{Shape: geo4d.Polygon{Rings: [][]geo4d.Position{append(ring, ring[0])}}}}}
	c := view.SiteCopy{Level: view.CopyVolume, Sites: 1}
	if _, err := writeCopy(&c, "red", [32]byte{1}, []notice.Notice{n}); !fault.Is(err, fault.TooLarge) || !strings.Contains(err.Error(), "camp-4") {
		t.Error(err)
	}
	words := notice.Notice{ID: "camp-5", Kind: notice.Site, Place: "near the river"}
	if out, err := writeCopy(&c, "red", [32]byte{1}, []notice.Notice{words}); err != nil || c.WithoutPlace != 1 || !strings.Contains(string(out), "1 of them have a place in words alone and are NOT in this copy") {
		t.Errorf("%v, %+v, %s", err, c, out)
	}
}
