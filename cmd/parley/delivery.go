package main

import (
	"net/url"
	"time"

	"parley/api"
	"parley/node/view"
)

// On a line that is up the receipt of the other node comes within the way there and back and two
// durable commits. After receiptWait a command shows what stands.
const (
	receiptWait  = 2 * time.Second
	receiptEvery = 100 * time.Millisecond
)

// deliveredWords says a receipt, or that there is none. No receipt does not mean "not sent".
func (t tongue) deliveredWords(at *time.Time) string {
	if at == nil {
		return t.Word("lead.unknown")
	}
	return stamp(*at)
}

// poll asks again and again until done says so or receiptWait has passed. What was filed is filed: a
// failure to ask ends the waiting, and is no failure of the command.
func poll(a *app, done func() bool) {
	for deadline := a.now().Add(receiptWait); !done() && a.now().Before(deadline); {
		tick, stop := a.clock.Timer(receiptEvery)
		select {
		case <-tick:
		case <-a.ctx.Done():
			stop()
			return
		}
	}
}

// awaitDelivery waits for the receipts of what was filed, and puts the notices there as they then
// stand. What was warned of at filing stays.
func (r *remote) awaitDelivery(a *app, cl *client, lists ...[]view.Filed) {
	poll(a, func() bool {
		for _, list := range lists {
			for i := range list {
				n := &list[i].Notice
				if n.Delivered != nil {
					continue
				}
				var now view.Notice
				if err := cl.get(a.ctx, "/v1/notices/"+url.PathEscape(n.ID), r.query("party", n.Party), &now); err != nil {
					return true
				}
				if now.Version != n.Version {
					continue // a later version took its place, and its own filing says of it
				}
				if now.Delivered == nil {
					return false // entries are receipted in order: what follows has no receipt either
				}
				now.Warnings = n.Warnings
				*n = now
			}
		}
		return true
	})
}

// awaitCall waits for the receipt of a call.
func (r *remote) awaitCall(a *app, x *view.Call) {
	cl, err := r.open(a)
	if err != nil {
		return
	}
	poll(a, func() bool {
		var out api.Calls
		if err := cl.get(a.ctx, "/v1/calls", r.query("picture", "all"), &out); err != nil {
			return true
		}
		for _, c := range out.Calls {
			if c.Entry == x.Entry {
				*x = c
			}
		}
		return x.Delivered != nil
	})
}
