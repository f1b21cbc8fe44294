package transcript

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// edges are vectors at the bounds of the rules, and of rules that the others leave alone.
func (m *maker) edges() {
	m.entryEdges()
	m.disclosureEdges()
	m.noteEdges()
	m.proofEdges()
	m.evidenceEdges()
	m.bundleEdges()
	m.placeEdges()
	m.keyEdges()
}

func (m *maker) must(err error) {
	if err != nil {
		m.t.Helper()
		m.t.Fatal(err)
	}
}

// sized is an entry with 1,024 digests that has so many bytes.
func (m *maker) sized(size int) []byte {
	for author := 1; author <= 32; author++ {
		for kind := 1; kind <= 32; kind++ {
			e := Entry{Agreement: testLine, Author: strings.Repeat("a", author), Kind: strings.Repeat("k", kind), Time: testTime(), Seen: Seen{Root: emptyRoot}}
			for i := range 1024 {
				e.SD = append(e.SD, Digest{byte(i >> 8), byte(i)})
			}
			e.Shown = e.SD[:1]
			b, err := e.Encode()
			m.must(err)
			if more := size - len(b); more%46 == 0 {
				list := appendDigests(nil, e.SD[:1+more/46])
				return append(b[:bytes.LastIndexByte(b, '[')], append(list, '}')...)
			}
		}
	}
	m.t.Fatal("no such size")
	return nil
}

func (m *maker) entryEdges() {
	s, e, err := Seal(testRand(1), testDraft(), testMeta(7))
	m.must(err)
	good := s.Bytes
	m.add("entry", "good of 65535 bytes", true, "", m.sized(MaxEntryBytes))
	m.add("entry", "of 65536 bytes", false, "at most 65535", m.sized(MaxEntryBytes+1))
	root := e.Seen.Root.String()
	for _, c := range []struct {
		name, old, with string
	}{
		{"good author of 32", `"blue"`, `"` + strings.Repeat("b", 32) + `"`},
		{"author of 33", `"blue"`, `"` + strings.Repeat("b", 33) + `"`},
		{"no author", `"blue"`, `""`},
		{"good kind of 32", `"notice.file"`, `"` + strings.Repeat("k", 32) + `"`},
		{"kind of 33", `"notice.file"`, `"` + strings.Repeat("k", 33) + `"`},
		{"no kind", `"notice.file"`, `""`},
		{"kind with a digit", `"notice.file"`, `"notice2"`},
		{"good newest seq", `"seq":7`, `"seq":281474976710655`},
		{"good seen all", `{"size":0,"root":"` + root, `{"size":281474976710656,"root":"` + Hash{3}.String()},
		{"seen more than all", `{"size":0,"root":"` + root, `{"size":281474976710657,"root":"` + Hash{3}.String()},
		{"seen size with zero", `{"size":0,`, `{"size":00,`},
		{"root of 31 bytes", root, base64.StdEncoding.EncodeToString(make([]byte, 31))},
		{"agreement of 63", testLine, testLine[1:]},
		{"agreement of 65", testLine, testLine + "0"},
		{"time at 24", "T06:00:07", "T24:00:07"},
		{"time with a space", "-01T06", "-01 06"},
		{"time in small letters", ".000Z", ".000z"},
		{"good year 0", "2026-12-01T", "0000-12-01T"},
		{"drill in capitals", `:false`, `:FALSE`},
		{"nothing shown twice", `],"shown":[`, `],"shown":[],"shown":[`},
		{"a digest in another place", `],"shown":[`, `,"shown":[`},
		{"an open end", "]}", "]"},
	} {
		m.add("entry", c.name, strings.HasPrefix(c.name, "good"), "", m.swap(good, c.old, c.with))
	}
	list := string(appendDigests(nil, e.SD))
	in := func(ds []Digest) []byte {
		text := m.swap(good, list, string(appendDigests(nil, ds)))
		return append(text[:bytes.LastIndexByte(text, '[')+1], "]}"...)
	}
	sixteen := slices.Clone(e.SD)
	for i := range byte(8) {
		sixteen = append(sixteen, Digest(bytes.Repeat([]byte{0xf8 + i}, 32)))
	}
	byDigest := func(a, b Digest) int { return bytes.Compare(a[:], b[:]) }
	slices.SortFunc(sixteen, byDigest)
	m.add("entry", "good with 16 digests", true, "", in(sixteen))
	m.add("entry", "with 12 digests", false, "padded", in(sixteen[:12]))
	m.add("entry", "with 4 digests", false, "padded", in(e.SD[:4]))
	m.add("entry", "with no digests", false, "padded", in(nil))
	m.add("entry", "digests not set apart", false, "encoding", bytes.Replace(good, []byte(`","`+e.SD[1].String()), []byte(`";"`+e.SD[1].String()), 1))
	m.add("entry", "digest with unused bits", false, "encoding", bytes.Replace(good, []byte(e.SD[0].String()), []byte(unusedBits(e.SD[0].String())), 1))
}

