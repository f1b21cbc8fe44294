package transcript

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/note"

	"parley/fault"
)

// The tests stand in for package agreement with a small note: one field a line.
const (
	testAgreementHeader = "parley/test-agreement/v1\n"
	testKeysHeader      = "parley/test-keys/v1\n"
)

type testAgreement struct {
	line, supersedes string
	version          int64
	parties          [2]Party
	witnesses        []WitnessKey
	quorum           int
	signers          []ed25519.PrivateKey // of the party keys
	keysOf           string               // id of the agreement of which these are the keys alone; empty for an agreement
	both             bool                 // asks for ML-DSA-44 beside Ed25519
}

func (a testAgreement) note(t testing.TB) (id string, msg []byte) {
	var b strings.Builder
	begins := testAgreementHeader
	if a.keysOf != "" {
		begins = testKeysHeader + "agreement " + a.keysOf + "\n"
	}
	fmt.Fprintf(&b, "%sline %s\nversion %d\nsupersedes %s\n", begins, a.line, a.version, a.supersedes)
	if a.both {
		b.WriteString("signatures ed25519+ml-dsa-44\n")
	}
	key := base64.StdEncoding.EncodeToString
	for _, p := range a.parties {
		fmt.Fprintf(&b, "party %s %s %s\n", p.Name, p.Side, key(p.PartyKey))
		for _, k := range p.LineKeys {
			unix := func(t time.Time) int64 {
				if t.IsZero() {
					return 0
				}
				return t.Unix()
			}
			fmt.Fprintf(&b, "key %s %d %d\n", key(k.Public), unix(k.From), unix(k.Revoked))
			if k.MLDSA != nil {
				fmt.Fprintf(&b, "half %s\n", key(k.MLDSA.Bytes()))
			}
		}
	}
	for _, w := range a.witnesses {
		fmt.Fprintf(&b, "witness %s\n", w)
	}
	if len(a.witnesses) > 0 {
		fmt.Fprintf(&b, "quorum %d\n", a.quorum)
	}
	var signers []note.Signer
	for i, k := range a.signers {
		s, err := NewNoteSigner(PartyKeyName(fmt.Sprint(i)), k)
		if err != nil {
			t.Fatal(err)
		}
		signers = append(signers, s)
	}
	msg, err := note.Sign(&note.Note{Text: b.String()}, signers...)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:]), msg
}

// readTestKeys is the Keys of Options in tests: a note of the same form that states the id.
func readTestKeys(msg []byte) (AgreementInfo, error) {
	rest, ok := strings.CutPrefix(string(msg), testKeysHeader+"agreement ")
	id, _, ok2 := strings.Cut(rest, "\n")
	if !ok || !ok2 || len(id) != 64 {
		return AgreementInfo{}, fault.Newf(fault.Corrupt, "keys", "are not keys")
	}
	info, err := readTestNote(msg)
	info.ID = id
	return info, err
}

// readTestAgreement is the Agreement of Options in tests. The line of a first version is its id.
func readTestAgreement(msg []byte) (AgreementInfo, error) {
	if !strings.HasPrefix(string(msg), testAgreementHeader) {
		return AgreementInfo{}, fault.Newf(fault.Corrupt, "agreement", "is no agreement")
	}
	return readTestNote(msg)
}

