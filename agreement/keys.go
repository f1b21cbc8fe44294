package agreement

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"slices"
	"strconv"
	"strings"

	"parley/fault"
	"parley/partynote"
	"parley/transcript"
)

// KeysTypeLine is the first line of the text of keys.
const KeysTypeLine = "parley/keys/v1"

// Keys are what a verifier of transcripts needs of a version of an agreement, and nothing else of it: for
// files that do not show the agreement. They follow from it, so that both parties sign the same text.
type Keys struct {
	Line       string       `json:"line"` // id of the first version, also in the first
	Version    int          `json:"version"`
	Agreement  string       `json:"agreement"` // id of the version
	Supersedes string       `json:"supersedes"`
	Signatures Signatures   `json:"signatures"`
	Parties    [2]KeysParty `json:"parties"`
	Witnesses  Witnesses    `json:"witnesses"`
}

// KeysParty is one of the two, by its name and keys.
type KeysParty struct {
	Name     string            `json:"name"`
	PartyKey ed25519.PublicKey `json:"party_key"`
	LineKeys []LineKey         `json:"line_keys"`
}

// SignedKeys are keys in their one encoding, with the signatures found on them.
type SignedKeys struct {
	Keys    Keys
	Signers []string
	Note    []byte
}

// Signed reports whether both parties signed.
func (k SignedKeys) Signed() bool { return len(k.Signers) == 2 }

// Keys returns those of the agreement.
func (a Agreement) Keys() Keys {
	k := Keys{Line: a.LineID(), Version: a.Terms.Version, Agreement: a.ID, Supersedes: a.Terms.Supersedes,
		Signatures: a.Terms.Signatures, Witnesses: a.Terms.Witnesses}
	for i, p := range a.Terms.Parties {
		k.Parties[i] = KeysParty{p.Name, p.PartyKey, p.LineKeys}
	}
	return k
}

// terms holds the keys as terms, of which the signatures and checks are.
func (k Keys) terms() Terms {
	t := Terms{Line: k.Line, Version: k.Version, Supersedes: k.Supersedes, Signatures: k.Signatures, Witnesses: k.Witnesses}
	for i, p := range k.Parties {
		t.Parties[i] = Party{Name: p.Name, PartyKey: p.PartyKey, LineKeys: p.LineKeys}
	}
	return t
}

// text returns the text that the parties sign.
func (k Keys) text() ([]byte, error) {
	b, err := encode(k)
	return append([]byte(KeysTypeLine+"\n"), b...), err
}

// SignKeys returns the keys of an agreement that the party signed, as a note with its signature.
func SignKeys(a Agreement, party string, key crypto.Signer) ([]byte, error) {
	if !slices.Contains(a.Signers, party) {
		return nil, &fault.Error{Code: fault.Mismatch, Field: "agreement", Value: a.ID, Rule: "is not signed by this party", Hint: "sign the agreement first: parley agreement sign"}
	}
	k := a.Keys()
	text, err := k.text()
	if err != nil {
		return nil, err
	}
	return formOfKeys(&k).Sign(text, party, key)
}

// CosignKeys adds one party's signature to keys, which must be those of the agreement.
func CosignKeys(signed []byte, a Agreement, party string, key crypto.Signer) ([]byte, error) {
	k, err := OpenKeys(signed)
	if err != nil {
		return nil, err
	}
	text, err := k.Keys.text()
	if err == nil {
		err = a.holds(text)
	}
	if err != nil {
		return nil, err
	}
	return formOfKeys(&k.Keys).Cosign(signed, party, key)
}

// OpenKeys reads keys, as Open reads an agreement.
func OpenKeys(signed []byte) (SignedKeys, error) {
	var k Keys
	n, err := formOfKeys(&k).Open(signed)
	if err != nil {
		return SignedKeys{}, err
	}
	return SignedKeys{Keys: k, Signers: n.Signers, Note: n.Bytes}, nil
}

// formOfKeys is how keys are signed; what it reads it writes to into.
func formOfKeys(into *Keys) partynote.Form {
	return partynote.Form{Field: "keys", MaxBytes: MaxBytes, Signers: func(text []byte) (_ []partynote.Signer, err error) {
		if *into, err = parseKeys(text); err != nil {
			return nil, err
		}
		return into.terms().signers(), nil
	}}
}

// Holds refuses keys that are not those of the agreement, or not signed by both parties.
func (a Agreement) Holds(k SignedKeys) error {
	if !k.Signed() {
		return &fault.Error{Code: fault.Mismatch, Field: "keys", Value: strconv.Itoa(k.Keys.Version), Rule: "are signed by " + strings.Join(k.Signers, ", ") + " alone",
			Hint: "have the other party sign the same file: parley agreement keys sign"}
	}
	text, err := k.Keys.text()
	if err != nil {
		return err
	}
	return a.holds(text)
}

func (a Agreement) holds(text []byte) error {
	own, err := a.Keys().text()
	if err == nil && !bytes.Equal(own, text) {
		err = &fault.Error{Code: fault.Mismatch, Field: "keys", Value: a.ID, Rule: "are not those of this agreement", Hint: "make them anew: parley agreement keys sign"}
	}
	return err
}

// parseKeys reads a text of keys, which must be valid and in its one encoding.
func parseKeys(text []byte) (k Keys, err error) {
	body, ok := bytes.CutPrefix(text, []byte(KeysTypeLine+"\n"))
	if !ok {
		return k, &fault.Error{Code: fault.Corrupt, Field: "keys", Rule: "must begin with the line " + KeysTypeLine, Hint: "give the file that parley agreement keys sign wrote"}
	}
	if err := decode(body, &k); err != nil {
		return k, fault.In("keys", err)
	}
	if err := k.validate(); err != nil {
		return k, fault.In("keys", err)
	}
	if again, err := k.text(); err != nil || !bytes.Equal(again, text) {
		return k, &fault.Error{Code: fault.Corrupt, Field: "keys", Rule: "are not in their one encoding", Hint: "give the file as it was signed, byte for byte"}
	}
	return k, nil
}

// validate refuses keys with which nothing can be checked.
func (k Keys) validate() error {
	var errs joined
	first := k.Version == 1
	switch {
	case k.Version < 1:
		errs.add(fault.New("version", strconv.Itoa(k.Version), "must be 1 or more", "the first version is 1"))
	case !hashRule.MatchString(k.Line) || !hashRule.MatchString(k.Agreement):
		errs.add(fault.New("agreement", k.Agreement, "must be the id of an agreement, as line must", "give their 64 hexadecimal digits"))
	case first != (k.Line == k.Agreement) || first != (k.Supersedes == "") || !first && !hashRule.MatchString(k.Supersedes):
		errs.add(fault.New("supersedes", k.Supersedes, "must be the id of the version before, and empty in the first, whose id is the line's", "give the file as it was signed"))
	}
	t := k.terms()
	t.checkKeys(&errs)
	t.checkSignatures(&errs)
	t.checkWitnesses(&errs)
	return errs.err()
}

// KeysInfo reads signed keys for the verifier of transcripts, and refuses them unless both parties signed.
func KeysInfo(signed []byte) (transcript.AgreementInfo, error) {
	k, err := OpenKeys(signed)
	if err != nil {
		return transcript.AgreementInfo{}, err
	}
	if !k.Signed() {
		return transcript.AgreementInfo{}, &fault.Error{Code: fault.Corrupt, Field: "keys", Rule: "are not signed by both parties", Hint: "have the other party sign them too"}
	}
	a := Agreement{ID: k.Keys.Agreement, Terms: k.Keys.terms(), Signers: k.Signers}
	return a.Info(), nil
}
