package node

import (
	"context"
	"fmt"

	"parley/fault"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/voice"
)

// maxRemark is how long a unit's name, a means, a remark or a reason may be, in bytes.
const maxRemark = 500

// Relay says that an officer told a unit of a notice of the other party, and how.
func (n *Node) Relay(ctx context.Context, who Officer, lineID, id, unit, means, remark string) (view.Notice, error) {
	if err := words("unit", unit, "name the unit that was told"); err != nil {
		return view.Notice{}, err
	}
	if err := words("means", means, "say how: radio, phone, in person"); err != nil {
		return view.Notice{}, err
	}
	if len(remark) > maxRemark {
		return view.Notice{}, tooLong("remark", remark)
	}
	return n.climbed(ctx, lineID, id, body.KindRelayed, func(v *picture.Version) (any, error) {
		return body.Relayed{Entry: v.Ref, Unit: unit, Means: means, Remark: remark, Officer: who.Name, Role: who.Role}, nil
	})
}

// UnitWord passes on a unit's word on a notice of the other party: that it has it and keeps clear, or
// that it is unable, and why.
func (n *Node) UnitWord(ctx context.Context, who Officer, lineID, id, unit string, unable bool, reason string) (view.Notice, error) {
	if err := words("unit", unit, "name the unit whose word it is"); err != nil {
		return view.Notice{}, err
	}
	if unable && reason == "" {
		return view.Notice{}, fault.New("reason", "", "is required where a unit is unable", "say what it cannot do, and no more")
	}
	if len(reason) > maxRemark {
		return view.Notice{}, tooLong("reason", reason)
	}
	return n.climbed(ctx, lineID, id, body.KindUnit, func(v *picture.Version) (any, error) {
		return body.Unit{Entry: v.Ref, Unit: unit, Unable: unable, Reason: reason, Officer: who.Name, Role: who.Role}, nil
	})
}

// ReadBack compares what an officer read back of a notice of the other party, as voice.ParseReadBack
// reads it, with what was told, and says on the line how they compare. by is body.FromMap where he
// entered it from his own map, body.ByVoice where he said it to the other party's officer.
func (n *Node) ReadBack(ctx context.Context, who Officer, lineID, id, by, text string) (view.Notice, error) {
	if by != body.FromMap && by != body.ByVoice {
		return view.Notice{}, fault.New("by", by, "must be "+body.FromMap+" or "+body.ByVoice, "say which it was")
	}
	return n.climbed(ctx, lineID, id, body.KindReadBack, func(v *picture.Version) (any, error) {
		if !v.Known() {
			return nil, fault.New("notice", id, "is not shown to this party, so that it cannot be read back", "call its officer")
		}
		said, err := voice.ParseReadBack(text, n.cfg.Clock.Now())
		if err != nil {
			return nil, err
		}
		result := voice.Compare(v.Notice, said, voice.DefaultTolerances(), n.places())
		out := body.ReadBack{Entry: v.Ref, Officer: who.Name, Role: who.Role, By: by, Same: result.Same}
		for _, d := range result.Differences {
			out.Differences = append(out.Differences, body.OfDifference(d))
		}
		return out, nil
	})
}

// climbed says a step of the ladder for the newest version of a notice of the other party.
func (n *Node) climbed(ctx context.Context, lineID, id, kind string, step func(*picture.Version) (any, error)) (view.Notice, error) {
	ln, err := n.pick(lineID)
	if err != nil {
		return view.Notice{}, err
	}
	key, v, err := ln.otherVersion(id)
	if err != nil {
		return view.Notice{}, err
	}
	b, err := step(&v)
	if err != nil {
		return view.Notice{}, err
	}
	d, err := body.Draft(kind, b)
	if err != nil {
		return view.Notice{}, err
	}
	ln.mu.RLock()
	d.Drill = ln.apart(ln.pic.NoticeOf(v.Ref))
	ln.mu.RUnlock()
	if _, err := ln.append(ctx, d); err != nil {
		return view.Notice{}, err
	}
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	return ln.noticeView(ln.pic.Notice(key), true, true), nil
}

// otherVersion finds the newest version of a notice of the other party, by its id or the entry of one
// of its versions.
func (ln *lineNode) otherVersion(id string) (picture.Key, picture.Version, error) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	have := ln.pic.Notice(picture.Key{Side: ln.side.Other(), ID: id})
	if have == nil {
		if ref, err := ln.ref(id); err == nil && ref.Origin.Side == ln.side.Other() {
			have = ln.pic.NoticeOf(ref)
		}
	}
	if have == nil {
		return picture.Key{}, picture.Version{}, ln.notTheirs(id)
	}
	return have.Key, *have.Latest(), nil
}

func (ln *lineNode) notTheirs(id string) error {
	if ln.pic.Notice(picture.Key{Side: ln.side, ID: id}) != nil {
		return fault.New("notice", id, "is an own notice", "its receiver, "+ln.peer+", reads it back and relays it")
	}
	return &fault.Error{Code: fault.NotFound, Field: "notice", Value: fault.Shorten(id),
		Rule: "is not a notice of " + ln.peer, Hint: "list what they said: parley notice list"}
}

func words(field, text, mend string) error {
	if text == "" {
		return fault.New(field, "", "is required", mend)
	}
	if len(text) > maxRemark {
		return tooLong(field, text)
	}
	return nil
}

func tooLong(field, text string) error {
	return fault.New(field, fault.Shorten(text), fmt.Sprintf("must be at most %d bytes", maxRemark), "say it shorter")
}
