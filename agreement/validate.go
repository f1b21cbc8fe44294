package agreement

import (
	"crypto/ed25519"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/fault"
	"parley/geo4d"
	"parley/notice"
	"parley/transcript"
)

// Bounds of the terms.
const (
	maxLine       = 200 // characters of a title, a name, a number
	maxList       = 100 // keys, contacts, drills, observers of one list
	maxSectors    = 1_000
	maxLateralM   = 1_000_000
	maxVerticalM  = 50_000
	maxSeparation = 30 * 24 * time.Hour
	maxEscalation = 100
)

var (
	nameRule = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
	hashRule = regexp.MustCompile(`^[0-9a-f]{64}$`)
	addrRule = regexp.MustCompile(`^([A-Za-z0-9._-]{1,253}|\[[0-9a-fA-F:.]{2,45}\]):[0-9]{1,5}$`)
)

// Validate refuses terms that cannot be signed, with every rule they break: no gap may be left in
// what is compared, and nothing may be left to a default that the text does not state.
func (t Terms) Validate() error {
	var errs joined
	t.checkVersion(&errs)
	t.checkParties(&errs)
	t.checkArea(&errs)
	t.checkSeparations(&errs)
	t.checkPairs(&errs)
	t.checkTimes(&errs)
	t.checkRest(&errs)
	t.checkSignatures(&errs)
	if err := errs.err(); err != nil {
		return err
	}
	text, err := Text(t)
	if err == nil && len(text) > MaxBytes-2_000 {
		err = &fault.Error{Code: fault.TooLarge, Field: "agreement", Value: strconv.Itoa(len(text)), Rule: fmt.Sprintf("must be under %d bytes", MaxBytes-2_000), Hint: "simplify the area and the sectors"}
	}
	return err
}

func (t Terms) checkVersion(errs *joined) {
	checkLine("title", t.Title, false, errs)
	switch {
	case t.Version < 1:
		errs.add(fault.New("version", strconv.Itoa(t.Version), "must be 1 or more", "the first version is 1"))
	case t.Version == 1 && (t.Line != "" || t.Supersedes != ""):
		errs.add(fault.New("line", t.Line, "must be empty in the first version, as supersedes must", "leave both empty: the line's id is this version's"))
	case t.Version > 1 && !hashRule.MatchString(t.Line):
		errs.add(fault.New("line", t.Line, "must be the id of the first version", "give its 64 hexadecimal digits"))
	case t.Version > 1 && !hashRule.MatchString(t.Supersedes):
		errs.add(fault.New("supersedes", t.Supersedes, "must be the id of the version before", "give its 64 hexadecimal digits"))
	}
	if t.From.IsZero() {
		errs.add(fault.New("from", "", "is missing", "say from when the agreement holds"))
	}
	if !t.Until.IsZero() && !t.Until.After(t.From) {
		errs.add(fault.New("until", geo4d.FormatTime(t.Until), "must be after from", "leave it empty to hold until superseded"))
	}
}

func (t Terms) checkParties(errs *joined) {
	once := t.checkKeys(errs)
	for i := range t.Parties {
		p := &t.Parties[i]
		field := at("parties", i)
		for j, k := range p.TLSKeys {
			once(field+"."+at("tls_keys", j)+".key", k.Public)
		}
		p.check(field, &t, errs)
	}
	t.checkOthers(once, errs)
}

