package intake

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/geo4d"
	"parley/notice"
)

func at(n notice.Notice) geo4d.Position { return n.Volumes[0].Shape.(geo4d.Circle).Center }

func TestReadSiteTable(t *testing.T) {
	table := "\xef\xbb\xbfID, Name ,lat,lon,position,radius_m,type,language,contact,valid_until,humanitarian,persons\r\n" +
		"c-1,\"Clinic, north \"\"A\"\"\",35.4075,35.9492,,250,hospital,,'+967 1 234,2027-01-01T00:00:00+03:00,yes,40\r\n" +
		"c-2,School,\"35°24'27\"\"N\",\"35°56'57\"\"E\",,100,مدرسة,ar,,,,\r\n" +
		"c-3,Depot,,,352427N0355657E,50.5,,,,,no,\r\n"
	rows, err := ReadSites([]byte(table), CSV, "en")
	if err != nil || len(rows) != 3 {
		t.Fatal(rows, err)
	}
	for _, r := range rows {
		if len(r.Bad) > 0 || r.Start {
			t.Errorf("row %d: %v, start %t", r.Row, r.Bad, r.Start)
		}
	}
	n := rows[0].Notice
	if rows[0].Row != 2 || n.ID != "c-1" || n.Title != `Clinic, north "A"` || n.Contact != "+967 1 234" || !n.Humanitarian || n.Persons != 40 ||
		n.Text[0] != (notice.Text{Language: "en", Text: "hospital"}) || !n.Expires.Equal(time.Date(2026, 12, 31, 21, 0, 0, 0, time.UTC)) ||
		at(n) != (geo4d.Position{LatDeg: 35.4075, LonDeg: 35.9492}) {
		t.Errorf("row 2: %+v", n)
	}
	if p := at(rows[1].Notice); p != (geo4d.Position{LatDeg: 35 + 24./60 + 27./3600, LonDeg: 35 + 56./60 + 57./3600}) || rows[1].Notice.Text[0].Language != "ar" {
		t.Errorf("row 3: %+v %+v", p, rows[1].Notice.Text)
	}
	if p := at(rows[2].Notice); p != at(rows[1].Notice) {
		t.Errorf("row 4 lies at %+v", p)
	}
	semi, err := ReadSites([]byte("id;lat;lon;radius_m\nc-1;35,4;35.9;100\n"), CSV, "en")
	if err != nil || len(semi) != 1 || len(semi[0].Bad) != 1 || semi[0].Bad[0].Field != "position" {
		t.Errorf("a decimal comma: %+v, %v", semi, err)
	}
}

func TestReadSiteTableRefusesRows(t *testing.T) {
	for name, tt := range map[string]struct{ cells, field string }{
		"formula":             {`"=HYPERLINK(""x"")",35,35,100,`, "id"},
		"formula in quotes":   {`'=1+1,35,35,100,`, "id"},
		"at":                  {`c-1,35,35,100,@SUM(A1)`, "contact"},
		"NUL":                 {"c-\x001,35,35,100,", "id"},
		"line break":          {"c-1,35,35,100,\"a\nb\"", "contact"},
		"not UTF-8":           {"c-1,35,35,100,\xff\xfe", "contact"},
		"no radius":           {"c-1,35,35,,", "radius_m"},
		"radius in words":     {"c-1,35,35,100 m,", "radius_m"},
		"radius NaN":          {"c-1,35,35,NaN,", "radius_m"},
		"radius hexadecimal":  {"c-1,35,35,0x10,", "radius_m"},
		"no longitude":        {"c-1,35,,100,", "lat"},
		"latitude infinite":   {"c-1,Inf,35,100,", "position"},
		"cells to the right":  {"c-1,35,35,100,x,y", "cell 6"},
		"a cell that is long": {"c-1,35,35,100," + strings.Repeat("x", maxCellBytes+1), "contact"},
	} {
		rows, err := ReadSites([]byte("id,lat,lon,radius_m,contact\n"+tt.cells+"\nc-2,35,35,100,\n"), CSV, "en")
		if err != nil || len(rows) != 2 {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
			continue
		}
		if len(rows[0].Bad) == 0 || rows[0].Bad[0].Field != tt.field || rows[0].Bad[0].Rule == "" {
			t.Errorf("%s: %v, want one of %s", name, rows[0].Bad, tt.field)
		}
		if len(rows[1].Bad) != 0 {
			t.Errorf("%s: the next row: %v", name, rows[1].Bad)
		}
	}
}

