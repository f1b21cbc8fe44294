package main

import (
	"crypto"
	"crypto/ed25519"
	"slices"
	"time"

	"parley/agreement"
	"parley/api"
	"parley/catalogue"
	"parley/cmd/parley/home"
	"parley/fault"
	"parley/geo4d"
	"parley/transcript"
	"parley/voice"
)

type keyCmd struct {
	List    keyListCmd    `cmd:"" help:"List the keys, with what to read out of each by telephone."`
	Rotate  keyRotateCmd  `cmd:"" help:"Make a new line key, and draft the version of the agreement that brings it into use."`
	Replace keyReplaceCmd `cmd:"" help:"Make a new party key, and draft the version of the agreement that names it."`
	Compare keyCompareCmd `cmd:"" help:"Enter what you heard of a new party key, by voice."`
}

type keyListCmd struct {
	remote
}

// Help shows how it is used.
func (keyListCmd) Help() string {
	return `Compare the party key with the other party by voice: both read the groups under "say", and the check
letters after them. The line keys and the TLS key stand in the agreement, which the party key signs.

Example:

  parley key list --dir blue
`
}

type keyRow struct {
	Kind        string `json:"kind"`
	Fingerprint string `json:"fingerprint"`
	Say         string `json:"say"`
	MLDSA       bool   `json:"ml_dsa_44"`
	State       string `json:"state"`
}

// Run lists the keys.
func (c *keyListCmd) Run(a *app) error {
	h := c.home()
	cfg, err := h.Config()
	if err != nil {
		return err
	}
	party, err := h.PartyPublic()
	if err != nil {
		return err
	}
	lines, err := h.LineKeys()
	if err != nil {
		return err
	}
	own, err := c.ownParties(a, cfg)
	if err != nil {
		return err
	}
	tls, err := tlsRows(a, h, own)
	if err != nil {
		return err
	}
	var named []agreement.LineKey
	for _, p := range own {
		named = append(named, p.LineKeys...)
	}
	rows := []keyRow{{Kind: "party", Fingerprint: transcript.Fingerprint(party), Say: toSay(party)}}
	for _, k := range lines {
		pub := transcript.PublicLineKey(k)
		rows = append(rows, keyRow{Kind: "line", Fingerprint: transcript.Fingerprint(pub.Public), Say: toSay(pub.Public), MLDSA: pub.MLDSA != nil, State: a.said.Say(stateOf(named, pub.Public, a.now()))})
	}
	rows = append(rows, tls...)
	if c.JSON {
		return printJSON(a.stdout, rows)
	}
	t := a.said
	var out [][]string
	for _, r := range rows {
		out = append(out, []string{t.code("key.", r.Kind), r.Fingerprint, r.State}, []string{"", t.Say(catalogue.Say("key.say", catalogue.ByPeople("text", r.Say))), ""})
	}
	return table(a.stdout, out)
}

// ownParties returns what the newest agreements of the node's lines say of its party: those that the running node
// has or, where none answers, those in its directory, which it says. A node's refusal is no reason to look there.
func (c *keyListCmd) ownParties(a *app, cfg home.Config) ([]agreement.Party, error) {
	var out []agreement.Party
	said := false
	for _, l := range cfg.Lines {
		asked := c.remote
		asked.Line = l.ID
		list, kept, err := asked.agreementsFrom(a)
		if err != nil {
			return nil, err
		}
		if kept && !said {
			said = true
			a.note(catalogue.Say("key.from-directory", catalogue.AsCode("file", c.home().Dir)))
		}
		ag, err := newestOf(list)
		if err != nil {
			return nil, err
		}
		own, _ := ag.Terms.Party(cfg.Party)
		out = append(out, own)
	}
	return out, nil
}

func stateOf(named []agreement.LineKey, pub ed25519.PublicKey, now time.Time) catalogue.Message {
	i := slices.IndexFunc(named, func(k agreement.LineKey) bool { return k.Public.Equal(pub) })
	switch {
	case i < 0:
		return catalogue.Say("key.not-named")
	case named[i].Revoked.IsZero():
		return catalogue.Say("key.in-agreement")
	case named[i].Revoked.After(now):
		return catalogue.Say("key.counts-until", catalogue.AsCode("moment", geo4d.FormatTime(named[i].Revoked)))
	}
	return catalogue.Say("key.revoked", catalogue.AsCode("moment", geo4d.FormatTime(named[i].Revoked)))
}

// toSay is a key for the telephone.
func toSay(pub ed25519.PublicKey) string { return voice.SayKey(transcript.Fingerprint(pub)) }

