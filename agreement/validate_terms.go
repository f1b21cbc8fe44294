package agreement

import (
	"fmt"
	"slices"
	"time"

	"parley/fault"
	"parley/geo4d"
	"parley/notice"
)

// checkSeparations looks at every row by itself.
func (t Terms) checkSeparations(errs *joined) {
	type rowKey struct {
		pair [2]notice.Kind
		when When
	}
	seen := map[rowKey]bool{}
	tooMany("separations", len(t.Separations), maxList, errs)
	for i, r := range t.Separations {
		field := at("separations", i)
		if !isKind(r.Kinds[0]) || !isKind(r.Kinds[1]) {
			errs.add(fault.New(field+".kinds", list(r.Kinds[:]), "must be two of "+list(notice.Kinds()), "choose two of them"))
			continue
		}
		key := rowKey{r.pair(), r.When}
		if seen[key] {
			errs.add(fault.New(field+".kinds", list(r.Kinds[:]), "stands twice under the same condition", "keep one row"))
		}
		seen[key] = true
		r.check(field, errs)
	}
}

func (r SeparationTerm) check(field string, errs *joined) {
	has := func(k notice.Kind) bool { return r.Kinds[0] == k || r.Kinds[1] == k }
	fits := r.When == Always || r.When == WhenSmallUncrewed && has(notice.Flight) || r.When == WhenSea && has(notice.Movement)
	if !fits {
		errs.add(fault.New(field+".when", string(r.When), "must be empty, small-uncrewed for flights, or sea for movements", "leave it empty"))
	}
	checkNumber(field+".lateral_m", r.LateralM, maxLateralM, errs)
	checkNumber(field+".vertical_m", r.VerticalM, maxVerticalM, errs)
	checkNumber(field+".flight_below_ft", r.FlightBelowFt, maxVerticalM/foot, errs)
	if r.Time < 0 || r.Time > maxSeparation {
		errs.add(fault.New(field+".time_s", r.Time.String(), "must be from 0 to "+spell(maxSeparation), "check the unit: seconds"))
	}
	if r.AnyAltitude && r.VerticalM != 0 {
		errs.add(fault.New(field+".vertical_m", fmt.Sprint(r.VerticalM), "has no meaning where altitude does not separate", "write 0, or any_altitude false"))
	}
	if r.FlightBelowFt != 0 && !has(notice.Flight) {
		errs.add(fault.New(field+".flight_below_ft", fmt.Sprint(r.FlightBelowFt), "is for pairs with a flight", "write 0"))
	}
	bare := SeparationTerm{Kinds: r.Kinds, NotDeconflicted: true}
	if r.NotDeconflicted && r != bare {
		errs.add(fault.New(field+".not_deconflicted", "true", "leaves nothing else to say of the pair", "write 0 and false for the rest, without a condition"))
	}
}

// checkPairs refuses a gap: a pair of kinds without a separation, or one that neither party could
// compute because both show no more than alerts.
func (t Terms) checkPairs(errs *joined) {
	kinds := notice.Kinds()
	for i, k := range kinds {
		for _, l := range kinds[i:] {
			rows := t.rowsOf(k, l)
			always := slices.IndexFunc(rows, func(r SeparationTerm) bool { return r.When == Always })
			if always < 0 {
				errs.add(fault.New("separations", string(k)+", "+string(l), "have no separation", "add a row for the pair, or one that says not_deconflicted"))
				continue
			}
			if rows[always].NotDeconflicted {
				if len(rows) > 1 {
					errs.add(fault.New("separations", string(k)+", "+string(l), "are said not to be de-conflicted, and have a separation", "keep one of the two"))
				}
				continue
			}
			t.checkShown(k, l, errs)
			if k != l {
				t.checkShown(l, k, errs)
			}
		}
	}
}

func (t Terms) rowsOf(k, l notice.Kind) []SeparationTerm {
	var out []SeparationTerm
	for _, r := range t.Separations {
		if r.pair() == pairOf(k, l) {
			out = append(out, r)
		}
	}
	return out
}

// checkShown refuses a pair of a's kind and b's kind of which neither is shown.
func (t Terms) checkShown(ofA, ofB notice.Kind, errs *joined) {
	a, b := &t.Parties[0], &t.Parties[1]
	if a.Disclosure.Of(ofA).AtLeast(Volume) || b.Disclosure.Of(ofB).AtLeast(Volume) {
		return
	}
	errs.add(fault.New("parties", fmt.Sprintf("%s of %s, %s of %s", ofA, a.Name, ofB, b.Name),
		"cannot be compared: both sides show only alerts",
		"let one side show the volume, or say not_deconflicted for the pair"))
}

