package verdict

import (
	"fmt"
	"strings"

	"parley/fault"
	"parley/transcript"
)

// maxWitnesses bounds the witnesses of a list of trusted keys.
const maxWitnesses = 1000

// ParseWitnesses reads the keys of witnesses in a list of trusted keys, as ParseTrust reads the rest: a line
// that is one verifier key, as a witness publishes it.
func ParseWitnesses(data []byte) ([]transcript.WitnessKey, error) {
	if len(data) > MaxTrustBytes {
		return nil, &fault.Error{Code: fault.TooLarge, Field: "trust", Rule: fmt.Sprintf("must be at most %d bytes", MaxTrustBytes), Hint: "leave out keys that are not needed"}
	}
	var out []transcript.WitnessKey
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		text := strings.TrimSpace(line)
		if strings.HasPrefix(text, "#") || !isWitness(text) {
			continue
		}
		k, err := transcript.ParseWitnessKey(text)
		if err != nil {
			return nil, fault.In(fmt.Sprintf("line %d", n), err)
		}
		if out = append(out, k); len(out) > maxWitnesses {
			return nil, &fault.Error{Code: fault.TooLarge, Field: "trust", Rule: fmt.Sprintf("must name at most %d witnesses", maxWitnesses), Hint: "leave out keys that are not needed"}
		}
	}
	return out, nil
}

// isWitness reports whether a line is a verifier key alone.
func isWitness(line string) bool {
	return strings.Count(line, "+") >= 2 && !strings.ContainsAny(line, " \t")
}
