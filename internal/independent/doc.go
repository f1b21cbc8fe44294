// Package independent holds tests that check Parley's evidence with programs and libraries that
// Parley's authors did not write: torchwood's verifiers, and litewitness, its witness, run as a
// real process on loopback.
//
// It is a module of its own, so that none of this reaches the parley module's dependencies. The
// module sigsum.org/sigsum-go, which witnessctl imports for a command that is not used here, is
// replaced by sigsumstandin, which has just what that import needs to compile.
package independent
