package agreement

import (
	"bytes"
	"crypto/ed25519"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestAgreementsMadeBeforeHostsStay: what was signed before observers had levels and there were hosts
// keeps its bytes, its id and its signatures.
func TestAgreementsMadeBeforeHostsStay(t *testing.T) {
	note, err := os.ReadFile("testdata/before-hosts.txt")
	if err != nil {
		t.Fatal(err)
	}
	a := mustOpen(t, note)
	if a.ID != "8e60efbca45d536e32b8dba7cdb3cc6f4c0dc1d05ac427e2a59b60481f2dfa9d" || !a.Signed() || len(a.Terms.Observers) != 1 {
		t.Fatalf("id %s, signers %v, observers %v", a.ID, a.Signers, a.Terms.Observers)
	}
	terms := testTerms()
	terms.Observers = []Observer{{Name: "mission", Contact: "mission-duty"}}
	if again := mustSign(t, terms, "red", "blue"); !bytes.Equal(again, note) {
		t.Fatal("the same terms have other bytes now")
	}
	for _, empty := range []string{`"contact": "mission-duty",` + "\n" + `      "disclosure": ""`, `"contact": "mission-duty",` + "\n" + `      "party_key": ""`} {
		if _, err := Open(bytes.Replace(note, []byte(`"contact": "mission-duty"`), []byte(empty), 1)); err == nil || !strings.Contains(err.Error(), "one encoding") {
			t.Errorf("an empty member is a second encoding: %v", err)
		}
	}
}

func otherTerms() Terms {
	terms := testTerms()
	terms.Observers = []Observer{{Name: "mission", Contact: "mission-duty", Disclosure: Volume, PartyKey: testPublic("mission")}, {Name: "press", Contact: "by hand"}}
	terms.Hosts = []Host{{Name: "green", Contact: "green-duty", PartyKey: testPublic("green party")}}
	return terms
}

func TestObserversAndHosts(t *testing.T) {
	a := mustOpen(t, mustSign(t, otherTerms(), "red", "blue"))
	o, ok := a.Terms.Observer("mission")
	if !ok || o.Disclosure != Volume || !o.PartyKey.Equal(testPublic("mission")) {
		t.Errorf("observer %+v", o)
	}
	h, ok := a.Terms.Host("green")
	if !ok || !h.PartyKey.Equal(testPublic("green party")) {
		t.Errorf("host %+v", h)
	}
	if _, ok := a.Terms.Host("mission"); ok {
		t.Error("an observer is a host")
	}
	says := Explain(a.Terms, english(t))
	for _, want := range []string{"mission reads at both nodes places", "press reads nothing: people tell it.", "Host green, green-duty, is asked to consent"} {
		if !strings.Contains(says, want) {
			t.Errorf("no %q in:\n%s", want, says)
		}
	}
	d := Diff(testTerms(), a.Terms, english(t))
	if !slices.ContainsFunc(d, func(s string) bool { return strings.HasPrefix(s, "hosts: green ") }) {
		t.Errorf("diff %q", d)
	}
	told := a.Terms
	told.Observers = slices.Clone(told.Observers)
	told.Observers[1].Disclosure = Alert
	if d := Diff(a.Terms, told, english(t)); !slices.Equal(d, []string{`observers: press: disclosure: none became "alert"`}) {
		t.Errorf("diff %q", d)
	}
}

func TestObserversAndHostsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Terms)
		want   string
	}{
		"odd level":              {func(t *Terms) { t.Observers[0].Disclosure = "all" }, "observers[0].disclosure"},
		"observer's name twice":  {func(t *Terms) { t.Observers[1] = t.Observers[0]; t.Observers[1].PartyKey = nil }, "observers[1].name"},
		"observer's short key":   {func(t *Terms) { t.Observers[0].PartyKey = ed25519.PublicKey{1} }, "observers[0].party_key"},
		"observer without name":  {func(t *Terms) { t.Observers[1].Name = "" }, "observers[1].name"},
		"host's key is a side's": {func(t *Terms) { t.Hosts[0].PartyKey = t.Parties[0].PartyKey }, "hosts[0].party_key"},
		"host without a key":     {func(t *Terms) { t.Hosts[0].PartyKey = nil }, "hosts[0].party_key"},
		"host's odd name":        {func(t *Terms) { t.Hosts[0].Name = "Green Land" }, "hosts[0].name"},
		"host is a side":         {func(t *Terms) { t.Hosts[0].Name = "red" }, "hosts[0].name"},
		"host is an observer":    {func(t *Terms) { t.Hosts[0].Name = "mission" }, "hosts[0].name"},
		"host without contact":   {func(t *Terms) { t.Hosts[0].Contact = "" }, "hosts[0].contact"},
		"two lines":              {func(t *Terms) { t.Hosts[0].Contact = "a\nb" }, "hosts[0].contact"},
		"too many":               {func(t *Terms) { t.Hosts = make([]Host, 101) }, "hosts"},
	} {
		terms := otherTerms()
		c.change(&terms)
		if err := terms.Validate(); err == nil || !strings.Contains(err.Error(), c.want+" ") && !strings.Contains(err.Error(), c.want+":") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := otherTerms().Validate(); err != nil {
		t.Fatal(err)
	}
}
