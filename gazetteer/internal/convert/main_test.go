package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"
)

func row(name, ascii, others, lat, lon, code, people string) string {
	return strings.Join([]string{"1", name, ascii, others, lat, lon, "P", code, "SY", "", "", "", "", "", people, "", "", "", "2020-01-01"}, "\t")
}

func TestConvert(t *testing.T) {
	in := strings.Join([]string{
		row("Ţarţūs", "Tartus", "TTS,Tartous,tartous,Тартус,Tartus", "34.88902", "35.88659", "PPLA", "89457"),
		row("Small", "Small", "", "1", "1", "PPL", "14999"),
		row("Quarter", "Quarter", "", "1", "1", "PPLX", "99999"),
		row("Idlib", "Idlib", "", "35.93062", "-36.63393", "PPLA", "128840"),
	}, "\n")
	var out, again bytes.Buffer
	if err := convert(strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	if err := convert(strings.NewReader(in), &again); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Fatal("two conversions differ")
	}
	zr, err := gzip.NewReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := io.ReadAll(zr)
	want := "Idlib\tSY\t359306\t-366339\t128840\t\n" + "Ţarţūs\tSY\t348890\t358866\t89457\tTartus,Tartous\n"
	if string(got) != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	for _, bad := range []string{"a\tb", row("a", "a", "", "x", "1", "PPL", "20000"), row("a", "a", "", "1", "1", "PPL", "")} {
		if err := convert(strings.NewReader(bad), io.Discard); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}
