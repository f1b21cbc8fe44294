package main

import (
	"bytes"
	"context"
	"os"
	"time"

	"parley/catalogue"
	"parley/fault"
	"parley/node/view"
)

// setUp makes the two parties, their agreement and their nodes.
func (d *demo) setUp(ctx context.Context) error {
	d.title("demo.two-parties")
	if err := os.WriteFile(d.file("area.geojson"), []byte(demoArea), 0o600); err != nil {
		return fault.Wrap(fault.Unavailable, "demo", err)
	}
	for _, s := range []*demoSide{d.r, d.s} {
		if err := s.make(ctx); err != nil {
			return err
		}
	}
	card, draft, half, both := d.file("s-card.json"), d.file("draft.json"), d.file("signed-by-r.note"), d.file("agreement.note")
	steps := []struct {
		who  *demoSide
		args []string
	}{
		{d.s, []string{"agreement", "card", "--address", d.s.line, "--contact", "duty=+00 2", "-o", card}},
		{d.r, []string{"agreement", "draft", "--with", card, "--area", d.file("area.geojson"), "--title", "R and S over the eastern Mediterranean", "--contact", "duty=+00 1", "-o", draft}},
		{d.r, []string{"agreement", "sign", draft, "-o", half}},
		{d.s, []string{"agreement", "sign", half, "-o", both}},
		{d.r, []string{"agreement", "join", both}},
		{d.s, []string{"agreement", "join", both}},
	}
	for _, step := range steps {
		d.say("  %s$ parley %s", step.who.title, shown(step.args))
		if _, err := step.who.quiet(ctx, step.args...); err != nil {
			return err
		}
	}
	for _, s := range []*demoSide{d.r, d.s} {
		if err := s.start(); err != nil {
			return err
		}
		d.say("  %s$ parley serve", s.title)
	}
	for _, s := range []*demoSide{d.r, d.s} {
		if err := s.connect(ctx); err != nil {
			return err
		}
	}
	return d.r.run(ctx, "line", "status")
}

// make makes the side's directory, keys and duty officer.
func (s *demoSide) make(ctx context.Context) (err error) {
	if s.api, err = freePort(ctx); err != nil {
		return err
	}
	if s.line, err = freePort(ctx); err != nil {
		return err
	}
	init := []string{"init", "--party", s.name, "--plain-key", "--api", s.api, "--listen", s.line, "--address", s.line}
	s.say("  %s$ parley init --party %s", s.title, s.name)
	if _, err := s.quiet(ctx, init...); err != nil {
		return err
	}
	s.say("  %s$ parley officer add \"duty officer of %s\" --role duty", s.title, s.title)
	_, err = s.quiet(ctx, "officer", "add", "duty officer of "+s.title, "--role", "duty", "--save")
	return err
}

// asItHappened plays the evening with the notice that came: one minute ahead, in words.
func (d *demo) asItHappened(ctx context.Context) error {
	d.title("demo.as-it-happened")
	now := d.a.now()
	if err := d.flight(ctx, now); err != nil {
		return err
	}
	if err := d.wordsOnly(ctx); err != nil {
		return err
	}
	if err := d.southAndCorrection(ctx, now); err != nil {
		return err
	}
	return d.loss(ctx)
}

func (d *demo) flight(ctx context.Context, now time.Time) error {
	plan := demoPlan{id: "r-1", kind: "flight", title: "flight over Idlib", geometry: overIdlib, size: `"radius_m": 25000,`,
		from: now.Add(-68 * time.Minute), until: now.Add(90 * time.Minute), more: `, "persons": 14`}
	path, err := plan.write(d, "r-1.geojson")
	if err != nil {
		return err
	}
	d.scene("17:31", d.both("demo.over-idlib"))
	if err := d.r.run(ctx, "notice", "file", path); err != nil {
		return err
	}
	if _, err := d.r.quiet(ctx, "notice", "activate", "r-1"); err != nil {
		return err
	}
	return d.s.sees(ctx, "r-1", "holds r-1", func(n view.Notice) bool { return n.State == "active" })
}

