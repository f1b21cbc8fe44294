package transcript

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// maker collects vectors.
type maker struct {
	t  testing.TB
	vs []vector
}

func (m *maker) add(kind, name string, ok bool, says string, data []byte) *vector {
	v := vector{File: kind + "-" + strings.ReplaceAll(name, " ", "-") + ".txt", Kind: kind, OK: ok, Says: says, data: data}
	key := func(seed byte) []string { return []string{base64.StdEncoding.EncodeToString(public(testKey(seed)))} }
	switch kind {
	case "head", "fork", "breach":
		v.Author = key(1)
	case "receipt", "foreign":
		v.Receiver = key(2)
	case "proof":
		v.Author, v.Receiver = key(1), key(2)
	}
	m.vs = append(m.vs, v)
	return &m.vs[len(m.vs)-1]
}

// swap replaces old, which must be there once, by with.
func (m *maker) swap(data []byte, old, with string) []byte {
	if bytes.Count(data, []byte(old)) != 1 {
		m.t.Fatalf("%q is there %d times", old, bytes.Count(data, []byte(old)))
	}
	return bytes.Replace(data, []byte(old), []byte(with), 1)
}

func makeVectors(t testing.TB) []vector {
	m := &maker{t: t}
	m.entries()
	m.sequences()
	m.sealed()
	m.disclosures()
	m.notes()
	m.proofs()
	m.forks()
	m.evidence()
	m.bundles()
	m.evidenceBundles()
	m.witnessBundles()
	m.keysBundles()
	m.doubles()
	m.edges()
	return m.vs
}

func (m *maker) entries() {
	s, e, err := Seal(testRand(1), testDraft(), testMeta(7))
	if err != nil {
		m.t.Fatal(err)
	}
	good := s.Bytes
	digest := func(d Digest) string { return `"` + d.String() + `"` }
	const encoding = "is not in the one encoding"
	m.add("entry", "good", true, "", good)
	for _, c := range []struct{ name, old, with, says string }{
		{"space", `,"kind"`, `, "kind"`, encoding},
		{"duplicate member", `"drill":false`, `"drill":false,"drill":false`, encoding},
		{"unknown member", `"drill":false`, `"drill":false,"x":1`, encoding},
		{"members out of order", `"kind":"notice.file","drill":false`, `"drill":false,"kind":"notice.file"`, encoding},
		{"escape", `"notice.file"`, `"notice\u002efile"`, "kind"},
		{"drill a string", `"drill":false`, `"drill":"false"`, encoding},
		{"version 2", `"v":1`, `"v":2`, encoding},
		{"bad base64 root", "47DEQpj8", "47DEQp*8", encoding},
		{"root unused bits", "uFU=", "uFV=", encoding},
		{"root of nothing", "47DEQpj8", "57DEQpj8", "root of the empty tree"},
		{"digest padded", digest(e.SD[0]), `"` + e.SD[0].String() + `="`, encoding},
		{"time without milliseconds", "06:00:07.000Z", "06:00:07Z", encoding},
		{"time with offset", "06:00:07.000Z", "06:00:07.000+", encoding},
		{"time of no day", "2026-12-01T", "2026-02-30T", encoding},
		{"time leap second", "06:00:07", "06:00:60", encoding},
		{"seq leading zero", `"seq":7`, `"seq":07`, encoding},
		{"seq negative", `"seq":7`, `"seq":-7`, encoding},
		{"seq over bounds", `"seq":7`, `"seq":281474976710656`, "below 2^48"},
		{"author capital", `"author":"blue"`, `"author":"Blue"`, "author"},
		{"kind capital", `"notice.file"`, `"Notice.file"`, "kind"},
		{"agreement capital", testLine, strings.Repeat("A", 64), "agreement"},
		{"digests unsorted", digest(e.SD[0]) + "," + digest(e.SD[1]), digest(e.SD[1]) + "," + digest(e.SD[0]), "_sd: must be sorted"},
		{"digest twice", "," + digest(e.SD[1]) + ",", "," + digest(e.SD[0]) + ",", "_sd: must be sorted"},
		{"decoy missing", "," + digest(e.SD[7]) + "]", "]", "must be padded to 8, 16, 32"},
		{"shown unsorted", digest(e.Shown[0]) + "," + digest(e.Shown[1]) + "]}", digest(e.Shown[1]) + "," + digest(e.Shown[0]) + "]}", "shown: must be sorted"},
		{"shown not among digests", digest(e.Shown[1]) + "]}", digest(Digest(bytes.Repeat([]byte{255}, 32))) + "]}", "only digests of _sd"},
	} {
		data := good
		if c.name == "digest twice" {
			i := bytes.Index(good, []byte(c.old))
			data = append(append(bytes.Clone(good[:i]), c.with...), good[i+len(c.old):]...)
		} else if c.name == "digest padded" || c.name == "digests unsorted" || c.name == "decoy missing" {
			data = bytes.Replace(good, []byte(c.old), []byte(c.with), 1)
		} else {
			data = m.swap(good, c.old, c.with)
		}
		m.add("entry", c.name, false, c.says, data)
	}
	m.add("entry", "newline at end", false, encoding, append(bytes.Clone(good), '\n'))
	m.add("entry", "empty", false, encoding, nil)
	var many []string
	for i := range 2048 {
		many = append(many, digest(Digest{byte(i >> 8), byte(i)}))
	}
	i := bytes.Index(good, []byte(`"_sd":[`)) + len(`"_sd":[`)
	m.add("entry", "oversized", false, "must be at most 65535", []byte(string(good[:i])+strings.Join(many, ",")+`],"shown":[]}`))
}

