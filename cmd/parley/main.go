// Parley is the one program of a de-confliction line: it makes and runs a party's node, is its
// officers' command line, and checks evidence offline.
package main

import (
	"context"
	"crypto/rand"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"parley/cmd/parley/home"
	"parley/internal/clock"
)

// version is set by the linker: see the Makefile.
var version = "devel"

// cli is the tree of commands.
type cli struct {
	Version kong.VersionFlag `help:"Say the version and exit."`

	Init      initCmd      `cmd:"" help:"Make a node's directory and its keys."`
	Officer   officerCmd   `cmd:"" help:"Add, list and remove the officers of a node."`
	Agreement agreementCmd `cmd:"" help:"Draft, explain, sign, join and change an agreement."`
	Key       keyCmd       `cmd:"" help:"The keys of this node: list them, and bring a new line key into use."`
	Serve     serveCmd     `cmd:"" help:"Run the node: the line to the other party, and the API for officers."`
	Notice    noticeCmd    `cmd:"" help:"Read, file, show, change and receive notices."`
	Site      siteCmd      `cmd:"" help:"The lists of sites: show, confirm, import and remove."`
	Answer    answerCmd    `cmd:"" help:"Answers to a party that is shown only alerts: list, release and refuse those that wait."`
	Statement statementCmd `cmd:"" help:"What both parties agreed in words, or one states alone: draft, sign, propose, refuse, list and check."`
	Consent   consentCmd   `cmd:"" help:"The consent of a host, whose ground or sky it is: sign it, put it on the line, and see which consent."`
	Conflict  conflictCmd  `cmd:"" help:"List, show and take conflicts."`
	Voice     voiceCmd     `cmd:"" help:"Print notices and calls to read out by telephone, compare what is read back, and enter late what was passed and heard."`
	Check     checkCmd     `cmd:"" help:"Find conflicts among plan files, without a node."`
	Alert     alertCmd     `cmd:"" help:"The channels that tell alarms to people beside the console: list and test them."`
	Line      lineCmd      `cmd:"" help:"See the line, call the other desk, and keep the line."`
	Desk      deskCmd      `cmd:"" help:"Be at the desk, and hand the watch over."`
	Release   releaseCmd   `cmd:"" help:"Commands that take two persons: list, release and refuse them."`
	Courier   courierCmd   `cmd:"" help:"Carry the line's messages as files, or on paper, where there is no network."`
	Stats     statsCmd     `cmd:"" help:"Show the figures of the lines by day or month."`
	Incident  incidentCmd  `cmd:"" help:"Review an incident with the other party: timeline, findings, undertakings, minutes."`
	Team      teamCmd      `cmd:"" help:"A joint team of both parties: members, undertakings, minutes."`
	Log       logCmd       `cmd:"" help:"Show the two transcripts, entry by entry."`
	Token     tokenCmd     `cmd:"" help:"Short tokens for programs: ask for one, list and revoke them."`
	Audit     auditCmd     `cmd:"" help:"Who saw what of the other party, who did what, and what was refused."`
	Export    exportCmd    `cmd:"" help:"Write the evidence of a line to a file."`
	Disclose  discloseCmd  `cmd:"" help:"Write part of the evidence to a file, for someone who is not on the line."`
	Verify    verifyCmd    `cmd:"" help:"Check such a file, offline."`
	Witness   witnessCmd   `cmd:"" help:"Have the line's heads cosigned by witnesses, and be one for others."`
	Demo      demoCmd      `cmd:"" help:"Watch two nodes avoid an accident and prove it."`
}

// app is what commands have of the world.
type app struct {
	ctx    context.Context
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	clock  clock.Clock
	rand   io.Reader
	env    func(string) string
	said   tongue // the language of what is said; without a catalogue: English, and refusals alone
}

func (a *app) now() time.Time { return a.clock.Now() }

// where names a node's directory.
type where struct {
	Dir string `help:"The node's directory." env:"PARLEY_DIR" default:"~/.parley" type:"path" placeholder:"DIR"`
}

func (w where) home() home.Home { return home.Home{Dir: w.Dir} }

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &app{ctx: ctx, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, clock: clock.System{}, rand: rand.Reader, env: os.Getenv}
	parser, err := newParser(new(cli), os.Stdout, os.Stderr)
	if err != nil {
		return report(a, err)
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return reportUsage(a, err)
	}
	if a.said, err = a.speaks(parsed); err != nil {
		return report(a, err)
	}
	return report(a, parsed.Run(a))
}

func newParser(into *cli, stdout, stderr io.Writer) (*kong.Kong, error) {
	return kong.New(into,
		kong.Name("parley"),
		kong.Description("A de-confliction line: tell the other party what you plan, see conflicts before they happen, prove who was told what, and when."),
		kong.Vars{"version": version},
		kong.Writers(stdout, stderr),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
}
