package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"parley/catalogue"
	"parley/fault"
)

type demoCmd struct {
	Dir  string `help:"Where the two nodes live; a new temporary directory by default." type:"path" placeholder:"DIR"`
	Exit bool   `help:"Stop the nodes at the end; otherwise they go on, for you to try."`
}

// Help shows how it is used.
func (demoCmd) Help() string {
	return `Two parties, R and S, each with a node of its own, live through 17 September 2018 as it happened,
then through the same evening with an early and precise notice. Afterwards both copies of the record
are verified, and one flipped byte is found. Times are today's: the minutes between are as they were,
and what took minutes then takes moments here.

Example:

  parley demo --exit
`
}

// Run plays the demonstration. It fails where a side did not see what it had to.
func (c *demoCmd) Run(a *app) error {
	d, err := c.stage(a)
	if err != nil {
		return err
	}
	defer d.close(c.Exit)
	for _, act := range []func(context.Context) error{d.setUp, d.asItHappened, d.withEarlyNotice, d.prove} {
		if err := act(a.ctx); err != nil {
			d.logs()
			return err
		}
	}
	if !c.Exit {
		d.next()
	}
	return nil
}

func (c *demoCmd) stage(a *app) (*demo, error) {
	dir := c.Dir
	if dir == "" {
		made, err := os.MkdirTemp("", "parley-demo-")
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, "demo", err)
		}
		dir = made
	} else if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Wrap(fault.Unavailable, "demo", err)
	}
	program, err := os.Executable()
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "demo", err)
	}
	d := &demo{a: a, dir: dir, program: program}
	d.r = &demoSide{demo: d, name: "r", title: "R", dir: filepath.Join(dir, "r")}
	d.s = &demoSide{demo: d, name: "s", title: "S", dir: filepath.Join(dir, "s")}
	return d, nil
}

// demo is the stage: two sides in one directory.
type demo struct {
	a       *app
	dir     string
	program string
	r, s    *demoSide
	done    bool
}

func (d *demo) say(format string, args ...any) { fmt.Fprintf(d.a.stdout, format+"\n", args...) }

func (d *demo) title(key string) { d.say("\n== %s", d.a.said.Word(key)) }

// scene heads what happens next, with the time of day of 17 September 2018.
func (d *demo) scene(then string, m catalogue.Message) {
	if then != "" {
		m = catalogue.Say("demo.then", catalogue.AsCode("clock", then+"Z"), catalogue.SayIn("said", m))
	}
	d.say("\n%s", d.a.said.Say(m))
}

// both says what is of both sides: R is the party, S its peer.
func (d *demo) both(key string) catalogue.Message {
	return catalogue.Say(key, catalogue.ByPeople("party", d.r.title), catalogue.ByPeople("peer", d.s.title))
}

// of says what is of one side.
func (d *demo) of(s *demoSide, key string) catalogue.Message {
	return catalogue.Say(key, catalogue.ByPeople("party", s.title))
}

func (d *demo) file(name string) string { return filepath.Join(d.dir, name) }

// until waits until a side sees what it has to see.
func (d *demo) until(ctx context.Context, what string, seen func(context.Context) (bool, error)) error {
	end := d.a.now().Add(20 * time.Second)
	for {
		ok, err := seen(ctx)
		if err != nil {
			return err
		}
		if ok {
			return nil
		}
		if d.a.now().After(end) {
			return fault.Newf(fault.Internal, "demo", "not seen within 20 s: %s", what)
		}
		tick, stop := d.a.clock.Timer(20 * time.Millisecond)
		select {
		case <-ctx.Done():
			stop()
			return context.Cause(ctx)
		case <-tick:
		}
	}
}

// demoCommands are what to type.
const demoCommands = `
  export PARLEY_DIR=%s      # %[7]s
  %[3]s notice list
  %[3]s conflict list --all
  %[3]s line alarms
  %[3]s log
  %[3]s line watch                # %[8]s
  %[3]s notice file --dir %[2]s --id s-9 --kind area --place "somewhere" \
      --start %[4]s --end %[5]s

%[6]s`

// next says what to try while the nodes go on.
func (d *demo) next() {
	d.title("demo.still-running")
	said := d.a.said
	d.say(demoCommands,
		d.r.dir, d.s.dir, d.program, rfc3339(d.a.now().Add(2*time.Hour)), rfc3339(d.a.now().Add(3*time.Hour)),
		said.Say(catalogue.Say("demo.files-lie", catalogue.AsCode("file", d.dir), catalogue.AsCode("command", fmt.Sprintf("kill %d %d", d.r.pid(), d.s.pid())))),
		said.Say(d.of(d.r, "demo.you-are")), said.Word("demo.as-it-happens"))
	d.done = true
}

func rfc3339(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

// close stops the nodes unless they are to go on.
func (d *demo) close(exit bool) {
	if exit || !d.done {
		d.r.stop()
		d.s.stop()
	}
}

// logs shows the end of each node's log, after a failure.
func (d *demo) logs() {
	for _, s := range []*demoSide{d.r, d.s} {
		data, err := os.ReadFile(filepath.Join(s.dir, "node.log"))
		if err != nil {
			continue
		}
		d.a.note(d.of(s, "demo.log-end"))
		fmt.Fprintf(d.a.stderr, "%s\n", data[max(0, len(data)-2000):])
	}
}