func readTestNote(msg []byte) (AgreementInfo, error) {
	bad := fault.Newf(fault.Corrupt, "agreement", "is not signed by both parties")
	text, sigs, err := splitNote(msg, maxAgreementBytes, 4)
	if err != nil {
		return AgreementInfo{}, err
	}
	sum := sha256.Sum256(text)
	info := AgreementInfo{ID: hex.EncodeToString(sum[:])}
	parties := -1
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")[1:] {
		f := strings.Split(line, " ")
		want := map[string]int{"line": 2, "version": 2, "supersedes": 2, "party": 4, "key": 4, "half": 2, "signatures": 2, "witness": 2, "quorum": 2, "agreement": 2}
		if len(f) != want[f[0]] || ((f[0] == "key" || f[0] == "half") && parties < 0) {
			return AgreementInfo{}, bad
		}
		switch f[0] {
		case "line":
			if info.Line = f[1]; f[1] == "self" {
				info.Line = info.ID
			}
		case "agreement": // readTestKeys reads it
		case "version":
			fmt.Sscan(f[1], &info.Version)
		case "supersedes":
			info.Supersedes = f[1]
		case "party":
			if parties++; parties > 1 {
				return AgreementInfo{}, bad
			}
			k, _ := base64.StdEncoding.DecodeString(f[3])
			info.Parties[parties] = Party{Name: f[1], Side: Side(f[2]), PartyKey: k}
		case "key":
			k, _ := base64.StdEncoding.DecodeString(f[1])
			lk := LineKey{Public: k}
			var from, to int64
			fmt.Sscan(f[2], &from)
			fmt.Sscan(f[3], &to)
			if from > 0 {
				lk.From = time.Unix(from, 0).UTC()
			}
			if to > 0 {
				lk.Revoked = time.Unix(to, 0).UTC()
			}
			info.Parties[parties].LineKeys = append(info.Parties[parties].LineKeys, lk)
		case "witness":
			k, err := ParseWitnessKey(f[1])
			if err != nil {
				return AgreementInfo{}, err
			}
			info.Witnesses = append(info.Witnesses, k)
		case "quorum":
			fmt.Sscan(f[1], &info.Quorum)
		case "half":
			k, _ := base64.StdEncoding.DecodeString(f[1])
			ks := info.Parties[parties].LineKeys
			if len(ks) == 0 {
				return AgreementInfo{}, bad
			}
			if ks[len(ks)-1].MLDSA, err = ParseMLDSA(k); err != nil {
				return AgreementInfo{}, err
			}
		case "signatures":
			info.Both = f[1] == "ed25519+ml-dsa-44"
		default:
			return AgreementInfo{}, bad
		}
	}
	for i, s := range sigs {
		for _, k := range [][]byte{info.Parties[0].PartyKey, info.Parties[1].PartyKey} {
			v, err := NewNoteVerifier(PartyKeyName(fmt.Sprint(i)), k)
			if err == nil && s.name == v.Name() && s.hash == v.KeyHash() && v.Verify(text, s.sig) {
				info.Signers = append(info.Signers, k)
			}
		}
	}
	if len(info.Signers) < 2 {
		return AgreementInfo{}, bad
	}
	return info, nil
}

// logBook is one party's transcript in tests, with all that a store would keep.
type logBook struct {
	origin   Origin
	key      crypto.Signer
	tree     Tree
	hashes   Hashes
	entries  []Sealed
	heads    []Head
	receipts []Receipt
	cosigned []Cosignature
}

func (l *logBook) append(s Sealed) {
	l.entries = append(l.entries, s)
	l.hashes = append(l.hashes, l.tree.Append(RecordHash(s.Bytes))...)
}

// world is a line of two parties with fixed keys.
type world struct {
	t         testing.TB
	now       time.Time
	agreement []byte
	keys      []byte // where there are any: what stands for the agreement
	id        string
	books     [2]*logBook
	rand      io.Reader
}

func testParties() [2]Party {
	return [2]Party{
		{Name: "blue", Side: A, PartyKey: public(testKey(11)), LineKeys: []LineKey{{Public: public(testKey(1))}}},
		{Name: "green", Side: B, PartyKey: public(testKey(12)), LineKeys: []LineKey{{Public: public(testKey(2))}}},
	}
}

func newWorld(t testing.TB, parties [2]Party) *world { return newWorldAsking(t, parties, false) }

// newWorldAsking makes a world whose agreement asks for ML-DSA-44 beside Ed25519, or does not.
func newWorldAsking(t testing.TB, parties [2]Party, both bool) *world {
	w := &world{t: t, now: testTime(), rand: testRand(7)}
	w.id, w.agreement = testAgreement{line: "self", version: 1, parties: parties, both: both,
		signers: []ed25519.PrivateKey{testKey(11), testKey(12)}}.note(t)
	w.openEpoch(1)
	return w
}

func (w *world) openEpoch(n int64) {
	w.books[0] = &logBook{origin: Origin{w.id, n, A}, key: testKey(1)}
	w.books[1] = &logBook{origin: Origin{w.id, n, B}, key: testKey(2)}
}

func (w *world) tick(d time.Duration) { w.now = w.now.Add(d) }