// unusedBits sets a bit that base64 of 32 bytes does not use.
func unusedBits(s string) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return s[:len(s)-1] + digits[strings.IndexByte(digits, s[len(s)-1])+1:][:1]
}

func (m *maker) disclosureEdges() {
	const salt = "AQIDBAUGBwgJCgsMDQ4PEA"
	add := func(name, field, value string) {
		says := "disclosure"
		if strings.HasPrefix(name, "good") {
			says = ""
		}
		m.add("disclosure", name, says == "", says, b64url.AppendEncode(nil, []byte(`["`+salt+`","`+field+`",`+value+`]`)))
	}
	add("good name of 64", strings.Repeat("n", 64), "1")
	add("name of 65", strings.Repeat("n", 65), "1")
	add("good name of all kinds", "Az_0.9-z", "1")
	add("name that begins with a digit", "0a", "1")
	add("name with an escape", `a\u0062`, "1")
	add("good 64 deep", "a", strings.Repeat("[", 64)+strings.Repeat("]", 64))
	add("good 64 deep in objects", "a", strings.Repeat(`{"b":`, 63)+"{}"+strings.Repeat("}", 63))
	add("65 deep in objects", "a", strings.Repeat(`{"b":`, 64)+"{}"+strings.Repeat("}", 64))
	add("the other half of a surrogate pair", "a", `"\ude00"`)
	add("a surrogate pair turned round", "a", `"\ude00\ud83d"`)
	add("half a surrogate pair and a letter", "a", `"\ud83da"`)
	add("half a surrogate pair and a letter escaped", "a", `"\ud83d\u0061"`)
	add("good surrogate pair in capitals", "a", `"\uD83D\uDE00"`)
	add("member twice in two ways", "a", `{"b":1,"\u0062":2}`)
	add("good one name at two places", "a", `{"b":{"b":1},"c":{"b":2}}`)
	add("good short escapes", "a", `"\"\\\/\b\f\n\r\t"`)
	add("an escape that is none", "a", `"\x"`)
	add("an escape of three digits", "a", `"\u00e"`)
	add("a newline in a text", "a", "\"\n\"")
	add("a text without its end", "a", `"b`)
	add("a leading zero", "a", `01`)
	add("a point without digits", "a", `1.`)
	add("good exponents", "a", `[-0,1e5,1E+5,1.5e-5]`)
	add("an exponent without digits", "a", `1e`)
	add("a plus", "a", `+1`)
	add("a comma too many", "a", `[1,]`)
	add("a comma too few", "a", `[1 2]`)
	add("a colon too few", "a", `{"b" 1}`)
	add("a name that is no text", "a", `{b:1}`)
	add("ended by another bracket", "a", `[1}`)
	add("not ended", "a", `[1`)
	add("a space at the end", "a", `1 `)
	add("a tab in an object", "a", "{\t}")
	add("good spaces in a text", "a", `"a b"`)
	m.add("disclosure", "no end", false, "disclosure", b64url.AppendEncode(nil, []byte(`["`+salt+`","a",1`)))
	m.add("disclosure", "empty", false, "disclosure", nil)
	m.add("disclosure", "in the other alphabet", false, "base64url", []byte(base64.RawStdEncoding.EncodeToString([]byte(`["`+salt+`","a","??>>"]`))))
}

