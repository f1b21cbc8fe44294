package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"parley/catalogue"
	"parley/fault"
	"parley/node/view"
)

// exitCode is an outcome that is not an error: what was to be said has been said.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// The outcomes beside those of errors.
const (
	exitFailed   exitCode = 1
	exitBadInput exitCode = 2
	exitConflict exitCode = 3
	exitCorrupt  exitCode = 4
	exitUnavail  exitCode = 5
	exitDenied   exitCode = 6
)

// exitOf returns the exit status of a code. docs/reference/exit-codes.md lists them.
func exitOf(code fault.Code) exitCode {
	switch code {
	case "":
		return 0
	case fault.Invalid, fault.TooLarge, fault.NotFound, fault.Mismatch:
		return exitBadInput
	case fault.Corrupt:
		return exitCorrupt
	case fault.Unavailable, fault.TooMany:
		return exitUnavail
	case fault.Unauthenticated, fault.Denied:
		return exitDenied
	}
	return exitFailed
}

// report says an error to a person, in the language that the command speaks, and returns the exit status.
func report(a *app, err error) int {
	var code exitCode
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	case errors.Is(err, context.Canceled) && a.ctx.Err() != nil:
		return 130
	}
	for _, f := range fault.All(err) {
		fmt.Fprintf(a.stderr, "parley: %s\n", a.said.sentence(f))
	}
	return int(exitOf(fault.CodeOf(err)))
}

// sentence writes `field "value": rule; hint`, lower case and without a full stop, and the cause
// where there is one.
func sentence(f *fault.Error) string {
	cause := f.Err
	var inner *fault.Error
	if f.Field == "" && f.Rule == "" && errors.As(cause, &inner) {
		return sentence(inner) // f says only where it happened
	}
	text := f.Public().Error()
	// A refusal inside a file names its field again after the path to it.
	if path, rest, ok := strings.Cut(text, ": "); ok && path == f.Field {
		text = refusal(path, rest)
	}
	if text == string(f.Code) && cause != nil {
		text, cause = cause.Error(), nil
	}
	if cause != nil {
		text += ": " + cause.Error()
	}
	return strings.TrimSuffix(oneLine(text), ".")
}

// speaks returns the language that a command was asked to speak; none that there is means English. A
// command that has the option refuses a language that there is not.
func (a *app) speaks(parsed *kong.Context) (tongue, error) {
	for _, flag := range parsed.Flags() {
		if text, ok := parsed.FlagValue(flag).(string); ok && flag.Name == "lang" && text != "" {
			return speaks{Lang: text}.tongue()
		}
	}
	tag, ok := catalogue.Find(a.env("PARLEY_LANGUAGE"))
	if !ok {
		tag = "en"
	}
	return speaks{Lang: tag}.tongue()
}

// problem says in a language what is wrong with a row of a list.
func (t tongue) problem(p view.RowProblem) string {
	if !t.english() {
		return t.Refuse(&fault.Error{Field: p.Field, Value: p.Value, Rule: p.Rule, Hint: p.Mend})
	}
	text := fmt.Sprintf("%s %q: %s", p.Field, p.Value, p.Rule)
	if p.Mend != "" {
		text += "; " + p.Mend
	}
	return plain(text)
}

// sentence says an error in a language; a cause stays as it is.
func (t tongue) sentence(f *fault.Error) string {
	if t.english() {
		return sentence(f)
	}
	cause := f.Err
	var inner *fault.Error
	if f.Field == "" && f.Rule == "" && errors.As(cause, &inner) {
		return t.sentence(inner)
	}
	text := t.Refuse(f.Public())
	switch {
	case cause == nil && text == "":
		text = string(f.Code)
	case cause != nil && text == "":
		text = t.Refusal(cause.Error())
	case cause != nil:
		text += t.Word("list.colon") + t.Refusal(cause.Error())
	}
	return strings.TrimSuffix(text, ".")
}

// oneLine joins the lines of a reason that has several, one for each rule that is broken.
func oneLine(text string) string { return strings.ReplaceAll(text, "\n", "; and ") }

// refusal joins the place of a refusal and its reason, without saying twice what both name.
func refusal(place, reason string) string {
	reason = oneLine(reason)
	word, rest, ok := strings.Cut(reason, " ")
	name := strings.TrimSuffix(word, ":")
	if ok && (name == place || strings.HasSuffix(place, "."+name)) {
		return place + strings.TrimPrefix(word, name) + " " + rest
	}
	return place + ": " + reason
}

// reportUsage says what is wrong with a command line.
func reportUsage(a *app, err error) int {
	help := "parley --help"
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		if node := parse.Context.Selected(); node != nil {
			help = node.FullPath() + " --help"
		}
	}
	text := strings.TrimSuffix(err.Error(), ".")
	tag, _ := catalogue.Find(a.env("PARLEY_LANGUAGE")) // the option for it was not read
	if c, err := catalogue.Load(tag); err == nil && tag != "en" {
		fmt.Fprintf(a.stderr, "parley: %s\n", plain(c.Say(catalogue.Say("usage.see", catalogue.SayIn("said", usage(text)), catalogue.AsCode("command", help)))))
	} else {
		fmt.Fprintf(a.stderr, "parley: %s; see %s\n", text, help)
	}
	return int(exitBadInput)
}

// usage says what is wrong with a command line: as the reader of command lines says it in English, which is known
// by its beginning. What an option cannot take is rare, and is shown as it is.
func usage(text string) catalogue.Message {
	text, mean, _ := strings.Cut(text, ", did you mean ")
	said := catalogue.Say("usage.other", catalogue.AsCode("id", text))
	for _, k := range []struct{ begin, key string }{
		{"unknown flag ", "usage.unknown"},
		{"missing flags: ", "usage.missing-options"},
		{"missing positional arguments ", "usage.missing"},
		{"unexpected argument ", "usage.unexpected"},
		{"expected one of ", "usage.expected"},
		{"expected ", "usage.expected"},
	} {
		if what, ok := strings.CutPrefix(text, k.begin); ok {
			said = catalogue.Say(k.key, catalogue.AsCode("id", what))
			break
		}
	}
	if mean == "" {
		return said
	}
	mean = strings.TrimSuffix(strings.TrimPrefix(mean, "one of "), "?")
	return catalogue.Join(said, catalogue.Say("usage.mean", catalogue.AsCode("id", mean)))
}
