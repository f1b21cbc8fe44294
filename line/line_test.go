package line

import (
	"flag"
	"fmt"
	"math/rand"
	"testing"
	"testing/synctest"
	"time"

	"parley/transcript"
	"parley/transcript/ledger"
)

func TestDerive(t *testing.T) {
	terms := Terms{}.withDefaults()
	last := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	cases := []struct {
		name   string
		after  time.Duration
		e      Evidence
		state  State
		cause  Cause
		turnIn time.Duration // 0: never
	}{
		{"just heard", 0, Evidence{LastExchange: last}, Up, NoCause, 30 * time.Second},
		{"before lagging", 30*time.Second - 1, Evidence{LastExchange: last}, Up, NoCause, 1},
		{"at lagging", 30 * time.Second, Evidence{LastExchange: last}, Lagging, NoCause, 30 * time.Second},
		{"before down", 60*time.Second - 1, Evidence{LastExchange: last}, Lagging, NoCause, 1},
		{"at down", 60 * time.Second, Evidence{LastExchange: last}, Down, Unknown, 0},
		{"never heard", 0, Evidence{}, Down, Unknown, 0},
		{"down, refused connections", time.Hour, Evidence{LastExchange: last, Failure: FailDial}, Down, Technical, 0},
		{"down, silence alone", time.Hour, Evidence{LastExchange: last, Failure: FailSilent}, Down, Unknown, 0},
		{"down while suspended", time.Hour, Evidence{LastExchange: last, Suspended: true, Failure: FailDial}, Down, Political, 0},
		{"suspended", 0, Evidence{LastExchange: last, Suspended: true}, Suspended, NoCause, 30 * time.Second},
		{"suspended and late", 40 * time.Second, Evidence{LastExchange: last, Suspended: true}, Suspended, NoCause, 20 * time.Second},
		{"forked", 0, Evidence{LastExchange: last, Forked: true, Suspended: true}, Disputed, NoCause, 30 * time.Second},
		{"forked and silent", time.Hour, Evidence{LastExchange: last, Forked: true}, Down, Unknown, 0},
		{"a clock set back", -time.Hour, Evidence{LastExchange: last}, Up, NoCause, time.Hour + 30*time.Second},
	}
	for _, c := range cases {
		now := last.Add(c.after)
		state, cause := Derive(now, c.e, terms)
		if state != c.state || cause != c.cause {
			t.Errorf("%s: %s %q, want %s %q", c.name, state, cause, c.state, c.cause)
		}
		if d, ok := nextTurn(now, c.e, terms); d != c.turnIn || ok != (c.turnIn > 0) {
			t.Errorf("%s: next turn in %v %v, want %v", c.name, d, ok, c.turnIn)
		}
	}
}

func TestStatesFollowSilenceToTheMillisecond(t *testing.T) {
	for name, o := range shapes {
		t.Run(name, func(t *testing.T) {
			inWorld(t, o, func(w *world) {
				w.net.Shape(10*time.Millisecond, 0)
				w.within(20*time.Second, "up", w.bothUp)
				time.Sleep(3 * time.Minute)
				w.net.SetCut(true)
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				healed := time.Now()
				lastA, lastB := w.a.line.Status().LastExchange, w.b.line.Status().LastExchange
				w.net.SetCut(false)
				w.within(2*time.Second, "up again", w.bothUp)
				for _, e := range []struct {
					*end
					last time.Time
				}{{w.a, lastA}, {w.b, lastB}} {
					states := e.seen(EventState)
					for len(states) > 0 && states[0].Status.Starting { // refused once, where the other was not listening yet
						states = states[1:]
					}
					if len(states) != 4 {
						w.t.Fatalf("%s: %d changes of state: %+v", e.side, len(states), states)
					}
					for i, want := range []State{Up, Lagging, Down, Up} {
						if got := states[i].Status.State; got != want {
							w.t.Errorf("%s: change %d to %s, want %s", e.side, i, got, want)
						}
					}
					if d := states[1].At.Sub(e.last); d != 30*time.Second {
						w.t.Errorf("%s: lagging after %v", e.side, d)
					}
					if d := states[2].At.Sub(e.last); d != time.Minute {
						w.t.Errorf("%s: down after %v", e.side, d)
					}
					if c := states[2].Status.Cause; c != Unknown {
						w.t.Errorf("%s: down for %q; silence is no cause", e.side, c)
					}
					if d := states[3].At.Sub(healed); d > 2*time.Second {
						w.t.Errorf("%s: up %v after the network came back", e.side, d)
					}
				}
			})
		})
	}
}

