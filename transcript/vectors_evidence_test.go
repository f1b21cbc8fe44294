package transcript

import (
	"bytes"
	"maps"
	"slices"
	"strings"
)

// evidence makes vectors of foreign heads and breaches.
func (m *maker) evidence() {
	receipt, entry := foreigns(m.t)
	m.add("foreign", "good receipt", true, "", receipt.Encode())
	m.add("foreign", "good entry", true, "", entry.Encode())
	m.add("foreign", "another index", false, "there is no entry 1 among 1", m.swap(entry.Encode(), "\nindex 0\n", "\nindex 1\n"))
	m.add("foreign", "receipt for another size", false, "not signed by a line key of the receiver", m.swap(receipt.Encode(), "\n3\n", "\n4\n"))
	m.add("foreign", "bytes after", false, "one encoding", append(receipt.Encode(), '\n'))
	m.add("foreign", "of nothing", false, "", []byte(foreignHeader+"\n"))

	all := breaches(m.t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		m.add("breach", "good "+name, true, "", all[name].breach.Encode())
	}
	b := all["time"].breach
	alone := b
	alone.Before, alone.BeforeProof = nil, nil
	m.add("breach", "time without the entry before", false, "does not show", alone.Encode())
	more := b
	more.Disclosures = [][]byte{[]byte("x")}
	m.add("breach", "with what shows nothing", false, "does not show", more.Encode())
	swapped := b
	swapped.Before = b.Entry
	m.add("breach", "another entry before", false, "does not lead", swapped.Encode())
	cut := b
	cut.Proof = nil
	m.add("breach", "proof missing", false, "does not lead", cut.Encode())
	field := all["disclosure"].breach
	field.Disclosures = [][]byte{[]byte("not a disclosure either")}
	m.add("breach", "a field of no digest", false, "that the entry does not hold", field.Encode())
	m.add("breach", "another index", false, "", m.swap(b.Encode(), "\nindex 1\n", "\nindex 0\n"))
}

// evidenceBundles makes bundles with evidence, and bundles from which heads are left out.
func (m *maker) evidenceBundles() {
	bad := func(name, check, entry, says string, data []byte) {
		v := m.add("bundle", name, false, says, data)
		v.Check, v.Entry = check, entry
	}
	w := smallWorld(m.t)
	bad("foreign receipt", "foreign", "/1/a", "with another root", withEvidence(m.t, w, func(b *BundleWriter) error { return b.Foreign(w.foreign(2, Hash{9})) }))
	bad("foreign receipt for more", "foreign", "/1/a", "of which this file holds 3", withEvidence(m.t, w, func(b *BundleWriter) error { return b.Foreign(w.foreign(7, Hash{9})) }))
	bad("foreign receipt of these entries", "foreign", "/1/a", "no evidence", withEvidence(m.t, w, func(b *BundleWriter) error { return b.Foreign(w.foreign(2, w.books[0].heads[1].Root)) }))
	bad("breach", "breach", "/1/a#0", "breaks the format", withEvidence(m.t, w, func(b *BundleWriter) error { return b.Breach(w.breach()) }))
	empty := newWorld(m.t, testParties())
	bad("breach in the first entry", "breach", "/1/a#0", "breaks the format", withEvidence(m.t, empty, func(b *BundleWriter) error { return b.Breach(empty.breach()) }))
	broken := bytes.Replace(withEvidence(m.t, w, func(b *BundleWriter) error { return b.Breach(w.breach()) }), []byte(`{"v":1}`), []byte(`{"v":2}`), 1)
	bad("breach that does not hold", "breach", "/1/a", "does not hold", broken)

	all := w.books[0].heads
	w.books[0].heads = all[2:]
	m.add("bundle", "good without the heads of receipts", true, "", w.bundle(nil))
	w.books[0].heads = all[:2]
	bad("newest head left out", "head", "/a#2", "no head of their author covers them", w.bundle(nil))
	w.books[0].heads = all[2:]
	entries := w.books[0].entries
	w.books[0].entries = slices.Clone(entries)
	w.books[0].entries[0].Bytes = []byte(strings.Replace(string(entries[0].Bytes), "06:00:00.000Z", "05:00:00.000Z", 1))
	bad("entry changed under a receipt alone", "receipt", "/a#0", "another root for size 1", w.bundle(nil))
}