func TestReadSiteTableRefusesFiles(t *testing.T) {
	many := strings.Builder{}
	many.WriteString("id,lat,lon,radius_m\n")
	for i := range MaxSiteRows + 1 {
		fmt.Fprintf(&many, "c-%d,35,35,100\n", i)
	}
	for name, tt := range map[string]struct{ table, want string }{
		"empty":         {"", "is empty"},
		"misspelt":      {"id,lat,lon,radius_m,valid_untill\n", "valid_untill"},
		"twice":         {"id,lat,latitude,lon,radius_m\n", "twice"},
		"no id":         {"name,lat,lon,radius_m\n", "is missing"},
		"no place":      {"id,radius_m,lat\n", "lat, lon"},
		"broken quotes": {"id,lat,lon,radius_m\nc-1,35,35,\"100\nc-2,35,35,100\n", "quotes"},
		"too many rows": {many.String(), "at most 100000 rows"},
		"too long":      {strings.Repeat("x", MaxSiteBytes+1), "at most"},
	} {
		if rows, err := ReadSites([]byte(tt.table), CSV, "en"); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
	}
}

func TestReadSitePlan(t *testing.T) {
	plan := `{"type":"FeatureCollection","features":[
		{"type":"Feature","geometry":{"type":"Point","coordinates":[35.9,35.4]},"id":"c-1","properties":{"kind":"site","title":"clinic","radius_m":200,"start":"2026-12-01T00:00:00Z"}},
		{"type":"Feature","geometry":{"type":"Point","coordinates":[36.9,35.4]},"id":"f-1","properties":{"kind":"flight","radius_m":200,"start":"2026-12-01T00:00:00Z","end":"2026-12-01T01:00:00Z"}},
		{"type":"Feature","geometry":{"type":"Point","coordinates":[36.9,95.4]},"id":"c-3","properties":{"kind":"site","radius_m":200,"start":"2026-12-01T00:00:00Z"}}]}`
	rows, err := ReadSites([]byte(plan), GeoJSON, "en")
	if err != nil || len(rows) != 3 {
		t.Fatal(rows, err)
	}
	if rows[0].ID != "c-1" || len(rows[0].Bad) != 0 || rows[0].Notice.Kind != notice.Site || rows[0].Notice.Source != (notice.Source{}) {
		t.Errorf("a site: %+v", rows[0])
	}
	for _, r := range rows[1:] {
		if len(r.Bad) == 0 {
			t.Errorf("%s was taken", r.ID)
		}
	}
}

func FuzzReadSites(f *testing.F) {
	f.Add([]byte("id,lat,lon,radius_m\nc-1,35,35,100\n"))
	f.Add([]byte("\xef\xbb\xbfid;position;radius_m\r\n\"c\"\"1\";352427N0355657E;'=1\r\n"))
	f.Add([]byte(`{"type":"FeatureCollection","features":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, format := range []string{CSV, GeoJSON} {
			rows, err := ReadSites(data, format, "en")
			if err != nil {
				continue
			}
			for _, r := range rows {
				if len(r.Bad) > 0 {
					continue
				}
				if strings.ContainsAny(r.Notice.Title+r.Notice.Contact+r.Notice.Markings, "\x00") && format == CSV {
					t.Fatalf("row %d holds NUL", r.Row)
				}
				if _, err := notice.Validate(r.Notice, notice.Context{Now: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}); err == nil && format == CSV {
					if c := at(r.Notice); c.LatDeg < -90 || c.LatDeg > 90 {
						t.Fatalf("row %d lies at %v", r.Row, c)
					}
				}
			}
		}
	})
}
