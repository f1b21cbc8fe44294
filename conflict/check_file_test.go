package conflict

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"parley/geo4d"
)

// TestWriteTraffic writes the traffic of the benchmarks as a plan file, where the environment names
// one: scripts/check-file.sh measures parley check by it.
func TestWriteTraffic(t *testing.T) {
	path := os.Getenv("PARLEY_TRAFFIC_FILE")
	if path == "" {
		path = t.TempDir() + "/plans.geojson"
	}
	n := 100
	if s := os.Getenv("PARLEY_TRAFFIC_PLANS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	sep := `{"type":"FeatureCollection","features":[` + "\n"
	var buf []byte
	for _, it := range traffic(n, 1) {
		extra := map[string]jsontext.Value{"id": jsontext.Value(strconv.Quote(it.ID)),
			"kind": jsontext.Value(`"flight"`), "class": jsontext.Value(`"small-uncrewed"`)}
		if buf, err = geo4d.AppendFeature(buf[:0], it.Volumes[0], extra); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(w, "%s%s", sep, buf)
		sep = ",\n"
	}
	fmt.Fprint(w, "\n]}\n")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
}
