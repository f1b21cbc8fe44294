package node

import (
	"context"

	"parley/node/body"
	"parley/review"
	"parley/transcript"
	"parley/transcript/ledger"
)

// frozen returns what the incidents of the line keep whole: their ranges, and every entry about the
// notices that they name. Whatever leaves evidence out or deletes it asks this first. It follows from the
// two transcripts, so that both nodes keep the same.
func (ln *lineNode) frozen(ctx context.Context) (*review.Freeze, error) {
	f := &review.Freeze{}
	var names []string
	ln.mu.RLock()
	for _, r := range ln.pic.Reviews() {
		if r.Kind != review.KindIncident {
			continue
		}
		f.Add(r.Incident.From, r.Incident.Until)
		names = append(names, r.Incident.Notices...)
	}
	ln.mu.RUnlock()
	for _, name := range names {
		if ref, err := body.ParseRef(name); err == nil {
			f.AddEntry(ref.Origin, ref.Seq)
		}
	}
	if len(names) == 0 {
		return f, nil
	}
	return f, ln.eachAbout(ctx, names, func(r body.Ref) { f.AddEntry(r.Origin, r.Seq) })
}

// eachAbout calls do with every entry about notices, by their first entries. An officer may take a
// conflict before it is filed, so that it reads the record until there is nothing more to learn.
func (ln *lineNode) eachAbout(ctx context.Context, names []string, do func(body.Ref)) error {
	var about subjects
	for learned := -1; about.size != learned; {
		learned = about.size
		for r, err := range ln.led.Records(ctx, ledger.Cursor{}) {
			if err != nil {
				return err
			}
			fields, err := transcript.Disclosed(r.Entry, r.Disclosures)
			if err != nil {
				return err
			}
			ref := body.Ref{Origin: r.Origin, Seq: r.Entry.Seq}
			for _, name := range names {
				if about.follows(name, ref, r.Entry.Kind, fields) {
					do(ref)
				}
			}
		}
	}
	return nil
}
