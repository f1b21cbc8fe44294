package main

import (
	"bytes"
	"crypto/ed25519"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/agreement"
	"parley/api"
	"parley/cmd/parley/home"
	"parley/fault"
	"parley/geo4d"
	"parley/internal/strictjson"
	"parley/transcript"
)

const (
	maxCard   = 4 << 20
	cardDepth = 16
	cardType  = "parley/card/v1"
)

// card is what one party gives the other before an agreement is drafted.
type card struct {
	Type        string            `json:"type"`
	Name        string            `json:"name"`
	Title       string            `json:"title"`
	PartyKey    ed25519.PublicKey `json:"party_key"`
	Fingerprint string            `json:"party_key_fingerprint"` // to be compared by voice
	LineKey     ed25519.PublicKey `json:"line_key"`
	LineMLDSA   []byte            `json:"line_key_ml_dsa_44,omitzero"` // its other half
	TLSKey      ed25519.PublicKey `json:"tls_key"`
	Addresses   []string          `json:"addresses"`
	Contacts    []cardContact     `json:"contacts"`
	Languages   []string          `json:"languages"`
}

type cardContact struct {
	Role   string `json:"role"`
	Number string `json:"number"`
}

// ownCard returns the card of the node's own party.
func ownCard(h home.Home) (card, error) {
	cfg, err := h.Config()
	if err != nil {
		return card{}, err
	}
	party, err := h.PartyPublic()
	if err != nil {
		return card{}, err
	}
	line, err := h.LineKey()
	if err != nil {
		return card{}, err
	}
	tls, err := h.TLSKey()
	if err != nil {
		return card{}, err
	}
	pub := transcript.PublicLineKey(line)
	c := card{Type: cardType, Name: cfg.Party, PartyKey: party, Fingerprint: transcript.Fingerprint(party),
		LineKey: pub.Public, TLSKey: tls.Public().(ed25519.PublicKey), Languages: []string{"en"}}
	if pub.MLDSA != nil {
		c.LineMLDSA = pub.MLDSA.Bytes()
	}
	if cfg.Address != "" {
		c.Addresses = []string{cfg.Address}
	}
	return c, nil
}

func (c card) encode() ([]byte, error) {
	data, err := json.Marshal(c, jsontext.WithIndent("  "))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "card", err)
	}
	return append(data, '\n'), nil
}

// parseCard reads a card.
func parseCard(data []byte) (card, error) {
	var c card
	if err := strictjson.Decode(data, strictjson.Limits{Bytes: maxCard, Depth: cardDepth}, &c); err != nil {
		return card{}, err
	}
	if c.Type != cardType {
		return card{}, fault.New("type", c.Type, "must be "+cardType, "give the file that parley agreement card wrote")
	}
	if err := home.CheckParty(c.Name); err != nil {
		return card{}, fault.In("name", err)
	}
	for name, key := range map[string]ed25519.PublicKey{"party_key": c.PartyKey, "line_key": c.LineKey, "tls_key": c.TLSKey} {
		if len(key) != ed25519.PublicKeySize {
			return card{}, fault.New(name, "", "must be 32 bytes in base64", "ask for the card again")
		}
	}
	if len(c.LineMLDSA) > 0 {
		if _, err := transcript.ParseMLDSA(c.LineMLDSA); err != nil {
			return card{}, fault.New("line_key_ml_dsa_44", "", "must be an ML-DSA-44 key of 1312 bytes in base64", "ask for the card again")
		}
	}
	if transcript.Fingerprint(c.PartyKey) != c.Fingerprint {
		return card{}, fault.New("party_key_fingerprint", c.Fingerprint, "is not that of party_key", "ask for the card again")
	}
	return c, nil
}

// party returns what an agreement says of the card's party. The line key's other half is named only where
// the agreement is to ask for it: a key that is named with it signs with both, always.
func (c card) party(signatures agreement.Signatures) agreement.Party {
	p := agreement.Party{Name: c.Name, Title: c.Title, PartyKey: c.PartyKey, Addresses: c.Addresses, Languages: c.Languages,
		LineKeys: []agreement.LineKey{{Public: c.LineKey}}, TLSKeys: []agreement.TLSKey{{Public: c.TLSKey}}}
	if signatures == agreement.SignaturesBoth {
		p.LineKeys[0].MLDSA = c.LineMLDSA
	}
	for _, k := range c.Contacts {
		p.Contacts = append(p.Contacts, agreement.Contact{Role: k.Role, Number: k.Number})
	}
	return p
}

// ownKeysNamed refuses an agreement that names other keys than this node's.
func ownKeysNamed(h home.Home, p agreement.Party) error {
	own, err := ownCard(h)
	if err != nil {
		return err
	}
	hint := "draft it again from this node's card: parley agreement card"
	switch {
	case !p.PartyKey.Equal(own.PartyKey):
		return fault.New("party key", own.Fingerprint, "is not the one that the agreement names", hint)
	case !slices.ContainsFunc(p.LineKeys, func(k agreement.LineKey) bool { return k.Public.Equal(own.LineKey) }):
		return fault.New("line key", transcript.Fingerprint(own.LineKey), "is not one that the agreement names", hint)
	case !slices.ContainsFunc(p.TLSKeys, func(k agreement.TLSKey) bool { return k.Public.Equal(own.TLSKey) }):
		return fault.New("TLS key", transcript.Fingerprint(own.TLSKey), "is not one that the agreement names", hint)
	}
	return nil
}

// parseArea reads the shape of an agreement's area: a GeoJSON geometry, or the one feature of a file.
func parseArea(data []byte) (geo4d.Shape, error) {
	var top struct {
		Type     string           `json:"type"`
		Geometry jsontext.Value   `json:"geometry"`
		Features []jsontext.Value `json:"features"`
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if err := strictjson.Decode(data, strictjson.Limits{Bytes: maxCard, Depth: cardDepth}, &top, json.RejectUnknownMembers(false)); err != nil {
		return nil, err
	}
	switch {
	case top.Type == "FeatureCollection" && len(top.Features) == 1:
		return parseArea(top.Features[0])
	case top.Type == "FeatureCollection":
		return nil, fault.New("features", "", "must be one feature", "join the polygons into one MultiPolygon")
	case top.Type == "Feature":
		data = top.Geometry
	}
	return geo4d.ParseGeometry(data, geo4d.Size{})
}

// keptAgreements returns the versions that the node's directory holds.
func keptAgreements(h home.Home, line string) (api.Agreements, error) {
	cfg, err := h.Config()
	if err != nil {
		return api.Agreements{}, err
	}
	id, err := cfg.Pick(line)
	if err != nil {
		return api.Agreements{}, err
	}
	notes, err := h.Notes(id)
	if err != nil {
		return api.Agreements{}, err
	}
	var out api.Agreements
	for _, n := range notes {
		ag, err := agreement.Open(n)
		if err != nil {
			return api.Agreements{}, err
		}
		out.Agreements = append(out.Agreements, api.AgreementVersion{ID: ag.ID, Version: ag.Terms.Version, Signers: ag.Signers, Note: string(ag.Note)})
	}
	return out, nil
}
