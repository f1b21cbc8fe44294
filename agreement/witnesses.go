package agreement

import (
	"crypto/ed25519"
	"strconv"

	"parley/fault"
	"parley/transcript"
)

// Keys returns the keys of the witnesses, in their order. Of valid terms it leaves out none.
func (w Witnesses) Keys() []transcript.WitnessKey {
	var out []transcript.WitnessKey
	for _, v := range w.Verifiers {
		if k, err := transcript.ParseWitnessKey(v); err == nil {
			out = append(out, k)
		}
	}
	return out
}

func (t Terms) checkWitnesses(errs *joined) {
	w := t.Witnesses
	tooMany("witnesses.verifiers", len(w.Verifiers), maxList, errs)
	if w.Quorum < 0 || w.Quorum > len(w.Verifiers) {
		errs.add(fault.New("witnesses.quorum", strconv.Itoa(w.Quorum), "must be from 0 to the number of verifiers", "write how many of them must cosign"))
	}
	names, keys := map[string]bool{}, map[string]bool{}
	for i, v := range w.Verifiers {
		field := at("witnesses.verifiers", i)
		k, err := transcript.ParseWitnessKey(v)
		switch {
		case err != nil:
			errs.add(fault.In(field, err))
			continue
		case names[k.Name] || keys[string(k.Key)]:
			errs.add(fault.New(field, v, "is a witness that stands there twice, by its name or by its key", "keep one of the two"))
		case t.partyHas(k.Key):
			errs.add(fault.New(field, v, "is a key of one of the two parties", "name a witness that neither of them runs"))
		}
		names[k.Name], keys[string(k.Key)] = true, true
	}
}

// partyHas reports whether a key is one of the parties' own.
func (t Terms) partyHas(key ed25519.PublicKey) bool {
	for _, p := range t.Parties {
		if key.Equal(p.PartyKey) {
			return true
		}
		for _, k := range p.LineKeys {
			if key.Equal(k.Public) {
				return true
			}
		}
		for _, k := range p.TLSKeys {
			if key.Equal(k.Public) {
				return true
			}
		}
	}
	return false
}

func (t Terms) explainWitnesses(b *explainer) {
	w := t.Witnesses
	switch n := len(w.Verifiers); {
	case n == 0:
		b.say("no-witness")
		return
	case w.Quorum == 0:
		b.say("witnesses-none", strconv.Itoa(w.Quorum))
	default:
		b.say("witnesses", strconv.Itoa(w.Quorum), strconv.Itoa(n))
	}
	for _, v := range w.Verifiers {
		b.say("witness", b.code(v))
	}
}
