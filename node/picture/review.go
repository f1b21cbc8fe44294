package picture

import (
	"slices"
	"sync"

	"github.com/go-json-experiment/json"

	"parley/node/body"
	"parley/review"
)

// reviewed is what was said of one review, and the review made of it when it was last asked for.
type reviewed struct {
	acts []review.Act

	mu   sync.Mutex // readers of a picture share it
	made *review.Review
}

func (x *reviewed) review() *review.Review {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.made == nil {
		x.made, _ = review.Fold(x.acts)
	}
	return x.made
}

func (p *Picture) applyToReview(s Said, ch *Change) error {
	says := review.New(s.Kind)
	if err := body.Read(s.Fields, says); err != nil {
		return err
	}
	a := actOf(s.Ref, review.Act{Time: s.Time, Kind: s.Kind, Says: says})
	of, err := body.ParseRef(a.ReviewOf())
	if err != nil {
		return err
	}
	ch.ID = of.Short()
	p.act(of.String(), a)
	return nil
}

func actOf(r body.Ref, a review.Act) review.Act {
	a.Entry, a.Epoch, a.Seq, a.Side = r.String(), r.Origin.Epoch, r.Seq, r.Origin.Side
	return a
}

// act keeps an act of a review. The review is made of all of them anew when it is asked for.
func (p *Picture) act(of string, a review.Act) {
	x := p.reviews[of]
	if x == nil {
		x = &reviewed{}
		p.reviews[of] = x
	}
	x.made = nil
	if i := slices.IndexFunc(x.acts, func(have review.Act) bool { return have.Entry == a.Entry }); i >= 0 {
		x.acts[i] = a
		return
	}
	x.acts = append(x.acts, a)
}

// Review returns the review that an entry opened, or nil. Nobody changes what it returns.
func (p *Picture) Review(entry body.Ref) *review.Review {
	if x := p.reviews[entry.String()]; x != nil {
		return x.review()
	}
	return nil
}

// Reviews returns every review, in the order of the entries that opened them.
func (p *Picture) Reviews() []*review.Review {
	refs := make([]body.Ref, 0, len(p.reviews))
	for of := range p.reviews {
		if r, err := body.ParseRef(of); err == nil {
			refs = append(refs, r)
		}
	}
	slices.SortFunc(refs, func(a, b body.Ref) int {
		if refLess(a, b) {
			return -1
		}
		return 1
	})
	var out []*review.Review
	for _, r := range refs {
		if x := p.Review(r); x != nil {
			out = append(out, x)
		}
	}
	return out
}

// reviews is for the acts of reviews, each with its body as it is on the line.
func (c *codec) reviews(m map[string]*reviewed) {
	table(c, m, func(c *codec, of *string) { text(c, of) }, func(c *codec, x **reviewed) {
		pointer(c, x, func(c *codec, x *reviewed) { list(c, &x.acts, (*codec).act) })
	})
}

func (c *codec) act(a *review.Act) {
	var r body.Ref
	var raw string
	if !c.reading {
		r, _ = body.ParseRef(a.Entry)
		b, err := json.Marshal(a.Says, json.Deterministic(true))
		if err != nil {
			c.bad = true
		}
		raw = string(b)
	}
	c.ref(&r)
	c.time(&a.Time)
	text(c, &a.Kind)
	text(c, &raw)
	if !c.reading || c.bad {
		return
	}
	if a.Says = review.New(a.Kind); a.Says == nil || json.Unmarshal([]byte(raw), a.Says) != nil {
		c.bad = true
		return
	}
	*a = actOf(r, *a)
}