func TestAStoppedPeerIsATechnicalCauseAndIsFoundAgain(t *testing.T) {
	inWorld(t, options{addrB: true}, func(w *world) {
		w.within(20*time.Second, "up", w.bothUp)
		w.b.halt()
		w.a.ledger.append(false, entryOf("waits", 10))
		w.within(70*time.Second, "down", func() bool { return w.a.line.Status().State == Down })
		if c := w.a.line.Status().Cause; c != Technical {
			w.t.Errorf("cause %q", c)
		}
		if n := w.a.line.Status().Undelivered; n != 1 {
			w.t.Errorf("%d undelivered", n)
		}
		time.Sleep(time.Hour)
		w.b.start(w)
		took := w.within(2*time.Second, "up and delivered", func() bool { return w.bothUp() && w.settled() })
		w.t.Logf("back after %v", took)
	})
}

func TestOnlyOneSideDials(t *testing.T) {
	inWorld(t, options{addrA: true, addrB: true}, func(w *world) {
		w.within(20*time.Second, "up", w.bothUp)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if a, b := w.a.line.Status(), w.b.line.Status(); !a.Dialing || a.Inbound || b.Dialing || !b.Inbound {
			w.t.Errorf("a dialing %v inbound %v, b dialing %v inbound %v", a.Dialing, a.Inbound, b.Dialing, b.Inbound)
		}
		if n := w.net.Dialed("b"); n != 0 {
			w.t.Errorf("b dialed %d times", n)
		}
		if n := w.net.Dialed("a"); n != 2 {
			w.t.Errorf("a dialed %d times", n)
		}
	})
}

func TestTheOtherSideDialsWhenTheFirstCannot(t *testing.T) {
	o := options{addrA: true, addrB: true, cfg: func(s transcript.Side, c *Config) {
		if s == transcript.A {
			c.PeerAddress = "nowhere:1"
		}
	}}
	inWorld(t, o, func(w *world) {
		took := w.within(12*time.Second, "up", w.bothUp)
		if took < 10*time.Second {
			w.t.Errorf("b dialed after %v, before a heartbeat", took)
		}
		dials := w.net.Dialed("a")
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if n := w.net.Dialed("a"); n != dials {
			w.t.Errorf("a went on dialing %d times while b held the line", n-dials)
		}
		w.a.ledger.append(true, entryOf("hold", 10))
		w.b.ledger.append(false, entryOf("note", 10))
		w.within(time.Second, "settled", w.settled)
	})
}

func TestTwoWhoDialAtOnceKeepOneLine(t *testing.T) {
	o := options{addrA: true, addrB: true}
	inWorld(t, o, func(w *world) {
		w.net.Shape(300*time.Millisecond, 0)
		w.within(20*time.Second, "up", w.bothUp)
		// Both lose the line and are silent for long enough that both dial when it comes back.
		w.net.SetCut(true)
		time.Sleep(time.Minute)
		w.net.SetCut(false)
		w.a.ledger.append(false, entryOf("a", 10))
		w.b.ledger.append(false, entryOf("b", 10))
		w.within(10*time.Second, "settled", w.settled)
		time.Sleep(time.Minute)
		synctest.Wait()
		if a, b := w.a.line.Status(), w.b.line.Status(); a.Dialing == b.Dialing {
			w.t.Errorf("a dialing %v, b dialing %v", a.Dialing, b.Dialing)
		}
	})
}