func (m *maker) sequences() {
	seal := func(change func(*Meta)) []byte {
		meta := testMeta(1)
		meta.Seen = Seen{Size: 3, Root: Hash{3}}
		change(&meta)
		s, _, err := Seal(testRand(2), Draft{Kind: "call"}, meta)
		if err != nil {
			m.t.Fatal(err)
		}
		return append(s.Bytes, '\n')
	}
	prev := seal(func(*Meta) {})
	for _, c := range []struct {
		name, says string
		change     func(*Meta)
	}{
		{"good", "", func(*Meta) {}},
		{"good seen grows", "", func(k *Meta) { k.Seen = Seen{9, Hash{9}} }},
		{"time going back", "must not be before the time", func(k *Meta) { k.Time = k.Time.Add(-2 * time.Second) }},
		{"seen going back", "must not be below", func(k *Meta) { k.Seen = Seen{2, Hash{2}} }},
		{"seen another root", "which has the same seen.size", func(k *Meta) { k.Seen.Root = Hash{4} }},
		{"number left out", "must be one more", func(k *Meta) { k.Seq = 3 }},
		{"number again", "must be one more", func(k *Meta) { k.Seq = 1 }},
		{"another author", "must be that of the entry before", func(k *Meta) { k.Author = "green" }},
	} {
		next := seal(func(k *Meta) { k.Seq = 2; c.change(k) })
		m.add("next", c.name, c.says == "", c.says, append(bytes.Clone(prev), next...))
	}
}

func (m *maker) sealed() {
	s, e, err := Seal(testRand(3), testDraft(), testMeta(0))
	if err != nil {
		m.t.Fatal(err)
	}
	join := func(ds ...[]byte) []byte {
		return append(bytes.Join(append([][]byte{s.Bytes}, ds...), []byte("\n")), '\n')
	}
	d := s.Disclosures
	m.add("sealed", "good", true, "", join(d...))
	m.add("sealed", "good for the other", true, "", join(mustForOther(m.t, s).Disclosures...))
	less := Withhold(s, func(d Digest) bool { return d != e.Shown[1] })
	m.add("sealed", "withheld disclosure", false, "1 of the 2 that the entry lists as shown are withheld", join(less.Disclosures...))
	flipped := bytes.Clone(d[1])
	flipped[len(flipped)-5] ^= 1
	m.add("sealed", "flipped disclosure", false, "a digest that the entry does not hold", join(d[0], flipped, d[2]))
	m.add("sealed", "disclosures out of order", false, "out of the order", join(d[1], d[0], d[2]))
	m.add("sealed", "disclosure twice", false, "there twice", join(d[0], d[0], d[1], d[2]))
	m.add("sealed", "flipped entry", false, "", join(d...)).data[len(`{"v":1,"agreement":"`)] = 'x'

	// Two disclosures of one name, which Seal refuses.
	var two [][]byte
	twice := Entry{Agreement: testLine, Author: "blue", Time: testTime(), Seen: Seen{Root: emptyRoot}, Kind: "call"}
	for salt := byte(1); salt <= 2; salt++ {
		enc, err := Disclosure{Salt: [16]byte{salt}, Name: "title", Value: jsontext.Value(`"survey"`)}.Encode()
		if err != nil {
			m.t.Fatal(err)
		}
		two = append(two, enc)
		twice.SD = append(twice.SD, DigestOf(enc))
	}
	if bytes.Compare(twice.SD[0][:], twice.SD[1][:]) > 0 {
		two[0], two[1] = two[1], two[0]
		twice.SD[0], twice.SD[1] = twice.SD[1], twice.SD[0]
	}
	for i := range byte(6) {
		twice.SD = append(twice.SD, Digest(bytes.Repeat([]byte{0xfa + i - 1}, 32)))
	}
	enc, err := twice.Encode()
	if err != nil {
		m.t.Fatal(err)
	}
	m.add("sealed", "field twice", false, "a second time", append(bytes.Join([][]byte{enc, two[0], two[1]}, []byte("\n")), '\n'))
}

