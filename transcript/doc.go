// Package transcript holds entries, heads, receipts, proofs, disclosure and the offline verifier.
package transcript
