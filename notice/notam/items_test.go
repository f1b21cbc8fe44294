package notam

import (
	"strings"
	"testing"
)

func TestLimits(t *testing.T) {
	tests := []struct{ fg, want, warned string }{
		{"F) SFC G) UNL", "open..open", ""},
		{"F) GND G) UNL", "open..open", ""},
		{"F)SFC G)UNL", "open..open", ""},
		{"F) GND\nG) 14800FT AMSL", "open..14800 ft AMSL", ""},
		{"F) 500FT AMSL G) 3500FT AMSL", "500 ft AMSL..3500 ft AMSL", ""},
		{"F) 1000 FT AGL G) 5,000 FT AGL", "1000 ft AGL..5000 ft AGL", ""},
		{"F) SFC G) 3500FT MSL", "open..3500 ft AMSL", ""},
		{"F) SFC G) 300M AGL", "open..300 m AGL", ""},
		{"F) 150M AMSL G) 9000M AMSL", "150 m AMSL..9000 m AMSL", ""},
		{"F) FL100 G) FL 245", "FL 100..FL 245", ""},
		{"F) FL055 G) UNL", "FL 55..open", ""},
		{"F) SFC G) FL666", "open..FL 666", ""},
		{"F) SFC G) FL999", "open..open", "unlimited"},
		{"F) 2000FT AMSL G) FL195", "2000 ft AMSL..FL 195", ""},
		{"F) SFC G) 2000FT (AMSL)", "open..2000 ft AMSL", ""},
		{"F) SFC G) 2000FT\nAMSL", "open..2000 ft AMSL", ""},
		{"F) SFC G) 2000FT AMSL.", "open..2000 ft AMSL", ""},
		{"F) SFC G) AMSL 2000FT", "open..2000 ft AMSL", ""},
		{"F) SFC G) UNL\nPAGE 3 OF 7", "open..open", "text-after-items"},
		{"", "open..FL 100", "q-limits"},
	}
	for _, tt := range tests {
		n := one(t, strings.Replace(withE("WI 2NM RADIUS OF 3500N03600E"), "F) SFC G) FL100", tt.fg, 1))
		if len(n.Volumes) != 1 {
			t.Errorf("%q: refused %v", tt.fg, n.Refusals)
			continue
		}
		if got := sayBand(n.Volumes[0].Band); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.fg, got, tt.want)
		}
		same(t, tt.fg, codes(n), strings.Fields(tt.warned))
	}
}

func TestLimitsRefused(t *testing.T) {
	tests := []struct{ fg, item, why string }{
		{"F) SFC", "G", "missing"},
		{"G) FL100", "F", "missing"},
		{"F) GND G)", "G", "empty"},
		{"F) SFC G) 3700FT", "G", "AMSL or AGL"},
		{"F) 1000FT G) FL100", "F", "AMSL or AGL"},
		{"F) SFC G) 3700 AMSL", "G", "no unit"},
		{"F) SFC G) FT666", "G", "no limit"},
		{"F) SFC G) HIGH", "G", "no limit"},
		{"F) SFC G) 3000FT AAL", "G", "no limit"},
		{"F) SFC G) 3.000FT AMSL OR SO", "G", "no limit"},
		{"F) SFC G) GND", "G", "ground"},
		{"F) UNL G) UNL", "F", "unlimited"},
		{"F) FL200 G) FL100", "G", "below"},
		{"F) 3000FT AMSL G) 500M AMSL", "G", "below"},
		{"F) SFC G) UNL\n3500N03600E", "G", "position"},
	}
	for _, tt := range tests {
		n := one(t, strings.Replace(withE("WI 2NM RADIUS OF 3500N03600E"), "F) SFC G) FL100", tt.fg, 1))
		if len(n.Refusals) != 1 || n.Refusals[0].Item != tt.item || !strings.Contains(n.Refusals[0].Reason, tt.why) {
			t.Errorf("%q: refused %v, want %s with %q", tt.fg, n.Refusals, tt.item, tt.why)
		}
	}
}

