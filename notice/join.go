package notice

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// joined collects errors.
type joined struct{ errs []error }

func (j *joined) add(err error) {
	if err != nil {
		j.errs = append(j.errs, err)
	}
}

func (j *joined) err() error { return errors.Join(j.errs...) }

// index writes the i-th element of a list as fields name it.
func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

func contains[T comparable](words []T, w T) bool { return slices.Contains(words, w) }

// list writes words as "a, b, c".
func list[T ~string](words []T) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return strings.Join(out, ", ")
}

// firstName returns the first of m's names in byte order, so that refusals do not vary.
func firstName(m map[string]jsontext.Value) string {
	first, some := "", false
	for name := range m {
		if !some || name < first {
			first, some = name, true
		}
	}
	return first
}

func itoa(n int) string { return strconv.Itoa(n) }
