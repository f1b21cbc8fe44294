package transcript

import (
	"crypto/ed25519"
	"time"

	"parley/fault"
)

// headInterval is how long one head stands for those before it: see SpareHead.
const headInterval = time.Minute

// SpareHead reports whether a bundle that has next as well loses nothing where it leaves out h. Next
// follows h in the order of a bundle, key is the line key that signed h, and entry is the time that
// the entry after those of h states, zero where there is none.
//
// Next signs everything that h signs. What h says beyond that is when, by the author's clock: that
// its entries were signed by then, which next says to the minute, beside the time that each entry
// states itself; and that the entries after them were not, which their own times say as well. Where
// they do not, or the key was revoked or did not count, h stays.
func SpareHead(h, next Head, key LineKey, entry time.Time) bool {
	if h.Size < next.Size && (entry.IsZero() || entry.Before(h.Time)) {
		return false
	}
	return h.Key.Equal(next.Key) && h.Size <= next.Size && !next.Time.Before(h.Time) &&
		h.Time.Truncate(headInterval).Equal(next.Time.Truncate(headInterval)) && CountsForGood(key, h.Key, h.Time)
}

// SpareReceipt reports whether a bundle that has next as well loses nothing where it leaves out r.
// Next follows r in the order of a bundle, and key is the line key that signed r. A receipt states its
// time in whole seconds: of two of the same second, the one for more entries says all that the other
// says. Where the key was revoked or did not count, r stays.
func SpareReceipt(r, next Receipt, key LineKey) bool {
	return r.Key.Equal(next.Key) && r.Size <= next.Size && r.Time.Equal(next.Time) && CountsForGood(key, r.Key, r.Time)
}

// CountsForGood reports whether what pub signed at t counts, whatever else a bundle holds: key is its
// bounds.
func CountsForGood(key LineKey, pub ed25519.PublicKey, t time.Time) bool {
	return pub.Equal(key.Public) && key.Revoked.IsZero() && key.Counts(t)
}

// ReadHead reads what a signed head says and does not check its signatures: it is for notes that were
// opened before. The head's key is the one of keys whose hash the note bears.
func ReadHead(msg []byte, keys ...LineKey) (Head, error) {
	c, s, t, err := peekCheckpoint(msg, 2)
	if err != nil {
		return Head{}, err
	}
	key, err := namedKey(s, Cosigner(c.origin.Line, c.origin.Side), keys)
	return Head{Origin: c.origin, Size: c.size, Root: c.root, Time: t, Key: key.Public, MLDSA: key.MLDSA, Note: msg}, err
}

// ReadReceipt is ReadHead for a receipt.
func ReadReceipt(msg []byte, keys ...LineKey) (Receipt, error) {
	c, s, t, err := peekCheckpoint(msg, 1)
	if err != nil {
		return Receipt{}, err
	}
	by := c.origin.Side.Other()
	key, err := namedKey(s, Cosigner(c.origin.Line, by), keys)
	return Receipt{Origin: c.origin, Size: c.size, Root: c.root, By: by, Time: t, Key: key.Public, MLDSA: key.MLDSA, Note: msg}, err
}

func namedKey(s signature, name string, keys []LineKey) (LineKey, error) {
	for _, k := range keys {
		if s.name == name && s.hash == keyHash(name, algCosignature, k.Public) {
			return k, nil
		}
	}
	return LineKey{}, fault.Newf(fault.Corrupt, "checkpoint", "names none of the line keys of its signer")
}
