package notice

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"parley/fault"
	"parley/geo4d"
)

// WritePlan writes notices as a plan file that ReadPlan reads back, one feature a line.
func WritePlan(dst io.Writer, notices []PartyNotice) error {
	w := bufio.NewWriter(dst)
	fmt.Fprint(w, `{"type":"FeatureCollection","features":[`)
	sep := "\n"
	for i, n := range notices {
		features, err := PlanFeatures(n.Party, n.Notice)
		if err != nil {
			return fault.In("notices"+index(i), err)
		}
		for _, f := range features {
			fmt.Fprint(w, sep)
			w.Write(f)
			sep = ",\n"
		}
	}
	fmt.Fprint(w, "\n]}\n")
	return fault.Wrap(fault.Unavailable, "plan.write", w.Flush())
}

// PlanFeatures returns the features of one notice, as plan files write them. A notice without
// volumes has none, and is refused: a plan file cannot say it.
func PlanFeatures(party string, n Notice) ([]jsontext.Value, error) {
	n = WithDefaults(n)
	if n.Incomplete() {
		return nil, fault.New("volumes", "", "are missing", "a plan file holds volumes; file a place in words as a notice by itself")
	}
	extra, err := planProperties(party, n)
	if err != nil {
		return nil, err
	}
	out := make([]jsontext.Value, 0, len(n.Volumes))
	for i, v := range n.Volumes {
		id := n.ID
		if len(n.Volumes) > 1 {
			id += "-" + strconv.Itoa(i+1)
		}
		if extra["id"], err = marshal(id); err != nil {
			return nil, err
		}
		f, err := geo4d.MarshalFeature(v, extra)
		if err != nil {
			return nil, fault.In("volumes"+index(i), err)
		}
		out = append(out, f)
	}
	return out, nil
}

// planProperties returns what stands beside every volume of n.
func planProperties(party string, n Notice) (map[string]jsontext.Value, error) {
	fields, err := Fields(n)
	if err != nil {
		return nil, err
	}
	extra := map[string]jsontext.Value{}
	for _, f := range fields {
		switch {
		case f.Name == "id":
			extra["notice"] = f.Value
		case f.Name == "kind", f.Name == "domain", f.Name == "class", f.Name == "uncertainty_m", contains(planMembers, f.Name):
			extra[f.Name] = f.Value
		}
	}
	if party != "" {
		if extra["party"], err = marshal(party); err != nil {
			return nil, fault.In("party", err)
		}
	}
	return extra, nil
}
