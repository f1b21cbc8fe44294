package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/rogpeppe/go-internal/testscript"

	"parley/fault"
	"parley/geo4d"
	"parley/internal/foreign"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"parley": main})
}

// TestScripts drives the program as people do. Every script gets a home of its own, ports that the
// system chooses, and these commands beside testscript's:
//
//	jsonvar NAME FILE KEY    sets $NAME to the first string that FILE has under a key
//	flip FILE TEXT           changes one bit of the first place where FILE has TEXT
//	sub FROM TO REGEXP NEW   writes FROM to TO with every match replaced
//	scan SHEETS LINES        reads the QR codes of printed sheets; see courier.txtar
//	await FILE               waits until FILE is there
//	clock NAME DURATION      sets $NAME to the time that long from now, in UTC
//	certs                    writes certificates; see tls.txtar
//	foreign [WORD...]        fails where the last output has Latin words beside those that stay and these
//	agent NAME [N | MOOD]    starts an SSH agent, or changes its mood; see agent.txtar
func TestScripts(t *testing.T) {
	plain := plainProgram(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			examples, err := filepath.Abs("../../examples")
			if err != nil {
				return err
			}
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("EXAMPLES", examples)
			if plain != "" {
				env.Setenv("PATH", plain+string(filepath.ListSeparator)+env.Getenv("PATH"))
			}
			env.Values[agentsKey{}] = &testAgents{byName: map[string]*testAgent{}}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"jsonvar": jsonVar, "flip": flip, "sub": sub,
			"certs": makeCerts, "await": await, "clock": clockVar, "agent": runAgent, "scan": scan, "foreign": foreignOutput},
	})
}

// plainProgram builds the program for the scripts as users have it, where the tests are built with the race
// detector: a script starts it a hundred times, and so starts take several times as long. What runs inside one
// process is under the detector in the other tests; PARLEY_RACE_SCRIPTS=1 has it in scripts too.
func plainProgram(t *testing.T) string {
	if !raced || os.Getenv("PARLEY_RACE_SCRIPTS") != "" {
		return ""
	}
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(dir, "parley"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// foreignOutput fails where the output of the last command has words in Latin letters.
func foreignOutput(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: foreign [WORD...]")
	}
	text := ts.ReadFile("stdout")
	if words := foreign.Latin(text, args...); len(words) > 0 || strings.TrimSpace(text) == "" {
		ts.Fatalf("these are left in English: %q", words)
	}
}

func jsonVar(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: jsonvar NAME FILE KEY")
	}
	m := regexp.MustCompile(`"` + regexp.QuoteMeta(args[2]) + `":\s*"([^"]*)"`).FindStringSubmatch(ts.ReadFile(args[1]))
	if m == nil {
		ts.Fatalf("%s has no string %q", args[1], args[2])
	}
	ts.Setenv(args[0], m[1])
}

func clockVar(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: clock NAME DURATION")
	}
	d, err := time.ParseDuration(args[1])
	ts.Check(err)
	ts.Setenv(args[0], geo4d.FormatTime(time.Now().Add(d)))
}

func flip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: flip FILE TEXT")
	}
	data := []byte(ts.ReadFile(args[0]))
	i := bytes.Index(data, []byte(args[1]))
	if i < 0 {
		ts.Fatalf("%s does not have %q", args[0], args[1])
	}
	data[i+len(args[1])-1] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o600))
}

func sub(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: sub FROM TO REGEXP NEW")
	}
	text := regexp.MustCompile(args[2]).ReplaceAllString(ts.ReadFile(args[0]), args[3])
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
}

// TestEveryCommandShowsAnExample parses the examples of every command's help as a person would
// type them.
func TestEveryCommandShowsAnExample(t *testing.T) {
	parser, err := newParser(new(cli), new(bytes.Buffer), new(bytes.Buffer))
	if err != nil {
		t.Fatal(err)
	}
	var visit func(n *kong.Node)
	visit = func(n *kong.Node) {
		for _, child := range n.Children {
			visit(child)
		}
		if len(n.Children) > 0 || n.Type != kong.CommandNode {
			return
		}
		found := 0
		for line := range strings.Lines(n.Detail) {
			line, ok := strings.CutPrefix(line, "  parley ")
			if !ok {
				continue
			}
			args := split(t, strings.TrimSpace(line))
			fresh, err := newParser(new(cli), new(bytes.Buffer), new(bytes.Buffer))
			if err != nil {
				t.Fatal(err)
			}
			ctx, err := fresh.Parse(args)
			if err != nil {
				t.Errorf("%s: example %q: %v", n.FullPath(), line, err)
			} else if strings.HasPrefix("parley "+ctx.Command(), n.FullPath()) {
				found++ // the others are what goes with it
			}
		}
		if found == 0 {
			t.Errorf("%s has no example of itself in its help", n.FullPath())
		}
	}
	visit(parser.Model.Node)
}

// split splits a line as a shell does, for the quotes that examples use.
func split(t *testing.T, line string) []string {
	t.Helper()
	var out []string
	for _, m := range regexp.MustCompile(`"[^"]*"|'[^']*'|\S+`).FindAllString(line, -1) {
		if strings.HasPrefix(m, `"`) {
			u, err := strconv.Unquote(m)
			if err != nil {
				t.Fatal(err)
			}
			m = u
		}
		out = append(out, strings.Trim(m, "'"))
	}
	return out
}

func TestEveryCodeHasAnExitStatus(t *testing.T) {
	for code, want := range map[fault.Code]exitCode{
		"": 0, fault.Invalid: 2, fault.TooLarge: 2, fault.NotFound: 2, fault.Mismatch: 2, fault.Corrupt: 4,
		fault.Unavailable: 5, fault.TooMany: 5, fault.Unauthenticated: 6, fault.Denied: 6, fault.Internal: 1,
	} {
		if got := exitOf(code); got != want {
			t.Errorf("exitOf(%q) = %d, want %d", code, got, want)
		}
	}
}

func TestSentence(t *testing.T) {
	e := &fault.Error{Code: fault.Invalid, Op: "inner.op", Field: "start", Value: "0600", Rule: "needs an offset", Hint: "write 06:00Z", Err: fmt.Errorf("cause")}
	if got, want := sentence(e), `start "0600": needs an offset; write 06:00Z: cause`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := sentence(&fault.Error{Code: fault.Internal, Err: fmt.Errorf("disk on fire")}); got != "disk on fire" {
		t.Errorf("got %s", got)
	}
}

func TestPlainKeepsTheTerminalStill(t *testing.T) {
	if got := plain("a\x1b[2Jb\nc\u202ed"); got != "a?[2Jb c?d" {
		t.Errorf("got %q", got)
	}
}

func FuzzParseCard(f *testing.F) {
	f.Add([]byte(`{"type":"parley/card/v1","name":"red","party_key":"AAAA"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := parseCard(data)
		if err != nil {
			return
		}
		out, err := c.encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseCard(out); err != nil {
			t.Fatalf("%s does not read back: %v", out, err)
		}
	})
}

func FuzzParseArea(f *testing.F) {
	f.Add([]byte(`{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[34,33],[39,33],[39,37],[34,33]]]}}`))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := parseArea(data)
		if err == nil && s == nil {
			t.Error("neither a shape nor an error")
		}
	})
}