func TestAHoldArrivesBeforeATransfer(t *testing.T) {
	for name, o := range shapes {
		for _, from := range []transcript.Side{transcript.A, transcript.B} {
			t.Run(fmt.Sprint(name, ", from ", from), func(t *testing.T) {
				inWorld(t, o, func(w *world) {
					w.net.Shape(100*time.Millisecond, 0)
					w.within(20*time.Second, "up", w.bothUp)
					time.Sleep(20 * time.Second)
					w.net.Shape(100*time.Millisecond, 64<<10)
					src, dst := w.a, w.b
					if from == transcript.B {
						src, dst = w.b, w.a
					}
					src.ledger.append(false, entryOf("large", 4<<20-100)) // 64 s
					time.Sleep(5 * time.Second)
					states := len(src.seen(EventState)) + len(dst.seen(EventState))
					at := time.Now()
					hold := src.ledger.append(true, entryOf("hold", 500))
					w.within(3*time.Second, "hold", func() bool { return len(dst.seen(EventAdvance)) == 1 })
					w.t.Logf("hold after %v", time.Since(at))
					if _, n, _ := dst.ledger.sizes(); n != 0 {
						w.t.Errorf("the transfer was there before the hold")
					}
					w.within(3*time.Second, "acknowledged", func() bool { return src.line.Status().Unacked == 0 })
					w.within(3*time.Minute, "settled", w.settled)
					if n := len(src.seen(EventState)) + len(dst.seen(EventState)); n != states {
						w.t.Errorf("the line was not up throughout:\n%s%s", src.story(), dst.story())
					}
					if n := len(dst.seen(EventAdvance)); n != 1 {
						w.t.Errorf("hold %d arrived %d times", hold, n)
					}
				})
			})
		}
	}
}

func TestASlowLinkFinishesAMessageOnOneConnection(t *testing.T) {
	for _, from := range []transcript.Side{transcript.A, transcript.B} {
		t.Run(string(from), func(t *testing.T) {
			inWorld(t, options{addrB: true}, func(w *world) {
				w.within(20*time.Second, "up", w.bothUp)
				w.net.Shape(0, 4<<10)
				src := w.a
				if from == transcript.B {
					src = w.b
				}
				src.ledger.append(false, entryOf("large", 4<<20)) // 17 minutes
				w.within(40*time.Minute, "settled", w.settled)
				if n := w.net.Dialed("a"); n != 2 {
					w.t.Errorf("%d connections were made", n)
				}
				if n := len(w.a.seen(EventState)) + len(w.b.seen(EventState)); n != 2 {
					w.t.Errorf("%d changes of state:\n%s%s", n, w.a.story(), w.b.story())
				}
			})
		})
	}
}

func TestClocksTenMinutesApart(t *testing.T) {
	for name, o := range shapes {
		t.Run(name, func(t *testing.T) {
			o.shiftB = 10 * time.Minute
			inWorld(t, o, func(w *world) {
				w.net.Shape(50*time.Millisecond, 0)
				w.within(20*time.Second, "alarm on both", func() bool {
					return len(w.a.seen(EventClock)) == 1 && len(w.b.seen(EventClock)) == 1
				})
				for i := range 20 {
					w.a.ledger.append(false, entryOf(fmt.Sprint("a", i), 100))
					w.b.ledger.append(false, entryOf(fmt.Sprint("b", i), 100))
					time.Sleep(7 * time.Second)
				}
				w.within(20*time.Second, "settled", w.settled)
				a, b := w.a.line.Status(), w.b.line.Status()
				if a.State != Up || !a.ClockAlarm || a.ClockOffset != 10*time.Minute || a.RTT != 100*time.Millisecond {
					w.t.Errorf("a: %+v", a)
				}
				if b.State != Up || !b.ClockAlarm || b.ClockOffset != -10*time.Minute || b.RTT != 100*time.Millisecond {
					w.t.Errorf("b: %+v", b)
				}
			})
		})
	}
}

func TestARestoredNodeTakesBackBeforeItSigns(t *testing.T) {
	for name, o := range shapes {
		t.Run(name, func(t *testing.T) {
			inWorld(t, o, func(w *world) {
				for i := range 40 {
					w.a.ledger.append(false, entryOf(fmt.Sprint("a", i), 100<<10))
				}
				w.within(20*time.Second, "settled", w.settled)
				w.a.halt()
				w.a.ledger.mu.Lock()
				w.a.ledger.own.cut(3)
				w.a.ledger.receipted, w.a.ledger.unconfirmed = 3, true
				w.a.ledger.mu.Unlock()
				w.b.ledger.append(false, entryOf("b", 10))
				w.a.start(w)
				w.within(15*time.Second, "settled", w.settled)
				own, other, _ := w.a.ledger.sizes()
				if own != 40 || other != 1 || len(w.a.seen(EventConfirmed)) != 2 {
					w.t.Errorf("a has %d of its own, %d of b, %d confirmations", own, other, len(w.a.seen(EventConfirmed)))
				}
				if n := len(w.b.seen(EventPeerFault)); n != 0 {
					w.t.Errorf("b saw %d faults in an honest restore", n)
				}
			})
		})
	}
}

