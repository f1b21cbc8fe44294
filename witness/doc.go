// Package witness speaks C2SP tlog-witness, in both directions: a [Client] has a transcript's heads
// cosigned, and a [Server] cosigns the checkpoints of logs that it was told to watch.
//
// A witness sees the name of a log, its size, the root of its tree and when each checkpoint came. It
// sees no entry. What it says by a cosignature is: as of this time, by my clock, this is the largest
// tree of this log that I have seen, and it begins with every one that I saw before. So nobody, not
// the two parties of a line together either, can afterwards show another past.
//
// # What the server never does
//
// It never signs two trees of one log that contradict one another, nor a smaller after a larger one,
// across restarts and whatever crashes: the checkpoint is durable before its cosignature exists, in
// one Commit that is guarded on what was there before. It never signs a time before one that it has
// signed for the log: while its clock is behind, it answers that it is unavailable.
//
// # Store
//
//	witness/began                       there once a witness has served on the store
//	witness/log/<origin>                the newest checkpoint cosigned: its time, and the note
//	witness/against/<origin>/<sha256>   a checkpoint that a key of the log signed and that contradicts
//	                                    one of the same size that was cosigned
package witness