// checkKeys checks the parties' names and the keys that sign. What it returns refuses a key that is one of
// these, or was given to it before.
func (t Terms) checkKeys(errs *joined) (once func(field string, key ed25519.PublicKey)) {
	seen := map[string]string{}
	once = func(field string, key ed25519.PublicKey) {
		if len(key) != ed25519.PublicKeySize {
			errs.add(fault.New(field, strconv.Itoa(len(key))+" bytes", "must be an Ed25519 public key of 32 bytes", "give it in base64"))
			return
		}
		if transcript.CheckKey(key) != nil {
			errs.add(fault.New(field, transcript.Fingerprint(key), "is a point of small order, under which anyone can sign", "choose another"))
		}
		if other, twice := seen[string(key)]; twice {
			errs.add(fault.New(field, transcript.Fingerprint(key), "is the same key as "+other, "every key serves one purpose"))
		}
		seen[string(key)] = field
	}
	for i := range t.Parties {
		p := &t.Parties[i]
		field := at("parties", i)
		if !nameRule.MatchString(p.Name) {
			errs.add(fault.New(field+".name", p.Name, "must be 1 to 32 of a-z 0-9 -", "choose a short name, such as blue"))
		}
		once(field+".party_key", p.PartyKey)
		if len(p.LineKeys) == 0 || len(p.LineKeys) > maxList {
			errs.add(fault.New(field+".line_keys", strconv.Itoa(len(p.LineKeys)), "must be 1 to "+strconv.Itoa(maxList), "give the key that signs heads and receipts"))
		}
		for j, k := range p.LineKeys {
			once(field+"."+at("line_keys", j)+".key", k.Public)
			checkPeriod(field+"."+at("line_keys", j), k.From, k.Revoked, errs)
			t.checkHalf(field+"."+at("line_keys", j)+".ml_dsa_44", k, errs)
		}
	}
	if t.Parties[0].Name == t.Parties[1].Name {
		errs.add(fault.New("parties[1].name", t.Parties[1].Name, "must differ from the other party's", "choose another"))
	}
	return once
}

func checkPeriod(field string, from, revoked time.Time, errs *joined) {
	if !revoked.IsZero() && !revoked.After(from) {
		errs.add(fault.New(field+".revoked", geo4d.FormatTime(revoked), "must be after from", "leave it empty while the key is in use"))
	}
}

func (p *Party) check(field string, t *Terms, errs *joined) {
	checkLine(field+".title", p.Title, false, errs)
	tooMany(field+".tls_keys", len(p.TLSKeys), maxList, errs)
	for i, k := range p.TLSKeys {
		f := field + "." + at("tls_keys", i)
		checkPeriod(f, k.From, k.Revoked, errs)
	}
	tooMany(field+".addresses", len(p.Addresses), maxList, errs)
	for i, a := range p.Addresses {
		if !addrRule.MatchString(a) {
			errs.add(fault.New(field+"."+at("addresses", i), a, "must be host:port", "write node.example:7443 or [2001:db8::1]:7443"))
		}
	}
	tooMany(field+".contacts", len(p.Contacts), maxList, errs)
	for i, c := range p.Contacts {
		f := field + "." + at("contacts", i)
		if c.Role != "duty" && c.Role != "second" && c.Role != "supervisor" && c.Role != "principals" {
			errs.add(fault.New(f+".role", c.Role, "must be duty, second, supervisor or principals", "choose one of them"))
		}
		checkLine(f+".number", c.Number, true, errs)
	}
	checkLanguages(field+".languages", p.Languages, errs)
	p.checkDisclosure(field+".disclosure", errs)
	for name, us := range map[string][]Undertaking{"undertakes": p.Undertakes, "not_notified": p.NotNotified} {
		tooMany(field+"."+name, len(us), maxList, errs)
		for i, u := range us {
			u.check(field+"."+at(name, i), t, errs)
		}
	}
}

func (p *Party) checkDisclosure(field string, errs *joined) {
	for _, k := range notice.Kinds() {
		l := p.Disclosure.Of(k)
		switch {
		case l.rank() < 0:
			errs.add(fault.New(field+"."+string(k), string(l), "must be full, volume or alert", "say how much of it the other party is shown"))
		case k == notice.Hazard && l == Alert:
			errs.add(fault.New(field+".hazard", string(l), "must be volume or full: nobody avoids what he cannot see", "write volume"))
		}
	}
}

func (u Undertaking) check(field string, t *Terms, errs *joined) {
	if !isKind(u.Kind) {
		errs.add(fault.New(field+".kind", string(u.Kind), "must be one of "+list(notice.Kinds()), "choose one of them"))
	}
	checkLine(field+".words", u.Words, false, errs)
	if u.Where == "" {
		return
	}
	for _, s := range t.Area.Sectors {
		if s.Name == u.Where {
			return
		}
	}
	errs.add(fault.New(field+".where", u.Where, "is no sector of the area", "name a sector, or leave it empty for the whole area"))
}

