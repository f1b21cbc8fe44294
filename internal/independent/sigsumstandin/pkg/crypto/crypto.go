// Package crypto stands in for the package of that name in sigsum.org/sigsum-go: it has what
// witnessctl's command for Sigsum logs needs to compile. Parley does not use that command.
package crypto

import "crypto/sha256"

// PublicKeySize is the size of an Ed25519 public key, in bytes.
const PublicKeySize = 32

// PublicKey is an Ed25519 public key.
type PublicKey [PublicKeySize]byte

// HashBytes returns the SHA-256 of b.
func HashBytes(b []byte) [sha256.Size]byte { return sha256.Sum256(b) }