func (m *maker) disclosures() {
	enc := func(raw string) []byte { return b64url.AppendEncode(nil, []byte(raw)) }
	const salt = "AQIDBAUGBwgJCgsMDQ4PEA"
	good := enc(`["` + salt + `","title","survey"]`)
	m.add("disclosure", "good", true, "", good)
	m.add("disclosure", "good object", true, "", enc(`["`+salt+`","a",{"b":[1,2.5e-3,null,true,"\u00e9é"]}]`))
	m.add("disclosure", "good surrogate pair", true, "", enc(`["`+salt+`","a","\ud83d\ude00"]`))
	for _, c := range []struct{ name, raw string }{
		{"half a surrogate pair", `["` + salt + `","a","\ud83d"]`},
		{"spaces", `["` + salt + `", "title", "survey"]`},
		{"spaces in value", `["` + salt + `","a",[1, 2]]`},
		{"short salt", `["AQIDBAUGBwgJCgsMDQ4P","title","survey"]`},
		{"salt unused bits", `["` + salt[:21] + `B","title","survey"]`},
		{"no salt", `["title","survey"]`},
		{"four parts", `["` + salt + `","title","survey",1]`},
		{"member twice", `["` + salt + `","a",{"b":1,"b":2}]`},
		{"name with space", `["` + salt + `","the title","survey"]`},
		{"name empty", `["` + salt + `","","survey"]`},
		{"not a number", `["` + salt + `","a",NaN]`},
		{"no value", `["` + salt + `","a",]`},
		{"not UTF-8", "[\"" + salt + "\",\"a\",\"\xff\"]"},
		{"too deep", `["` + salt + `","a",` + strings.Repeat("[", 65) + strings.Repeat("]", 65) + `]`},
	} {
		m.add("disclosure", c.name, false, "disclosure", enc(c.raw))
	}
	m.add("disclosure", "padded", false, "base64url", append(enc(`["`+salt+`","title","surve"]`), '='))
	m.add("disclosure", "newline", false, "base64url", append(bytes.Clone(good), '\n'))
}

