package agreement

import (
	"errors"
	"strconv"
	"strings"
)

// joined collects errors.
type joined struct{ errs []error }

func (j *joined) add(err error) {
	if err != nil {
		j.errs = append(j.errs, err)
	}
}

func (j *joined) err() error { return errors.Join(j.errs...) }

// at writes the i-th element of a list as fields name it.
func at(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

// list writes words as "a, b, c".
func list[T ~string](words []T) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return strings.Join(out, ", ")
}