func (m *maker) noteEdges() {
	o := Origin{testLine, 1, A}
	key := testKey(1)
	head := func(text string, unix int64, names ...string) []byte {
		if len(names) == 0 {
			names = []string{o.String(), Cosigner(o.Line, A)}
		}
		return noteOf([]byte(text), signedLog(key, names[0], text), signedAt(key, names[1], text, unix))
	}
	text := func(origin, size, root string) string { return origin + "\n" + size + "\n" + root + "\n" }
	good := text(o.String(), "5", Hash{9}.String())
	at := testTime().Unix()
	add := func(name, says string, note []byte) {
		m.add("head", name, strings.HasPrefix(name, "good"), says, note)
	}
	add("good by hand", "", head(good, at))
	add("good in the first second", "", head(good, 1))
	add("before the first second", "out of bounds", head(good, 0))
	add("good in the last second", "", head(good, maxUnix))
	add("after the last second", "out of bounds", head(good, maxUnix+1))
	m.vs[len(m.vs)-1].Says, m.vs[len(m.vs)-3].Says = "", ""
	add("under the name of another log", "not signed", head(good, at, "parley/x", Cosigner(o.Line, A)))
	add("under the name of the other side", "", head(good, at, o.String(), Cosigner(o.Line, B)))
	for _, c := range []struct{ name, text string }{
		{"epoch 0", text("parley/"+testLine+"/0/a", "5", Hash{9}.String())},
		{"epoch 01", text("parley/"+testLine+"/01/a", "5", Hash{9}.String())},
		{"good last epoch", text("parley/"+testLine+"/281474976710656/a", "5", Hash{9}.String())},
		{"epoch over the bound", text("parley/"+testLine+"/281474976710657/a", "5", Hash{9}.String())},
		{"line of 63", text("parley/"+testLine[1:]+"/1/a", "5", Hash{9}.String())},
		{"line of 65", text("parley/"+testLine+"0/1/a", "5", Hash{9}.String())},
		{"origin with more behind it", text(o.String()+"b", "5", Hash{9}.String())},
		{"origin with more before it", text("x"+o.String(), "5", Hash{9}.String())},
		{"good of the largest size", text(o.String(), "281474976710656", Hash{9}.String())},
		{"size over the bound", text(o.String(), "281474976710657", Hash{9}.String())},
		{"no size", text(o.String(), "", Hash{9}.String())},
		{"size with a sign", text(o.String(), "+5", Hash{9}.String())},
		{"root of 31 bytes", text(o.String(), "5", base64.StdEncoding.EncodeToString(make([]byte, 31)))},
		{"nothing with a root", text(o.String(), "0", Hash{9}.String())},
		{"entries without a root", text(o.String(), "5", emptyRoot.String())},
		{"no root", o.String() + "\n5\n"},
	} {
		co := Origin{testLine, 1, A}
		lines := strings.SplitN(c.text, "\n", 2)
		name := Cosigner(co.Line, A)
		if rest, ok := strings.CutPrefix(lines[0], "parley/"); ok {
			line, _, _ := strings.Cut(rest, "/")
			name = Cosigner(line, A)
		}
		add(c.name, "", noteOf([]byte(c.text), signedLog(key, lines[0], c.text), signedAt(key, name, c.text, at)))
	}
	whole := head(good, at)
	add("without the last newline", "", bytes.TrimSuffix(whole, []byte("\n")))
	add("without the empty line", "", bytes.Replace(whole, []byte("\n\n"), []byte("\n"), 1))
	add("with another dash", "", bytes.Replace(whole, []byte("— "), []byte("- "), 1))
	add("with two spaces", "", bytes.Replace(whole, []byte("— "), []byte("—  "), 1))
	add("with a signature of nothing", "", append(bytes.Clone(whole[:bytes.LastIndex(whole, []byte("— "))]), "— x AAAAAA==\n"...))
	add("with S that is not reduced", "", addOrder(m.t, whole))
	hash := func(note []byte, which int) []byte {
		return resign(m.t, note, func(s []signature) []signature { s[which].hash ^= 1; return s })
	}
	add("with another key hash of the log", "", hash(whole, 0))
	add("with another key hash of the cosigner", "", hash(whole, 1))
	add("with the log's signature of another text", "", resign(m.t, whole, func(s []signature) []signature {
		s[0].sig = ed25519.Sign(key, []byte("another"))
		return s
	}))
}

