package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/conflict"
	"parley/fault"
	"parley/geo4d"
)

// checkTable prints aligned columns. Their widths are those of the first rows, and grow where a
// later cell is wider.
type checkTable struct {
	w      *bufio.Writer
	held   [][]string // the first rows, until their widths are known
	widths []int
	said   tongue
}

// heldRows is how many rows are looked at before the first is printed.
const heldRows = 1000

func newCheckTable(w io.Writer, said tongue) *checkTable {
	return &checkTable{w: bufio.NewWriterSize(w, 1<<16), held: said.table([][]string{{"ID", "A", "B", "LATERAL", "VERTICAL", "TIME"}}), widths: make([]int, 5), said: said}
}

func (t *checkTable) row(r *conflict.Row) error {
	cells := clean([]string{shortID(r.ID), r.A, r.B, metres(&r.LateralM), metres(&r.VerticalM), t.said.shortSeconds(r.TimeS)})
	if t.held == nil {
		return t.print(cells)
	}
	if t.held = append(t.held, cells); len(t.held) <= heldRows {
		return nil
	}
	return t.release()
}

// release prints the rows held.
func (t *checkTable) release() error {
	for _, cells := range t.held {
		t.widen(cells)
	}
	for _, cells := range t.held {
		if err := t.print(cells); err != nil {
			return err
		}
	}
	t.held = nil
	return nil
}

func (t *checkTable) widen(cells []string) {
	for i := range t.widths {
		t.widths[i] = max(t.widths[i], width(cells[i])+2)
	}
}

func (t *checkTable) print(cells []string) error {
	t.widen(cells)
	var err error
	for i, c := range cells {
		if _, err = t.w.WriteString(c); i < len(t.widths) {
			_, err = t.w.WriteString(strings.Repeat(" ", t.widths[i]-width(c)))
		}
	}
	if err == nil {
		err = t.w.WriteByte('\n')
	}
	return printed(err)
}

func (t *checkTable) end(refused []conflict.Refusal, summary string) error {
	if len(t.held) > 1 {
		if err := t.release(); err != nil {
			return err
		}
	}
	for _, r := range refused {
		fmt.Fprintln(t.w, t.said.refusedFeature(r))
	}
	fmt.Fprintln(t.w, summary)
	return printed(t.w.Flush())
}

// printed is the error of a place that takes no more.
func printed(err error) error { return fault.Wrap(fault.Unavailable, "print", err) }

// checkJSON prints a conflict.Report as printJSON does, row by row.
type checkJSON struct {
	w   *bufio.Writer
	enc *jsontext.Encoder
	err error // the first
}

func newCheckJSON(w io.Writer) *checkJSON {
	j := &checkJSON{w: bufio.NewWriterSize(w, 1<<16)}
	j.enc = jsontext.NewEncoder(j.w, jsontext.WithIndent("  "))
	j.tokens(jsontext.BeginObject, jsontext.String("conflicts"), jsontext.BeginArray)
	return j
}

func (j *checkJSON) tokens(ts ...jsontext.Token) {
	for _, t := range ts {
		if j.err == nil {
			j.err = j.enc.WriteToken(t)
		}
	}
}

func (j *checkJSON) value(v any) {
	if j.err == nil {
		j.err = json.MarshalEncode(j.enc, v)
	}
}

func (j *checkJSON) row(r *conflict.Row) error {
	j.value(r)
	return printed(j.err)
}

func (j *checkJSON) end(refused []conflict.Refusal, _ string) error {
	j.tokens(jsontext.EndArray, jsontext.String("refused"))
	j.value(refused)
	j.tokens(jsontext.EndObject)
	if j.err == nil {
		j.err = j.w.Flush()
	}
	return printed(j.err)
}

// checkCSV prints a head and a row a conflict, as RFC 4180 has it but for the line ends.
type checkCSV struct {
	w     *csv.Writer
	cells []string
}

func newCheckCSV(w io.Writer) *checkCSV {
	c := &checkCSV{w: csv.NewWriter(bufio.NewWriterSize(w, 1<<16))}
	_ = c.w.Write([]string{"a", "b", "lateral_m", "vertical_m", "time_s", "vertical_uncertain", // to memory
		"at_a_lon", "at_a_lat", "at_b_lon", "at_b_lat", "start", "end", "move_a_lateral_m",
		"move_a_lateral_exact", "move_a_up_m", "move_a_down_m", "move_a_later_s", "move_a_earlier_s",
		"move_a_lateral_bearing_deg", "lower", "upper", "id"})
	return c
}

// altitude writes an altitude as in FL240 or 1500 ft AMSL.
func altitude(a *geo4d.Altitude) string {
	if a == nil {
		return ""
	}
	return a.String()
}

func (c *checkCSV) row(r *conflict.Row) error {
	optional := func(f *float64) string {
		if f == nil {
			return ""
		}
		return decimal(*f)
	}
	c.cells = append(c.cells[:0], plain(r.A), plain(r.B), decimal(r.LateralM), decimal(r.VerticalM), decimal(r.TimeS),
		strconv.FormatBool(r.VerticalUncertain), decimal(r.AtA[0]), decimal(r.AtA[1]), decimal(r.AtB[0]), decimal(r.AtB[1]),
		r.Start, r.End, optional(r.MoveA.LateralM), strconv.FormatBool(r.MoveA.LateralExact), optional(r.MoveA.UpM),
		optional(r.MoveA.DownM), optional(r.MoveA.LaterS), optional(r.MoveA.EarlierS),
		optional(r.MoveA.LateralBearingDeg), altitude(r.Lower), altitude(r.Upper), r.ID)
	return printed(c.w.Write(c.cells))
}

func (c *checkCSV) end([]conflict.Refusal, string) error {
	c.w.Flush()
	return printed(c.w.Error())
}

func decimal(f float64) string { return string(appendDecimal(nil, f)) }