func (m *maker) notes() {
	o := Origin{testLine, 1, A}
	sign := func(seed byte, o Origin, size int64, root Hash) Head {
		h, err := SignHead(testKey(seed), o, size, root, testTime())
		if err != nil {
			m.t.Fatal(err)
		}
		return h
	}
	h := sign(1, o, 5, Hash{9})
	text, sigs, err := splitNote(h.Note, MaxNoteBytes, 2)
	if err != nil {
		m.t.Fatal(err)
	}
	note := func(text []byte, sigs ...signature) []byte {
		msg := append(bytes.Clone(text), '\n')
		for _, s := range sigs {
			msg = appendSignature(msg, s)
		}
		return msg
	}
	m.add("head", "good", true, "", h.Note)
	m.add("head", "good of nothing", true, "", sign(1, o, 0, emptyRoot).Note)
	m.add("head", "wrong key", false, "not signed by a line key of its author", sign(2, o, 5, Hash{9}).Note)
	m.add("head", "without time", false, "timed cosignature", note(text, sigs[0]))
	m.add("head", "signatures changed over", false, "not signed", note(text, sigs[1], sigs[0]))
	m.add("head", "a third signature", false, "has a signature more than its line key gives", note(text, sigs[0], sigs[1], sigs[1]))
	m.add("head", "time of another head", false, "does not hold", note(text, sigs[0], func() signature {
		_, other, _ := splitNote(sign(1, o, 6, Hash{9}).Note, MaxNoteBytes, 2)
		return other[1]
	}()))
	m.add("head", "shrunk", false, "not signed", m.swap(h.Note, "\n5\n", "\n4\n"))
	m.add("head", "size with zero", false, "size", m.swap(h.Note, "\n5\n", "\n05\n"))
	m.add("head", "extension line", false, "three lines", m.swap(h.Note, "=\n\n", "=\nmore\n\n"))
	m.add("head", "another origin", false, "not signed", m.swap(h.Note, "/1/a\n5", "/2/a\n5"))
	m.add("head", "side c", false, "origin", m.swap(h.Note, "/1/a\n5", "/1/c\n5"))
	m.add("head", "carriage return", false, "", m.swap(h.Note, "\n5\n", "\r\n5\n"))
	m.add("head", "huge size", false, "size", m.swap(h.Note, "\n5\n", "\n9223372036854775807\n"))

	r, err := SignReceipt(testKey(2), h, testTime().Add(time.Second))
	if err != nil {
		m.t.Fatal(err)
	}
	m.add("receipt", "good", true, "", r.Note)
	own, err := SignReceipt(testKey(1), h, testTime())
	if err != nil {
		m.t.Fatal(err)
	}
	m.add("receipt", "by the author", false, "not signed by a line key of the receiver", own.Note)
	m.add("receipt", "the author's own cosignature", false, "not signed", note(text, sigs[1]))
	m.add("receipt", "another size", false, "not signed", m.swap(r.Note, "\n5\n", "\n6\n"))
	_, rsigs, err := splitNote(r.Note, MaxNoteBytes, 1)
	if err != nil {
		m.t.Fatal(err)
	}
	rsigs[0].sig[7]--
	m.add("receipt", "earlier time", false, "not signed", note(text, rsigs[0]))
}

func (m *maker) proofs() {
	l := smallWorld(m.t).books[0]
	hashes, err := ProveEntry(2, 1, l.hashes)
	if err != nil {
		m.t.Fatal(err)
	}
	both, err := Cosigned(l.heads[1], l.receipts[1])
	if err != nil {
		m.t.Fatal(err)
	}
	p := Proof{Index: 1, Hashes: hashes, Extra: l.entries[1].Bytes, Checkpoint: both}
	file := FormatProof(p)
	m.add("proof", "good", true, "", file)
	alone := p
	alone.Checkpoint = l.heads[1].Note
	m.add("proof", "good without receipt", true, "", FormatProof(alone))
	m.add("proof", "another index", false, "does not lead", m.swap(file, "index 1\n", "index 0\n"))
	m.add("proof", "index over the size", false, "there is no entry 2 among 2", m.swap(file, "index 1\n", "index 2\n"))
	more := p
	more.Hashes = append([]Hash{{1}}, hashes...)
	m.add("proof", "hash too many", false, "does not lead", FormatProof(more))
	more.Hashes = nil
	m.add("proof", "hash missing", false, "does not lead", FormatProof(more))
	more = p
	more.Extra = l.entries[0].Bytes
	m.add("proof", "another entry", false, "does not lead", FormatProof(more))
	more = p
	more.Checkpoint = l.heads[2].Note
	m.add("proof", "another head", false, "does not lead", FormatProof(more))
	m.add("proof", "index with zero", false, "index", m.swap(file, "index 1\n", "index 01\n"))
	m.add("proof", "header", false, "does not begin", m.swap(file, "@v1\n", "@v2\n"))
}