// signedLog and signedAt sign whatever text under whatever name, at whatever time.
func signedLog(k ed25519.PrivateKey, name, text string) signature {
	return signature{name, keyHash(name, algEd25519, public(k)), ed25519.Sign(k, []byte(text))}
}

func signedAt(k ed25519.PrivateKey, name, text string, unix int64) signature {
	var at [8]byte
	for i := range at {
		at[i] = byte(unix >> (56 - 8*i))
	}
	return signature{name, keyHash(name, algCosignature, public(k)), append(at[:], ed25519.Sign(k, cosignedMessage(unix, []byte(text)))...)}
}

func (m *maker) proofEdges() {
	l := smallWorld(m.t).books[0]
	hashes, err := ProveEntry(2, 1, l.hashes)
	m.must(err)
	both, err := Cosigned(l.heads[1], l.receipts[1])
	m.must(err)
	file := FormatProof(Proof{Index: 1, Hashes: hashes, Extra: l.entries[1].Bytes, Checkpoint: both})
	m.add("proof", "index missing", false, "index", m.swap(file, "index 1\n", ""))
	m.add("proof", "too many hashes", false, "64 hashes", FormatProof(Proof{Index: 1, Hashes: make([]Hash, 65), Extra: l.entries[1].Bytes, Checkpoint: both}))
	m.add("proof", "no end of the hashes", false, "", m.swap(file, "\n\nparley/", "\nparley/"))
	text, sigs, err := splitNote(both, MaxNoteBytes, 3)
	m.must(err)
	m.add("proof", "one signature of a head", false, "", append(bytes.Clone(file[:bytes.Index(file, text)]), noteOf(text, sigs[0])...))
	sigs[2].sig[7] ^= 1
	m.add("proof", "another time of the receipt", false, "not signed by a line key of the receiver", append(bytes.Clone(file[:bytes.Index(file, text)]), noteOf(text, sigs...)...))
}

func (m *maker) evidenceEdges() {
	first, same, longer, _ := forkedHeads(m.t)
	other, err := SignHead(testKey(1), Origin{testLine, 2, A}, 3, Hash{7}, testTime())
	m.must(err)
	m.add("fork", "of two epochs", false, "two transcripts", Fork{First: first, Second: other}.Encode())
	stranger, err := SignHead(testKey(2), first.Origin, 3, Hash{7}, testTime())
	m.must(err)
	m.add("fork", "by two keys", false, "not signed", Fork{First: first, Second: stranger}.Encode())
	one := Fork{First: first, Second: same}.Encode()
	m.add("fork", "bytes after", false, "encoding", append(bytes.Clone(one), "root "...))
	m.add("fork", "second first", false, "encoding", m.swap(m.swap(m.swap(one, "first ", "third "), "second ", "first "), "third ", "second "))
	m.add("fork", "of two sizes and nothing more", false, "encoding", append(appendBlock([]byte(forkHeader+"\n"), "first", first.Note), appendBlock(nil, "second", longer.Note)...))
	m.add("fork", "another header", false, "encoding", m.swap(one, "fork/v1", "fork/v2"))

	w := smallWorld(m.t)
	o := w.books[0].origin
	text := fmt.Sprintf("%s\n0\n%s\n", o, emptyRoot)
	nothing := noteOf([]byte(text), signedAt(testKey(2), Cosigner(o.Line, B), text, testTime().Unix()))
	m.add("foreign", "receipt for nothing", false, "for nothing", appendBlock([]byte(foreignHeader+"\n"), "receipt", nothing))
	unwoven := newWorld(m.t, testParties())
	unwoven.say(1, Draft{Kind: "call"})
	unwoven.commit(1, false)
	f := Foreign{Head: unwoven.books[1].heads[0], Entry: unwoven.books[1].entries[0].Bytes}
	m.add("foreign", "entry that had seen nothing", false, "seen nothing", f.Encode())
	_, entry := foreigns(m.t)
	m.add("foreign", "bytes after an entry", false, "one encoding", append(entry.Encode(), '\n'))
	f = entry
	f.Entry = bytes.Replace(f.Entry, []byte("call"), []byte("cull"), 1)
	m.add("foreign", "another entry", false, "does not lead", f.Encode())
	m.breachEdges()
}