func (d *demo) wordsOnly(ctx context.Context) error {
	start := d.a.now().Add(time.Minute)
	d.scene("18:39", d.both("demo.words-only"))
	if err := d.s.run(ctx, "notice", "file", "--id", "s-1", "--kind", "area", "--place", "northern Syria", "--contact", "+00 0002", "--start", rfc3339(start), "--end", rfc3339(start.Add(time.Hour))); err != nil {
		return err
	}
	d.scene("", d.of(d.r, "demo.desk-sees"))
	if err := d.r.alarmed(ctx, "incomplete", "late", "conflict"); err != nil {
		return err
	}
	if err := d.r.run(ctx, "line", "alarms"); err != nil {
		return err
	}
	if err := d.r.run(ctx, "notice", "receive", "s-1"); err != nil {
		return err
	}
	if err := d.r.run(ctx, "line", "call", "query", "which area, which positions, until when?", "--about", "s-1"); err != nil {
		return err
	}
	return d.s.alarmed(ctx, "query")
}

func (d *demo) southAndCorrection(ctx context.Context, now time.Time) error {
	plan := demoPlan{id: "r-1", kind: "flight", title: "flight over Idlib, ordered south", geometry: southToBase, size: `"half_width_m": 9000,`,
		from: now.Add(-68 * time.Minute), until: now.Add(90 * time.Minute), more: `, "persons": 15`}
	path, err := plan.write(d, "r-1-south.geojson")
	if err != nil {
		return err
	}
	d.scene("18:40", d.of(d.r, "demo.ordered-south"))
	if err := d.r.run(ctx, "notice", "amend", path); err != nil {
		return err
	}
	if err := d.s.sees(ctx, "r-1", "holds version 2 of r-1", func(n view.Notice) bool { return n.Version == 2 }); err != nil {
		return err
	}
	area := demoPlan{id: "s-1", kind: "area", title: "Latakia", geometry: latakia, from: d.a.now().Add(time.Minute), until: now.Add(61 * time.Minute)}
	if path, err = area.write(d, "s-1-latakia.geojson"); err != nil {
		return err
	}
	d.scene("", d.both("demo.corrected"))
	if err := d.s.run(ctx, "notice", "amend", path); err != nil {
		return err
	}
	newer := func(c view.Conflict) bool { return c.A.Version == 2 && c.B.Version == 2 }
	c, err := d.r.conflict(ctx, "r-1", "s-1", "open", newer)
	if err != nil {
		return err
	}
	if _, err := d.s.conflict(ctx, "r-1", "s-1", "open", newer); err != nil {
		return err
	}
	d.scene("", catalogue.Say("demo.same-conflict"))
	return d.r.run(ctx, "conflict", "show", c.ID[:8])
}

func (d *demo) loss(ctx context.Context) error {
	d.scene("19:03", d.both("demo.lost"))
	if err := d.r.run(ctx, "line", "distress", "aircraft with 15 people lost off Latakia, last seen 35.5 N 35.4 E", "--about", "r-1"); err != nil {
		return err
	}
	if err := d.s.alarmed(ctx, "distress"); err != nil {
		return err
	}
	if err := d.s.run(ctx, "line", "calls"); err != nil {
		return err
	}
	d.scene("", catalogue.Say("demo.receipt"))
	return d.r.run(ctx, "notice", "show", "s-1")
}

