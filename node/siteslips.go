package node

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"parley/catalogue"
	"parley/geo4d"
	"parley/node/view"
	"parley/notice"
)

// The codes of warnings of an import.
const (
	warnSlip     = "position-slip"
	warnTwin     = "two-sites"
	warnSameName = "same-name"
)

const (
	// slipM is how near to a place that the words name a position must come when its figures are
	// swapped or a sign is turned, and slipFarM how far from it it must lie as given.
	slipM    = 10_000
	slipFarM = 30_000
	// twinM is how near two sites of a list lie that may be one.
	twinM = 50
	// degreeM is a degree of latitude, to a hundredth: enough to say what is near.
	degreeM = 111_000
)

// slips warns where a position, with its figures swapped or a sign turned, lies at the place that the
// words name, and as given lies far from it.
func (ln *lineNode) slips(n notice.Notice) []notice.Warning {
	c, ok := circleOf(n)
	places := ln.node.places()
	if !ok || places == nil {
		return nil
	}
	p := c.Center
	for _, words := range []string{n.Place, n.Title} {
		for _, at := range places.Find(strings.TrimSpace(words)) {
			if apartM(at, p) < slipFarM {
				return nil
			}
			for _, s := range []struct {
				key string
				p   geo4d.Position
			}{
				{"warn.slip-swapped", geo4d.Position{LatDeg: p.LonDeg, LonDeg: p.LatDeg}},
				{"warn.slip-longitude", geo4d.Position{LatDeg: p.LatDeg, LonDeg: -p.LonDeg}},
				{"warn.slip-latitude", geo4d.Position{LatDeg: -p.LatDeg, LonDeg: p.LonDeg}},
			} {
				if math.Abs(s.p.LatDeg) <= 90 && apartM(at, s.p) < slipM {
					return []notice.Warning{{Code: warnSlip, Field: "position", Message: catalogue.Say(s.key, catalogue.ByPeople("place", words))}}
				}
			}
		}
	}
	return nil
}

// apartM says how far apart two positions are, to some percent where that is near.
func apartM(a, b geo4d.Position) float64 {
	north := (a.LatDeg - b.LatDeg) * degreeM
	east := math.Remainder(a.LonDeg-b.LonDeg, 360) * degreeM * math.Cos((a.LatDeg+b.LatDeg)/2*math.Pi/180)
	return math.Hypot(north, east)
}

// located is a site of a list with its place.
type located struct {
	id, name string
	row      int // 0: an own site that no row names
	at       geo4d.Position
}

// warnOfTwins warns of sites that lie within 50 m of another, and of names that another site has
// elsewhere.
func warnOfTwins(rows []imported, own map[string]notice.Notice, missing []string) {
	near, named := nearby{}, map[string]located{}
	look := func(s located, x *imported) {
		name := strings.ToLower(strings.Join(strings.Fields(s.name), " "))
		if other, ok := near.put(s); ok && x != nil {
			x.warn(warnTwin, "position", catalogue.Say("warn.twin", catalogue.AsCode("length", fmt.Sprintf("%.0f m", apartM(s.at, other.at))), catalogue.SayIn("said", other.said())))
		}
		if name == "" {
			return
		}
		if other, ok := named[name]; !ok {
			named[name] = s
		} else if d := apartM(s.at, other.at); d >= twinM && x != nil {
			x.warn(warnSameName, "name", catalogue.Say("warn.same-name", catalogue.SayIn("said", other.said()), catalogue.AsCode("length", fmt.Sprintf("%.1f km", d/1000))))
		}
	}
	for _, id := range missing {
		if c, ok := circleOf(own[id]); ok {
			look(located{id: id, name: own[id].Title, at: c.Center}, nil)
		}
	}
	for i := range rows {
		x := &rows[i]
		if c, ok := circleOf(x.notice); ok && x.Outcome != view.RowRefused {
			look(located{x.ID, x.notice.Title, x.Row, c.Center}, x)
		}
	}
}

func (l located) said() catalogue.Message {
	if l.row == 0 {
		return catalogue.Say("site.outside", catalogue.ByPeople("notice", l.id))
	}
	return catalogue.Say("site.row", catalogue.ByPeople("notice", l.id), catalogue.CountOf("nr", l.row))
}

// nearby finds a site within 50 m: by rows of that height, each cut into cells of that width. Of
// sites that lie close together one is kept, so that no cell has many.
type nearby map[[2]int64][]located

func (g nearby) cell(p geo4d.Position, up, right int64) [2]int64 {
	row := int64(math.Floor(p.LatDeg*degreeM/twinM)) + up
	width := twinM / (degreeM * max(math.Cos(float64(row)*twinM/degreeM*math.Pi/180), 1e-6))
	columns := int64(math.Ceil(360 / width))
	column := int64(math.Floor((p.LonDeg+180)/width)) + right
	return [2]int64{row, (column%columns + columns) % columns}
}

// put keeps a site, or returns one that is near.
func (g nearby) put(s located) (located, bool) {
	for up := int64(-1); up <= 1; up++ {
		for right := int64(-1); right <= 1; right++ {
			list := g[g.cell(s.at, up, right)]
			if i := slices.IndexFunc(list, func(o located) bool { return apartM(o.at, s.at) < twinM }); i >= 0 {
				return list[i], true
			}
		}
	}
	at := g.cell(s.at, 0, 0)
	g[at] = append(g[at], s)
	return located{}, false
}