func (m *maker) breachEdges() {
	all := breaches(m.t)
	b := all["time"].breach
	bad := func(name, says string, b Breach) { m.add("breach", name, false, says, b.Encode()) }
	m.add("breach", "bytes after", false, "encoding", append(b.Encode(), '\n'))
	m.add("breach", "bytes after one alone", false, "encoding", append(all["author"].breach.Encode(), '\n'))
	more := all["author"].breach
	more.Before, more.BeforeProof = b.Before, b.BeforeProof
	bad("author and an entry before", "", more)
	ds := all["disclosure"].breach
	ds.Disclosures = append(slices.Clone(ds.Disclosures), ds.Disclosures...)
	bad("one disclosure twice", "", ds)
	w := newWorld(m.t, testParties())
	w.say(0, testDraft())
	w.tick(time.Minute)
	w.say(0, testDraft())
	w.commit(0, false)
	l := w.books[0]
	proofs := [2][]Hash{}
	for i := range proofs {
		var err error
		proofs[i], err = ProveEntry(2, int64(i), l.hashes)
		m.must(err)
	}
	honest := Breach{Head: l.heads[0], Index: 1, Entry: l.entries[1].Bytes, Proof: proofs[1]}
	bad("of an entry that breaks nothing", "does not show", honest)
	with := honest
	with.Disclosures = l.entries[1].Disclosures
	bad("of disclosures that break nothing", "does not show", with)
	with = honest
	with.Before, with.BeforeProof = l.entries[0].Bytes, proofs[0]
	bad("of an order that holds", "does not show", with)
	with = Breach{Head: l.heads[0], Index: 0, Entry: l.entries[0].Bytes, Proof: proofs[0], Before: l.entries[0].Bytes, BeforeProof: proofs[0]}
	bad("with an entry before the first", "before the first", with)
}

// bundleEdges are bundles whose parties broke a rule, or whose encoding did.
func (m *maker) bundleEdges() {
	bad := func(name, check, entry string, data []byte) {
		v := m.add("bundle", name, false, "", data)
		v.Check, v.Entry = check, entry
	}
	played := func(name, check, entry string, play func(w *world)) {
		w := smallWorld(m.t)
		play(w)
		bad(name, check, entry, w.bundle(nil))
	}
	all := faults()
	for _, c := range [][3]string{
		{"agreement unknown", "in-force", "/a#3"}, {"author of another party", "sequence", "/a#3"}, {"seen goes back", "sequence", "/a#3"},
		{"under no head", "head", "/a#3"}, {"an entry exchanged", "entry", "/a#1"}, {"disclosures of another entry", "disclosure", "/a#1"},
	} {
		if c[0] != "an entry exchanged" {
			played(c[0], c[1], c[2], all[c[0]])
		}
	}
	played("receipt by its author", "receipt", "/1/a", all["receipt by the author"])
	w := smallWorld(m.t)
	whole := w.bundle(nil)
	at := bytes.Index(whole, []byte("transcript "))
	bad("no agreement", "agreement", "", append([]byte(bundleHeader+"\n"), whole[at:]...))
	other := witnessedWorld(m.t, 0, 0)
	_, other.agreement = testAgreement{line: "self", version: 1, parties: testParties(), both: true, signers: []ed25519.PrivateKey{testKey(11), testKey(12)}}.note(m.t)
	bad("of another line", "agreement", "", m.swap(whole, string(appendBlock(nil, "agreement", w.agreement)), string(appendBlock(nil, "agreement", other.agreement))))
	second := bytes.LastIndex(whole, []byte("transcript "))
	a, b, end := whole[at:second], whole[second:len(whole)-4], []byte("end\n")
	bad("transcripts turned round", "encoding", "", slices.Concat(whole[:at], b, a, end))
	bad("a transcript twice", "encoding", "", slices.Concat(whole[:at], a, a, end))
	m.add("bundle", "good of one side", true, "", slices.Concat(whole[:at], b, end))
	bad("a transcript of nothing", "encoding", "", slices.Concat(whole[:at], a, []byte("transcript "+w.books[1].origin.String()+"\n"), end))
	bad("a first transcript of nothing", "encoding", "", slices.Concat(whole[:at], []byte("transcript "+w.books[0].origin.String()+"\n"), b, end))
	bad("another header", "encoding", "", m.swap(whole, "bundle/v1", "bundle/v2"))
	bad("a record of no kind", "encoding", "", slices.Concat(whole[:at], []byte("remark 1\n\n"), whole[at:]))
	bad("a head before a transcript", "encoding", "", slices.Concat(whole[:at], appendBlock(nil, "head", w.books[0].heads[0].Note), whole[at:]))
	bad("an entry before a transcript", "encoding", "", slices.Concat(whole[:at], a[bytes.Index(a, []byte("entry ")):], end))
	m.countEdges(whole, bad)
	m.epochEdges(bad)
}

