package verdict

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/agreement"
	"parley/consent"
	"parley/transcript"
)

// Consents is what a file shows of the words of hosts.
type Consents struct {
	Hosts  []Consented `json:"hosts"`
	Flawed []Flawed    `json:"flawed,omitempty"` // what was put on the line and does not count
	Sealed int         `json:"sealed,omitempty"` // entries with words of hosts that the file does not show
}

// Consented is what a host signed about a version of the agreement, and whether it said something else since.
type Consented struct {
	Host        string     `json:"host"`
	Fingerprint string     `json:"fingerprint"` // of the key under which the signature holds
	Version     int        `json:"version"`     // 0: the file shows the keys of the version in its place, and not whom it names
	Says        string     `json:"says"`
	Date        time.Time  `json:"date"`
	From        *time.Time `json:"from"`
	Until       *time.Time `json:"until"`
	Text        string     `json:"text"`
	Stands      bool       `json:"stands"` // of what the file shows, the newest
	Entries     []string   `json:"entries"`
}

// consents says what the words of hosts in the file come to. Where the file shows the keys in the place of the
// agreement, it does not say which hosts that names.
func (r Result) consents(record *consent.Record, sealed int) *Consents {
	var versions []consent.Version
	numbers := map[string]int{}
	for _, a := range r.Agreements {
		versions, numbers[a.ID] = append(versions, consent.VersionOf(a)), a.Terms.Version
	}
	for _, k := range r.Keys {
		versions = append(versions, unnamed(k, record))
	}
	stands, flawed := record.Standing(versions)
	out := Consents{Hosts: []Consented{}, Sealed: sealed}
	for _, s := range stands {
		for i, w := range s.Words {
			x := Consented{Host: s.Host.Name, Fingerprint: transcript.Fingerprint(s.Host.Key), Version: numbers[s.Agreement], Says: string(w.Says.Says),
				Date: w.Says.Date, Text: w.Says.Text, Stands: i == 0, Entries: []string{}}
			for from, to := range map[*time.Time]**time.Time{&w.Says.From: &x.From, &w.Says.Until: &x.Until} {
				if !from.IsZero() {
					*to = from
				}
			}
			for _, b := range w.By {
				x.Entries = append(x.Entries, b.Place.String())
			}
			out.Hosts = append(out.Hosts, x)
		}
	}
	for _, x := range flawed {
		out.Flawed = append(out.Flawed, Flawed{Entry: x.Place.String(), Party: r.author(x.Place.Origin), Why: x.Why})
	}
	if len(out.Hosts)+len(out.Flawed)+out.Sealed == 0 {
		return nil
	}
	return &out
}

// unnamed returns a version that the file does not show, with every host of which the record has a word, under each
// key that signed as it: which of them is the host, the file does not say.
func unnamed(k agreement.Keys, record *consent.Record) consent.Version {
	v := consent.Version{ID: k.Agreement}
	for _, s := range record.All() {
		c, err := consent.Open(s.Note)
		if err != nil || c.Says.Agreement != k.Agreement {
			continue
		}
		h := consent.Host{Name: c.Says.Host, Key: c.Says.HostKey}
		if !slices.ContainsFunc(v.Hosts, func(o consent.Host) bool { return o.Name == h.Name && o.Key.Equal(h.Key) }) {
			v.Hosts = append(v.Hosts, h)
		}
	}
	return v
}

func (r Result) author(o transcript.Origin) string {
	for _, t := range r.Transcripts {
		if t.Origin == o.String() {
			return t.Author
		}
	}
	return ""
}

// write writes them for people.
func (c *Consents) write(b *strings.Builder) {
	if c == nil {
		return
	}
	const minute = "2006-01-02 15:04Z"
	b.WriteString("\nconsents of hosts, by what this file shows\n")
	for _, x := range c.Hosts {
		version := fmt.Sprintf("version %d", x.Version)
		if x.Version == 0 {
			version = "a version of which the file does not show whether it names this host and key"
		}
		fmt.Fprintf(b, "  %s, %s: %s", x.Host, version, x.Says)
		if x.From != nil {
			fmt.Fprintf(b, " from %s", x.From.Format(minute))
		}
		if x.Until != nil {
			fmt.Fprintf(b, " until %s", x.Until.Format(minute))
		}
		fmt.Fprintf(b, ", signed %s, by its own clock, with the key %s: %s", x.Date.Format(minute), x.Fingerprint, strings.Join(x.Entries, ", "))
		if !x.Stands {
			b.WriteString("; the host has said something else since")
		}
		b.WriteString("\n")
		if x.Text != "" {
			fmt.Fprintf(b, "    %s\n", x.Text)
		}
	}
	for _, x := range c.Flawed {
		fmt.Fprintf(b, "  does not count: %s by %s: %s\n", x.Entry, x.Party, x.Why)
	}
	if c.Sealed > 0 {
		fmt.Fprintf(b, "  not shown: %d entries with words of hosts; a withdrawal may be among them\n", c.Sealed)
	}
}
