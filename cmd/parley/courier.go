package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"parley/catalogue"
	"parley/cmd/parley/home"
	"parley/courier"
	"parley/courier/paper"
	"parley/fault"
	"parley/node/body"
	"parley/node/view"
	"parley/transcript"
	"parley/transcript/ledger"
)

type courierCmd struct {
	Write courierWriteCmd `cmd:"" help:"Write a file with what the other party is not known to hold."`
	Read  courierReadCmd  `cmd:"" help:"Read files that the other party wrote."`
}

// byteSize is a number of bytes, as a person writes one: 100KiB, 7MiB, 65536.
type byteSize int

// UnmarshalText reads it.
func (b *byteSize) UnmarshalText(text []byte) error {
	digits, unit := strings.TrimSuffix(string(text), "B"), 1
	for suffix, n := range map[string]int{"Ki": 1 << 10, "Mi": 1 << 20} {
		if rest, ok := strings.CutSuffix(digits, suffix); ok {
			digits, unit = rest, n
			break
		}
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || n > 1<<30 {
		return fault.New("size", string(text), "is not a number of bytes", "write 65536, 100KiB or 7MiB")
	}
	*b = byteSize(n * unit)
	return nil
}

// paperPartBytes is the size of a part on paper, so that one that is lost costs few sheets.
const paperPartBytes = 24 << 10

type courierWriteCmd struct {
	remote
	Out     string   `short:"o" required:"" help:"Where to write it; where one file does not hold all, -1, -2 and so on are added to its name." placeholder:"FILE"`
	MaxSize byteSize `help:"The size of a file at most: 7MiB, so that e-mail takes it." placeholder:"SIZE"`
	Paper   bool     `help:"Write sheets with QR codes, to be printed, as one HTML page."`
}

// Help shows how it is used.
func (courierWriteCmd) Help() string {
	return `Hold and distress come first, then every entry without a receipt with its disclosures, heads and
receipts. A later file contains what an earlier held, until a receipt has come back: files may be lost,
late, in any order and twice. Only the other party's node can read the file, and only if it is whole.

Examples:

  parley courier write --line blue -o to-blue.courier
  parley courier write --max-size 500KiB -o to-blue.courier
  parley courier write --paper -o to-blue.html
`
}

// wrote is one file as it was written.
type wrote struct {
	File     string `json:"file"`
	To       string `json:"to"`
	Bytes    int    `json:"bytes"`
	Part     int    `json:"part"`
	Last     bool   `json:"last"`
	Codes    int    `json:"codes,omitzero"` // on paper
	Entries  int    `json:"entries"`
	UpTo     string `json:"up_to"`   // the last of the entries; "" for none
	Receipt  string `json:"receipt"` // the other's entry that the newest receipt reaches; "" for none
	Urgent   int    `json:"urgent"`  // copies of hold and distress
	Back     int    `json:"back"`    // entries given back
	Asks     bool   `json:"asks"`    // it asks for the own transcript back
	bytes    []byte // of the file
	head     courier.Header
	leftOver bool // paper does not take the rest
}

// Run writes the files.
func (c *courierWriteCmd) Run(a *app) error {
	cl, err := c.open(a)
	if err != nil {
		return err
	}
	ln, err := c.theLine(a, cl)
	if err != nil {
		return err
	}
	files, err := c.fetch(a, cl, ln)
	if err != nil {
		return err
	}
	if c.Paper {
		err = c.print(files, ln)
	} else {
		err = c.save(files)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(a.stdout, map[string]any{"files": files})
	}
	for _, f := range files {
		if err := a.said.say(a, f.words(a.said)); err != nil {
			return err
		}
	}
	if files[len(files)-1].leftOver {
		return a.said.say(a, catalogue.Say("courier.left-over"))
	}
	return nil
}

// fetch asks the node for every file of a writing; for paper, for as many as paper takes.
func (c *courierWriteCmd) fetch(a *app, cl *client, ln view.Line) ([]wrote, error) {
	var out []wrote
	most, codes := c.MaxSize, 0
	if c.Paper && most == 0 {
		most = paperPartBytes
	}
	for after := ""; ; {
		q := url.Values{}
		if after != "" {
			q.Set("after", after)
		}
		if most != 0 {
			q.Set("max_bytes", strconv.Itoa(int(most)))
		}
		f, next, err := fetchOne(a, cl, ln, q)
		if err != nil {
			return nil, err
		}
		if c.Paper {
			lines, err := paper.Lines(f.bytes)
			if err != nil {
				return nil, err
			}
			f.Codes = len(lines)
			if codes += f.Codes; codes > paper.MaxPieces && len(out) > 0 {
				out[len(out)-1].leftOver = true
				return out, nil
			}
		}
		if out = append(out, f); next == "" {
			return out, nil
		}
		after = next
	}
}

func fetchOne(a *app, cl *client, ln view.Line, q url.Values) (wrote, string, error) {
	resp, err := cl.send(a.ctx, http.MethodGet, "/v1/lines/"+ln.ID+"/courier", q, "", nil)
	if err != nil {
		return wrote{}, "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, courier.MaxFileBytes+1))
	if err != nil {
		return wrote{}, "", unreachable(cl.base, err)
	}
	h, err := courier.Inspect(data)
	if err != nil {
		return wrote{}, "", &fault.Error{Code: fault.Unavailable, Field: "node", Value: cl.base, Rule: "did not send the whole file", Hint: "write it again", Err: err}
	}
	own := transcript.Side(ln.Side)
	return wrote{To: ln.Peer, Bytes: len(data), Part: h.Part, Last: h.Last, Entries: h.Entries, UpTo: lastOf(own, h.End), Receipt: lastOf(own.Other(), h.ReceiptTo),
		Urgent: h.Urgent, Back: h.Back, Asks: h.Asks, bytes: data, head: h}, resp.Header.Get("Parley-Courier-Next"), nil
}

// lastOf names the last entry before a place of a transcript, within its line.
func lastOf(side transcript.Side, end ledger.Have) string {
	if end.Size == 0 {
		return ""
	}
	return body.Ref{Origin: transcript.Origin{Epoch: end.Epoch, Side: side}, Seq: end.Size - 1}.Short()
}

// save writes each file, under a number where there are several.
func (c *courierWriteCmd) save(files []wrote) error {
	for i := range files {
		f := &files[i]
		if f.File = c.Out; len(files) > 1 {
			ext := filepath.Ext(c.Out)
			f.File = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(c.Out, ext), f.Part, ext)
		}
		if err := home.WriteFile(f.File, f.bytes, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// print writes the sheets.
func (c *courierWriteCmd) print(files []wrote, ln view.Line) error {
	var pages []paper.Page
	for i := range files {
		files[i].File = c.Out
		pages = append(pages, paper.Page{Header: files[i].head, From: ln.Party, To: ln.Peer, File: files[i].bytes})
	}
	return home.StreamFile(c.Out, 0o600, func(w io.Writer) error { return paper.Write(w, pages) })
}

// words says what a file holds, and to whom to give it.
func (f wrote) words(t tongue) catalogue.Message {
	var parts []catalogue.Message
	add := func(ok bool, m catalogue.Message) {
		if ok {
			parts = append(parts, m)
		}
	}
	to := catalogue.ByPeople("peer", f.To)
	add(f.Urgent > 0, catalogue.Say("courier.urgent-first", catalogue.CountOf("count", f.Urgent)))
	add(f.Entries > 0, catalogue.Say("courier.entries", catalogue.CountOf("count", f.Entries), to, catalogue.AsCode("id", f.UpTo)))
	add(f.Entries == 0 && f.Last, catalogue.Say("courier.no-entry", to))
	add(f.Receipt != "", catalogue.Say("courier.receipt", to, catalogue.AsCode("id", f.Receipt)))
	add(f.Back > 0, catalogue.Say("courier.back", catalogue.CountOf("count", f.Back), to))
	add(f.Asks, catalogue.Say("courier.asks", to))
	holds := catalogue.Say("courier.holds", catalogue.SaySeries("parts", parts), to)
	head := []string{t.Say(catalogue.Say("courier.bytes", catalogue.AsCode("file", f.File), catalogue.CountOf("count", f.Bytes)))}
	if f.Codes > 0 {
		head[0] = t.Say(catalogue.Say("courier.codes", catalogue.AsCode("file", f.File), catalogue.AsCode("id", paper.ID(f.bytes)), catalogue.CountOf("count", f.Codes)))
	}
	if f.Part > 1 || !f.Last {
		key := "courier.part"
		if f.Last {
			key = "courier.last-part"
		}
		head = append(head, t.Say(catalogue.Say(key, catalogue.CountOf("nr", f.Part))))
	}
	return catalogue.Say("courier.wrote", catalogue.ByPeople("text", strings.Join(head, t.Word("list.comma"))), catalogue.SayIn("said", holds))
}