type keyRotateCmd struct {
	remote
	TLS     bool          `name:"tls" help:"The TLS key of the line's connections, and not the line key."`
	Overlap time.Duration `default:"168h" help:"For how long the present key goes on counting."`
	Stolen  string        `help:"The present key is not in this party's hands alone since then: it counts until then." placeholder:"TIME"`
	Out     string        `short:"o" default:"-" help:"Where to write the draft." placeholder:"FILE"`
}

// Help shows how it is used.
func (keyRotateCmd) Help() string {
	return `The draft names a new line key beside the present one, which counts for seven days more. Start the node
again, so that it has the new key; have both parties sign the draft, and put it on the line with "parley
agreement propose". From then on the node signs with the new key.

With --tls it is the key that the node shows on connections. Both count for the overlap, in which the node goes on
showing the old one; an hour before its end it goes over to the new one, and connections are made anew.

With --stolen the present key counts until the time given. What it signed counts further on only where an
older receipt covers it, or older cosignatures of the agreed witnesses: see docs/reference/evidence.md.

Examples:

  parley key rotate --dir blue -o next.json
  parley key rotate --dir blue --stolen 2026-12-01T05:00:00Z -o next.json
  parley key rotate --dir blue --tls -o next.json
`
}

// Run makes the key and the draft.
func (c *keyRotateCmd) Run(a *app) error {
	h := c.home()
	cfg, err := h.Config()
	if err != nil {
		return err
	}
	old, err := newestAgreement(a, &c.remote)
	if err != nil {
		return err
	}
	until := a.now().Add(c.Overlap)
	if c.Stolen != "" {
		if until, err = geo4d.ParseTime(c.Stolen); err != nil {
			return fault.In("stolen", err)
		}
		if until.After(a.now()) {
			return fault.New("stolen", c.Stolen, "lies ahead", "give the last time at which the key was certainly in this party's hands alone")
		}
	}
	terms, err := c.made(a, h, old, cfg.Party, until.Truncate(time.Second))
	if err != nil {
		return err
	}
	data, err := agreement.Encode(terms)
	if err != nil {
		return err
	}
	return output(a, c.Out, data)
}

// made makes the key and drafts the version that names it.
func (c *keyRotateCmd) made(a *app, h home.Home, old agreement.Agreement, party string, until time.Time) (agreement.Terms, error) {
	now := a.now().Truncate(time.Second)
	if c.TLS {
		key, err := h.NewTLSKey(a.rand)
		if err != nil {
			return agreement.Terms{}, err
		}
		a.note(catalogue.Say("note.tls-key", catalogue.AsCode("id", fingerprint(key))))
		return rotatedTLS(old, party, key.Public().(ed25519.PublicKey), now, until)
	}
	key, err := h.NewLineKey(a.rand)
	if err != nil {
		return agreement.Terms{}, err
	}
	a.note(catalogue.Say("note.line-key", catalogue.AsCode("id", fingerprint(key))))
	return rotated(old, party, key, now, until)
}

// newestAgreement is the newest version that the node of a line has.
func newestAgreement(a *app, c *remote) (agreement.Agreement, error) {
	list, err := c.agreements(a)
	if err != nil {
		return agreement.Agreement{}, err
	}
	return newestOf(list)
}

func newestOf(list api.Agreements) (agreement.Agreement, error) {
	return agreement.Open([]byte(list.Agreements[len(list.Agreements)-1].Note))
}

// ownOf returns a party of terms.
func ownOf(t *agreement.Terms, party string) (*agreement.Party, error) {
	_, at := t.Party(party)
	if at < 0 {
		return nil, fault.New("party", party, "is not a party of this agreement", "name another line with --line")
	}
	return &t.Parties[at], nil
}

// rotated drafts the version after old that names one line key more, and until when those before count.
func rotated(old agreement.Agreement, party string, key crypto.Signer, from, until time.Time) (agreement.Terms, error) {
	t := agreement.Supersede(old, old.Terms)
	own, err := ownOf(&t, party)
	if err != nil {
		return t, err
	}
	own.LineKeys = slices.Clone(own.LineKeys)
	for i := range own.LineKeys {
		k := &own.LineKeys[i]
		k.Revoked = endOf(k.From, k.Revoked, until)
	}
	pub := transcript.PublicLineKey(key)
	next := agreement.LineKey{Public: pub.Public, From: from.UTC()}
	if t.Signatures == agreement.SignaturesBoth && pub.MLDSA != nil {
		next.MLDSA = pub.MLDSA.Bytes()
	}
	own.LineKeys = append(own.LineKeys, next)
	return t, t.Validate()
}
