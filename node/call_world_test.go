package node

import (
	"context"
	"fmt"

	"parley/node/picture"
	"parley/node/view"
)

// calling is a call with a text in English.
func calling(callType, text string) Calling {
	return Calling{Type: callType, Words: Words{Text: text, Language: "en"}}
}

// answering is an answer to a call, by whichever party.
func (d *desk) answering(c view.Call) Answering {
	a := Answering{Call: c.Entry, Words: Words{Text: "understood", Language: "en"}}
	if c.Type == "hold" && !c.Own {
		a.Word = []string{"holding", "cannot-hold", "continuing"}[d.rng.IntN(3)]
	}
	return a
}

// followUp takes a call of the other party, ends or lifts an own one, moves a review or translates.
func (d *desk) followUp(ctx context.Context) error {
	calls, err := d.e.Calls(ctx, "")
	if err != nil || len(calls) == 0 {
		return err
	}
	c := calls[d.rng.IntN(len(calls))]
	count := func(p *picture.Picture) int {
		n := 0
		for _, x := range p.Calls() {
			if x.Ref.String() == c.Entry {
				n = len(p.TakenBy(x)) + len(x.Ends) + len(x.Reviews) + len(p.Translations(x.Ref))
			}
		}
		return n
	}
	switch d.rng.IntN(4) {
	case 0:
		_, err = d.e.Translate(ctx, duty, "", c.Entry, "ru", "слова")
	case 1:
		if c.Own && c.Type == "hold" && c.Lifted == nil {
			_, err = d.e.Review(ctx, duty, "", c.Entry, d.e.nodeTime().Add(picture.DefaultReview), Words{})
		}
	default:
		switch {
		case !c.Own:
			_, err = d.e.Receive(ctx, duty, "", c.Entry, "")
		case c.Type == "hold":
			_, err = d.e.Lift(ctx, duty, "", c.Entry, Words{})
		default:
			_, err = d.e.EndCall(ctx, duty, "", c.Entry, Words{})
		}
	}
	if err != nil {
		return err
	}
	least := pic(d.e.Node, count)
	d.e.ack(fmt.Sprintf("what follows %s", c.Entry), func(n *Node) bool { return pic(n, count) >= least })
	return nil
}