func (m *maker) forks() {
	first, same, longer, r := forkedHeads(m.t)
	equal, err := NewFork(first, same, nil)
	unequal, err2 := NewFork(first, longer, r)
	if err := errors.Join(err, err2); err != nil {
		m.t.Fatal(err)
	}
	m.add("fork", "good of one size", true, "", equal.Encode())
	m.add("fork", "good of two sizes", true, "", unequal.Encode())
	_, short := grow([]Hash{{1}, {2}, {3}})
	inFirst, err := ProveEntry(3, 2, short)
	inSecond, err2 := ProveEntry(5, 2, r)
	if err := errors.Join(err, err2); err != nil {
		m.t.Fatal(err)
	}
	at, err := NewForkAt(first, longer, ForkedEntry{Index: 2, First: Hash{3}, Second: Hash{4}, InFirst: inFirst, InSecond: inSecond})
	if err != nil {
		m.t.Fatal(err)
	}
	m.add("fork", "good at an entry", true, "", at.Encode())
	at.At.Index = 1
	m.add("fork", "another index", false, "does not lead", at.Encode())
	m.forkedSubtrees()
	m.add("fork", "heads agree", false, "the heads agree", Fork{First: same, Second: same}.Encode())
	m.add("fork", "larger first", false, "must not be the larger", Fork{First: longer, Second: first, Root: unequal.Root, Proof: unequal.Proof}.Encode())
	honest := Fork{First: same, Second: longer, Root: same.Root, Proof: unequal.Proof}
	m.add("fork", "of a tree and its growth", false, "begins with the first", honest.Encode())
	honest.Root = Hash{1}
	m.add("fork", "wrong root", false, "does not show", honest.Encode())
	unequal.Proof = unequal.Proof[1:]
	m.add("fork", "proof cut", false, "does not show", unequal.Encode())
}

// forkedSubtrees makes forks that show two roots of one complete subtree.
func (m *maker) forkedSubtrees() {
	leaves := func(first byte, n int) forest {
		var f forest
		for i := range n {
			f = append(f, subtree{int64(i), 0, Hash{first, byte(i)}})
			first = 9
		}
		return f
	}
	sign := func(f forest, minute int) Head {
		t, err := TreeAt(f.size(), f)
		if err != nil {
			m.t.Fatal(err)
		}
		h, err := SignHead(testKey(1), Origin{testLine, 1, A}, f.size(), t.Root(), testTime().Add(time.Duration(minute)*time.Minute))
		if err != nil {
			m.t.Fatal(err)
		}
		return h
	}
	x, y := leaves(1, 7), leaves(2, 11)
	at := func(level int, n int64) Fork {
		e := ForkedEntry{Level: level, Index: n}
		e.First, _ = x.node(level, n)
		e.Second, _ = y.node(level, n)
		var err, err2 error
		e.InFirst, err = x.prove(level, n)
		e.InSecond, err2 = y.prove(level, n)
		if err := errors.Join(err, err2); err != nil {
			m.t.Fatal(err)
		}
		return Fork{First: sign(x, 0), Second: sign(y, 1), At: &e}
	}
	m.add("fork", "good at a subtree", true, "", at(2, 0).Encode())
	m.add("fork", "good at a small subtree", true, "", at(1, 0).Encode())
	m.add("fork", "one subtree twice", false, "does not show two entries", at(1, 1).Encode())
	bad := at(2, 0)
	bad.At.Level = 1
	m.add("fork", "another level", false, "does not lead", bad.Encode())
	bad.At.Level, bad.At.Index = 2, 1
	m.add("fork", "a subtree that is not complete", false, "no complete subtree", bad.Encode())
	good := string(at(1, 0).Encode())
	m.add("fork", "level zero", false, "encoding", m.swap([]byte(good), "level 1\n", "level 0\n"))
	m.add("fork", "level over the bound", false, "encoding", m.swap([]byte(good), "level 1\n", "level 49\n"))
}

