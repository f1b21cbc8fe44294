package picture

import (
	"slices"
	"sort"

	"parley/fault"
	"parley/node/body"
)

// applyReceipt takes in a step of the ladder.
func (p *Picture) applyReceipt(s Said, ch *Change) error {
	entry, r, err := readReceipt(s)
	if err != nil {
		return err
	}
	if entry.Origin.Side == s.Ref.Origin.Side {
		return fault.New("entry", entry.String(), "is the author's own", "an officer receives what the other party said")
	}
	ch.ID = entry.String()
	if id, ok := p.slots.of(entry); ok {
		ch.Notice = &p.thaw(id).Key
	} else if s.Kind == body.KindReceived && p.Call(entry) != nil {
		ch.Call = entry
	}
	list := append(p.received[entry], r)
	sort.SliceStable(list, func(i, j int) bool { return refLess(list[i].Ref, list[j].Ref) })
	p.received[entry] = list
	return nil
}

func readReceipt(s Said) (entry body.Ref, r Receipt, err error) {
	r = Receipt{Ref: s.Ref, Time: s.Time, Kind: s.Kind}
	switch s.Kind {
	case body.KindReceived:
		var b body.Received
		err = body.Read(s.Fields, &b)
		entry, r.Officer, r.Role, r.Remark = b.Entry, b.Officer, b.Role, b.Remark
	case body.KindReadBack:
		var b body.ReadBack
		err = body.Read(s.Fields, &b)
		entry, r.Officer, r.Role, r.By, r.Same, r.Differences = b.Entry, b.Officer, b.Role, b.By, b.Same, b.Differences
	case body.KindRelayed:
		var b body.Relayed
		err = body.Read(s.Fields, &b)
		entry, r.Officer, r.Role, r.Unit, r.Means, r.Remark = b.Entry, b.Officer, b.Role, b.Unit, b.Means, b.Remark
	case body.KindUnit:
		var b body.Unit
		err = body.Read(s.Fields, &b)
		entry, r.Officer, r.Role, r.Unit, r.Unable, r.Remark = b.Entry, b.Officer, b.Role, b.Unit, b.Unable, b.Reason
	}
	return entry, r, err
}

// Received returns which officers received an entry, the earliest first.
func (p *Picture) Received(r body.Ref) []Receipt {
	all := p.Receipts(r)
	if !slices.ContainsFunc(all, func(x Receipt) bool { return x.Kind != body.KindReceived }) {
		return all
	}
	var out []Receipt
	for _, x := range all {
		if x.Kind == body.KindReceived {
			out = append(out, x)
		}
	}
	return out
}

// Receipts returns every step of the ladder that was taken for an entry, the earliest first.
func (p *Picture) Receipts(r body.Ref) []Receipt {
	id, ok := p.slots.of(r)
	if !ok || p.slots.all[id].hot != nil {
		return p.received[r]
	}
	n, received := p.slots.read(id)
	for _, x := range received {
		if n.Versions[x.version].Ref == r {
			return x.list
		}
	}
	return nil
}
