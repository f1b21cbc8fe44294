package body

import (
	"crypto/sha256"
	"encoding/hex"
	"sort"
)

// ConflictID is the SHA-256, in hexadecimal, of the line's id and the names of the two notices'
// first entries, sorted, each on a line of its own. It depends on nothing else: not on versions,
// on who found the conflict, or on what either party may see.
func ConflictID(line string, a, b Ref) string {
	refs := []string{a.String(), b.String()}
	sort.Strings(refs)
	sum := sha256.Sum256([]byte(line + "\n" + refs[0] + "\n" + refs[1] + "\n"))
	return hex.EncodeToString(sum[:])
}
