package notice

import (
	"bytes"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"parley/fault"
)

func TestFieldsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := anyNotice().Draw(t, "notice")
		if _, err := Validate(n, Context{Now: testNow}); err != nil {
			t.Fatalf("drawn notice is refused: %v", err)
		}
		fields, err := Fields(n)
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]jsontext.Value{}
		for _, f := range fields {
			if !f.Value.IsValid() || m[f.Name] != nil {
				t.Fatalf("%s: %s", f.Name, f.Value)
			}
			m[f.Name] = f.Value
		}
		back, err := FromFields(m)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(back, n) {
			t.Fatalf("came back as\n%+v\nfrom\n%+v", back, n)
		}
		body, err := Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := Unmarshal(body); err != nil || !reflect.DeepEqual(again, n) {
			t.Fatalf("%s: %v", body, err)
		}
	})
}

// TestKeepClear holds that the volume level gives a notice that conflicts can be found with, and
// no more.
func TestKeepClear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := anyNotice().Draw(t, "notice")
		fields, err := Fields(n)
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]jsontext.Value{}
		for _, f := range fields {
			if slices.Contains(VolumeNames(), f.Name) {
				m[f.Name] = f.Value
			}
		}
		got, err := FromFields(m)
		if err != nil {
			t.Fatal(err)
		}
		n.Title, n.Place, n.Contact, n.Frequency, n.Markings, n.Cargo, n.Persons, n.Text, n.Source = "", "", "", "", "", "", 0, nil, Source{}
		if !reflect.DeepEqual(got, n) {
			t.Fatalf("%+v\n%+v", got, n)
		}
	})
}

func TestFromFieldsRefuses(t *testing.T) {
	body, err := Marshal(testFlight())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ from, to, field string }{
		"unknown member":     {`"id":`, `"idd":1,"id":`, "idd"},
		"twice":              {`"id":`, `"id":"a","id":`, "id"},
		"wrong type":         {`"id":"blue-7"`, `"id":7`, "id"},
		"null":               {`"id":"blue-7"`, `"id":null`, "id"},
		"no such kind":       {`"kind":"flight"`, `"kind":"strike"`, "kind"},
		"half a version":     {`"version":1`, `"version":1.5`, "version"},
		"no offset":          {`"start":"2026-12-02T08:00:00.000Z"`, `"start":"2026-12-02T08:00:00"`, "volumes[0].properties.start"},
		"NaN":                {`"radius_m":9260`, `"radius_m":NaN`, ""},
		"unknown of volumes": {`"radius_m":9260`, `"radius_m":9260,"colour":"red"`, "volumes[0].properties.colour"},
	} {
		bad := strings.Replace(string(body), c.from, c.to, 1)
		if bad == string(body) {
			t.Fatalf("%s: nothing was changed in %s", name, body)
		}
		_, err := Unmarshal([]byte(bad))
		if err == nil {
			t.Errorf("%s: taken", name)
			continue
		}
		if f := fault.All(err)[0]; c.field != "" && f.Field != c.field {
			t.Errorf("%s: field %q: %v", name, f.Field, err)
		}
	}
	if _, err := Unmarshal([]byte(strings.Repeat("[", 100_000))); err == nil {
		t.Error("deep nesting was taken")
	}
	n := testFlight()
	n.UncertaintyM = math.NaN()
	if _, err := Fields(n); err == nil {
		t.Error("NaN was written")
	}
}

func FuzzUnmarshal(f *testing.F) {
	for _, n := range []Notice{testFlight(), testMovement(), testSite()} {
		body, err := Marshal(n)
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(body))
	}
	f.Add([]byte(`{"id":"a","kind":"hazard","window":{"start":"2026-12-02T08:00:00+03:00"},"band":{"lower":{"value":1,"unit":"ft","reference":"AGL"}},"text":[{"language":"en","text":"0600 local"}]}`))
	f.Add([]byte(`{"volumes":[{"type":"Feature","geometry":{"type":"Point","coordinates":[0,1]},"properties":{"radius_m":28,"":"","0":""}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		sameUnmarshal(t, data)
		n, err := Unmarshal(data)
		if err != nil {
			return
		}
		body, err := Marshal(n)
		if err != nil {
			t.Fatalf("read and not written: %v", err)
		}
		back, err := Unmarshal(body)
		if err != nil {
			t.Fatalf("written and not read: %v\n%s", err, body)
		}
		if again, err := Marshal(back); err != nil || !bytes.Equal(again, body) {
			t.Fatalf("the encoding changes:\n%s\n%s", body, again)
		}
		Echo(n, nil)
		Coarse(n)
		Live(n, nil, testNow.Add(48*time.Hour))
		if _, err := Validate(n, Context{Now: testNow, Places: testTowns()}); err != nil {
			fault.All(err)
		}
	})
}
