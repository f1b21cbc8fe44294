package peers

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// WriteTable writes results as a table of Markdown, the first beside each of the others as a ratio.
func WriteTable(w io.Writer, results []Result) error {
	var b strings.Builder
	b.WriteString("| system | queries/s, 1 / 2 threads | ours is | p50 / p99 | look-up then insert/s, 1 / 2 | ours is | loaded in | size |\n")
	b.WriteString("| --- | --- | --- | --- | --- | --- | --- | --- |\n")
	ours := &results[0]
	for i := range results {
		r, beside := &results[i], ratios
		if i == 0 {
			beside = func(_, _ [2]Rate) string { return "" }
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s / %s | %s | %s | %s | %s |\n", r.System, pair(r.Ask), beside(ours.Ask, r.Ask),
			took(r.Ask[0].P50), took(r.Ask[0].P99), pair(r.Enter), beside(ours.Enter, r.Enter), load(r.Load), size(r))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func pair(r [2]Rate) string { return either(r, func(i int) string { return count(r[i].PerSecond) }) }

// ratios says how many times the rates of a are those of b.
func ratios(a, b [2]Rate) string {
	return either(b, func(i int) string { return times(a[i].PerSecond / b[i].PerSecond) })
}

// either writes both figures, or those that were measured.
func either(r [2]Rate, figure func(int) string) string {
	var out []string
	for i := range r {
		if r[i].PerSecond > 0 {
			out = append(out, figure(i))
		}
	}
	return strings.Join(out, " / ")
}

func times(x float64) string {
	if x < 10 {
		return fmt.Sprintf("%.1f x", x)
	}
	return count(x) + " x"
}

// count writes a figure to three digits, with commas.
func count(x float64) string {
	scale := 1.0
	for x/scale >= 1000 {
		scale *= 10
	}
	n := fmt.Sprint(int64(x/scale+0.5) * int64(scale))
	for i := len(n) - 3; i > 0; i -= 3 {
		n = n[:i] + "," + n[i:]
	}
	return n
}

func took(d time.Duration) string {
	switch {
	case d == 0:
		return ""
	case d < 100*time.Microsecond:
		return fmt.Sprintf("%.1f us", float64(d)/1e3)
	case d < time.Millisecond:
		return fmt.Sprintf("%.0f us", float64(d)/1e3)
	}
	return fmt.Sprintf("%.1f ms", float64(d)/1e6)
}

func load(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

func size(r *Result) string {
	if r.Bytes == 0 {
		return ""
	}
	return fmt.Sprintf("%s MB %s", count(float64(r.Bytes)/1e6), r.Where)
}
