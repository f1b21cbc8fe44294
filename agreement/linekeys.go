package agreement

import (
	"bytes"
	"fmt"

	"parley/fault"
	"parley/transcript"
)

// Transcript returns the key as the evidence knows it. A half that is no ML-DSA-44 key, which Validate
// refuses, is left out.
func (k LineKey) Transcript() transcript.LineKey {
	out := transcript.LineKey{Public: k.Public, From: k.From, Revoked: k.Revoked}
	if len(k.MLDSA) > 0 {
		out.MLDSA, _ = transcript.ParseMLDSA(k.MLDSA)
	}
	return out
}

// checkHalf refuses a half that is no key, and a key without one that is to sign with both.
func (t Terms) checkHalf(field string, k LineKey, errs *joined) {
	switch {
	case len(k.MLDSA) == 0 && t.Signatures == SignaturesBoth && k.Revoked.IsZero():
		errs.add(fault.New(field, "", "is missing, and the agreement asks for both signatures", "give the party's card as its node writes it: parley agreement card"))
	case len(k.MLDSA) > 0:
		if _, err := transcript.ParseMLDSA(k.MLDSA); err != nil {
			errs.add(fault.New(field, fmt.Sprintf("%d bytes", len(k.MLDSA)), "must be an ML-DSA-44 public key of 1312 bytes", "give it in base64, as the party's card has it"))
		}
	}
}

func (t Terms) checkSignatures(errs *joined) {
	if t.Signatures != SignaturesEd25519 && t.Signatures != SignaturesBoth {
		errs.add(fault.New("signatures", string(t.Signatures), "must be ed25519 or ed25519+ml-dsa-44", "ed25519+ml-dsa-44 is for evidence that must hold for decades"))
	}
}

// checkLineKeys refuses a version that forgets a line key of the one before, or gives one another half: what
// it signed is to be checked for ever.
func checkLineKeys(field string, old, next Party, errs *joined) {
	for _, k := range old.LineKeys {
		found := false
		for i, n := range next.LineKeys {
			if !n.Public.Equal(k.Public) {
				continue
			}
			found = true
			if !bytes.Equal(n.MLDSA, k.MLDSA) {
				errs.add(&fault.Error{Code: fault.Mismatch, Field: field + "." + at("line_keys", i) + ".ml_dsa_44", Value: transcript.Fingerprint(k.Public),
					Rule: "must stay as the version before has it", Hint: "name a new line key with both halves, and revoke this one"})
			}
		}
		if !found {
			errs.add(&fault.Error{Code: fault.Mismatch, Field: field + ".line_keys", Value: transcript.Fingerprint(k.Public),
				Rule: "is a line key of the version before and must stay named", Hint: "leave it in, with the time from which it does not count any more as revoked"})
		}
	}
}
