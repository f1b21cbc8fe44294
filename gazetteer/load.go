package gazetteer

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"sort"
	"strconv"
	"strings"
	"sync"

	"parley/fault"
	"parley/geo4d"
)

//go:embed data/towns.tsv.gz
var townData []byte

//go:embed data/countries.tsv
var countryData string

//go:embed data/folds.tsv
var foldData string

// maxData bounds the unpacked list.
const maxData = 16 << 20

// Load unpacks the list. Load it once: it takes about a tenth of a second. The first look-up of a
// name takes about as long again.
func Load() (*Gazetteer, error) {
	zr, err := gzip.NewReader(bytes.NewReader(townData))
	if err != nil {
		return nil, fault.Wrap(fault.Corrupt, "gazetteer.load", err)
	}
	text, err := io.ReadAll(io.LimitReader(zr, maxData))
	if err != nil {
		return nil, fault.Wrap(fault.Corrupt, "gazetteer.load", err)
	}
	return parse(string(text))
}

// parse reads the list, one town a line: name, country, latitude and longitude in ten-thousandths
// of a degree, population, and other spellings divided by commas.
func parse(text string) (*Gazetteer, error) {
	g := &Gazetteer{folds: map[rune]string{}, countries: map[string]string{}}
	for line := range strings.Lines(countryData) {
		code, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		g.countries[code] = name
	}
	for line := range strings.Lines(foldData) {
		base, letters, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		for _, r := range letters {
			g.folds[r] = base
		}
	}
	for line := range strings.Lines(text) {
		t, others, err := parseTown(strings.TrimSuffix(line, "\n"))
		if err != nil {
			return nil, err
		}
		g.towns = append(g.towns, t)
		g.points = append(g.points, vector(t.Position))
		g.others = append(g.others, others)
	}
	g.tree = make([]int32, len(g.towns))
	for i := range g.tree {
		g.tree[i] = int32(i)
	}
	plant(g.points, g.tree, 0)
	g.names = sync.OnceValue(g.index)
	return g, nil
}

func parseTown(line string) (Town, string, error) {
	f := strings.Split(line, "\t")
	if len(f) != 6 {
		return Town{}, "", fault.New("towns", line, "must have six fields", "")
	}
	lat, errLat := strconv.Atoi(f[2])
	lon, errLon := strconv.Atoi(f[3])
	people, errPeople := strconv.Atoi(f[4])
	if errLat != nil || errLon != nil || errPeople != nil {
		return Town{}, "", fault.New("towns", line, "must give position and population as whole numbers", "")
	}
	return Town{Name: f[0], Country: f[1], Population: people,
		Position: geo4d.Position{LonDeg: float64(lon) / 1e4, LatDeg: float64(lat) / 1e4}}, f[5], nil
}

// index lists the towns by name and other spellings, for each name the most people first.
func (g *Gazetteer) index() map[string][]int32 {
	names := make(map[string][]int32, 8*len(g.towns))
	add := func(name string, i int32) {
		key := g.fold(name)
		list := names[key]
		if key == "" || len(list) > 0 && list[len(list)-1] == i {
			return
		}
		names[key] = append(list, i)
	}
	for i, t := range g.towns {
		add(t.Name, int32(i))
		for name := range strings.SplitSeq(g.others[i], ",") {
			add(name, int32(i))
		}
	}
	for _, list := range names {
		sort.SliceStable(list, func(i, j int) bool { return g.towns[list[i]].Population > g.towns[list[j]].Population })
	}
	return names
}