// countEdges changes numbers.
func (m *maker) countEdges(whole []byte, bad func(name, check, entry string, data []byte)) {
	replaced := func(old, with string) []byte {
		if !bytes.Contains(whole, []byte(old)) {
			m.t.Fatalf("no %q", old)
		}
		return bytes.Replace(whole, []byte(old), []byte(with), 1)
	}
	bad("an entry of another number", "encoding", "", replaced("entry 1 3 ", "entry 2 3 "))
	bad("a disclosure too many", "encoding", "", replaced("entry 1 3 ", "entry 1 2 "))
	bad("1025 disclosures", "encoding", "", replaced("entry 1 3 ", "entry 1 1025 "))
	bad("a block of nothing", "encoding", "", replaced("head 4", "head 0\nhead 4"))
	bad("a block without its newline", "encoding", "", replaced("head 480\n", "head 479\n"))
	bad("a head that is too large", "encoding", "", replaced("head 480\n", "head 16385\n"))
	bad("a leaf of 31 bytes", "encoding", "", replaced("entry 0 3 ", "entry 0 3 "+base64.StdEncoding.EncodeToString(make([]byte, 31))+"\nentry 0 3 "))
	long := make([]byte, 0, MaxEntryBytes+1)
	for range MaxEntryBytes + 1 {
		long = append(long, 'x')
	}
	bad("a line of an entry that is too long", "encoding", "", replaced(`{"v":1,`, string(long)))
}

// epochEdges are bundles of more epochs than one.
func (m *maker) epochEdges(bad func(name, check, entry string, data []byte)) {
	epochs := func(kind string, numbers ...int64) []byte {
		w := newWorld(m.t, testParties())
		var buf bytes.Buffer
		b := NewBundleWriter(&buf)
		m.must(b.Agreement(w.agreement))
		for _, n := range numbers {
			w.openEpoch(n)
			k := kind
			if n == 1 {
				k = "call"
			}
			for side := range w.books {
				w.say(side, Draft{Kind: k})
				w.commit(side, true)
				w.tick(time.Minute)
			}
			for _, l := range w.books {
				l.write(m.t, b, nil)
			}
		}
		m.must(b.Close())
		return buf.Bytes()
	}
	m.add("bundle", "good of two epochs", true, "", epochs(KindEpoch, 1, 2))
	m.add("bundle", "good of later epochs", true, "", epochs(KindEpoch, 9, 10))
	bad("an epoch left out", "epochs", "", epochs(KindEpoch, 1, 3))
	bad("an epoch that begins with another kind", "sequence", "/2/a#0", epochs("call", 1, 2))
}

