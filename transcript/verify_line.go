package transcript

import (
	"crypto/ed25519"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"parley/fault"
)

// readAgreement reads an agreement, or the keys that stand in its place.
func (v *verifier) readAgreement(kind RecordKind, note []byte) (AgreementInfo, error) {
	read := v.opts.Agreement
	if kind == RecordKeys {
		read = v.opts.Keys
	}
	if read == nil {
		return AgreementInfo{}, fault.Newf(fault.Invalid, "agreement", "there is nothing to read it with")
	}
	_, sigs, err := splitNote(note, maxAgreementBytes, maxCosigned)
	if err != nil {
		return AgreementInfo{}, err
	}
	info, err := read(note)
	if err == nil && len(sigs) != len(info.Signers) {
		err = fault.Newf(fault.Corrupt, "agreement", "bears %d signatures, of which %d hold", len(sigs), len(info.Signers))
	}
	return info, err
}

func (v *verifier) agreement(kind RecordKind, note []byte) {
	info, err := v.readAgreement(kind, note)
	if err != nil {
		v.fail("agreement", "", fmt.Sprintf("agreement %d of the bundle: %v", len(v.agreements)+1, err))
		v.unagreed = true
		return
	}
	v.agreed(kind, note, info)
	if kind == RecordKeys {
		v.notShown = append(v.notShown, HiddenAgreement{info.Version, info.ID})
	}
}

// agreed takes a version of the agreement that both parties signed.
func (v *verifier) agreed(kind RecordKind, note []byte, info AgreementInfo) {
	n := len(v.agreements) + 1
	if n > 1 {
		v.succession(&v.agreements[n-2], &info)
	}
	if _, twice := v.byID[info.ID]; twice {
		v.fail("agreement", "", "version "+fmt.Sprint(info.Version)+" of the agreement is in the bundle twice")
	}
	if info.Version == 1 && info.ID != info.Line {
		v.fail("agreement", "", "the first version's id is not the line's id")
	}
	for i, s := range []Side{A, B} {
		p := info.Parties[i]
		if n > 1 && p.Name != v.sides[i].name {
			v.fail("agreement", "", fmt.Sprintf("version %d calls the party of side %s %q, not %q", info.Version, s, p.Name, v.sides[i].name))
		}
		if p.Side != s || !signedBy(&info, p.PartyKey) {
			v.fail("agreement", "", fmt.Sprintf("version %d is not signed by the party of side %s", info.Version, s))
		}
		all := v.sides[i]
		all.keys = slices.Clone(all.keys)
		err := checkLineKeys(p)
		if err == nil {
			err = all.add(p)
		}
		if err != nil {
			v.fail("agreement", "", fmt.Sprintf("version %d gives the party of side %s a key that cannot be used: %v", info.Version, s, err))
			v.unagreed = true
			continue
		}
		if len(all.keys) > maxLineKeys {
			v.fail("agreement", "", fmt.Sprintf("version %d gives the party of side %s more than %d line keys in all", info.Version, s, maxLineKeys))
			v.unagreed = true
			continue
		}
		all.name = p.Name
		v.sides[i] = all
		v.signer(p)
	}
	v.addWitnesses(info.Witnesses, true)
	v.byID[info.ID] = len(v.agreements)
	v.agreements = append(v.agreements, info)
	v.kept.keep(keptAgreement{kind, note, info})
}

// maxLineKeys is how many line keys a verifier takes from one party.
const maxLineKeys = 1024

func checkLineKeys(p Party) error {
	if len(p.LineKeys) > maxLineKeys {
		return fault.Newf(fault.TooLarge, "agreement", "names too many line keys")
	}
	for _, k := range p.LineKeys {
		if err := CheckKey(k.Public); err != nil {
			return err
		}
	}
	return CheckKey(p.PartyKey)
}