func TestSuspensionHoldsEntriesButNotHolds(t *testing.T) {
	var declared Suspension
	var guard signal // its lock guards declared
	o := options{addrB: true, cfg: func(_ transcript.Side, c *Config) {
		c.Suspended = func() Suspension {
			guard.mu.Lock()
			defer guard.mu.Unlock()
			return declared
		}
	}}
	inWorld(t, o, func(w *world) {
		w.within(20*time.Second, "up", w.bothUp)
		guard.mu.Lock()
		declared = Suspension{Declared: true, UpTo: ledger.Have{Epoch: 1, Size: 1}}
		guard.mu.Unlock()
		w.a.ledger.append(false, entryOf("suspend", 10))
		w.within(time.Second, "the declaration", func() bool { _, n, _ := w.b.ledger.sizes(); return n == 1 })
		w.a.ledger.append(false, entryOf("waits", 10))
		w.b.ledger.append(false, entryOf("the one that may still go", 10))
		w.within(time.Second, "b's", func() bool { _, n, _ := w.a.ledger.sizes(); return n == 1 })
		w.b.ledger.append(true, entryOf("hold from b", 10))
		w.a.ledger.append(true, entryOf("hold from a", 10))
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		a, b := w.a.line.Status(), w.b.line.Status()
		if a.State != Suspended || b.State != Suspended || time.Since(a.LastExchange) > 11*time.Second {
			w.t.Errorf("a %s, b %s, last exchange %v ago", a.State, b.State, time.Since(a.LastExchange))
		}
		if _, n, _ := w.b.ledger.sizes(); n != 1 {
			w.t.Errorf("%d entries passed a suspended line", n)
		}
		if len(w.a.seen(EventAdvance)) != 1 || len(w.b.seen(EventAdvance)) != 1 || a.Unacked+b.Unacked != 0 {
			w.t.Errorf("holds did not pass: %d, %d\n a: %+v\n b: %+v", len(w.a.seen(EventAdvance)), len(w.b.seen(EventAdvance)), a, b)
		}
		w.net.SetCut(true)
		time.Sleep(2 * time.Minute)
		if s := w.a.line.Status(); s.State != Down || s.Cause != Political {
			w.t.Errorf("silent after a suspension: %s %q", s.State, s.Cause)
		}
		w.net.SetCut(false)
		guard.mu.Lock()
		declared = Suspension{}
		guard.mu.Unlock()
		w.a.ledger.append(false, entryOf("resume", 10))
		w.b.ledger.append(false, entryOf("resume", 10))
		w.within(15*time.Second, "settled", w.settled)
	})
}

// A declaration that could not go out before more was filed goes out alone.
func TestWhatIsFiledAfterADeclarationDoesNotGoWithIt(t *testing.T) {
	for name, o := range shapes {
		t.Run(name, func(t *testing.T) {
			var declared Suspension
			var guard signal // its lock guards declared
			o.cfg = func(s transcript.Side, c *Config) {
				c.Suspended = func() Suspension {
					guard.mu.Lock()
					defer guard.mu.Unlock()
					return declared
				}
			}
			inWorld(t, o, func(w *world) {
				w.within(20*time.Second, "up", w.bothUp)
				w.net.SetCut(true)
				w.a.ledger.append(false, entryOf("before", 10))
				w.a.ledger.append(false, entryOf("suspend", 10))
				guard.mu.Lock()
				declared = Suspension{Declared: true, UpTo: ledger.Have{Epoch: 1, Size: 2}}
				guard.mu.Unlock()
				w.a.ledger.append(false, entryOf("after", 10))
				w.net.SetCut(false)
				w.within(time.Minute, "the declaration", func() bool { _, n, _ := w.b.ledger.sizes(); return n > 0 })
				time.Sleep(5 * time.Minute)
				synctest.Wait()
				if _, n, _ := w.b.ledger.sizes(); n != 2 {
					w.t.Errorf("%d entries went out, want 2", n)
				}
			})
		})
	}
}

