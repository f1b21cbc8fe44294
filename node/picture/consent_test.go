package picture

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"parley/consent"
	"parley/node/body"
	"parley/transcript"
)

// consentDraft draws the word of a host: a consent, a withdrawal, one that is not signed by it, one that was
// changed.
func consentDraft(t *rapid.T) transcript.Draft {
	t.Helper()
	key := partyKey("h")
	if rapid.IntRange(0, 4).Draw(t, "forged") == 0 {
		key = partyKey("x")
	}
	at := time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 2).Draw(t, "date")) * time.Hour)
	c := consent.Consent{Line: line, Agreement: line, Host: "host", HostKey: key.Public().(ed25519.PublicKey), Says: consent.Consents, Date: at, From: at, Text: "x"}
	if rapid.Bool().Draw(t, "withdraws") {
		c.Says, c.From = consent.Withdraws, time.Time{}
	}
	note, err := consent.Sign(c, key)
	if err != nil {
		t.Fatal(err)
	}
	if rapid.IntRange(0, 5).Draw(t, "changed") == 0 {
		note = bytes.Replace(note, []byte(`"x"`), []byte(`"y"`), 1)
	}
	d, err := body.Draft(body.KindConsent, body.Consent{ID: "x", Note: string(note), Officer: "o", Role: "duty"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// dumpConsents says what the words of hosts come to.
func dumpConsents(p *Picture, b *bytes.Buffer) {
	stands, flawed := p.Consents().Standing([]consent.Version{{ID: line, Hosts: []consent.Host{{Name: "host", Key: partyKey("h").Public().(ed25519.PublicKey)}}}})
	for _, s := range stands {
		state, since := s.At(time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC))
		fmt.Fprintf(b, "host %s %s since %s\n", s.Host.Name, state, since)
		for _, w := range s.Words {
			fmt.Fprintf(b, "  %s\n", w.Note)
			for _, by := range w.By {
				fmt.Fprintf(b, "    %s at %s by %s %s\n", by.Place, by.Time, by.Officer, by.Role)
			}
		}
	}
	for _, x := range flawed {
		fmt.Fprintf(b, "flawed %s: %s\n", x.Place, x.Why)
	}
}
