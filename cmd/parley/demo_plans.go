package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"time"

	"parley/fault"
)

// The places of the story. The geometry is illustrative.
const (
	demoArea = `{"type": "Polygon", "coordinates": [[[33.0, 33.5], [42.5, 33.5], [42.5, 37.5], [33.0, 37.5], [33.0, 33.5]]]}`

	// overIdlib is where R's aircraft is when the notice comes.
	overIdlib = `{"type": "Point", "coordinates": [36.63, 35.93]}`
	// southToBase is the way back that R orders: to the airfield south of Latakia.
	southToBase = `{"type": "LineString", "coordinates": [[36.63, 35.93], [36.1, 35.75], [35.6, 35.5], [35.95, 35.41]]}`
	// latakia is the area that S means.
	latakia = `{"type": "Polygon", "coordinates": [[[35.60, 35.45], [35.95, 35.45], [35.95, 35.70], [35.60, 35.70], [35.60, 35.45]]]}`
)

// demoPlan is one feature of a plan file of the story.
type demoPlan struct {
	id, kind, title, geometry, size string
	from, until                     time.Time
	more                            string
}

// write writes a plan file and returns its path.
func (p demoPlan) write(d *demo, name string) (string, error) {
	text := fmt.Sprintf(`{"type": "FeatureCollection", "features": [
 {"type": "Feature", "id": %[1]q,
  "geometry": %[2]s,
  "properties": {"notice": %[1]q, "kind": %[3]q, "title": %[4]q, "contact": "+00 0000", %[5]s
   "start": %[6]q, "end": %[7]q,
   "lower": {"value": 0, "unit": "m", "reference": "AMSL"},
   "upper": {"value": 170, "unit": "FL", "reference": "FL"}%[8]s}}
]}
`, p.id, p.geometry, p.kind, p.title, p.size, rfc3339(p.from), rfc3339(p.until), p.more)
	path := d.file(name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return "", fault.Wrap(fault.Unavailable, "demo", err)
	}
	return path, nil
}

// decodeDisclosure returns the text of a line of a bundle that is a disclosure, nil for others.
func decodeDisclosure(line []byte) []byte {
	out, err := base64.RawURLEncoding.AppendDecode(nil, line)
	if err != nil {
		return nil
	}
	return out
}
