package node

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/geo4d"
	"parley/node/view"
	"parley/notice"
	"parley/sitecopy"
)

// copyHead is what a copy says of itself, as a member "copy" of its collection.
type copyHead struct {
	ID           string    `json:"id"`
	Party        string    `json:"party"`
	For          string    `json:"for"`
	Level        string    `json:"level"`
	Time         time.Time `json:"time"`
	Sites        int       `json:"sites"`
	WithoutPlace int       `json:"without_place,omitzero"`
	Says         string    `json:"says"`
}

// writeCopy writes a copy as a plan file, and puts into c what it holds.
func writeCopy(c *view.SiteCopy, party string, key sitecopy.Key, sites []notice.Notice) ([]byte, error) {
	var list []notice.Notice
	if c.Level != view.CopyAlert {
		for _, n := range sites {
			if n.Incomplete() {
				c.WithoutPlace++
				continue
			}
			moved, err := markSite(n, key.Mark(c.ID, n.ID))
			if err != nil {
				return nil, err
			}
			list = append(list, moved)
		}
	}
	if c.Level == view.CopyVolume {
		list = shapesAlone(list)
	}
	head := copyHead{c.ID, party, c.For, c.Level, c.Time.Truncate(time.Second), c.Sites, c.WithoutPlace, says(c, party)}
	raw, err := json.Marshal(head)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "node.issue", err)
	}
	out := fmt.Appendf(nil, "{\"type\":\"FeatureCollection\",\n\"copy\":%s,\n\"features\":[", raw)
	comma := "\n"
	for _, n := range list {
		features, err := notice.PlanFeatures(party, n)
		if err != nil {
			return nil, fault.In("sites["+n.ID+"]", err)
		}
		for _, f := range features {
			out = append(append(out, comma...), f...)
			comma = ",\n"
		}
	}
	return append(out, "\n]}\n"...), nil
}

// says is what a copy says of itself to whoever reads it.
func says(c *view.SiteCopy, party string) string {
	at := c.Time.Format("2006-01-02 15:04Z")
	if c.Level == view.CopyAlert {
		return fmt.Sprintf("Sites of %s in force at %s: %d. This copy has no position and says nothing of any place: ask %s.", party, at, c.Sites, party)
	}
	out := fmt.Sprintf("Sites of %s in force at %s: %d. Each lies up to %d m from here and its shape is larger by %d m or more on all sides, so that it holds all that is to be kept clear of. "+
		"The copy is marked and is not kept up: ask %s for a new one.", party, at, c.Sites, sitecopy.MaxShiftM, sitecopy.GrowM, party)
	if c.WithoutPlace > 0 {
		out += fmt.Sprintf(" %d of them have a place in words alone and are NOT in this copy.", c.WithoutPlace)
	}
	return out
}

// markSite returns a site as a copy has it.
func markSite(n notice.Notice, m sitecopy.Mark) (notice.Notice, error) {
	var volumes []geo4d.Volume
	positions := 0
	for i, v := range n.Volumes {
		shapes, err := m.Apply(v.Shape)
		if err != nil {
			return n, fault.In(fmt.Sprintf("sites[%s].volumes[%d]", n.ID, i), err)
		}
		for _, s := range shapes {
			volumes = append(volumes, geo4d.Volume{Shape: s, Band: v.Band, Window: v.Window})
			positions += geo4d.Vertices(s)
		}
	}
	if len(volumes) > notice.MaxVolumes || positions > notice.MaxVertices {
		return n, &fault.Error{Code: fault.TooLarge, Field: "sites[" + n.ID + "]", Rule: "has too many volumes or positions for a copy, in which each area has its edges beside it",
			Hint: "give it a simpler shape that holds it: parley notice amend"}
	}
	n.Volumes, n.Source = volumes, notice.Source{}
	return n, nil
}

// shapesAlone leaves of sites their shapes alone, under numbers by where they lie in the copy: an own id
// may be a name.
func shapesAlone(sites []notice.Notice) []notice.Notice {
	slices.SortFunc(sites, func(a, b notice.Notice) int {
		p, _ := sitecopy.Spot(shapesOf(a))
		q, _ := sitecopy.Spot(shapesOf(b))
		return cmp.Or(cmp.Compare(p.LatDeg, q.LatDeg), cmp.Compare(p.LonDeg, q.LonDeg))
	})
	var out []notice.Notice
	for i, n := range sites {
		out = append(out, notice.Notice{ID: strconv.Itoa(i + 1), Version: 1, Kind: notice.Site, Domain: n.Domain, Volumes: n.Volumes, UncertaintyM: n.UncertaintyM})
	}
	return out
}