func (t Terms) checkArea(errs *joined) {
	a := &t.Area
	switch a.Shape.(type) {
	case nil:
		errs.add(fault.New("area.shape", "", "is missing", "give the area as a GeoJSON polygon, or whole_earth true"))
	case geo4d.Earth:
	default:
		errs.add(fault.In("area.shape", geo4d.ValidateShape(a.Shape)))
	}
	v := geo4d.Volume{Shape: geo4d.Circle{RadiusM: 1}, Band: a.Band, Window: geo4d.Window{Start: time.Unix(0, 0)}}
	errs.add(fault.In("area", geo4d.Validate(v)))
	if m := a.Terrain; m.Known && !(m.MinM >= -500 && m.MaxM <= 9_000 && m.MinM <= m.MaxM) || !m.Known && (m.MinM != 0 || m.MaxM != 0) {
		errs.add(fault.New("area.terrain", fmt.Sprint(m.MinM, " to ", m.MaxM), "must be known, with bounds from -500 to 9000 m, the lower first; or all zero", "give the lowest and highest ground in the area"))
	}
	if !a.Terrain.Known && (usesAGL(a.Band.Lower) || usesAGL(a.Band.Upper)) {
		errs.add(fault.New("area.terrain", "", "is needed to compare heights above ground", "give the lowest and highest ground in the area"))
	}
	tooMany("area.sectors", len(a.Sectors), maxSectors, errs)
	names := map[string]bool{}
	part := func(field, name string, s geo4d.Shape) {
		checkLine(field+".name", name, true, errs)
		if key := strings.ToLower(name); names[key] {
			errs.add(fault.New(field+".name", name, "is used twice", "give every sector and port a name of its own"))
		} else {
			names[key] = true
		}
		if s == nil {
			errs.add(fault.New(field+".shape", "", "is missing", "give a GeoJSON polygon"))
			return
		}
		errs.add(fault.In(field+".shape", geo4d.ValidateShape(s)))
	}
	for i, s := range a.Sectors {
		part(at("area.sectors", i), s.Name, s.Shape)
	}
	tooMany("area.ports", len(a.Ports), maxSectors, errs)
	for i, p := range a.Ports {
		part(at("area.ports", i), p.Name, p.Shape)
		checkNumber(at("area.ports", i)+".lateral_m", p.LateralM, maxLateralM, errs)
	}
}

func usesAGL(a *geo4d.Altitude) bool { return a != nil && a.Reference == geo4d.AGL }

func isKind(k notice.Kind) bool {
	for _, known := range notice.Kinds() {
		if k == known {
			return true
		}
	}
	return false
}

func checkNumber(field string, v, most float64, errs *joined) {
	if math.IsNaN(v) || v < 0 || v > most {
		errs.add(fault.New(field, strconv.FormatFloat(v, 'g', -1, 64), "must be a number from 0 to "+strconv.FormatFloat(most, 'f', -1, 64), "check the unit"))
	}
}

func tooMany(field string, n, most int, errs *joined) {
	if n > most {
		errs.add(fault.New(field, strconv.Itoa(n), "must be at most "+strconv.Itoa(most), "leave some out"))
	}
}

func checkLanguages(field string, tags []string, errs *joined) {
	tooMany(field, len(tags), maxList, errs)
	for i, tag := range tags {
		if !notice.LanguageFits(tag) {
			errs.add(fault.New(at(field, i), tag, "must be a BCP 47 language tag", "write en, ar, ru, pt-BR"))
		}
	}
}

// checkLine refuses what does not fit one line of a screen.
func checkLine(field, s string, needed bool, errs *joined) {
	switch {
	case s == "" && needed:
		errs.add(fault.New(field, "", "is missing", "give it in one line"))
	case utf8.RuneCountInString(s) > maxLine:
		errs.add(fault.New(field, s, "must be at most "+strconv.Itoa(maxLine)+" characters", "shorten it"))
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u202d' || r == '\u202e' }):
		errs.add(fault.New(field, strconv.QuoteToASCII(fault.Shorten(strings.ToValidUTF8(s, "?"))), "must be one line of UTF-8 without control characters", "take them out"))
	}
}