// withEarlyNotice plays the variant: the same area, precise and an hour ahead.
func (d *demo) withEarlyNotice(ctx context.Context) error {
	d.title("demo.precise")
	if _, err := d.r.quiet(ctx, "notice", "end", "r-1"); err != nil {
		return err
	}
	if err := d.s.cancel(ctx, "s-1"); err != nil {
		return err
	}
	for _, s := range []*demoSide{d.r, d.s} {
		if _, err := s.conflict(ctx, "r-1", "s-1", "withdrawn", nil); err != nil {
			return err
		}
	}
	now := d.a.now()
	flight := demoPlan{id: "r-2", kind: "flight", title: "flight to the airfield", geometry: southToBase, size: `"half_width_m": 9000,`,
		from: now.Add(50 * time.Minute), until: now.Add(130 * time.Minute), more: `, "persons": 15`}
	path, err := flight.write(d, "r-2.geojson")
	if err != nil {
		return err
	}
	d.scene("", d.of(d.r, "demo.files-flight"))
	if err := d.r.run(ctx, "notice", "file", path); err != nil {
		return err
	}
	if err := d.s.sees(ctx, "r-2", "holds r-2", func(view.Notice) bool { return true }); err != nil {
		return err
	}
	area := demoPlan{id: "s-2", kind: "area", title: "Latakia", geometry: latakia, from: now.Add(61 * time.Minute), until: now.Add(121 * time.Minute)}
	if path, err = area.write(d, "s-2.geojson"); err != nil {
		return err
	}
	d.scene("17:39", d.both("demo.ahead"))
	if err := d.s.run(ctx, "notice", "file", path); err != nil {
		return err
	}
	c, err := d.r.conflict(ctx, "r-2", "s-2", "open", nil)
	if err != nil {
		return err
	}
	return d.settle(ctx, c, flight)
}

// settle lets R's officer take the conflict and move the flight.
func (d *demo) settle(ctx context.Context, c view.Conflict, flight demoPlan) error {
	for _, args := range [][]string{{"notice", "receive", "s-2"}, {"conflict", "own", c.ID[:8]}} {
		if err := d.r.run(ctx, args...); err != nil {
			return err
		}
	}
	if _, err := d.s.conflict(ctx, "r-2", "s-2", "owned", nil); err != nil {
		return err
	}
	late := 90 * time.Minute
	flight.from, flight.until, flight.title = flight.from.Add(late), flight.until.Add(late), "flight to the airfield, later"
	path, err := flight.write(d, "r-2-later.geojson")
	if err != nil {
		return err
	}
	d.scene("", d.of(d.r, "demo.moves"))
	if err := d.r.run(ctx, "notice", "amend", path); err != nil {
		return err
	}
	for _, s := range []*demoSide{d.r, d.s} {
		if _, err := s.conflict(ctx, "r-2", "s-2", "separated", nil); err != nil {
			return err
		}
	}
	return d.s.run(ctx, "conflict", "list", "--all")
}

// prove exports both copies, verifies them, and shows that a flipped byte is found.
func (d *demo) prove(ctx context.Context) error {
	d.title("demo.afterwards")
	for _, s := range []*demoSide{d.r, d.s} {
		bundle := d.file("record-of-" + s.name + ".parley")
		if _, err := s.quiet(ctx, "export", "-o", bundle); err != nil {
			return err
		}
		if err := s.run(ctx, "verify", bundle); err != nil {
			return err
		}
	}
	d.scene("", catalogue.Say("demo.forged", catalogue.ByPeople("peer", d.s.title)))
	forged, err := d.forge()
	if err != nil {
		return err
	}
	return d.r.exit(ctx, exitCorrupt, "verify", forged)
}

// forge changes one bit of what S said of the place, in S's copy.
func (d *demo) forge() (string, error) {
	data, err := os.ReadFile(d.file("record-of-s.parley"))
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, "demo", err)
	}
	at, err := placeOf(data)
	if err != nil {
		return "", err
	}
	data[at] ^= 1
	path := d.file("record-of-s-forged.parley")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return "", fault.Wrap(fault.Unavailable, "demo", err)
	}
	return path, nil
}

// placeOf finds a byte of the disclosure that says "northern Syria".
func placeOf(bundle []byte) (int, error) {
	at := 0
	for line := range bytes.Lines(bundle) {
		text := decodeDisclosure(bytes.TrimSpace(line))
		if bytes.Contains(text, []byte(`"northern Syria"`)) {
			return at + len(line)/2, nil
		}
		at += len(line)
	}
	return 0, fault.Newf(fault.Internal, "demo", "the record does not hold the words of s-1")
}
