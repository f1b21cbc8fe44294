package transcript

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"testing"
)

// hideAgreement puts the keys of the world's agreement in its place.
func (w *world) hideAgreement(t testing.TB, change func(a *testAgreement)) {
	a := testAgreement{keysOf: w.id, line: w.id, version: 1, parties: testParties(), signers: []ed25519.PrivateKey{testKey(11), testKey(12)}}
	if change != nil {
		change(&a)
	}
	_, w.keys = a.note(t)
}

// keysBundles makes bundles that do not show the agreement.
func (m *maker) keysBundles() {
	made := func(change func(a *testAgreement)) []byte {
		w := smallWorld(m.t)
		w.hideAgreement(m.t, change)
		return w.bundle(nil)
	}
	good := made(nil)
	m.add("bundle", "good with keys for the agreement", true, "", good)
	w := smallWorld(m.t)
	w.hideAgreement(m.t, nil)
	m.add("bundle", "good with keys and a gap", true, "", w.bundle(func(i int) bool { return i == 1 }))
	bad := func(name, check, entry, says string, data []byte) {
		v := m.add("bundle", "keys "+name, false, says, data)
		v.Check, v.Entry = check, entry
	}
	other := strings.Repeat("0", 64)
	bad("of another agreement", "agreement", "", "the first version's id is not the line's id", made(func(a *testAgreement) { a.keysOf = other }))
	bad("of another line", "agreement", "", "of another line", made(func(a *testAgreement) { a.keysOf, a.line = other, other }))
	bad("signed by one party", "agreement", "", "is not signed by both", made(func(a *testAgreement) { a.signers = a.signers[:1] }))
	bad("signed by another party key", "agreement", "", "", made(func(a *testAgreement) { a.signers[1] = testKey(13) }))
	bad("without the line key", "head", "/1/a", "not signed by a line key of its author", made(func(a *testAgreement) { a.parties[0].LineKeys = nil }))
	bad("changed after they were signed", "agreement", "", "", m.swap(good, "version 1\n", "version 2\n"))
	agreement := string(appendBlock(nil, "agreement", w.agreement))
	keys := string(appendBlock(nil, "keys", w.keys))
	bad("and the agreement", "agreement", "", "version 1 of the agreement", m.swap(good, keys, agreement+keys))
	bad("under the name of an agreement", "agreement", "", "is no agreement", m.swap(good, keys, "agreement"+strings.TrimPrefix(keys, "keys")))
	bad("that are an agreement", "agreement", "", "are not keys", m.swap(smallWorldBundle(m.t), agreement, "keys"+strings.TrimPrefix(agreement, "agreement")))
	end := bytes.Index(good, []byte("transcript "))
	bad("after a transcript", "encoding", "", "an agreement must come before the transcripts", bytes.Replace(good, []byte("\nend\n"), append([]byte("\n"+keys), "end\n"...), 1))
	bad("alone", "encoding", "", "no transcript", append(bytes.Clone(good[:end]), "end\n"...))
}

func smallWorldBundle(t testing.TB) []byte { return smallWorld(t).bundle(nil) }

// TestKeysAreSaid holds that the report says which versions are not shown.
func TestKeysAreSaid(t *testing.T) {
	w := smallWorld(t)
	w.hideAgreement(t, nil)
	r, text := verifyText(w.bundle(nil), testOptions())
	if !r.OK || len(r.NotShown) != 1 || r.NotShown[0].ID != w.id ||
		!strings.Contains(text, "version 1 of the agreement, "+w.id[:12]+", is not shown; its number and the keys are signed by both\n") {
		t.Error(text)
	}
	o := testOptions()
	o.Keys = nil
	if r, text := verifyText(w.bundle(nil), o); r.OK || !strings.Contains(text, "nothing to read it with") {
		t.Error(text)
	}
	if r, text := verifyText(smallWorldBundle(t), testOptions()); !r.OK || len(r.NotShown) > 0 || strings.Contains(text, "is not shown; its number") {
		t.Error(text)
	}
}
