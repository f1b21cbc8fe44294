package exactness

import (
	"bytes"
	"fmt"
	"os/exec"
	"strconv"
	"strings"

	"parley/geo4d"
)

// byPostGIS is what PostGIS says of a pair: the distance less the radii.
type byPostGIS struct {
	asked   bool
	m       float64
	radii   float64
	meet    bool
	failure string
}

// postGISEdgeM is how long an edge may be for PostGIS to be asked.
const postGISEdgeM = 50e3

// wkt writes a shape and its radius for PostGIS, unless it is one that PostGIS cannot be asked about.
func wkt(s geo4d.Shape) (text string, radiusM float64, ok bool) {
	line := func(l []geo4d.Position) string {
		var w []string
		for _, p := range l {
			w = append(w, num(p.LonDeg)+" "+num(p.LatDeg))
		}
		return "(" + strings.Join(w, ",") + ")"
	}
	switch s := s.(type) {
	case geo4d.Circle:
		return "POINT" + line([]geo4d.Position{s.Center}), s.RadiusM, true
	case geo4d.Corridor:
		return "LINESTRING" + line(s.Line), s.HalfWidthM, true
	case geo4d.Polygon:
		var w []string
		for _, r := range s.Rings {
			w = append(w, line(r))
		}
		return "POLYGON(" + strings.Join(w, ",") + ")", 0, true
	}
	return "", 0, false
}

func short(s *refShape) bool {
	for i := range s.edges {
		if s.edges[i].inv.m > postGISEdgeM {
			return false
		}
	}
	return true
}

// askPostGIS returns what PostGIS says of the tasks that it can be asked about, and its version.
func askPostGIS(tasks []*task) ([]byPostGIS, string, error) {
	out := make([]byPostGIS, len(tasks))
	radii := make([]float64, len(tasks))
	var in bytes.Buffer
	for i, t := range tasks {
		a, ra, okA := wkt(t.a)
		b, rb, okB := wkt(t.b)
		if okA && okB && short(t.sa) && short(t.sb) {
			fmt.Fprintf(&in, "%d\t%s\t%s\n", i, a, b)
			radii[i] = ra + rb
		}
	}
	cmd := exec.Command("./postgis.sh")
	var errs bytes.Buffer
	cmd.Stdin, cmd.Stderr = &in, &errs
	said, err := cmd.Output()
	if err != nil {
		return nil, "", fmt.Errorf("postgis.sh: %w: %s", err, errs.Bytes())
	}
	for line := range strings.Lines(string(said)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 4 {
			return nil, "", fmt.Errorf("postgis.sh: %q", line)
		}
		i, err := strconv.Atoi(f[0])
		if err != nil {
			return nil, "", err
		}
		g := byPostGIS{asked: true, meet: f[2] == "t"}
		if f[3] != `\N` {
			g.failure = f[3]
		} else if g.m, err = strconv.ParseFloat(f[1], 64); err != nil {
			return nil, "", err
		}
		g.radii = radii[i]
		g.m -= g.radii
		out[i] = g
	}
	version := ""
	for line := range strings.Lines(errs.String()) {
		if strings.HasPrefix(line, "PostGIS ") {
			version = strings.TrimSpace(line)
		}
	}
	return out, version, nil
}