func (t Terms) checkTimes(errs *joined) {
	for _, l := range []struct {
		name string
		LeadTerms
	}{{"flight", t.Leads.Flight}, {"area", t.Leads.Area}, {"hazard", t.Leads.Hazard}, {"movement", t.Leads.Movement}, {"site", t.Leads.Site}} {
		if l.Insufficient < 0 || l.Short < l.Insufficient || l.Routine < l.Short || l.Routine == 0 {
			errs.add(fault.New("leads."+l.name, fmt.Sprintf("%s, %s, %s", spell(l.Routine), spell(l.Short), spell(l.Insufficient)),
				"must fall from routine to short to insufficient", "give routine_from_s, short_from_s, insufficient_below_s in that order"))
		}
	}
	positive := func(field string, d time.Duration) {
		if d < time.Second {
			errs.add(fault.New(field, d.String(), "must be at least 1 s", "give whole seconds"))
		}
	}
	for _, l := range []struct {
		name string
		LadderTerms
	}{{"urgent", t.Ladders.Urgent}, {"short", t.Ladders.Short}, {"routine", t.Ladders.Routine}} {
		f := "ladders." + l.name
		positive(f+".delivered_s", l.Delivered)
		positive(f+".received_s", l.Received)
		positive(f+".read_back_s", l.ReadBack)
		positive(f+".relayed_s", l.Relayed)
		positive(f+".unit_confirmed_before_start_s", l.UnitConfirmed)
	}
	lt := t.LineTimes
	positive("line_times.heartbeat_s", lt.Heartbeat)
	positive("line_times.desk_presence_every_s", lt.DeskPresence)
	positive("line_times.clock_offset_alarm_s", lt.ClockOffsetAlarm)
	if lt.LaggingAfter <= lt.Heartbeat || lt.DownAfter <= lt.LaggingAfter {
		errs.add(fault.New("line_times", fmt.Sprintf("%s, %s, %s", spell(lt.Heartbeat), spell(lt.LaggingAfter), spell(lt.DownAfter)),
			"must rise from heartbeat to lagging to down", "one late heartbeat must not take the line down"))
	}
	positive("sites.revalidate_every_s", t.Sites.Revalidate)
	if t.Sites.WarnBefore < 0 || t.Sites.WarnBefore >= t.Sites.Revalidate {
		errs.add(fault.New("sites.warn_before_s", spell(t.Sites.WarnBefore), "must be shorter than the term", "write 14 days as 1209600"))
	}
	if t.Retention.Bodies < 0 {
		errs.add(fault.New("retention.bodies_s", t.Retention.Bodies.String(), "must not be negative", "write 0 to keep bodies for ever"))
	}
	tooMany("drills", len(t.Drills), maxList, errs)
	for i, d := range t.Drills {
		if d.Start.IsZero() || !d.End.After(d.Start) {
			errs.add(fault.New(at("drills", i), geo4d.FormatTime(d.Start)+" to "+geo4d.FormatTime(d.End), "must have a start and a later end", "give both with their offset"))
		}
	}
}

func (t Terms) checkRest(errs *joined) {
	if t.Profile != Manual && t.Profile != Bulk {
		errs.add(fault.New("profile", string(t.Profile), "must be manual or bulk", "write manual to have an officer acknowledge every notice"))
	}
	if len(t.Languages) == 0 {
		errs.add(fault.New("languages", "", "are missing", "name the working language first, such as en"))
	}
	checkLanguages("languages", t.Languages, errs)
	e := t.Escalation
	if e.SecondChannel < 1 || e.Supervisor < e.SecondChannel || e.Observers < e.Supervisor || e.Observers > maxEscalation {
		errs.add(fault.New("escalation", fmt.Sprint(e.SecondChannel, ", ", e.Supervisor, ", ", e.Observers), "must rise from 1 or more", "write 1, 2, 3"))
	}
	if l := t.LineTests; l.PerDay < 0 || l.PerDay > 1_440 || l.SuspectAfter < 1 || l.DownAfter < l.SuspectAfter || l.DownAfter > maxEscalation {
		errs.add(fault.New("line_tests", fmt.Sprint(l.PerDay, ", ", l.SuspectAfter, ", ", l.DownAfter), "must be tests a day, and how many missed make it suspect, then down", "write 2, 1, 2"))
	}
	if !t.Alerts.FiledOnly || t.Alerts.ReleasedAfter < 0 {
		errs.add(fault.New("alert_answers", fmt.Sprint(t.Alerts.ReleasedAfter), "must be for filed notices only, and a number a day of 0 or more", "write true, and 20"))
	}
	for i, a := range t.TwoPersons {
		if !slices.Contains(Actions(), a) || slices.Index(t.TwoPersons, a) != i {
			errs.add(fault.New(at("two_persons", i), string(a), "must be one of "+list(Actions())+", each once", "choose from them"))
		}
	}
	t.checkWitnesses(errs)
}