func TestLimitsOfQ(t *testing.T) {
	for q, want := range map[string]string{
		"/000/999/": "open..open", "/050/100/": "FL 50..FL 100", "/ 000 / 037 /3530N03630E002": "open..FL 37", "": "open..open",
	} {
		text := strings.Replace(withE("WI 2NM RADIUS OF 3530N03630E"), "\nF) SFC G) FL100", "", 1)
		n := one(t, strings.Replace(text, "/W/000/100/", "/W"+q, 1))
		if got := sayBand(n.Volumes[0].Band); got != want {
			t.Errorf("%q: %s, want %s", q, got, want)
		}
		wantCode := string(QLimits)
		if q == "" {
			wantCode = string(NoLimits)
		}
		same(t, q, codes(n), []string{wantCode})
	}
	n := one(t, strings.Replace(strings.Replace(withE("WI 2NM RADIUS OF 3530N03630E"), "\nF) SFC G) FL100", "", 1), "000/100", "100/050", 1))
	same(t, "upside down", refusedItems(n), []string{"Q"})
}

func TestKind(t *testing.T) {
	for q, want := range map[string]Kind{
		"QWMLW": Hazard, "QWULW": Hazard, "QWPLW": Hazard, "QRDCA": Hazard, "QRDXX": Hazard,
		"QRTCA": Area, "QRRCA": Area, "QRPCA": Area, "QRACA": Area, "QOBCE": Area, "QXXXX": Area,
	} {
		n := one(t, strings.Replace(withE("WI 2NM RADIUS OF 3530N03630E"), "QWMLW", q, 1))
		if n.Kind != want || n.QCode != q {
			t.Errorf("%s: %s %s", q, n.Kind, n.QCode)
		}
	}
	same(t, "no code", refusedItems(one(t, strings.Replace(withE("WI 2NM RADIUS OF 3530N03630E"), "QWMLW", "", 1))), []string{"Q"})
	n := one(t, strings.Replace(withE("WI 2NM RADIUS OF 3530N03630E"), "Q) XXXX/QWMLW/IV/BO/W/000/100/\n", "", 1))
	if n.Kind != Area || codes(n)[0] != string(NoQLine) {
		t.Errorf("no Q line: %s %v", n.Kind, n.Warnings)
	}
}

const body = "Q) OSTT/QWMLW/IV/BO/W/000/100/3500N03600E002\nA) OSTT B) 2608010600 C) 2608011200\nE) WI 2NM RADIUS OF 3500N03600E\nF) SFC G) FL100"

