//go:build js && wasm

// Wasm is the verifier as the verify page runs it, in a worker of the browser: what it is given and what
// it answers are the functions of the object parley there.
package main

import (
	"errors"
	"io"
	"iter"
	"runtime/debug"
	"strings"
	"syscall/js"

	"github.com/go-json-experiment/json"

	"parley/catalogue"
	"parley/fault"
	"parley/statement"
	"parley/verdict"
)

// version is set by the linker: see cmd/verifypage.
var version = "devel"

// saidMost is of how many entries of a transcript the timeline says after when each was said.
const saidMost = 50_000

// chunkBytes is how much of a file is read at once.
const chunkBytes = 1 << 20

// page holds what was checked last.
type page struct {
	result verdict.Result
	file   *file
	party  string
	kind   string
	in     *catalogue.Catalogue
	note   *verdict.Note // where the file is one signed statement
	next   func() (verdict.Row, error, bool)
	stop   func()
}

func main() {
	debug.SetGCPercent(300) // most of what it makes is gone with the next entry
	p := &page{}
	js.Global().Set("parley", js.ValueOf(map[string]any{
		"version":  version,
		"check":    p.answer(p.check),
		"timeline": p.answer(p.timeline),
		"rows":     p.answer(p.rows),
		"speak":    p.answer(p.speak),
	}))
	select {}
}

// answer makes a function of the page: it returns JSON, which is {"error": ...} where that could not be made.
func (p *page) answer(do func(args []js.Value) (any, error)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		out, err := do(args)
		if err != nil {
			out = map[string]string{"error": p.refuse(err)}
		}
		data, err := json.Marshal(out, json.FormatNilSliceAsNull(false))
		if err != nil {
			return `{"error":"the answer cannot be written"}`
		}
		return string(data)
	})
}

// changed is that the file could not be read to its end.
type changed struct{}

func (changed) Error() string {
	return "the file could not be read to its end; it may have been changed or moved since: choose it again"
}

// refuse says an error in the language that was chosen.
func (p *page) refuse(err error) string {
	var refused *fault.Error
	switch {
	case p.in == nil:
		return err.Error()
	case errors.As(err, new(changed)):
		return p.in.Word("verifypage.changed")
	case errors.As(err, &refused):
		return p.in.Refuse(refused)
	}
	return p.in.Refusal(err.Error())
}

// check judges a file: its size, a function that reads from an offset, the list of keys or "", and a
// function that is told how many bytes have been read.
func (p *page) check(args []js.Value) (any, error) {
	opts := verdict.Options{Said: saidMost}
	if keys := args[2].String(); strings.TrimSpace(keys) != "" {
		trust, err := verdict.ParseTrust([]byte(keys))
		if err != nil {
			return nil, err
		}
		opts.Trust = trust
		if opts.Witnesses, err = verdict.ParseWitnesses([]byte(keys)); err != nil {
			return nil, err
		}
	}
	p.file, p.result, p.note = &file{size: int64(args[0].Float()), read: args[1]}, verdict.Result{}, nil
	head, err := io.ReadAll(io.LimitReader(p.file.open(), statement.MaxBytes+1))
	if err == nil && verdict.IsStatement(head) {
		note := verdict.CheckStatement(head, opts.Trust)
		p.note = &note
		return p.view()
	}
	in := p.file.open()
	in.progress = args[3]
	p.result = verdict.Check(in, opts)
	if p.file.failed != nil {
		return nil, p.file.failed
	}
	return p.view()
}

// speak chooses the language in which what was checked, and what will be, is said.
func (p *page) speak(args []js.Value) (any, error) {
	p.in = nil
	if language := args[0].String(); language != "en" {
		in, err := catalogue.Load(language)
		if err != nil {
			return nil, err
		}
		p.in = in
	}
	if p.file == nil {
		return struct{}{}, nil
	}
	return p.view()
}

func (p *page) view() (any, error) {
	p.result.In = p.in
	if p.note != nil {
		p.note.In = p.in
		return p.note.View()
	}
	return p.result.StatedView(p.open)
}

func (p *page) open() (io.ReadCloser, error) { return p.file.open(), nil }

// timeline begins the timeline anew, for a party and a kind or "" for all.
func (p *page) timeline(args []js.Value) (any, error) {
	if p.stop != nil {
		p.stop()
	}
	p.party, p.kind = args[0].String(), args[1].String()
	p.next, p.stop = iter.Pull2(p.result.Timeline(p.open))
	return struct{}{}, nil
}

// rows returns the next rows of the timeline, at most so many.
func (p *page) rows(args []js.Value) (any, error) {
	var out struct {
		Rows []verdict.RowView `json:"rows"`
		Done bool              `json:"done"`
	}
	for p.next != nil && len(out.Rows) < args[0].Int() {
		row, err, more := p.next()
		if !more || err != nil {
			out.Done = true // what cannot be read is in the verdict
			break
		}
		if p.party != "" && p.party != row.Party || p.kind != "" && p.kind != row.Entry.Kind {
			continue
		}
		out.Rows = append(out.Rows, p.result.RowView(row))
	}
	return out, nil
}

// file is what the page was given.
type file struct {
	size   int64
	read   js.Value
	failed error
}

func (f *file) open() *reader { return &reader{file: f} }

// reader reads a file from its beginning, a chunk at a time.
type reader struct {
	file     *file
	at       int64
	buf      []byte
	left     []byte
	progress js.Value
}

func (r *reader) Read(b []byte) (int, error) {
	if len(r.left) == 0 {
		if r.at >= r.file.size {
			return 0, io.EOF
		}
		if err := r.fetch(); err != nil {
			r.file.failed = err
			return 0, err
		}
	}
	n := copy(b, r.left)
	r.left = r.left[n:]
	return n, nil
}

func (r *reader) Close() error { return nil }

func (r *reader) fetch() (err error) {
	defer func() {
		if recover() != nil {
			err = changed{}
		}
	}()
	n := min(chunkBytes, r.file.size-r.at)
	got := r.file.read.Invoke(float64(r.at), float64(n))
	if r.buf == nil {
		r.buf = make([]byte, min(chunkBytes, r.file.size))
	}
	if js.CopyBytesToGo(r.buf[:n], got) != int(n) {
		return changed{}
	}
	r.left, r.at = r.buf[:n], r.at+n
	if r.progress.Type() == js.TypeFunction {
		r.progress.Invoke(float64(r.at))
	}
	return nil
}
