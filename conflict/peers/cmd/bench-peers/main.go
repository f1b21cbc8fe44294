//go:build libsqlite3

// Command bench-peers runs one workload on conflict.Index, PostGIS and SQLite, prints how fast each was
// and compares what they found. It ends with status 1 where a disagreement is not explained. It expects
// a PostgreSQL cluster as scripts/with-postgis.sh starts it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"parley/conflict/peers"
	"parley/conflict/peers/postgis"
	"parley/conflict/peers/sqlite"
)

func main() {
	o := options{}
	flag.IntVar(&o.plans, "volumes", 1_000_000, "how many plans there are")
	flag.IntVar(&o.queries, "queries", 10_000, "how many queries the peers are asked; half as many plans are entered")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of the traffic")
	flag.StringVar(&o.doc, "doc", "", "write the report into this document too")
	settings := flag.Bool("postgres-settings", false, "print the settings that PostgreSQL should be started with, and end")
	flag.Parse()
	if *settings {
		fmt.Println(postgis.Settings)
		return
	}
	if err := run(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, "bench-peers:", err)
		os.Exit(1)
	}
}

type options struct {
	plans, queries int
	seed           uint64
	doc            string
}

// oursTimes is how many times as many queries and plans ours gets, to be timed for long enough.
const oursTimes = 20

func run(ctx context.Context, o options) error {
	from := time.Now()
	step := func(what string) { fmt.Fprintf(os.Stderr, "%5.0f s  %s\n", time.Since(from).Seconds(), what) }
	entered := max(o.queries/2, 2)
	report := peers.Report{Seed: o.seed, Plans: o.plans, Queries: o.queries, Entered: entered, Load: load()}
	step("drawing the traffic")
	all := peers.Draw(o.seed, o.plans, oursTimes*o.queries, oursTimes*entered)
	few := all.First(o.queries, entered)

	step("PostGIS")
	db, err := postgis.Open(ctx, few)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	inside, outside, err := db.Run(ctx)
	if err != nil {
		return err
	}
	step("SQLite")
	refined, candidates, err := inDirectory(few)
	if err != nil {
		return err
	}
	runtime.GC()
	step("ours")
	ours, err := peers.Ours(all, o.queries)
	if err != nil {
		return err
	}
	step("comparing")
	report.Results = []peers.Result{ours, inside, outside, refined, candidates}
	byPostGIS, err := peers.CompareWith(few, &ours, &inside, func(p peers.Pair) (float64, error) { return db.GapM(ctx, p) })
	if err != nil {
		return err
	}
	bySQLite, err := peers.CompareWith(few, &ours, &refined, nil)
	if err != nil {
		return err
	}
	report.Comparisons = []peers.Comparison{byPostGIS, bySQLite}
	return write(&report, o.doc)
}

// load returns how many processes ran or waited in the last minute, 0 where the system does not say.
func load() float64 {
	var minute float64
	if said, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Sscan(string(said), &minute)
	}
	return minute
}

func inDirectory(w *peers.Workload) (refined, candidates peers.Result, err error) {
	dir, err := os.MkdirTemp("", "bench-peers")
	if err != nil {
		return refined, candidates, err
	}
	defer os.RemoveAll(dir)
	return sqlite.Run(w, dir)
}

func write(r *peers.Report, doc string) error {
	var b strings.Builder
	if err := r.Write(&b); err != nil {
		return err
	}
	fmt.Print(b.String())
	if n := r.Unexplained(); n > 0 {
		return fmt.Errorf("%d disagreements are not explained", n)
	}
	if doc == "" {
		return nil
	}
	old, err := os.ReadFile(doc)
	if err != nil {
		return err
	}
	text, err := peers.Replace(string(old), "bench-peers", b.String())
	if err != nil {
		return err
	}
	return os.WriteFile(doc, []byte(text), 0o644)
}
