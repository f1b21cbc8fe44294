package notice

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"parley/geo4d"
)

// benchNotice is a flight of 16 members, with one volume or more of so many corners.
func benchNotice(volumes, corners int) Notice {
	n := testFlight()
	n.Place, n.Frequency, n.Humanitarian, n.SpeedMPS, n.Persons = "near Idlib", "121.5 MHz", true, 120, 4
	n.Text = []Text{{"en", strings.Repeat("word ", 20)}}
	v := n.Volumes[0]
	if corners > 1 {
		var ring []geo4d.Position
		for i := range corners {
			p, _ := geo4d.Direct(geo4d.Position{LonDeg: 36.63, LatDeg: 35.93}, float64(i)*360/float64(corners), 9_260)
			ring = append(ring, p)
		}
		v.Shape = geo4d.Polygon{Rings: [][]geo4d.Position{append(ring, ring[0])}}
	}
	n.Volumes = nil
	for range volumes {
		n.Volumes = append(n.Volumes, v)
	}
	return n
}

// benchEach runs what do makes of a notice, for notices of several sizes.
func benchEach(b *testing.B, do func(n Notice, body []byte) (func() error, error)) {
	for _, c := range []struct{ volumes, corners int }{{1, 1}, {1, 12}, {20, 12}} {
		n := benchNotice(c.volumes, c.corners)
		body, err := Marshal(n)
		if err != nil {
			b.Fatal(err)
		}
		once, err := do(n, body)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("volumes=%d/corners=%d", c.volumes, c.corners), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := once(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFromFields(b *testing.B) {
	benchEach(b, func(n Notice, _ []byte) (func() error, error) {
		fields, err := Fields(n)
		m := map[string]jsontext.Value{}
		for _, f := range fields {
			m[f.Name] = f.Value
		}
		return func() error { _, err := FromFields(m); return err }, err
	})
}

func BenchmarkUnmarshal(b *testing.B) {
	benchEach(b, func(_ Notice, body []byte) (func() error, error) {
		return func() error { _, err := Unmarshal(body); return err }, nil
	})
}

func BenchmarkFields(b *testing.B) {
	benchEach(b, func(n Notice, _ []byte) (func() error, error) {
		return func() error { _, err := Fields(n); return err }, nil
	})
}

func BenchmarkMarshal(b *testing.B) {
	benchEach(b, func(n Notice, _ []byte) (func() error, error) {
		return func() error { _, err := Marshal(n); return err }, nil
	})
}

func BenchmarkValidate(b *testing.B) {
	benchEach(b, func(n Notice, _ []byte) (func() error, error) {
		return func() error { _, err := Validate(n, Context{Now: testNow}); return err }, nil
	})
}

func BenchmarkEcho(b *testing.B) {
	benchEach(b, func(n Notice, _ []byte) (func() error, error) {
		return func() error { Echo(n, nil); return nil }, nil
	})
}
