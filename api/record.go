package api

import (
	_ "embed"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/fault"
	"parley/node"
	"parley/node/body"
	"parley/transcript/ledger"
)

//go:embed openapi.yaml
var document string

// Document returns the OpenAPI document.
func Document() []byte { return []byte(document) }

func (a *api) getDocument(c *call) (any, error) {
	c.begin(typeYAML)
	_, err := c.w.Write([]byte(document))
	return nil, err
}

// begin sets the header of an answer that is not JSON.
func (c *call) begin(contentType string) {
	c.started = true
	c.w.Header().Set("Content-Type", contentType)
	c.w.Header().Set("Cache-Control", "no-store")
}

// maxLogPage is how many entries one page of the log holds.
const maxLogPage = 1_000

func (a *api) getLog(c *call) (any, error) {
	q, err := c.query("line", "party", "kind", "after", "limit")
	if err != nil {
		return nil, err
	}
	f := node.LogFilter{Line: q["line"], Party: q["party"], Kind: q["kind"]}
	if f.Limit, err = number(q, "limit", maxLogPage); err != nil {
		return nil, err
	}
	if f.After, err = ParseCursor(q["after"]); err != nil {
		return nil, fault.In("after", err)
	}
	if err := body.CheckKind(f.Kind); err != nil {
		return nil, err
	}
	if err := a.knownParty(c.r.Context(), f.Party); err != nil {
		return nil, err
	}
	entries, next, err := a.cfg.Node.Log(c.r.Context(), f)
	return Log{entries, FormatCursor(next)}, err
}

// FormatCursor writes a place in the log as "epoch.own.other", with ".late" after it where entries
// came late into a closed epoch; "" for the beginning.
func FormatCursor(c ledger.Cursor) string {
	if c == (ledger.Cursor{}) {
		return ""
	}
	s := fmt.Sprintf("%d.%d.%d", c.Epoch, c.Own, c.Other)
	if c.Late > 0 {
		s += fmt.Sprintf(".%d", c.Late)
	}
	return s
}

// ParseCursor reads what FormatCursor writes.
func ParseCursor(s string) (ledger.Cursor, error) {
	if s == "" {
		return ledger.Cursor{}, nil
	}
	parts := strings.Split(s, ".")
	var n [4]int64
	bad := len(parts) < 3 || len(parts) > len(n)
	for i := 0; !bad && i < len(parts); i++ {
		var err error
		n[i], err = strconv.ParseInt(parts[i], 10, 64)
		bad = err != nil || n[i] < 0 || strconv.FormatInt(n[i], 10) != parts[i] || i == 3 && n[i] == 0
	}
	c := ledger.Cursor{Epoch: n[0], Own: n[1], Other: n[2], Late: n[3]}
	if bad || c == (ledger.Cursor{}) {
		return ledger.Cursor{}, fault.New("", s, "is not a place in the log", "give next of the page before")
	}
	return c, nil
}

// getExport streams a bundle. An error before the first byte is answered as one; after it the
// connection is cut, so that a part is never taken for the whole.
func (a *api) getExport(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	ln, err := a.cfg.Node.Line(c.r.Context(), q["line"])
	if err != nil {
		return nil, err
	}
	if err := a.shown(c, "export", &sight{line: ln.ID, whole: true}, false); err != nil {
		return nil, err
	}
	out := &bundleWriter{c: c, name: "parley-" + ln.ID[:min(12, len(ln.ID))] + ".bundle", a: a}
	return nil, a.cfg.Node.Export(c.r.Context(), ln.ID, out)
}

// bundleWriter begins the answer with the first byte.
type bundleWriter struct {
	c    *call
	a    *api
	name string
}

func (b *bundleWriter) Write(p []byte) (int, error) {
	if !b.c.started {
		b.c.begin(typeBundle)
		b.c.w.Header().Set("Content-Disposition", `attachment; filename="`+b.name+`"`)
	}
	b.a.extend(b.c.w)
	return b.c.w.Write(p)
}

// extend gives a stream time for its next write; a caller who reads nothing for longer is cut off.
func (a *api) extend(w http.ResponseWriter) {
	// A writer without deadlines is bounded by whoever made it.
	_ = http.NewResponseController(w).SetWriteDeadline(a.cfg.Clock.Now().Add(a.limits.WriteStall).Add(time.Second))
}

func (a *api) getEvidence(c *call) (any, error) {
	q, err := c.query("line")
	if err != nil {
		return nil, err
	}
	list, err := a.cfg.Node.Evidence(c.r.Context(), q["line"])
	if err != nil {
		return nil, err
	}
	out := Evidence{Evidence: []EvidenceItem{}}
	for _, e := range list {
		out.Evidence = append(out.Evidence, EvidenceItem{Kind: e.Kind, Origin: e.Origin.String(), Reason: e.Reason, HeldAt: e.HeldAt,
			Fork: string(e.Fork), Held: string(e.Held), Offered: string(e.Offered), Index: e.Index, Entry: e.Entry, Other: e.Other})
	}
	return out, nil
}
