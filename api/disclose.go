package api

import (
	"context"
	"io"
	"slices"
	"time"

	"parley/node"
	"parley/node/view"
)

// Discloser shows parts of the record to people who are not on the line.
type Discloser interface {
	Disclose(ctx context.Context, line string, d node.Disclosing, w io.Writer) error
	WouldDisclose(ctx context.Context, line string, d node.Disclosing) (view.Disclosure, error)
}

// DiscloseRequest says what a file for someone who is not on the line shows: of which entries, which
// fields. "*" in Fields stands for every field that the other party was told.
type DiscloseRequest struct {
	Entries  []string  `json:"entries,omitzero"`
	About    []string  `json:"about,omitzero"` // ids of notices and conflicts
	Kinds    []string  `json:"kinds,omitzero"`
	Party    string    `json:"party,omitzero"`
	From     time.Time `json:"from,omitzero"`
	Until    time.Time `json:"until,omitzero"`
	Fields   []string  `json:"fields,omitzero"`
	Complete bool      `json:"complete,omitzero"` // every other entry goes in as well, without any field

	WithoutAgreement bool     `json:"without_agreement,omitzero"`
	Keys             []string `json:"keys,omitzero"` // signed by both, for each version that is not shown
}

func (a *api) disclosing(c *call) (line string, d node.Disclosing, err error) {
	q, err := c.query("line")
	if err != nil {
		return "", d, err
	}
	var in DiscloseRequest
	if err := a.decode(c, &in); err != nil {
		return "", d, err
	}
	ln, err := a.cfg.Node.Line(c.r.Context(), q["line"])
	return ln.ID, node.Disclosing(in), err
}

// disclosed is how the audit log names what is disclosed.
func disclosed(line string, d *node.Disclosing) *sight {
	return &sight{line: line, whole: len(d.Entries)+len(d.About) == 0, ids: slices.Concat(d.Entries, d.About)}
}

// postPreview lists what the file would show.
func (a *api) postPreview(c *call) (any, error) {
	line, d, err := a.disclosing(c)
	if err != nil {
		return nil, err
	}
	v, err := a.cfg.Node.WouldDisclose(c.r.Context(), line, d)
	if err != nil {
		return nil, err
	}
	return v, a.shown(c, "disclosure", disclosed(line, &d), false)
}

// postDisclose streams the file, as getExport does.
func (a *api) postDisclose(c *call) (any, error) {
	line, d, err := a.disclosing(c)
	if err != nil {
		return nil, err
	}
	if err := a.shown(c, "disclose", disclosed(line, &d), false); err != nil {
		return nil, err
	}
	out := &bundleWriter{c: c, name: "parley-" + line[:min(12, len(line))] + "-part.bundle", a: a}
	return nil, a.cfg.Node.Disclose(c.r.Context(), line, d, out)
}
