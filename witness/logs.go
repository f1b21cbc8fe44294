package witness

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"parley/fault"
	"parley/transcript"
)

// Bounds of a list of logs.
const (
	MaxLogsBytes = 1 << 20
	maxLogs      = 10_000
	maxLogKeys   = 64 // of one log
)

// Logs are the logs that a witness cosigns for, with the keys that sign their checkpoints.
type Logs struct {
	exact map[string][]ed25519Key
	lines map[string][]ed25519.PublicKey // by parley/<line>/*/<side>
	count int
}

type ed25519Key struct {
	name string
	key  ed25519.PublicKey
}

// ParseLogs reads a list of logs: on each line an origin and the C2SP verifier key of who signs the
// log's checkpoints. An origin parley/<line>/*/<side> stands for a party's transcripts of all epochs;
// its key is the party's line key alone, 32 bytes in base64, because verifier keys bear the epoch. An
// origin that is there twice has two keys. Empty lines and lines that begin with # are skipped.
func ParseLogs(data []byte) (*Logs, error) {
	if len(data) > MaxLogsBytes {
		return nil, &fault.Error{Code: fault.TooLarge, Field: "logs", Rule: fmt.Sprintf("must be at most %d bytes", MaxLogsBytes), Hint: "leave out logs that are over"}
	}
	l := &Logs{exact: map[string][]ed25519Key{}, lines: map[string][]ed25519.PublicKey{}}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, MaxLogsBytes+1)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if err := l.add(strings.Fields(text)); err != nil {
			return nil, fault.In(fmt.Sprintf("line %d", n), err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fault.Wrap(fault.Invalid, "logs", err)
	}
	return l, nil
}

func (l *Logs) add(words []string) error {
	if len(words) != 2 || !validOrigin(words[0]) {
		return fault.New("log", strings.Join(words, " "), "is not an origin and a key", "write: ORIGIN KEY, as parley witness log prints them")
	}
	if l.count++; l.count > maxLogs {
		return &fault.Error{Code: fault.TooLarge, Field: "logs", Rule: fmt.Sprintf("must be at most %d", maxLogs), Hint: "leave out logs that are over"}
	}
	origin := words[0]
	if pattern, ok := everyEpoch(origin); ok {
		raw, err := base64.StdEncoding.Strict().DecodeString(words[1])
		if err != nil {
			return fault.New("key", words[1], "is not 32 bytes in base64", "give the line key as parley witness log prints it")
		}
		if err := transcript.CheckKey(raw); err != nil {
			return err
		}
		if l.lines[pattern] = append(l.lines[pattern], raw); len(l.lines[pattern]) > maxLogKeys {
			return tooManyKeys(origin)
		}
		return nil
	}
	if strings.Contains(origin, "*") {
		return fault.New("origin", origin, "has a star in another place than the epoch of a line", "write parley/<line id>/*/<a or b>")
	}
	name, key, err := transcript.ParseLogKey(words[1])
	if err != nil {
		return err
	}
	if l.exact[origin] = append(l.exact[origin], ed25519Key{name, key}); len(l.exact[origin]) > maxLogKeys {
		return tooManyKeys(origin)
	}
	return nil
}

func tooManyKeys(origin string) error {
	return &fault.Error{Code: fault.TooLarge, Field: "log", Value: fault.Shorten(origin), Rule: fmt.Sprintf("has more than %d keys", maxLogKeys), Hint: "leave out old ones"}
}

// everyEpoch reports whether an origin stands for all epochs of a side of a line.
func everyEpoch(origin string) (string, bool) {
	before, after, ok := strings.Cut(origin, "/*/")
	if !ok {
		return "", false
	}
	_, err := transcript.ParseOrigin(before + "/1/" + after)
	return origin, err == nil
}

// Len is how many logs are listed, each key counted.
func (l *Logs) Len() int { return l.count }

// Keys returns what verifies the checkpoints of an origin; none where the log is not known.
func (l *Logs) Keys(origin string) []note.Verifier {
	keys := slices.Clone(l.exact[origin])
	if o, err := transcript.ParseOrigin(origin); err == nil {
		for _, k := range l.lines["parley/"+o.Line+"/*/"+string(o.Side)] {
			keys = append(keys, ed25519Key{origin, k})
		}
	}
	var out []note.Verifier
	for _, k := range keys {
		if v, err := transcript.NewNoteVerifier(k.name, k.key); err == nil {
			out = append(out, v)
		}
	}
	return out
}