func TestSplit(t *testing.T) {
	one := strings.ReplaceAll(body, "\n", " ")
	tests := []struct {
		name, text string
		want       string // ids, with the refused items of each
	}{
		{"one", "A0001/26 NOTAMN\n" + body, "A0001/26"},
		{"two", "A0001/26 NOTAMN\n" + body + "\n\nA0002/26 NOTAMN\n" + body, "A0001/26 A0002/26"},
		{"no blank line", "A0001/26 NOTAMN\n" + body + "\nA0002/26 NOTAMN\n" + body, "A0001/26 A0002/26"},
		{"CRLF", strings.ReplaceAll("A0001/26 NOTAMN\n"+body+"\n\nA0002/26 NOTAMN\n"+body, "\n", "\r\n"), "A0001/26 A0002/26"},
		{"CR", strings.ReplaceAll("A0001/26 NOTAMN\n"+body+"\n\nA0002/26 NOTAMN\n"+body, "\n", "\r"), "A0001/26 A0002/26"},
		{"one line each", "A0001/26 NOTAMN " + one + "\nA0002/26 NOTAMN " + one, "A0001/26 A0002/26"},
		{"one line for all", "A0001/26 NOTAMN " + one + " A0002/26 NOTAMN " + one, "A0001/26 A0002/26"},
		{"parentheses", "(A0001/26 NOTAMN\n" + body + ")\n(A0002/26 NOTAMN\n" + body + ")\n", "A0001/26 A0002/26"},
		{"parentheses in one line", "(A0001/26 NOTAMN " + one + ") (A0002/26 NOTAMN " + one + ")", "A0001/26 A0002/26"},
		{"E last, in parentheses", "(A0001/26 NOTAMN " + strings.Replace(one, " F) SFC G) FL100", " (TOWN)", 1) + ")", "A0001/26"},
		{"AFTN", "ZCZC ABC0123 011200\nGG OSDIYNYX\n011155 OSTTYNYX\n(A0001/26 NOTAMN\n" + body + ")\nNNNN\nZCZC ABC0124\n(A0002/26 NOTAMN\n" + body + ")\nNNNN\n", "A0001/26 A0002/26"},
		{"trailers", "A0001/26 NOTAMN\n" + body + "\nCREATED: 06 Aug 2024 08:03:00\nSOURCE: OIIIYNYX\n\nA0002/26 NOTAMN\n" + body + " CREATED: 06 Aug 2024 08:03:00 SOURCE: OIIIYNYX", "A0001/26 A0002/26"},
		{"lower case", strings.ToLower("A0001/26 NOTAMN\n" + body), "A0001/26"},
		{"prose around", "Notices for today\n\nA0001/26 NOTAMN\n" + body + "\n\n", "A0001/26"},
		{"dated heading", "05/03/2026 0502 A0001/26 NOTAMN\n" + body, "A0001/26"},
		{"place before the number", "LFFA-A0001/26\n" + body, "A0001/26"},
		{"number alone", "A0001/26\n" + body + "\n\nA0002/26\n" + body, "A0001/26 A0002/26"},
		{"no letter", "0001/26 NOTAMN\n" + body, "0001/26"},
		{"reference on the next line", "A0002/26 NOTAMR\nA0001/26\n" + body, "A0002/26"},
		{"a checklist's numbers", "A0001/26 NOTAMN\n" + strings.Replace(body, "WI 2NM", "REPLACES\nB0104/26\nC0055/26\nWI 2NM", 1), "A0001/26"},
		{"heading in the text", "A0001/26 NOTAMN\n" + strings.Replace(body, "WI 2NM", "SEE A0009/25 NOTAMN. WI 2NM", 1), "A0001/26"},
		{"item letters in E", "A0001/26 NOTAMN\n" + strings.Replace(body, "WI 2NM", "CAT A) AND CAT B) ACFT, F) NOT, G) NEVER. WI 2NM", 1), "A0001/26"},
		{"F before E", "A0001/26 NOTAMN\nQ) OSTT/QWMLW/IV/BO/W/000/100/\nA) OSTT B) 2608010600 C) 2608011200 F) SFC G) FL100\nE) WI 2NM RADIUS OF 3500N03600E", "A0001/26"},
		{"Q after A", "A0001/26 NOTAMN\nA) OSTT\nQ) OSTT/QWMLW/IV/BO/W/000/100/\nB) 2608010600 C) 2608011200\nE) WI 2NM RADIUS OF 3500N03600E F) SFC G) FL100", "A0001/26"},
		{"blank lines in E", "A0001/26 NOTAMN\n" + strings.Replace(body, "WI 2NM", "UAS ACT\n\n   \nWI 2NM", 1), "A0001/26"},
		{"no heading", body, "[header]"},
		{"no heading, then one", body + "\n\nA0002/26 NOTAMN\n" + body, "[header] A0002/26"},
		{"truncated", "A0001/26 NOTAMN\nQ) OSTT/QWM", "A0001/26[Q B C E]"},
		{"cut in E", "A0001/26 NOTAMN\n" + body[:strings.Index(body, "OF 3500N")], "A0001/26[E]"},
		{"two starts", "A0001/26 NOTAMN\n" + strings.Replace(body, "C) ", "B) 2608010700 C) ", 1), "A0001/26[B]"},
		{"empty D", "A0001/26 NOTAMN\n" + strings.Replace(body, "E) ", "D)\nE) ", 1), "A0001/26[D]"},
		{"twice, the same", "A0001/26 NOTAMN\n" + body + "\n\nA0001/26 NOTAMN\n" + body + "\n", "A0001/26"},
		{"twice, not the same", "A0001/26 NOTAMN\n" + body + "\n\nA0001/26 NOTAMN\n" + strings.Replace(body, "2NM", "3NM", 1), "A0001/26[header] A0001/26[header]"},
		{"one number, two States", "A0001/26 NOTAMN\n" + body + "\n\nA0001/26 NOTAMN\n" + strings.Replace(body, "A) OSTT", "A) LTAA", 1), "A0001/26 A0001/26"},
		{"replacing nothing, another behind", "A0001/26 NOTAMR\nA0002/26 NOTAMN\n" + body, "A0001/26[header B C E] A0002/26"},
		{"empty, another behind", "A0001/26 NOTAMN\nA0002/26 NOTAMN\n" + body, "A0001/26[B C E] A0002/26"},
		{"replacing nothing", "A0001/26 NOTAMR\n" + body, "A0001/26[header]"},
		{"cancelling nothing", "A0001/26 NOTAMC\n" + body, "A0001/26[header]"},
		{"part 1 of 1", "A0001/26 NOTAMN\n" + strings.Replace(body, "A) OSTT", "A) OSTT PART 1 OF 1", 1), "A0001/26"},
		{"part 1 of 2", "A0001/26 NOTAMN\n" + strings.Replace(body, "A) OSTT", "A) OSTT PART 1 OF 2", 1), "A0001/26[A]"},
		{"garbage behind", "A0001/26 NOTAMN\n" + body + "\n\x00\xff\xfe\x01", "A0001/26"},
	}
	for _, tt := range tests {
		ns, err := Read([]byte(tt.text))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []string
		for _, n := range ns {
			s := n.SourceID
			if len(n.Refusals) > 0 {
				s += "[" + strings.Join(refusedItems(n), " ") + "]"
			} else if len(n.Volumes) != 1 || sayShape(n.Volumes[0].Shape) != "circle 3704 35.0000,36.0000" {
				s += "?"
			}
			got = append(got, s)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %q, want %q; %v", tt.name, got, tt.want, ns[0].Refusals)
		}
	}
}

