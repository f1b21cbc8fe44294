package notice

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// TestReadEach holds ReadEach to Read: the same features, refusals and errors, in the same order.
func TestReadEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []string
		for i := range rapid.IntRange(0, 40).Draw(t, "features") {
			f := feature(fmt.Sprint("f", rapid.IntRange(0, 60).Draw(t, "id")), "")
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				f = strings.Replace(f, "9260", "NaN", 1)
			case 1:
				f = strings.Replace(f, "9260", fmt.Sprint(i+1), 1)
			case 2:
				f = `{"type":"Feature"}`
			case 3:
				f = feature(fmt.Sprint("long", i), `,"title":"`+strings.Repeat("x", 40_000)+`"`)
			}
			all = append(all, f)
		}
		file := collection(all...)
		if rapid.IntRange(0, 3).Draw(t, "cut") == 0 {
			file = file[:rapid.IntRange(0, len(file)).Draw(t, "length")]
		}
		opts := PlanOptions{FeaturesOnly: true, NeedIDs: rapid.Bool().Draw(t, "ids")}
		one, two := NewPlanReader(opts), NewPlanReader(opts)
		want := one.Read(strings.NewReader(file))
		var got []Feature
		err := two.ReadEach(iotest.HalfReader(strings.NewReader(file)), rapid.IntRange(0, 4).Draw(t, "workers"), func(f *Feature) error {
			got = append(got, *f)
			return nil
		})
		if fmt.Sprint(err) != fmt.Sprint(want) {
			t.Fatalf("%v, want %v", err, want)
		}
		if !reflect.DeepEqual(got, one.Plan().Features) || !reflect.DeepEqual(two.Plan().Refused, one.Plan().Refused) {
			t.Fatalf("%d features, %d refused; want %d, %d", len(got), len(two.Plan().Refused), len(one.Plan().Features), len(one.Plan().Refused))
		}
		if len(two.Plan().Features) != 0 {
			t.Fatal("features were kept")
		}
	})
}

// endless yields features for ever.
type endless struct{ n int }

func (e *endless) Read(b []byte) (int, error) {
	f := feature(fmt.Sprint("f", e.n), "") + ","
	if e.n++; e.n == 1 {
		f = `{"type":"FeatureCollection","features":[` + f
	}
	return copy(b, f), nil
}

// TestReadEachStops holds that an error of do ends the reading of a file that goes on.
func TestReadEachStops(t *testing.T) {
	enough := errors.New("enough")
	n := 0
	err := NewPlanReader(PlanOptions{FeaturesOnly: true}).ReadEach(&endless{}, 3, func(*Feature) error {
		if n++; n == 2000 {
			return enough
		}
		return nil
	})
	if err != enough || n != 2000 {
		t.Errorf("%v after %d features", err, n)
	}
	if err := NewPlanReader(PlanOptions{}).ReadEach(strings.NewReader(""), 1, nil); err == nil {
		t.Error("notices cannot be gathered from features that are handed out")
	}
	err = NewPlanReader(PlanOptions{FeaturesOnly: true}).ReadEach(iotest.ErrReader(io.ErrClosedPipe), 1, nil)
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}
