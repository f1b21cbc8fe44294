package ledger

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/fault"
	"parley/transcript"
)

// disclosed writes what is chosen to a bundle and verifies it.
func disclosed(t *testing.T, n *node, choose Choose) ([]byte, transcript.Report, error) {
	t.Helper()
	var out bytes.Buffer
	b := transcript.NewBundleWriter(&out)
	if err := b.Agreement([]byte("an agreement\n\n— north AAAAAAA=\n— south AAAAAAA=\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := n.ledger.Disclose(t.Context(), b, choose); err != nil {
		return nil, transcript.Report{}, err
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), transcript.Verify(bytes.NewReader(out.Bytes()), transcript.Options{Agreement: testAgreement, Said: 1000}), nil
}

// talk has two ledgers say numbered things over two epochs, some of them undelivered at the end.
func talk(t *testing.T, draw func(n int) int) (a, b *node) {
	a, b = exportPair(t)
	said := 0
	for epoch := range 2 {
		for range 2 + draw(5) {
			n := []*node{a, b}[draw(2)]
			var drafts []transcript.Draft
			for range 1 + draw(3) {
				drafts = append(drafts, draft("notice", fmt.Sprintf("numbered-%d.", said)))
				said++
			}
			n.append(drafts...)
			a.clock.add(time.Duration(1+draw(90)) * time.Second)
			if draw(3) > 0 {
				settle(t, a, b)
			}
			if draw(3) == 0 {
				if err := n.ledger.Heartbeat(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		settle(t, a, b)
		if epoch == 0 {
			if err := a.ledger.CloseEpoch(t.Context(), "a test"); err != nil {
				t.Fatal(err)
			}
			if _, err := a.ledger.NextEpoch(t.Context(), draft("notice", "of the next")); err != nil {
				t.Fatal(err)
			}
			settle(t, a, b)
		}
	}
	a.append(draft("notice", "not delivered"))
	return a, b
}

func texts(r transcript.Report, data []byte) (all map[string]transcript.Told) {
	all = map[string]transcript.Told{}
	br := transcript.NewBundleReader(bytes.NewReader(data))
	for rec, err := br.Next(); err == nil; rec, err = br.Next() {
		if rec.Kind == transcript.RecordEntry {
			e, fields, err := transcript.Open(rec.Sealed)
			all[transcript.EntryName(rec.Origin, rec.Index)] = transcript.Told{Entry: e, Fields: fields, Err: err}
		}
	}
	return all
}

// TestDiscloseShowsWhatIsChosen discloses random entries of random talks: the file holds, shows those
// alone, and says of each the same as the whole export does.
func TestDiscloseShowsWhatIsChosen(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "n") }
		a, b := talk(t, draw)
		n := []*node{a, b}[draw(2)]
		whole, full := exported(t, n)
		holds(t, "whole", full)
		every := texts(full, whole)
		chosen := map[string]bool{}
		some := 1 + draw(8)
		for name := range every {
			chosen[name] = draw(some) == 0
		}
		data, r, err := disclosed(t, n, func(r Record) (transcript.Sealed, bool) {
			return shownOnly(r), chosen[transcript.EntryName(r.Origin, r.Entry.Seq)]
		})
		count := 0
		for _, is := range chosen {
			if is {
				count++
			}
		}
		if count == 0 {
			if !fault.Is(err, fault.NotFound) {
				rt.Fatalf("nothing chosen: %v", err)
			}
			return
		}
		if err != nil {
			rt.Fatal(err)
		}
		if !r.OK {
			rt.Fatalf("%+v", r.Checks)
		}
		got := texts(r, data)
		if len(got) != count {
			rt.Fatalf("%d entries, chosen %d", len(got), count)
		}
		for name, told := range every {
			is, there := got[name]
			if there != chosen[name] {
				rt.Fatalf("%s: shown %v, chosen %v", name, there, chosen[name])
			}
			was, ok := full.Held(originOf(name), told.Entry.Seq)
			if at, ok2 := r.Held(originOf(name), told.Entry.Seq); there && (ok != ok2 || !at.Equal(was) || len(is.Fields) != len(told.Fields)) {
				rt.Fatalf("%s: held at %v %v, in the whole at %v %v", name, at, ok2, was, ok)
			}
			for _, f := range told.Fields {
				if !there && bytes.Contains(f.Value, []byte("numbered-")) && bytes.Contains(data, bytes.Trim(f.Value, `"`)) {
					rt.Fatalf("%s is not chosen and its text is in the file", name)
				}
			}
		}
		for _, tr := range r.Transcripts {
			for _, s := range tr.Said {
				if !s.Held.IsZero() && s.After.After(s.Held) {
					rt.Fatalf("%s: after %s, held at %s", s.Entry, s.After, s.Held)
				}
				if e := every[s.Entry].Entry; (e.Seen.Size > 0) == s.After.IsZero() {
					rt.Fatalf("%s had seen %d, and is said after %s", s.Entry, e.Seen.Size, s.After)
				}
			}
		}
	})
}

func originOf(entry string) transcript.Origin {
	name, _, _ := bytes.Cut([]byte(entry), []byte("#"))
	o, err := transcript.ParseOrigin(string(name))
	if err != nil {
		panic(err)
	}
	return o
}

// TestDiscloseEverythingIsComplete: with every entry and no field, the file says that it is complete and
// shows nothing of what was said; with one entry left out it is not complete.
func TestDiscloseEverythingIsComplete(t *testing.T) {
	a, b := exportPair(t)
	for range 3 {
		a.append(draft("notice", "of a"), draft("call.hold", "a hold"))
		b.append(draft("notice", "of b"))
		settle(t, a, b)
		a.clock.add(time.Minute)
	}
	sealed := func(r Record) (transcript.Sealed, bool) { return transcript.Sealed{Bytes: r.Bytes}, true }
	data, r, err := disclosed(t, a, sealed)
	if err != nil || !r.OK {
		t.Fatalf("%v %+v", err, r.Checks)
	}
	if bytes.Contains(data, []byte("a hold")) || len(r.Transcripts[0].Said) != 0 {
		t.Error("a field is in the file")
	}
	for _, tr := range r.Transcripts {
		if tr.Complete == nil || tr.Complete.Entries != tr.Size || tr.Complete.Until.IsZero() {
			t.Errorf("%s is not complete: %+v", tr.Origin, tr.Complete)
		}
	}
	if k := r.Transcripts[0].Kinds; len(k) != 2 || k[0].Kind != "call.hold" || k[0].Entries != 3 || k[0].None != 3 || k[1].Entries != 3 {
		t.Errorf("kinds %+v", k)
	}
	_, r, err = disclosed(t, a, func(r Record) (transcript.Sealed, bool) {
		return transcript.Sealed{Bytes: r.Bytes}, r.Origin.Side != transcript.A || r.Entry.Seq != 3
	})
	if err != nil || !r.OK || r.Transcripts[0].Complete != nil || r.Transcripts[0].Missing != 1 || r.Transcripts[1].Complete == nil {
		t.Errorf("one left out: %v %+v", err, r.Transcripts)
	}
}
