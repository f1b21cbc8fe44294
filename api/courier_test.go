package api

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"

	"parley/api/officer"
	"parley/courier"
	"parley/node/view"
)

// TestMain lets the document's checker read the body of a courier file.
func TestMain(m *testing.M) {
	openapi3filter.RegisterBodyDecoder(typeCourier, openapi3filter.FileBodyDecoder)
	os.Exit(m.Run())
}

// courierFile asks for one file of the line and returns it with the headers of the answer.
func courierFile(t *testing.T, d *desk, query string) (string, http.Header) {
	t.Helper()
	status, body := d.ask(t, officer.Duty, "GET", "/v1/lines/"+d.line(t)+"/courier"+query, "", "")
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	r := httptest.NewRequest("GET", "http://127.0.0.1/v1/lines/"+d.line(t)+"/courier"+query, nil)
	r.Header.Set("Authorization", "Bearer "+d.tokens[officer.Duty])
	w := httptest.NewRecorder()
	d.h.ServeHTTP(w, r)
	return string(body), w.Header()
}

func (d *desk) line(t *testing.T) string {
	t.Helper()
	lines, err := d.node.Lines(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return lines[0].ID
}

func TestCourier(t *testing.T) {
	blue, red, _ := pair(t, Limits{})
	hazard(t, red)
	path := "/v1/lines/" + red.line(t) + "/courier"
	file, header := courierFile(t, red, "?max_bytes=65536")
	h, err := courier.Inspect([]byte(file))
	if err != nil || header.Get(headerCourierTo) != "blue" || header.Get(headerCourierNext) != "" || !h.Last {
		t.Errorf("%+v, %v, %v", h, header, err)
	}
	got := want[view.CourierTaken](t, blue, officer.Supervisor, "POST", path, typeCourier, file)
	if got.From != "red" || got.HeldTo == "" || got.Undelivered != 0 {
		t.Errorf("%+v", got)
	}
	back, _ := courierFile(t, blue, "")
	if got := want[view.CourierTaken](t, red, officer.Duty, "POST", path, typeCourier, back); got.DeliveredTo == "" || got.Undelivered != 0 {
		t.Errorf("%+v", got)
	}
	for _, c := range []struct {
		desk        *desk
		method      string
		path        string
		contentType string
		body        string
		status      int
		rule        string
	}{
		{blue, "POST", path, typeCourier, strings.Replace(file, "urgent 0", "urgent 1", 1), 422, "is not signed by"},
		{blue, "POST", path, typeCourier, file[:len(file)-1], 422, "is damaged"},
		{blue, "POST", path, typeCourier, "hello", 400, "is not a courier file"},
		{blue, "POST", path, typeJSON, "{}", 400, "is not a type"},
		{red, "POST", path, typeCourier, file, 409, "was written by this party"},
		{blue, "POST", "/v1/lines/nobody/courier", typeCourier, file, 404, "is not a line"},
		{blue, "GET", path + "?after=2.1", "", "", 400, "is not the place"},
		{blue, "GET", path + "?max_bytes=100", "", "", 400, "must be"},
		{blue, "GET", path + "?max_bytes=99999999999", "", "", 400, "must be"},
	} {
		status, body := c.desk.ask(t, officer.Duty, c.method, c.path, c.contentType, c.body)
		if status != c.status || !strings.Contains(string(body), c.rule) {
			t.Errorf("%s %s with %q: %d %s, want %d and %q", c.method, c.path, c.body[:min(len(c.body), 20)], status, body, c.status, c.rule)
		}
	}
	if status, _ := blue.ask(t, officer.Observer, "GET", path, "", ""); status != http.StatusForbidden {
		t.Errorf("an observer got a file: %d", status)
	}
	if !strings.Contains(blue.logged(), "what=courier") {
		t.Error("no audit line")
	}
}
