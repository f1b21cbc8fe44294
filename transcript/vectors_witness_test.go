package transcript

import (
	"bytes"
	"strings"
	"time"
)

// witnessBundles makes bundles with cosignatures of witnesses.
func (m *maker) witnessBundles() {
	bad := func(name, check, entry, says string, data []byte) {
		v := m.add("bundle", name, false, says, data)
		v.Check, v.Entry = check, entry
	}
	w := fourEntries(m.t)
	one, two := w.cosign(0, 0, 2, 0), w.cosign(0, 1, 4, time.Second)
	w.books[0].cosigned = []Cosignature{one, two}
	good := w.bundle(nil)
	m.add("bundle", "good with cosignatures", true, "", good)
	m.add("bundle", "good with cosignatures between gaps", true, "", w.bundle(func(i int) bool { return i == 2 }))
	block := func(c Cosignature) string { return string(appendBlock(nil, "cosignature", c.Note)) }
	bad("cosignature at another place", "encoding", "", "stands after 4 entries", m.swap(m.swap(good, block(one), ""), block(two), block(one)+block(two)))
	receipt := string(appendBlock(nil, "receipt", w.books[0].receipts[1].Note))
	bad("cosignature before the receipt", "encoding", "", "may not follow", m.swap(m.swap(good, block(one), ""), receipt, block(one)+receipt))
	bad("cosignature twice", "encoding", "", "out of order", m.swap(good, block(one), block(one)+block(one)))
	renamed := bytes.Replace(one.Note, []byte("/w0 "), []byte("/w1 "), 1)
	bad("cosignature under another name", "witness", "/1/a", "not signed by a witness", m.swap(good, string(one.Note), string(renamed)))
	w.books[0].cosigned = []Cosignature{w.cosign(0, 7, 2, 0)}
	bad("cosignature of a stranger", "witness", "/1/a", "not signed by a witness", w.bundle(nil))
	w.books[0].cosigned = []Cosignature{w.cosignRoot(0, 0, 2, Hash{7}, 0)}
	bad("cosignature on another root", "witness", "/1/a", "another root for size 2", w.bundle(nil))
	for _, c := range thiefCases()[:4] {
		data := witnessedThief(m.t, c.need, c.n, c.marks)
		if c.ok {
			m.add("bundle", "revoked key witnesses "+strings.ReplaceAll(c.name, ",", ""), true, "", data)
			continue
		}
		bad("revoked key witnesses "+strings.ReplaceAll(c.name, ",", ""), "keys", "", "without an older receipt or older cosignatures", data)
	}
}