// succession checks that a version follows the one before: of the same line, naming it, and signed
// by a party key of that version, so that nobody else can put other keys in its place.
func (v *verifier) succession(prev, next *AgreementInfo) {
	switch {
	case next.Line != prev.Line:
		v.fail("agreement", "", "the agreements are of two lines")
	case next.Version != prev.Version+1:
		v.fail("agreement", "", fmt.Sprintf("version %d of the agreement follows version %d", next.Version, prev.Version))
	case next.Supersedes != prev.ID:
		v.fail("agreement", "", fmt.Sprintf("version %d of the agreement does not supersede the version before", next.Version))
	case !signedBy(next, prev.Parties[0].PartyKey) && !signedBy(next, prev.Parties[1].PartyKey):
		v.fail("agreement", "", fmt.Sprintf("version %d of the agreement is signed by no party key of the version before", next.Version))
	}
}

func signedBy(a *AgreementInfo, key ed25519.PublicKey) bool {
	return len(key) == ed25519.PublicKeySize && slices.ContainsFunc(a.Signers, func(k ed25519.PublicKey) bool { return k.Equal(key) })
}

// signer notes who signed an agreement, each key once.
func (v *verifier) signer(p Party) {
	s := Signer{Name: p.Name, Side: p.Side, Fingerprint: Fingerprint(p.PartyKey)}
	for _, t := range v.opts.Trust {
		s.Identified = s.Identified || t.names(p)
	}
	if !slices.Contains(v.signers, s) {
		v.signers = append(v.signers, s)
	}
}

// checkParties runs when every agreement has been read. Where a file is broken off before, that it holds none
// is no news.
func (v *verifier) checkParties(whole bool) {
	if len(v.agreements) == 0 {
		v.unagreed = true
		if whole && len(v.failed["agreement"]) == 0 {
			v.fail("agreement", "", "the bundle holds no agreement")
		}
		return
	}
	if v.opts.Trust == nil {
		return
	}
	for _, s := range v.signers {
		if !s.Identified {
			v.fail("signers", "", fmt.Sprintf("%s signs with %s, which is not among the trusted keys", s.Name, s.Fingerprint))
		}
	}
}

// weave checks each head of the other transcript that entries name against that transcript.
func (v *verifier) weave(p *progress) {
	other := v.byOrigin[p.origin.Other()]
	beyond := int64(0)
	for _, s := range p.seen {
		if s.Size == 0 {
			continue
		}
		if other == nil {
			p.remark(Remark{Kind: RemarkOtherMissing})
			return
		}
		root, ok := other.rootAt(s.Size)
		switch {
		case ok && root != s.Root:
			v.fail("weaving", EntryName(p.origin, s.index), fmt.Sprintf(
				"it had seen a head of size %d of %s with another root than the entries in this file have", s.Size, other.origin))
		case !ok && s.Size > other.Size:
			beyond = max(beyond, s.Size)
		}
	}
	if beyond > 0 {
		p.remark(Remark{Kind: RemarkBeyond, N: beyond, Name: other.Origin, Of: other.Size})
	}
}

// coverage decides which heads count, and fails where entries are under none. A head counts if its
// key did at its time; a key revoked since needs also a receipt, or witnesses, older than the revocation.
func (v *verifier) coverage(p *progress) {
	covered, notCounted, byWitness := int64(-1), signed{size: -1}, signed{size: -1}
	for _, h := range p.heads {
		ok := h.key.Counts(h.time)
		ok = ok && !h.lacks
		if ok && !h.key.Revoked.IsZero() {
			ok = v.olderThan(p, h.key.Revoked, h.version) >= h.size
			if ok && p.receiptedBefore(h.key.Revoked) < h.size {
				byWitness = h
			}
		}
		if !ok {
			notCounted = h
			continue
		}
		if h.size > covered {
			covered = h.size
		}
		if h.time.After(p.HeadTime) {
			p.HeadTime = h.time
		}
	}
	v.borneOut(p, byWitness)
	switch {
	case p.Size == 0 || covered >= p.Size:
	case notCounted.size > covered && notCounted.lacks:
		v.fail("keys", rangeName(p.origin, max(covered, 0), p.Size), fmt.Sprintf(
			"only a head of %s covers them that is signed with Ed25519 alone, and their agreement asks for ML-DSA-44 beside it", stamp(notCounted.time)))
	case notCounted.size > covered:
		v.fail("keys", rangeName(p.origin, max(covered, 0), p.Size), fmt.Sprintf(
			"only a head of %s, by a key that did not count then, or was revoked later without an older receipt or older cosignatures of agreed witnesses, covers them", stamp(notCounted.time)))
	case !p.badRoot:
		v.fail("head", rangeName(p.origin, max(covered, 0), p.Size), "no head of their author covers them")
	}
}

