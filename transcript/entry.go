package transcript

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strconv"
	"time"

	"parley/fault"
)

const (
	minDigests = 8
	timeLayout = "2006-01-02T15:04:05.000Z"
	timeChars  = len(timeLayout)
	hashChars  = 44 // a hash in base64
	sdChars    = 43 // a digest in base64url
)

var b64 = base64.StdEncoding.Strict()

// EmptyRoot returns the root of a transcript without entries.
func EmptyRoot() Hash { return emptyRoot }

// emptyRoot is the SHA-256 of nothing.
var emptyRoot = Hash{
	0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
	0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
}

// Encode returns the entry's one encoding.
func (e Entry) Encode() ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	b := make([]byte, 0, 400+46*(len(e.SD)+len(e.Shown)))
	b = append(b, `{"v":1,"agreement":"`...)
	b = append(b, e.Agreement...)
	b = append(b, `","author":"`...)
	b = append(b, e.Author...)
	b = append(b, `","seq":`...)
	b = strconv.AppendInt(b, e.Seq, 10)
	b = append(b, `,"time":"`...)
	b = e.Time.AppendFormat(b, timeLayout)
	b = append(b, `","seen":{"size":`...)
	b = strconv.AppendInt(b, e.Seen.Size, 10)
	b = append(b, `,"root":"`...)
	b = b64.AppendEncode(b, e.Seen.Root[:])
	b = append(b, `"},"kind":"`...)
	b = append(b, e.Kind...)
	b = append(b, `","drill":`...)
	b = strconv.AppendBool(b, e.Drill)
	b = append(b, `,"_sd":`...)
	b = appendDigests(b, e.SD)
	b = append(b, `,"shown":`...)
	b = appendDigests(b, e.Shown)
	b = append(b, '}')
	if len(b) > MaxEntryBytes {
		return nil, fault.Newf(fault.TooLarge, "entry", "is %d bytes; must be at most %d", len(b), MaxEntryBytes)
	}
	return b, nil
}

func appendDigests(b []byte, ds []Digest) []byte {
	b = append(b, '[')
	for i := range ds {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = b64url.AppendEncode(b, ds[i][:])
		b = append(b, '"')
	}
	return append(b, ']')
}

// check holds an entry to every rule of the format that one entry can break alone.
func (e *Entry) check() error {
	switch {
	case !isHex64(e.Agreement):
		return badEntry("agreement", e.Agreement, "must be 64 lower-case hexadecimal digits")
	case !validAuthor(e.Author):
		return badEntry("author", e.Author, "must be 1 to 32 of a-z, 0-9 and '-'")
	case e.Seq < 0 || e.Seq >= MaxSize:
		return badEntry("seq", strconv.FormatInt(e.Seq, 10), "must be from 0 and below 2^48")
	case e.Time.Location() != time.UTC || e.Time.Year() < 0 || e.Time.Year() > 9999 || e.Time.Nanosecond()%1e6 != 0:
		return badEntry("time", e.Time.String(), "must be in UTC, to the millisecond, in the years 0 to 9999")
	case e.Seen.Size < 0 || e.Seen.Size > MaxSize:
		return badEntry("seen.size", strconv.FormatInt(e.Seen.Size, 10), "must be from 0 to 2^48")
	case e.Seen.Size == 0 && e.Seen.Root != emptyRoot:
		return badEntry("seen.root", e.Seen.Root.String(), "must be the root of the empty tree where seen.size is 0")
	case !validKind(e.Kind):
		return badEntry("kind", e.Kind, "must be 1 to 32 of a-z, '.' and '-'")
	case len(e.SD) < minDigests || len(e.SD)&(len(e.SD)-1) != 0:
		return badEntry("_sd", strconv.Itoa(len(e.SD))+" digests", "must be padded to 8, 16, 32 and so on")
	case !ascending(e.SD):
		return badEntry("_sd", "", "must be sorted, each digest once")
	case !ascending(e.Shown):
		return badEntry("shown", "", "must be sorted, each digest once")
	}
	i := 0
	for _, d := range e.Shown {
		for i < len(e.SD) && bytes.Compare(e.SD[i][:], d[:]) < 0 {
			i++
		}
		if i == len(e.SD) || e.SD[i] != d {
			return badEntry("shown", d.String(), "must hold only digests of _sd")
		}
	}
	return nil
}

func badEntry(field, value, rule string) error {
	return &fault.Error{Code: fault.Corrupt, Op: "entry", Field: field, Value: fault.Shorten(value), Rule: rule}
}

func ascending(ds []Digest) bool {
	for i := 1; i < len(ds); i++ {
		if bytes.Compare(ds[i-1][:], ds[i][:]) >= 0 {
			return false
		}
	}
	return true
}

func validAuthor(s string) bool {
	if len(s) == 0 || len(s) > 32 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

func validKind(s string) bool {
	if len(s) == 0 || len(s) > 32 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && c != '.' && c != '-' {
			return false
		}
	}
	return true
}

// has reports whether the sorted ds holds d.
func has(ds []Digest, d Digest) bool {
	_, ok := slices.BinarySearchFunc(ds, d, func(a, b Digest) int { return bytes.Compare(a[:], b[:]) })
	return ok
}

// CheckNext refuses an entry that cannot follow prev in one transcript, or cannot open one where
// prev is nil: the sequence number goes up by one, time and seen.size never go down, what was seen
// at one size has one root, and the author stays.
func CheckNext(prev *Entry, e Entry) error {
	if prev == nil {
		if e.Seq != 0 {
			return badEntry("seq", strconv.FormatInt(e.Seq, 10), "must be 0 in the first entry")
		}
		return nil
	}
	switch {
	case e.Seq != prev.Seq+1:
		return badEntry("seq", strconv.FormatInt(e.Seq, 10), "must be one more than in the entry before, "+strconv.FormatInt(prev.Seq, 10))
	case e.Author != prev.Author:
		return badEntry("author", e.Author, "must be that of the entry before, "+prev.Author)
	}
	return checkOrder(prev, e)
}

// checkOrder holds e to what never goes down, whether or not entries lie between prev and e.
func checkOrder(prev *Entry, e Entry) error {
	switch {
	case e.Time.Before(prev.Time):
		return badEntry("time", e.Time.Format(timeLayout), "must not be before the time of the entry before, "+prev.Time.Format(timeLayout))
	case e.Seen.Size < prev.Seen.Size:
		return badEntry("seen.size", strconv.FormatInt(e.Seen.Size, 10), "must not be below that of the entry before, "+strconv.FormatInt(prev.Seen.Size, 10))
	case e.Seen.Size == prev.Seen.Size && e.Seen.Root != prev.Seen.Root:
		return badEntry("seen.root", e.Seen.Root.String(), "must be that of the entry before, which has the same seen.size")
	}
	return nil
}
