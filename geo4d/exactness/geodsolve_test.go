package exactness

import (
	"bytes"
	"fmt"
	"math"
	"os/exec"
	"strconv"
	"sync"

	"parley/geo4d"
)

// inverse is an inverse problem and, solved, its answer: azimuths in degrees, both pointing from a
// to b, and the distance in metres.
type inverse struct {
	a, b     geo4d.Position
	azA, azB float64
	m        float64
}

// direct is a direct problem and, solved, its answer.
type direct struct {
	a     geo4d.Position
	azA   float64
	m     float64
	b     geo4d.Position
	azB   float64
	owner int
}

// batch is how many problems one GeodSolve process is given.
const batch = 100_000

// geodSolve pipes n problems through GeodSolve processes, two at once, in full precision: 1e-15
// degrees and 1e-10 m.
func geodSolve(args []string, n int, put func(i int, to []byte) []byte, take func(i int, f [3]float64)) error {
	errs := make([]error, (n+batch-1)/batch)
	slots := make(chan struct{}, 2)
	var wg sync.WaitGroup
	for k := range errs {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-slots }()
			errs[k] = geodSolveBatch(args, k*batch, min(n, (k+1)*batch), put, take)
		}()
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func geodSolveBatch(args []string, lo, hi int, put func(i int, to []byte) []byte, take func(i int, f [3]float64)) error {
	var in []byte
	for i := lo; i < hi; i++ {
		in = append(put(i, in), '\n')
	}
	cmd := exec.Command("GeodSolve", args...)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("GeodSolve %v: %w", args, err)
	}
	lines := bytes.Split(bytes.TrimSuffix(out, []byte("\n")), []byte("\n"))
	if len(lines) != hi-lo {
		return fmt.Errorf("GeodSolve %v: %d answers to %d problems", args, len(lines), hi-lo)
	}
	for i, line := range lines {
		var f [3]float64
		for k, s := range bytes.SplitN(line, []byte(" "), 3) {
			if f[k], err = strconv.ParseFloat(string(s), 64); err != nil {
				return fmt.Errorf("GeodSolve %v: %w", args, err)
			}
		}
		take(lo+i, f)
	}
	return nil
}

// GeodSolve takes the e of an exponent for east: plain decimals only.
func decimal(to []byte, fs ...float64) []byte {
	for i, f := range fs {
		if i > 0 {
			to = append(to, ' ')
		}
		to = strconv.AppendFloat(to, f, 'f', -1, 64)
	}
	return to
}

func solveInverse(list []*inverse) error {
	return geodSolve([]string{"-i", "-p", "10"}, len(list), func(i int, to []byte) []byte {
		p := list[i]
		return decimal(to, p.a.LatDeg, p.a.LonDeg, p.b.LatDeg, p.b.LonDeg)
	}, func(i int, f [3]float64) { list[i].azA, list[i].azB, list[i].m = f[0], f[1], f[2] })
}

func solveDirect(list []*direct) error {
	return geodSolve([]string{"-p", "10"}, len(list), func(i int, to []byte) []byte {
		p := list[i]
		return decimal(to, p.a.LatDeg, p.a.LonDeg, p.azA, p.m)
	}, func(i int, f [3]float64) {
		list[i].b, list[i].azB = geo4d.Position{LonDeg: f[1], LatDeg: f[0]}, f[2]
	})
}

// vec is a place on the unit sphere of reduced latitudes.
type vec [3]float64

const (
	equatorialM = 6378137.0
	flattening  = 1 / 298.257223563
	polarM      = equatorialM * (1 - flattening)
)

func unit(p geo4d.Position) vec {
	lat, lon := p.LatDeg*math.Pi/180, p.LonDeg*math.Pi/180
	s, c := (1-flattening)*math.Sin(lat), math.Cos(lat)
	h := math.Hypot(s, c)
	return vec{c / h * math.Cos(lon), c / h * math.Sin(lon), s / h}
}

func (a vec) dot(b vec) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }
func (a vec) sub(b vec) vec     { return vec{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }
func (a vec) norm() float64     { return math.Sqrt(a.dot(a)) }
func (a vec) cross(b vec) vec {
	return vec{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

// straightM is the straight distance through the earth.
func straightM(a, b vec) float64 {
	d := a.sub(b)
	return math.Sqrt((d[0]*d[0]+d[1]*d[1])*equatorialM*equatorialM + d[2]*d[2]*polarM*polarM)
}