// receiptCounts reports whether a receipt counts: its key did at its time, and one revoked since
// only if the receiver's own transcript names the head in an entry that the author had receipted, or
// witnesses had cosigned, before the revocation.
func (v *verifier) receiptCounts(p *progress, r signed) bool {
	if r.lacks || !r.key.Counts(r.time) {
		return false
	}
	if r.key.Revoked.IsZero() {
		return true
	}
	other := v.byOrigin[p.origin.Other()]
	if other == nil {
		return false
	}
	i := sort.Search(len(other.seen), func(i int) bool { return other.seen[i].Size >= r.size })
	return i < len(other.seen) && other.seen[i].index < v.olderThan(other, r.key.Revoked, other.seen[i].version)
}

// receiptedBefore returns the largest size for which there is a receipt older than t, by a key that
// was never revoked.
func (p *progress) receiptedBefore(t time.Time) int64 {
	if size, ok := p.before[t]; ok {
		return size
	}
	size := int64(-1)
	for _, r := range p.receipts {
		if r.time.Before(t) && !r.lacks && r.key.Revoked.IsZero() && r.key.Counts(r.time) {
			size = max(size, r.size)
		}
	}
	if p.before == nil {
		p.before = make(map[time.Time]int64)
	}
	p.before[t] = size
	return size
}

// deliver finds for every entry the earliest receipt that covers it: from the newest entry down, an
// earlier receipt for fewer entries takes over where it begins to count.
func (v *verifier) deliver(p *progress) {
	var out []Delivery
	top := p.Size
	var by signed // the receipt for the entries below top
	notCounted, lacking := int64(0), int64(0)
	emit := func(from int64) {
		if from >= top {
			return
		}
		d := Delivery{First: from, Last: top - 1, Time: by.time}
		if !by.time.IsZero() {
			d.Clock = p.Receiver
		}
		out = append(out, d)
		top = from
	}
	for _, r := range slices.Backward(p.receipts) {
		if r.lacks {
			lacking++
			continue
		}
		if !v.receiptCounts(p, r) {
			notCounted++
			continue
		}
		if by.time.IsZero() || r.time.Before(by.time) {
			emit(r.size)
			by = r
		}
	}
	emit(0)
	slices.Reverse(out)
	p.Deliveries = out
	if notCounted > 0 {
		p.remark(Remark{Kind: RemarkReceiptsKey, N: notCounted})
	}
	if lacking > 0 {
		p.remark(Remark{Kind: RemarkReceiptsEd25519, N: lacking})
	}
	if p.outside > 0 {
		p.remark(Remark{Kind: RemarkOutside, N: p.outside})
	}
	if p.back > 0 {
		p.remark(Remark{Kind: RemarkBack, Span: p.back, Name: p.Author})
	}
	if p.clocks > 0 {
		p.remark(Remark{Kind: RemarkClocks, Span: p.clocks})
	}
}

// epochs fails where an epoch between two others of the bundle is missing.
func (v *verifier) epochs() {
	was := int64(0)
	for _, p := range v.closed {
		if p.Size == 0 {
			continue // evidence alone, which may be of an epoch that never began
		}
		if is := p.origin.Epoch; was > 0 && is > was+1 {
			v.fail("epochs", p.Origin, fmt.Sprintf("it follows epoch %d; the epochs between are not in the bundle", was))
		}
		was = p.origin.Epoch
	}
	if len(v.closed) == 0 && len(v.failed["encoding"]) == 0 {
		v.fail("encoding", "", "the bundle holds no transcript")
	}
}

// names joins the signers for the first line of a report.
func names(signers []Signer) string {
	var out []string
	for _, s := range signers {
		out = append(out, s.Name+" "+s.Fingerprint)
	}
	return strings.Join(out, ", ")
}