func (m *maker) bundles() {
	w := smallWorld(m.t)
	whole := w.bundle(nil)
	line := func(data []byte, begins string, n int) []byte {
		for l := range bytes.Lines(data) {
			if bytes.HasPrefix(l, []byte(begins)) {
				if n--; n < 0 {
					return l
				}
			}
		}
		m.t.Fatalf("no line begins %s", begins)
		return nil
	}
	flip := func(begins string, n, at int) []byte {
		old := line(whole, begins, n)
		bad := bytes.Clone(old)
		bad[at] ^= 1
		return bytes.Replace(whole, old, bad, 1)
	}
	bad := func(name, check, entry, says string, data []byte) {
		v := m.add("bundle", name, false, says, data)
		v.Check, v.Entry = check, entry
	}
	m.add("bundle", "good whole line", true, "", whole)
	one := w.bundle(func(i int) bool { return i == 1 })
	m.add("bundle", "good one entry a side", true, "", one)
	seconds := strings.Index(string(line(whole, `{"v":1`, 1)), `06:02:0`) + len(`06:02:0`)
	bad("flipped entry", "entry", "/a#1", "does not hash", flip(`{"v":1`, 1, seconds))
	m.vs[len(m.vs)-1].Says = "do not hash to the leaf hash"
	bad("flipped disclosure", "disclosure", "/a#0", "a digest that the entry does not hold", flip("Wy", 1, 45))
	bad("flipped leaf", "root", "/a#1", "do not hash to the root", flip("entry 1 ", 0, 20))
	bad("no end", "encoding", "", "stops before its end", bytes.TrimSuffix(whole, []byte("end\n")))
	bad("bytes after the end", "encoding", "", "", append(bytes.Clone(whole), '\n'))
	bad("another end after the end", "encoding", "", "", append(bytes.Clone(whole), "end\n"...))
	bad("end with a word", "encoding", "", "", append(bytes.TrimSuffix(bytes.Clone(whole), []byte("end\n")), "end 0\n"...))
	bad("gap with a word more", "encoding", "", "", bytes.Replace(one, []byte("gap 1\n"), []byte("gap 1 1\n"), 1))
	bad("transcript with a word more", "encoding", "", "", bytes.Replace(whole, line(whole, "transcript ", 0), append(bytes.TrimSuffix(line(whole, "transcript ", 0), []byte("\n")), " a\n"...), 1))
	bad("leading zero in a number", "encoding", "", "", bytes.Replace(one, []byte("gap 1\n"), []byte("gap 01\n"), 1))
	bad("windows newlines", "encoding", "", "", bytes.ReplaceAll(whole, []byte("\n"), []byte("\r\n")))
	m.gaps(w, bad)
	hash := bytes.Split(one[bytes.Index(one, []byte("gap 1\n")):], []byte("\n"))[1]
	changed := bytes.Clone(hash)
	changed[3] ^= 1
	bad("flipped gap", "root", "/a#0", "", bytes.Replace(one, hash, changed, 1))

	w = smallWorld(m.t)
	w.books[0].key = testKey(2)
	w.tick(time.Second)
	w.commit(0, false)
	bad("wrong key", "head", "/1/a", "not signed by a line key of its author", w.bundle(nil))
	w = smallWorld(m.t)
	l := w.books[0]
	h, err := SignHead(l.key, l.origin, 3, Hash{1}, w.now.Add(time.Minute))
	if err != nil {
		m.t.Fatal(err)
	}
	l.heads = append(l.heads, h)
	bad("forked heads", "fork", "/1/a", "signed two different transcripts of 3 entries", w.bundle(nil))
	shrunk := l.heads[0].Note
	end := bytes.LastIndex(whole, []byte("transcript "))
	bad("shrunk head", "encoding", "", "or it was moved",
		append(appendBlock(bytes.Clone(whole[:end]), "head", shrunk), whole[end:]...))
	w = smallWorld(m.t)
	for i, s := range w.books[0].entries {
		w.books[0].entries[i] = Sealed{Bytes: s.Bytes}
	}
	m.add("bundle", "good redacted", true, "", w.bundle(nil))
	w = smallWorld(m.t)
	w.write(func(k *Meta) { k.Time, k.Seen = k.Time.Add(-time.Hour), w.newest(1) })
	bad("time going back", "sequence", "/a#3", "must not be before the time", w.bundle(nil))
	w = smallWorld(m.t)
	w.write(func(k *Meta) { k.Seen = Seen{2, Hash{5}} })
	bad("seen another root", "weaving", "/a#3", "another root", w.bundle(nil))
}

// gaps makes bundles of gaps that follow one another.
func (m *maker) gaps(w *world, bad func(name, check, entry, says string, data []byte)) {
	l := w.books[0]
	var buf bytes.Buffer
	b := NewBundleWriter(&buf)
	if err := errors.Join(b.Agreement(w.agreement), b.Transcript(l.origin), b.Gap(1, l.hashes), b.Signed(l.heads[:1], nil),
		b.Gap(3, l.hashes), b.Signed(l.heads[2:], nil), b.Close()); err != nil {
		m.t.Fatal(err)
	}
	m.add("bundle", "good head between gaps", true, "", buf.Bytes())
	bad("gap after a gap", "encoding", "", "a gap may not stand here", m.swap(buf.Bytes(), string(appendBlock(nil, "head", l.heads[0].Note)), ""))
	none, _, _ := bytes.Cut(buf.Bytes(), []byte("transcript "))
	bad("no transcript", "encoding", "", "no transcript", append(bytes.Clone(none), "end\n"...))
}