func TestCancel(t *testing.T) {
	for _, text := range []string{
		"A0002/26 NOTAMC A0001/26\nQ) OSTT/QWMLW/IV/BO/W/000/100/3500N03600E002\nA) OSTT B) 2608010600\nE) FIRING CNL",
		"(A0002/26 NOTAMC A0001/26 A) OSTT E) CANCEL TEST)",
		"A0002/26 NOTAMC A0001/26",
	} {
		n := one(t, text)
		if n.Type != Cancel || n.Cancels != "A0001/26" || len(n.Volumes) > 0 || len(n.Refusals) > 0 {
			t.Errorf("%q: %+v", text, n)
		}
	}
	n := one(t, "A0002/26 NOTAMR A0001/26\n"+body)
	if n.Type != Replace || n.Cancels != "A0001/26" || len(n.Volumes) != 1 {
		t.Errorf("%+v", n)
	}
}

func TestTooManyVolumes(t *testing.T) {
	e := "AREA 1: 3400N03600E-3400N03700E-3500N03600E-3400N03600E AREA 2: 4000N03600E-4000N03700E-4100N03600E-4000N03600E"
	text := strings.Replace(withE(e), "C) 2608011200", "C) 2712141200\nD) 0600-1200", 1)
	n := one(t, text) // 501 days, two areas
	if len(n.Refusals) != 1 || n.Refusals[0].Item != "D" || !strings.Contains(n.Refusals[0].Reason, "1002 volumes") {
		t.Errorf("%v", n.Refusals)
	}
	if n := one(t, strings.Replace(text, "2712141200", "2712131200", 1)); len(n.Volumes) != MaxVolumes {
		t.Errorf("%d volumes, %v", len(n.Volumes), n.Refusals)
	}
}

func TestTitle(t *testing.T) {
	for e, want := range map[string]string{
		"GUN FIRING:\nMORE":         "GUN FIRING",
		"":                          "",
		strings.Repeat("WORD ", 30): strings.TrimSpace(strings.Repeat("WORD ", 16)) + " ...",
		strings.Repeat("é", 100):    strings.Repeat("é", 40) + " ...",
		"BAD \xff BYTE":             "BAD ? BYTE",
	} {
		if got := title(e); got != want {
			t.Errorf("%q: %q, want %q", e, got, want)
		}
	}
}