// A node that can prove a fork hands the proof to the peer, once, and the peer to it.
func TestProofsOfForksCrossUntilBothHoldThem(t *testing.T) {
	for name, o := range shapes {
		t.Run(name, func(t *testing.T) {
			inWorld(t, o, func(w *world) {
				w.within(20*time.Second, "up", w.bothUp)
				for i, e := range []*end{w.a, w.b} {
					for epoch := range int64(3) { // more than one message takes
						o := transcript.Origin{Line: testLine, Epoch: 1 + 3*int64(i) + epoch, Side: transcript.A}
						e.ledger.mu.Lock()
						e.ledger.proven = append(e.ledger.proven, o)
						e.ledger.mu.Unlock()
					}
				}
				w.within(time.Minute, "both hold all", func() bool {
					return len(w.a.ledger.Proven()) == 6 && len(w.b.ledger.Proven()) == 6
				})
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				for _, e := range []*end{w.a, w.b} {
					if s := e.line.Status(); s.State != Disputed || e.ledger.proofs > 12 || len(e.seen(EventPeerFault)) != 0 {
						w.t.Errorf("%s: %s after %d proofs", e.side, s.State, e.ledger.proofs)
					}
				}
			})
		})
	}
}

func TestALedgerThatFailsIsSaidAndRecovers(t *testing.T) {
	inWorld(t, options{addrB: true}, func(w *world) {
		w.within(20*time.Second, "up", w.bothUp)
		w.b.ledger.mu.Lock()
		w.b.ledger.broken = errDisk
		w.b.ledger.mu.Unlock()
		w.a.ledger.append(false, entryOf("a", 10))
		w.a.ledger.append(true, entryOf("hold", 10))
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := len(w.b.seen(EventLocal)); n != 1 {
			w.t.Errorf("said %d times", n)
		}
		if n := len(w.a.seen(EventRefused)); n != 1 {
			w.t.Errorf("a was told %d times", n)
		}
		if s := w.a.line.Status(); s.State != Up || s.Undelivered != 2 || s.Unacked != 1 {
			w.t.Errorf("a: %+v", s)
		}
		w.b.ledger.mu.Lock()
		calls := w.b.ledger.received
		w.b.ledger.broken = nil
		w.b.ledger.mu.Unlock()
		if calls > 1000 {
			w.t.Errorf("%d attempts in an hour", calls)
		}
		w.within(15*time.Second, "settled", w.settled)
	})
}

var faultSeeds = flag.Int64("line.seeds", 8, "seeds of TestNothingIsLostUnderFaults")

func TestNothingIsLostUnderFaults(t *testing.T) {
	for seed := range *faultSeeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			names := []string{"both", "only a", "only b"}
			rnd := rand.New(rand.NewSource(seed))
			o := shapes[names[rnd.Intn(3)]]
			inWorld(t, o, func(w *world) {
				w.net.Shape(time.Duration(rnd.Intn(200))*time.Millisecond, []int{0, 32 << 10, 1 << 20}[rnd.Intn(3)])
				for i := range 60 {
					e := w.a
					if rnd.Intn(2) == 0 {
						e = w.b
					}
					size := rnd.Intn(2000)
					if rnd.Intn(10) == 0 {
						size = rnd.Intn(300 << 10)
					}
					e.ledger.append(rnd.Intn(8) == 0, entryOf(fmt.Sprint(e.side, i), size))
					time.Sleep(time.Duration(rnd.Intn(3000)) * time.Millisecond)
					switch rnd.Intn(8) {
					case 0:
						w.net.SetCut(true)
						time.Sleep(time.Duration(rnd.Intn(90)) * time.Second)
						w.net.SetCut(false)
					case 1:
						w.net.Reset()
					case 2:
						w.net.Truncate(rnd.Intn(100 << 10))
					case 3:
						e.halt()
						time.Sleep(time.Duration(rnd.Intn(5)) * time.Second)
						e.start(w)
					}
				}
				w.net.Truncate(-1)
				w.within(10*time.Minute, "settled", w.settled)
				for _, e := range []*end{w.a, w.b} {
					for _, v := range e.ledger.verdicts {
						if v == ledger.Unsound {
							w.t.Errorf("%s found a parcel unsound", e.side)
						}
					}
					other := w.a
					if e == w.a {
						other = w.b
					}
					for i, u := range e.ledger.urgent {
						if _, ahead := other.ledger.ahead[i]; u && !ahead && !e.ledger.receiptAt[i].After(time.Time{}) {
							w.t.Errorf("urgent entry %d of %s neither went ahead nor was receipted", i, e.side)
						}
					}
				}
			})
		})
	}
}
