package picture

import (
	"sort"
	"time"

	"parley/node/body"
	"parley/transcript"
)

// KeyCompared is an officer's word that he compared a new party key by voice.
type KeyCompared struct {
	Ref  body.Ref
	Side transcript.Side
	Time time.Time
	body.KeyCompared
}

func (p *Picture) applyKeyCompared(s Said) error {
	var b body.KeyCompared
	if err := body.Read(s.Fields, &b); err != nil {
		return err
	}
	p.keys = append(p.keys, KeyCompared{Ref: s.Ref, Side: s.Ref.Origin.Side, Time: s.Time, KeyCompared: b})
	sort.SliceStable(p.keys, func(i, j int) bool { return refLess(p.keys[i].Ref, p.keys[j].Ref) })
	return nil
}

// KeyCompared returns the first word of a side that it compared the key of a fingerprint, which a version of the
// agreement gives a party; false where it said none.
func (p *Picture) KeyCompared(side transcript.Side, agreement, party, key string) (KeyCompared, bool) {
	for _, k := range p.keys {
		if k.Side == side && k.Agreement == agreement && k.Party == party && k.Key == key {
			return k, true
		}
	}
	return KeyCompared{}, false
}

func (c *codec) keyCompared(k *KeyCompared) {
	c.said(&k.Ref, &k.Side, &k.Time)
	for _, s := range [...]*string{&k.Agreement, &k.Party, &k.Key, &k.With, &k.Officer, &k.Role} {
		text(c, s)
	}
}
