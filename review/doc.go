// Package review holds what two parties make of an incident together, and what a joint team of both
// undertakes: items of a timeline, findings, undertakings and members, and the freeze of the evidence
// that an incident is about.
//
// A review is derived from what both transcripts say of it and is stored nowhere. Both nodes derive the
// same from the same two transcripts, in whatever order the entries came: within a transcript the later
// word counts, and across the two every answer names the entry that it answers.
//
// Nothing is overwritten. Who amends an item, a finding or an undertaking says a new version that names
// the one it stands for; the earlier one stays, and the new one needs a new answer.
//
// No field says whose doing anything was. An item says what happened, when and by whose clock; a finding
// says what follows from it; an undertaking says who will do what by when.
package review
