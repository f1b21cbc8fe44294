// Package ledger keeps the two transcripts of one line durably, as one node holds them: its own,
// which it appends to, and a full copy of the other party's.
//
// It is the evidence core of a node, and knows nothing of notices and nothing of the network. Four
// rules hold at every moment, whatever crashes, whoever lies:
//
//   - Durable before told. A signature leaves the ledger only after the Commit that holds it has
//     returned. Everything that goes out is read up to the newest such Commit, never beyond.
//   - One word. A head or receipt once signed is never contradicted: a size has one root, a receipt
//     is never for less than an older one, the earliest receipt of a size is the one that is given.
//   - A full copy. The root of the other's transcript is recomputed from its entries; no proof is
//     trusted. What does not hold is not kept.
//   - Ask before signing. A ledger that was opened signs nothing until the other party was asked
//     what it holds of this ledger's own transcript: see "Restored from a backup".
//
// # Restored from a backup
//
// A store cannot prove that it is not yesterday's: anything written beside it may have been
// restored with it. The only copy out of reach of this node's own disks is the other party's. So a
// ledger is opened unconfirmed, and until it is confirmed Append, Heartbeat, NextEpoch and Receive
// fail with [fault.Unavailable] and sign nothing; reading, Parcel, GiveBack and ReceiveAdvance
// work, since they sign nothing. It is confirmed
//
//   - by TakeBack, with the parcel that the other party's GiveBack made: what it brings beyond the
//     own copy is taken back, verified by the own signatures; once the copy reaches what the other
//     says that it holds, the ledger is confirmed. The other's answer that it holds nothing, or
//     less than it receipted before, confirms nothing when receipts of it are held here: it is
//     lying or was itself restored, and people must say which store is the right one;
//   - by Config.NotRestored or ConfirmNotRestored: the word of an operator who knows that the store
//     is the one that last ran (no disk was replaced, no backup or snapshot put back), for a node
//     that starts while its line is down, and for the first start with a fresh key.
//
// So that an honest restore never looks like a lie, no head leaves without its entries, and the
// other party remembers the heads of advance copies: where one is for more than both copies hold,
// its entries are lost with the disk, and TakeBack closes the epoch rather than contradict them.
// Neither helps where the other party lies about what it holds, or lost its disk at the same time.
//
// What is filed before that waits outside, where the caller keeps it: an entry without a place in
// the transcript is not yet said. The other's signed claim to hold more of the own transcript than
// there is (a receipt, or the seen of an entry) takes a confirmation away again, so that a wrong
// word of an operator stops at the first contact.
//
// Taken back are the entries and the disclosures that were shown to the other party. Disclosures
// that were shown to nobody are lost with the disk; Record.Disclosures of such an entry is short.
//
// # Epochs
//
// A fork or a breach of the format closes the epoch of both transcripts, and so does a restore that
// lost what was told ahead. Nothing more is appended to a closed epoch. NextEpoch opens the next; the
// first entry of either party there has the kind "epoch" and names the two heads at which the old
// one stood, as its author held them. A parcel from a newer epoch opens it here as well.
//
// Into an epoch that evidence closed nothing more goes. Any other is still filled, before and after
// the next is open: what its author signed before he heard of the end, and what a restored node had
// and lost. Parcel.Have asks for it before the open epoch; it ends at the head that the author named
// when he opened the next. What came so is receipted, and Records yields it to who had read past
// it. What is not receipted in the end stays in the transcript and is listed by Undelivered; whether
// it is said again is the caller's to decide.
//
// # Forks
//
// Both parties shall hold the proof of a fork, whoever found it. Proven lists the transcripts of
// which there is one here, Proof returns it, and ReceiveProof takes it from the other party, against
// whichever of the two it is: it counts by the signatures of the accused alone. A restored store that
// signed another way finds its own fork as well: what it is given back and cannot take it asks for
// from further and further back, until the two histories meet.
//
// # Memory
//
// The newest entries of both transcripts, at most 4 MiB and 4,096 of each, and their newest receipts
// are held in memory as well, parsed, from after the Commit that made them durable. Who stands near
// the end (a picture that follows, a peer that is up to date) reads there. The rest is in the store.
//
// # Receipts
//
// The other's receipt for an own head is shown as soon as it is verified, and made durable with the
// next own entry or, where none comes, 10 ms later, by Run. It needs no fsync of its own before it
// is shown, because nothing that is signed here follows from it and a crash loses no evidence that
// cannot be had again: Parcel.Receipted says up to where the receipts for the own transcript are
// held, and the other's parcels carry those after, in order. A receipt that does not follow the last
// one held is not kept, so that no gap stays: in the end both copies show the same receipt for every
// entry. Receipts that this node signs are durable before they are told, as all signatures are.
//
// # Store
//
// All keys lie under "ledger/<line>/", numbers as 16 hexadecimal digits:
//
//	state                        the open epoch
//	chunk/<sha256>               a part of what is too large for one transaction
//	<epoch>/<side>/top           the newest head; every change of a transcript guards it
//	<epoch>/<side>/seg/<end>     the entries of one commit, up to the index <end>, exclusive
//	<epoch>/<side>/hash/<n>      256 stored hashes of the tree, from tlog index 256*<n> on
//	<epoch>/<side>/head/<size>   the first head of a size
//	<epoch>/<side>/beat/<minute> a head cosigned again at a heartbeat; one a minute
//	<epoch>/<side>/rtop          the size of the newest receipt on this transcript's heads
//	<epoch>/<side>/rcpt/<size>   the earliest receipt for the head of that size
//	<epoch>/<side>/wit/<size>/<id> the earliest cosignature of a witness on the head of that size
//	<epoch>/<side>/wnew/<id>     the newest cosignature of a witness
//	<epoch>/<side>/ahead/<index> an advance copy
//	<epoch>/<side>/urgent/<end>  which entries of a commit cannot wait, of the own transcript
//	<epoch>/<side>/urgent-from   the first entry from which on they are marked
//	evidence/<epoch>/<sha256>    what proves a fork or a breach
//	late/<n>                     which entries came into a closed epoch, n of them since the first
package ledger
