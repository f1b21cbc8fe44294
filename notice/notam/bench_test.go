package notam

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// hostile returns files of about 4 MiB, each of the form that costs a reader most.
func hostile() map[string]string {
	const head = "A%04d/26 NOTAMN\nQ) XXXX/QWMLW/IV/BO/W/000/100/\nA) XXXX B) 2608010600 C) 2608011200\n"
	fill := func(s string, size int) string { return strings.Repeat(s, size/len(s)) }
	many := func(size int, one func(k int) string) string {
		var b strings.Builder
		for k := 0; b.Len() < size; k++ {
			b.WriteString(one(k))
		}
		return b.String()
	}
	item := func(e string) func(int) string {
		return func(k int) string { return fmt.Sprintf(head, k%10000) + "E) " + e + "\nF) SFC G) FL100\n\n" }
	}
	const most = MaxBytes - 80<<10
	const long = MaxNotamBytes - 1<<10
	const bare = "A%04d/26 NOTAMN\n"
	return map[string]string{
		"item A again":       fmt.Sprintf(bare, 1) + "A) " + fill("XXXX ", most/2) + fill("A) X ", most/2),
		"places of two":      fmt.Sprintf(bare, 1) + "A) " + fill("ABCD ", most/2) + "\nE) X\n\n" + fmt.Sprintf(bare, 1) + "A) " + fill("EFGH ", most/2) + "\nE) X\n\n",
		"one number":         fmt.Sprintf(head, 1) + "E) " + fill("X ", most/2) + "\n" + fill("A0001/26 NOTAMN\nA) XXXX E) "+fill("Y", 80)+"\n", most/2),
		"one number, places": many(most, func(k int) string { return fmt.Sprintf(bare, 1) + "A) " + fill(place(k)+" ", 8<<10) + "\nE) X\n\n" }),
		"combs":              many(most, item("AREA BOUNDED BY "+comb(long))),
		"radii":              many(most, item(fill("2NM RADIUS OF 3500N03600E ", long))),
		"widths":             many(most, item(fill("2NM EITHER SIDE OF LINE 3500N03600E-3600N03600E ", long))),
		"altitudes":          many(most, item("WI 2NM RADIUS OF 3500N03600E "+fill("100FT AMSL ", long))),
		"times of a day":     many(most, day("0000-0001 0002-0003 ")),
		"rules":              many(most, day("MON 0000-0001 EXC MON, TUE 0000-2359, ")),
		"labels":             fmt.Sprintf(head, 1) + "E) " + fill("F) 3400N ", most),
		"parentheses":        many(most, item(fill("((((", long))),
		"spaces": many(most, func(k int) string {
			return fmt.Sprintf(head, k%10000) + "E) X F) " + strings.Repeat(" ", long) + "\n\n"
		}),
		"numbers alone":    fill("A0001/26\n", most),
		"replaced, spaces": many(most, func(int) string { return "A0001/26 NOTAMR" + strings.Repeat("\n", 300) }),
		"one item":         fmt.Sprintf(head, 1) + "E) " + fill("1 2 ", most),
	}
}

// comb is a ring whose sides all lie in one band of latitude and do not cross.
func comb(size int) string {
	var b strings.Builder
	at := func(lat, k int) { fmt.Fprintf(&b, "%02d0000N%03d%02d%02dE ", lat, 10+k/3600, k/60%60, k%60) }
	k := 0
	for ; b.Len() < size-80; k++ {
		at(40+(k+1)/2%2*5, k)
	}
	at(39, k)
	at(39, 0)
	at(40, 0)
	return b.String()
}

func place(k int) string {
	return string([]byte{'A' + byte(k/676%26), 'A' + byte(k/26%26), 'A' + byte(k%26), 'X'})
}

// day is a NOTAM of two years whose item D is of the longest.
func day(rule string) func(int) string {
	return func(k int) string {
		return fmt.Sprintf("A%04d/26 NOTAMN\nQ) XXXX/QWMLW/IV/BO/W/000/100/\nA) XXXX B) 2608010600 C) 2808011200\nD) %s\nE) WI 2NM RADIUS OF 3500N03600E\nF) SFC G) FL100\n\n",
			k%10000, strings.Repeat(rule, maxSchedule/len(rule)-1))
	}
}

func BenchmarkReadHostile(b *testing.B) {
	for name, text := range hostile() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := Read([]byte(text)); err != nil {
					b.Log(err)
				}
			}
		})
	}
}

func BenchmarkReadReal(b *testing.B) {
	text, err := os.ReadFile("testdata/notams.txt")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Read(text); err != nil {
			b.Fatal(err)
		}
	}
}