// say appends an entry by a side, who has seen the newest head of the other.
func (w *world) say(side int, d Draft) {
	own, other := w.books[side], w.books[1-side]
	m := Meta{Agreement: w.id, Author: testParties()[side].Name, Seq: own.tree.Size(), Time: w.now}
	if n := len(other.heads); n > 0 {
		m.Seen = Seen{other.heads[n-1].Size, other.heads[n-1].Root}
	}
	s, _, err := Seal(w.rand, d, m)
	if err != nil {
		w.t.Fatal(err)
	}
	own.append(s)
}

// commit signs a head of a side and, where receipted, has the other side answer a second later.
func (w *world) commit(side int, receipted bool) {
	own, other := w.books[side], w.books[1-side]
	h, err := SignHead(own.key, own.origin, own.tree.Size(), own.tree.Root(), w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	own.heads = append(own.heads, h)
	if receipted {
		r, err := SignReceipt(other.key, h, w.now.Add(time.Second))
		if err != nil {
			w.t.Fatal(err)
		}
		own.receipts = append(own.receipts, r)
	}
}

// write writes a transcript; keep says which entries are shown, nil meaning all. Heads at sizes
// that lie inside a gap are left out.
func (l *logBook) write(t testing.TB, b *BundleWriter, keep func(int) bool) {
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	must(b.Transcript(l.origin))
	signedAt := func(size int64) {
		var heads []Head
		var receipts []Receipt
		var cosigned []Cosignature
		for _, h := range l.heads {
			if h.Size == size {
				heads = append(heads, h)
			}
		}
		for _, r := range l.receipts {
			if r.Size == size {
				receipts = append(receipts, r)
			}
		}
		must(b.Signed(heads, receipts))
		for _, c := range l.cosigned {
			if c.Size == size {
				cosigned = append(cosigned, c)
			}
		}
		must(b.Cosignatures(cosigned...))
	}
	signedAt(0)
	for i := 0; i < len(l.entries); {
		if keep == nil || keep(i) {
			must(b.Entry(l.entries[i]))
			i++
			signedAt(int64(i))
			continue
		}
		j := i
		for j < len(l.entries) && !keep(j) {
			j++
		}
		must(b.Gap(int64(j), l.hashes))
		i = j
		signedAt(int64(i))
	}
}

func (w *world) bundle(keep func(int) bool) []byte {
	var buf bytes.Buffer
	b := NewBundleWriter(&buf)
	put, note := b.Agreement, w.agreement
	if w.keys != nil {
		put, note = b.Keys, w.keys
	}
	if err := put(note); err != nil {
		w.t.Fatal(err)
	}
	for _, l := range w.books {
		l.write(w.t, b, keep)
	}
	if err := b.Close(); err != nil {
		w.t.Fatal(err)
	}
	return buf.Bytes()
}

func testOptions() Options {
	return Options{Agreement: readTestAgreement, Keys: readTestKeys, Workers: 2}
}

// smallWorld plays three entries by blue and two by green, woven, the last of blue not receipted.
func smallWorld(t testing.TB) *world {
	w := newWorld(t, testParties())
	w.playSmall()
	return w
}

func (w *world) playSmall() {
	w.say(0, testDraft())
	w.commit(0, true)
	w.tick(time.Minute)
	w.say(1, Draft{Kind: "notice.received", Fields: []Field{{Name: "officer", Value: jsontext.Value(`"k. duty"`), Shown: true}}})
	w.commit(1, true)
	w.tick(time.Minute)
	w.say(0, testDraft())
	w.commit(0, true)
	w.say(1, Draft{Kind: "call", Drill: true})
	w.commit(1, true)
	w.tick(time.Minute)
	w.say(0, Draft{Kind: "notice.end"})
	w.commit(0, false)
}

// tinyWorld plays two entries by blue, of which the first is receipted, and one by green.
func tinyWorld(t testing.TB) *world {
	w := newWorld(t, testParties())
	w.say(0, Draft{Kind: "notice.file", Fields: []Field{{Name: "title", Value: jsontext.Value(`"survey"`), Shown: true}}})
	w.commit(0, true)
	w.tick(time.Minute)
	w.say(1, Draft{Kind: "notice.received"})
	w.commit(1, false)
	w.say(0, Draft{Kind: "notice.end"})
	w.commit(0, false)
	return w
}
