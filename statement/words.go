package statement

import (
	"strings"
	"time"

	"parley/catalogue"
)

func clockOf(t time.Time) string { return t.UTC().Format("2006-01-02 15:04Z") }

// Words says in a sentence how a statement stands.
func (st *Stand) Words() string {
	out := st.base()
	for _, c := range st.CorrectedBy {
		out += "; " + c.words("corrected")
	}
	for _, w := range st.WithdrawnBy {
		if !w.Counts || st.State != Withdrawn {
			out += "; " + w.words("withdrawn")
		}
	}
	return out
}

func (st *Stand) base() string {
	at := clockOf(st.Since)
	switch st.State {
	case Agreed:
		return "agreed by " + strings.Join(st.Signers, " and ") + " at " + at
	case Refused:
		return "not agreed: proposed by " + st.Signers[0] + ", refused at " + at + " (" + st.refusal.Reason + ")"
	case Stated:
		return "not jointly agreed: stated by " + st.Signers[0] + " alone at " + at
	case Withdrawn:
		return st.withdrawn(at)
	}
	return "not agreed: proposed by " + st.Signers[0] + " at " + at + "; " + st.Waits + " has not answered, and silence is no consent"
}

func (st *Stand) withdrawn(at string) string {
	switch {
	case st.Says.Form == OneSided:
		return "not jointly agreed: stated by " + st.Signers[0] + " alone, and withdrawn by it at " + at
	case st.AgreedAt.IsZero():
		return "not agreed: proposed, and withdrawn at " + at
	}
	return "agreed by " + strings.Join(st.Signers, " and ") + " at " + clockOf(st.AgreedAt) + ", and withdrawn by both at " + at
}

// words says what a successor did to the statement before it.
func (x *Successor) words(what string) string {
	by, id := strings.Join(x.By, " and "), " ("+x.ID[:12]+")"
	switch {
	case x.Counts:
		return what + " by " + by + " at " + clockOf(x.Time) + id
	case x.State == Agreed:
		return what + " by " + by + " once more" + id
	case x.State == Stated:
		return by + " alone says that it is " + what + id
	case x.State == Withdrawn:
		return by + " said that it is " + what + ", and took that back" + id
	}
	return by + " proposes that it be " + what + ", which is not agreed" + id
}

// Message says what Words does, by keys and arguments.
func (st *Stand) Message() catalogue.Message {
	out := []catalogue.Message{st.baseMessage()}
	for _, c := range st.CorrectedBy {
		out = append(out, c.message("corrected"))
	}
	for _, w := range st.WithdrawnBy {
		if !w.Counts || st.State != Withdrawn {
			out = append(out, w.message("withdrawn"))
		}
	}
	return catalogue.Join(out...)
}

func (st *Stand) baseMessage() catalogue.Message {
	at, by := catalogue.At("day", catalogue.Minute, st.Since), catalogue.ByPeople("by", st.Signers[0])
	switch st.State {
	case Agreed:
		return catalogue.Say("stand.agreed", bySigners(st.Signers), at)
	case Refused:
		return catalogue.Say("stand.refused", by, at, catalogue.ByPeople("reason", st.refusal.Reason))
	case Stated:
		return catalogue.Say("stand.one-sided", by, at)
	case Withdrawn:
		switch {
		case st.Says.Form == OneSided:
			return catalogue.Say("stand.withdrawn-one-sided", by, at)
		case st.AgreedAt.IsZero():
			return catalogue.Say("stand.withdrawn-proposal", at)
		}
		return catalogue.Say("stand.withdrawn", bySigners(st.Signers), catalogue.At("agreed", catalogue.Minute, st.AgreedAt), at)
	}
	return catalogue.Say("stand.proposed", by, at, catalogue.ByPeople("party", st.Waits))
}

func bySigners(names []string) catalogue.Arg {
	var list []catalogue.Message
	for _, name := range names {
		list = append(list, catalogue.Say("party", catalogue.ByPeople("party", name)))
	}
	return catalogue.SayBoth("signers", list)
}

// message says what a successor did to the statement before it: corrected or withdrawn.
func (x *Successor) message(what string) catalogue.Message {
	key, args := "stand."+what, []catalogue.Arg{bySigners(x.By), catalogue.AsCode("id", x.ID[:12])}
	switch {
	case x.Counts:
		return catalogue.Say(key+"-by", append(args, catalogue.At("day", catalogue.Minute, x.Time))...)
	case x.State == Agreed:
		return catalogue.Say(key+"-again", args...)
	case x.State == Stated:
		return catalogue.Say(key+"-alone", args...)
	case x.State == Withdrawn:
		return catalogue.Say(key+"-taken-back", args...)
	}
	return catalogue.Say(key+"-proposed", args...)
}

// FlagTexts returns what is odd about a statement, in English.
func (st *Stand) FlagTexts() []string {
	var out []string
	for _, f := range st.Flags {
		out = append(out, f.Text)
	}
	return out
}

// FlagMessages returns what is odd about a statement.
func (st *Stand) FlagMessages() []catalogue.Message {
	var out []catalogue.Message
	for _, f := range st.Flags {
		out = append(out, odd(f.Text))
	}
	return out
}

func odd(text string) catalogue.Message {
	return catalogue.Say("odd", catalogue.RefusedFor("refusal", text))
}

// Reason says in English why what was put on the line does not count.
func (x *Flawed) Reason() string {
	if x.Alike != "" {
		return x.Why + "; " + x.Alike
	}
	return x.Why
}

// Message says what Reason does.
func (x *Flawed) Message() catalogue.Message {
	if x.Alike != "" {
		return catalogue.Join(odd(x.Why), odd(x.Alike))
	}
	return odd(x.Why)
}
