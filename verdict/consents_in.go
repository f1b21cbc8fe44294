package verdict

import (
	"strings"

	"parley/catalogue"
	"parley/consent"
)

// writeIn writes them in the reader's language. What a host adds stays as it was signed.
func (c *Consents) writeIn(b *strings.Builder, r Result) {
	if c == nil {
		return
	}
	lines := []string{"", r.In.Word("verdict.consents")}
	for _, x := range c.Hosts {
		line := []catalogue.Message{x.host(), x.word(),
			catalogue.Say("verdict.consents-signed", catalogue.At("stamp", catalogue.Stamp, x.Date), catalogue.AsCode("key", x.Fingerprint), catalogue.AsCode("entry", r.Short(strings.Join(x.Entries, ", "))))}
		if !x.Stands {
			line = append(line, catalogue.Say("verdict.consents-since"))
		}
		lines = append(lines, "  "+r.In.Say(catalogue.Join(line...)))
		if x.Text != "" {
			lines = append(lines, "    "+x.Text)
		}
	}
	for _, x := range c.Flawed {
		lines = append(lines, "  "+r.In.Say(catalogue.Say("verdict.does-not-count", catalogue.AsCode("entry", r.Short(x.Entry)), catalogue.ByPeople("party", x.Party),
			catalogue.SayIn("said", catalogue.Say("odd", catalogue.RefusedFor("refusal", x.Why))))))
	}
	if c.Sealed > 0 {
		lines = append(lines, "  "+r.In.Say(catalogue.Say("verdict.consents-sealed", catalogue.CountOf("count", c.Sealed))))
	}
	b.WriteString(strings.Join(lines, "\n") + "\n")
}

func (x Consented) host() catalogue.Message {
	host := catalogue.ByPeople("host", x.Host)
	if x.Version == 0 {
		return catalogue.Say("verdict.consents-unnamed", host)
	}
	return catalogue.Say("verdict.consents-host", host, catalogue.CountOf("version", x.Version))
}

func (x Consented) word() catalogue.Message {
	switch {
	case x.Says == string(consent.Withdraws):
		return catalogue.Say("consent.word-withdraws")
	case x.From == nil:
		return catalogue.Say("consent.word-consents")
	case x.Until == nil:
		return catalogue.Say("verdict.consents-from", catalogue.At("start", catalogue.Stamp, *x.From))
	}
	return catalogue.Say("verdict.consents-until", catalogue.At("start", catalogue.Stamp, *x.From), catalogue.At("end", catalogue.Stamp, *x.Until))
}
