package courier

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley/fault"
	"parley/transcript"
	"parley/transcript/ledger"
)

// Type is the first line of every file.
const Type = "parley/courier/v1"

// Bounds of a file.
const (
	MaxFileBytes     = 24 << 20 // that is read
	MaxPlainBytes    = 32 << 20 // of messages in it
	MinSizeBytes     = 4 << 10  // the least that a writer may be held to
	DefaultSizeBytes = 7 << 20  // base64 makes it less than 10 MB, which most mail takes
	maxHeaderBytes   = 4 << 10
	maxKeys          = 8
	maxPart          = 1 << 20
)

// Header is what a file says of itself.
type Header struct {
	Line      string          // the line's id
	From      transcript.Side // who wrote it
	Written   time.Time       // by the writer's clock, in milliseconds
	Part      int             // of one writing, from 1
	Last      bool            // nothing of the writing comes after it
	Entries   int             // of the writer's
	First     ledger.Have     // where they begin; zero: there are none
	End       ledger.Have     // the place after the last of them
	Receipts  int             // for the receiver's entries
	ReceiptTo ledger.Have     // up to where the newest reaches; zero: there are none
	Urgent    int             // copies of hold and distress
	Back      int             // entries of the receiver's, given back
	Asks      bool            // the writer asks for its own transcript back
	Plain     int             // bytes of messages

	keys   [][]byte // the body's key, sealed for each of the receiver's TLS keys
	size   int      // of the body
	digest [sha256.Size]byte
}

// KeyName returns the name under which a side signs its files.
func KeyName(lineID string, side transcript.Side) string {
	return "parley/" + lineID + "/courier/" + string(side)
}

func have(h ledger.Have) string {
	if h == (ledger.Have{}) {
		return "-"
	}
	return fmt.Sprintf("%d.%d", h.Epoch, h.Size)
}

func pick(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}

// text returns the text that is signed.
func (h Header) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nline %s\nfrom %s\nwritten %s\npart %d %s\n", Type, h.Line, h.From,
		h.Written.UTC().Format("2006-01-02T15:04:05.000Z"), h.Part, pick(h.Last, "last", "more"))
	fmt.Fprintf(&b, "entries %d %s %s\nreceipts %d %s\nurgent %d\nback %d\nasks %s\nplain %d\n", h.Entries, have(h.First), have(h.End),
		h.Receipts, have(h.ReceiptTo), h.Urgent, h.Back, pick(h.Asks, "yes", "no"), h.Plain)
	for _, k := range h.keys {
		fmt.Fprintf(&b, "key %s\n", base64.StdEncoding.EncodeToString(k))
	}
	fmt.Fprintf(&b, "body %d %x\n", h.size, h.digest)
	return b.String()
}

// isNot says that something is no file of this kind.
func isNot(value string) error {
	return fault.New("file", value, "is not a courier file", "give a file that \"parley courier write\" made, or the lines of its printed sheets")
}

// damaged says that a file is not as it was written.
func damaged(why string) error {
	return &fault.Error{Code: fault.Corrupt, Field: "file", Rule: "is damaged, and nothing of it was taken: " + why,
		Hint: "get it again from who gave it, or have it written again"}
}

// split takes a file apart: the signed note and the body.
func split(data []byte) (note, body []byte, err error) {
	if !bytes.HasPrefix(data, []byte(Type+"\n")) {
		return nil, nil, isNot(fault.Shorten(string(data[:min(len(data), 24)])))
	}
	if len(data) > MaxFileBytes {
		return nil, nil, &fault.Error{Code: fault.TooLarge, Field: "file", Rule: fmt.Sprintf("is over %d bytes", MaxFileBytes), Hint: "have it written in smaller files"}
	}
	head := data[:min(len(data), maxHeaderBytes)]
	text := bytes.Index(head, []byte("\n\n"))
	if text < 0 {
		return nil, nil, damaged("its header does not end")
	}
	end := bytes.Index(head[text+2:], []byte("\n\n"))
	if end < 0 {
		return nil, nil, damaged("its header does not end")
	}
	end += text + 3
	return data[:end], data[end+1:], nil
}

// parse reads a header in its one encoding.
func parse(text string) (Header, error) {
	f := fields{lines: strings.Split(strings.TrimSuffix(text, "\n"), "\n")}
	h := Header{}
	f.next(Type, 0)
	h.Line = f.next("line", 1)[0]
	h.From = transcript.Side(f.next("from", 1)[0])
	var err error
	if h.Written, err = time.Parse("2006-01-02T15:04:05.000Z", f.next("written", 1)[0]); err != nil {
		f.bad = true
	}
	part := f.next("part", 2)
	h.Part, h.Last = f.number(part[0], maxPart), part[1] == "last"
	entries := f.next("entries", 3)
	h.Entries, h.First, h.End = f.number(entries[0], 1<<30), f.have(entries[1]), f.have(entries[2])
	receipts := f.next("receipts", 2)
	h.Receipts, h.ReceiptTo = f.number(receipts[0], 1<<30), f.have(receipts[1])
	h.Urgent = f.number(f.next("urgent", 1)[0], 1<<30)
	h.Back = f.number(f.next("back", 1)[0], 1<<30)
	h.Asks = f.next("asks", 1)[0] == "yes"
	h.Plain = f.number(f.next("plain", 1)[0], MaxPlainBytes)
	for len(f.lines) > 0 && strings.HasPrefix(f.lines[0], "key ") && len(h.keys) < maxKeys {
		raw, err := base64.StdEncoding.DecodeString(f.next("key", 1)[0])
		f.bad = f.bad || err != nil
		h.keys = append(h.keys, raw)
	}
	body := f.next("body", 2)
	h.size = f.number(body[0], MaxFileBytes)
	sum, err := hex.DecodeString(body[1])
	if copy(h.digest[:], sum); err != nil || f.bad || len(f.lines) > 0 || h.text() != text {
		return Header{}, damaged("its header is not in its form")
	}
	return h, h.check()
}

// check holds a header to its own rules.
func (h Header) check() error {
	id, err := hex.DecodeString(h.Line)
	switch {
	case err != nil || len(id) != 32 || hex.EncodeToString(id) != h.Line:
		return damaged("its line is none")
	case h.From != transcript.A && h.From != transcript.B:
		return damaged("its side is none")
	case h.Part < 1:
		return damaged("its part is none")
	}
	return nil
}

// fields takes lines off a header; one that is not as expected makes it bad.
type fields struct {
	lines []string
	bad   bool
}

// next returns the n words after a line's first, which must be name.
func (f *fields) next(name string, n int) []string {
	if !f.bad && len(f.lines) > 0 {
		words := strings.Split(f.lines[0], " ")
		if words[0] == name && len(words) == n+1 {
			f.lines = f.lines[1:]
			return words[1:]
		}
	}
	f.bad = true
	return make([]string, n)
}

func (f *fields) number(s string, most int) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > most {
		f.bad = true
		return 0
	}
	return n
}

func (f *fields) have(s string) ledger.Have {
	if s == "-" {
		return ledger.Have{}
	}
	epoch, size, _ := strings.Cut(s, ".")
	h := ledger.Have{}
	var errs [2]error
	h.Epoch, errs[0] = strconv.ParseInt(epoch, 10, 64)
	h.Size, errs[1] = strconv.ParseInt(size, 10, 64)
	if errs[0] != nil || errs[1] != nil || h.Epoch < 1 || h.Size < 0 {
		f.bad = true
	}
	return h
}