// placeEdges are records that stand where they may not.
func (m *maker) placeEdges() {
	bad := func(name, check string, data []byte) {
		v := m.add("bundle", name, false, "", data)
		v.Check = check
	}
	w := smallWorld(m.t)
	l := w.books[0]
	for n := range 2 {
		w.tick(time.Second)
		w.commit(0, n > 0)
	}
	whole := w.bundle(nil)
	heads := [][]byte{appendBlock(nil, "head", l.heads[2].Note), appendBlock(nil, "head", l.heads[3].Note), appendBlock(nil, "head", l.heads[4].Note)}
	m.add("bundle", "good with heads of one size", true, "", whole)
	bad("heads turned round", "encoding", m.swap(whole, string(slices.Concat(heads...)), string(slices.Concat(heads[1], heads[0], heads[2]))))
	bad("a head twice", "encoding", m.swap(whole, string(heads[2]), string(slices.Concat(heads[2], heads[2]))))
	receipt := string(appendBlock(nil, "receipt", l.receipts[2].Note))
	bad("a receipt twice", "encoding", m.swap(whole, receipt, receipt+receipt))
	bad("a head after a receipt", "encoding", m.swap(whole, string(heads[2])+receipt, receipt+string(heads[2])))
	bad("a head of another transcript", "encoding", m.swap(whole, string(heads[0]), string(appendBlock(nil, "head", w.books[1].heads[1].Note))))
	bad("a receipt at another size", "encoding", m.swap(whole, receipt, string(appendBlock(nil, "receipt", l.receipts[0].Note))))
	m.nothingEdges(bad)

	w = smallWorld(m.t)
	l = w.books[0]
	with := func(name string, write func(b *BundleWriter) error, after []byte) {
		data := withEvidence(m.t, w, write)
		bad(name, "encoding", slices.Concat(bytes.TrimSuffix(data, []byte("end\n")), after, []byte("end\n")))
	}
	evidence := func(b *BundleWriter) error { return b.Breach(w.breach()) }
	extra := smallWorld(m.t)
	extra.write(func(k *Meta) { k.Seen = extra.newest(1) })
	s := extra.books[0].entries[3]
	leaf := RecordHash(s.Bytes)
	with("an entry after evidence", evidence, fmt.Appendf(nil, "entry 3 0 %s\n%s\n", leaf, s.Bytes))
	with("a gap after evidence", evidence, fmt.Appendf(nil, "gap 4\n%s\n", leaf))
	with("a head after evidence", evidence, appendBlock(nil, "head", l.heads[2].Note))
	with("a foreign head after a breach", evidence, appendBlock(nil, "foreign", w.foreign(2, Hash{9}).Encode()))
	with("a breach twice", evidence, appendBlock(nil, "breach", w.breach().Encode()))
	m.gapEdges(w, bad)
	m.cosignatureEdges(bad)
}

// nothingEdges are records at size 0.
func (m *maker) nothingEdges(bad func(name, check string, data []byte)) {
	w := newWorld(m.t, testParties())
	w.commit(0, true)
	w.say(0, testDraft())
	w.commit(0, true)
	l := w.books[0]
	data := func(heads []Head) []byte {
		var buf bytes.Buffer
		b := NewBundleWriter(&buf)
		own := *l
		own.heads, own.receipts = heads, nil
		m.must(errors.Join(b.Agreement(w.agreement)))
		own.write(m.t, b, nil)
		m.must(b.Close())
		return buf.Bytes()
	}
	receipt := string(appendBlock(nil, "receipt", l.receipts[0].Note))
	first := string(appendBlock(nil, "head", l.heads[0].Note))
	both := m.swap(data(l.heads), first, first+receipt)
	m.add("bundle", "good with a receipt for nothing", true, "", both)
	bad("a receipt for nothing without its head", "encoding", m.swap(both, first, ""))
}

func (m *maker) gapEdges(w *world, bad func(name, check string, data []byte)) {
	one := w.bundle(func(i int) bool { return i == 1 })
	line := func(begins string) string {
		at := bytes.Index(one, []byte("\n"+begins)) + 1
		return string(one[at : at+bytes.IndexByte(one[at:], '\n')+1])
	}
	next := func(begins string) string {
		at := bytes.Index(one, []byte("\n"+begins)) + 1
		at += bytes.IndexByte(one[at:], '\n') + 1
		return string(one[at : at+45])
	}
	replaced := func(old, with string) []byte { return bytes.Replace(one, []byte(old), []byte(with), 1) }
	gap, hash := line("gap 1"), next("gap 1")
	bad("a gap to where it is", "encoding", replaced(gap+hash, gap+hash+gap))
	bad("a gap of two hashes for one", "encoding", replaced(gap+hash, gap+hash+hash))
	bad("a gap of no hash", "encoding", replaced(gap+hash, gap))
	bad("a gap with a hash of 31 bytes", "encoding", replaced(hash, base64.StdEncoding.EncodeToString(make([]byte, 31))+"\n"))
	bad("a gap beyond the bound", "encoding", replaced(gap+hash, "gap 281474976710657\n"+hash))
}

