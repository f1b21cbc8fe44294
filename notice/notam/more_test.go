package notam

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"parley/fault"
)

// The NOTAMs of testdata/more.txt: how many areas and windows each proves, the first and last
// window, the band; or the items refused.
func TestMore(t *testing.T) {
	text, err := os.ReadFile("testdata/more.txt")
	if err != nil {
		t.Fatal(err)
	}
	ns, err := Read(text)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"4456/26 hazard: 1 x 1 2609191043-2609191106 2609191043-2609191106 open..open",
		"Q3528/26 area: 1 x 5 2604241100-2604242100 2604281100-2604282100 open..open",
		"X1926/26 area: 2 x 1 2607140900-2607182059 2607140900-2607182059 open..open",
		"F2572/26 hazard: 1 x 10 2607140900-2607142100 2607230900-2607232100 open..open",
		"B3661/26 hazard: 1 x 9 2607150900-2607152100 2607230900-2607232100 open..open",
		// Three areas: two closed by a repeated position in parentheses, the third after AND.
		"A2410/26 hazard: 3 x 34 2604132100-2604132359 2604300000-2604301600 open..open",
		"A2411/26 hazard: 1 x 34 2604132100-2604132359 2604300000-2604301600 open..open",
		"A2846/26 hazard: 1 x 3 2609220130-2609220530 2609240130-2609240530 open..open",
		"A2696/26 hazard: refused E", // "BTN COORD" names no area, and the list does not come back
		"A3622/26 area: 1 x 1 2609020001-2611262000 2609020001-2611262000 open..open",
		"B2376/26 hazard: 1 x 1 2501010000-2512312359 2501010000-2512312359 open..1000 ft AMSL",
		"N0059/24 hazard: refused E", // an arc
		"C1118/26 hazard: refused D", // HJ
		"A1311/20 area: refused D",   // SR
		"C1333/26 hazard: refused E", // no position
		"W1239/25 hazard: refused C E",
		"F9876/25 hazard: 1 x 1 2506120200-2506120400 2506120200-2506120400 1000 ft AGL..5000 ft AGL",
		"B0145/25 hazard: 1 x 31 2502280330-2502282030 2503300330-2503302030 open..9000 ft AMSL",
		// The window of the night before B ends on the first day.
		"X0001/26 hazard: 1 x 32 2607010000-2607011100 2607312300-2607312359 open..400 ft AGL",
		"J1234/26 hazard: 1 x 3 2607200000-2607201000 2607240000-2607241000 open..FL 260",
		"P0001/26 area: 1 x 1 2607200000-2607241000 2607200000-2607241000 open..FL 195",
		"H0001/26 area: refused E", // a State's border
		"K0001/26 hazard: 1 x 8 2605110500-2605111500 2605200500-2605201500 open..8000 ft AMSL",
	}
	var got []string
	for _, n := range ns {
		s := n.SourceID + " " + string(n.Kind) + ": "
		if len(n.Refusals) > 0 {
			s += "refused " + strings.Join(refusedItems(n), " ")
		} else {
			w := windowsOf(n)
			s += fmt.Sprintf("%d x %d %s %s %s", len(shapesOf(n)), len(w), w[0], w[len(w)-1], sayBand(n.Volumes[0].Band))
		}
		got = append(got, s)
	}
	same(t, "NOTAMs", got, want)
}

func TestALongNotamIsRefusedWhole(t *testing.T) {
	long := withE("WI 2NM RADIUS OF 3530N03630E " + strings.Repeat("X ", MaxNotamBytes/2))
	other := strings.Replace(withE("WI 2NM RADIUS OF 3530N03630E"), "A0001", "A0002", 1)
	ns, err := Read([]byte(long + "\n\n" + other))
	if err != nil || len(ns) != 2 {
		t.Fatalf("read %d, %v", len(ns), err)
	}
	r := ns[0].Refusals
	if len(r) != 1 || r[0].Item != Header || !strings.Contains(r[0].Reason, "at most 32768 are read of one NOTAM") || ns[0].SourceID != "A0001/26" {
		t.Errorf("%s: refused %v", ns[0].SourceID, r)
	}
	if ns[0].Text != strings.TrimSpace(long) {
		t.Error("the text is not kept as given")
	}
	if len(ns[1].Refusals) > 0 || len(ns[1].Volumes) != 1 {
		t.Errorf("the one beside it: refused %v", ns[1].Refusals)
	}
}

// TestAnItemGivenAgainAndAgainIsNamedOnce: refusals must not grow with what a file repeats.
func TestAnItemGivenAgainAndAgainIsNamedOnce(t *testing.T) {
	n := one(t, strings.Replace(withE("WI 2NM RADIUS OF 3530N03630E"), "B)", "A) YYYY A) ZZZZ A) XXXX B)", 1))
	if len(n.Refusals) != 1 || n.Refusals[0].Item != "A" {
		t.Errorf("refused %v", n.Refusals)
	}
}

func TestAFileOfTooManyVolumesIsRefused(t *testing.T) {
	one := withD("2608010600", "2708011200", "DAILY 0001-0002 0003-0004")
	var file strings.Builder
	for k := range 150 {
		file.WriteString(strings.Replace(one, "A0001", fmt.Sprintf("A%04d", k), 1) + "\n\n")
	}
	if _, err := Read([]byte(file.String())); !fault.Is(err, fault.TooLarge) {
		t.Errorf("got %v", err)
	}
}
