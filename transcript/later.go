package transcript

import "fmt"

// LaterVersion is a version of the agreement, or its keys, that does not stand in a bundle.
type LaterVersion struct {
	Kind RecordKind // RecordAgreement or RecordKeys
	Note []byte
}

// later takes the versions that the reader got elsewhere, of those that follow what the bundle has. What does not
// follow, or does not hold, says nothing of the bundle.
func (v *verifier) later() {
	if len(v.agreements) == 0 || len(v.failed) > 0 {
		return
	}
	for _, l := range v.opts.Later {
		info, err := v.readAgreement(l.Kind, l.Note)
		last := v.agreements[len(v.agreements)-1]
		if err != nil || info.Line != last.Line || info.Version != last.Version+1 || info.Supersedes != last.ID {
			continue
		}
		v.agreed(l.Kind, l.Note, info)
		v.fromElsewhere = append(v.fromElsewhere, HiddenAgreement{info.Version, info.ID})
	}
}

// Words says of a version in Report.Later what it was taken for.
func (a HiddenAgreement) Words() string {
	return fmt.Sprintf("judged with version %d of the agreement, %s, as well, which this file does not hold", a.Version, a.ID)
}

// NewerThan returns the versions of the agreement that the bundle of r holds, of those that are newer than every one
// in the bundle of o. Both were verified with Options.Keep.
func (r Report) NewerThan(o Report) []LaterVersion {
	if r.kept == nil || o.kept == nil || r.Line != o.Line {
		return nil
	}
	newest := int64(0)
	for _, a := range o.kept.agreements {
		newest = max(newest, a.info.Version)
	}
	var out []LaterVersion
	for _, a := range r.kept.agreements {
		if newest > 0 && a.info.Version > newest {
			out = append(out, LaterVersion{a.kind, a.note})
		}
	}
	return out
}