func (m *maker) cosignatureEdges(bad func(name, check string, data []byte)) {
	w := fourEntries(m.t)
	one, two := w.cosign(0, 0, 2, 0), w.cosign(0, 1, 2, time.Second)
	w.books[0].cosigned = []Cosignature{one, two}
	good := w.bundle(nil)
	block := func(note []byte) string { return string(appendBlock(nil, "cosignature", note)) }
	m.add("bundle", "good with two cosignatures of one size", true, "", good)
	bad("cosignatures turned round", "encoding", m.swap(good, block(one.Note)+block(two.Note), block(two.Note)+block(one.Note)))
	line := one.Note[bytes.Index(one.Note, []byte("— ")):]
	bad("a cosignature with two signatures", "encoding", m.swap(good, block(one.Note), block(append(bytes.Clone(one.Note), line...))))
	timed := slices.Concat(make([]byte, 7), []byte{9}, make([]byte, 2420))
	bad("a cosignature with a second of the other length", "encoding", m.swap(good, block(one.Note), block(appendSignature(bytes.Clone(one.Note), signature{one.By.Name, 7, timed}))))
	late := w.cosign(0, 0, 2, 0)
	text, sigs, err := splitNote(late.Note, MaxNoteBytes, 1)
	m.must(err)
	sigs[0].sig[7] ^= 1
	w.books[0].cosigned = nil
	w.books[0].cosigned = []Cosignature{{Origin: one.Origin, Size: 2, Root: one.Root, By: one.By, Time: one.Time.Add(time.Second), Note: noteOf(text, sigs...)}}
	bad("a cosignature at another time", "witness", w.bundle(nil))
}

// keyEdges are lines on which keys begin to count, and are revoked.
func (m *maker) keyEdges() {
	for _, c := range thiefCases()[4:] {
		v := m.add("bundle", "revoked key witnesses "+strings.NewReplacer(",", "", ":", "").Replace(c.name), c.ok, "", witnessedThief(m.t, c.need, c.n, c.marks))
		if !c.ok {
			v.Check = "keys"
		}
	}
	line := func(name, check string, change func(p *[2]Party), receipted bool) {
		parties := testParties()
		change(&parties)
		w := newWorld(m.t, parties)
		w.say(0, testDraft())
		w.commit(0, receipted)
		w.say(1, testDraft())
		w.commit(1, true)
		v := m.add("bundle", name, check == "", "", w.bundle(nil))
		v.Check = check
	}
	at := testTime()
	from := func(t time.Time) func(*[2]Party) {
		return func(p *[2]Party) { p[0].LineKeys[0].From = t }
	}
	revoked := func(t time.Time) func(*[2]Party) {
		return func(p *[2]Party) { p[0].LineKeys[0].Revoked = t }
	}
	line("good key from this second", "", from(at), true)
	line("key from the next second", "keys", from(at.Add(time.Second)), true)
	line("good key revoked after the receipt", "", revoked(at.Add(2*time.Second)), true)
	line("key revoked at the receipt", "keys", revoked(at.Add(time.Second)), true)
	line("key revoked later without a receipt", "keys", revoked(at.Add(2*time.Second)), false)
	line("key revoked as it signed", "keys", revoked(at), true)
	line("receipt by a key revoked later", "keys", func(p *[2]Party) {
		p[0].LineKeys[0].Revoked, p[1].LineKeys[0].Revoked = at.Add(5*time.Second), at.Add(9*time.Second)
	}, true)
	line("receipt by a key that does not count yet", "keys", func(p *[2]Party) {
		p[0].LineKeys[0].Revoked, p[1].LineKeys[0].From = at.Add(5*time.Second), at.Add(2*time.Second)
	}, true)
	line("a line key of small order", "agreement", func(p *[2]Party) {
		p[0].LineKeys = append(p[0].LineKeys, LineKey{Public: make([]byte, 32)})
	}, true)
}
