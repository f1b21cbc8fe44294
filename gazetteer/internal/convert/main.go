// Convert makes the gazetteer's list of towns from GeoNames' table of cities.
//
//	go run ./gazetteer/internal/convert <cities500.txt >gazetteer/data/towns.tsv.gz
//
// The same input gives the same bytes.
package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"os"
	"sort"
	"strconv"
	"strings"
	"unicode"
)

// minPeople is the least population of a town that is kept.
const minPeople = 15000

func main() {
	if err := convert(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "convert:", err)
		os.Exit(1)
	}
}

// convert reads GeoNames' table and writes the list.
func convert(r io.Reader, w io.Writer) error {
	var lines []string
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		line, keep, err := town(in.Text())
		if err != nil {
			return err
		}
		if keep {
			lines = append(lines, line)
		}
	}
	if err := in.Err(); err != nil {
		return err
	}
	sort.Strings(lines)
	zw, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	for _, line := range lines {
		if _, err := io.WriteString(zw, line+"\n"); err != nil {
			return err
		}
	}
	return zw.Close()
}

// town turns a row of GeoNames' table into a line of the list: name, country, latitude and
// longitude in ten-thousandths of a degree, population, other spellings.
func town(row string) (string, bool, error) {
	f := strings.Split(row, "\t")
	if len(f) != 19 {
		return "", false, fmt.Errorf("a row has %d fields, not 19: %.40q", len(f), row)
	}
	people, err := strconv.Atoi(f[14])
	if err != nil {
		return "", false, fmt.Errorf("population %q: %w", f[14], err)
	}
	switch f[7] {
	case "PPLX", "PPLH", "PPLQ", "PPLW": // sections of a town; historical, abandoned or destroyed ones
		return "", false, nil
	}
	if people < minPeople {
		return "", false, nil
	}
	lat, errLat := strconv.ParseFloat(f[4], 64)
	lon, errLon := strconv.ParseFloat(f[5], 64)
	if errLat != nil || errLon != nil {
		return "", false, fmt.Errorf("position %q, %q", f[4], f[5])
	}
	return fmt.Sprintf("%s\t%s\t%.0f\t%.0f\t%d\t%s", f[1], f[8], math.Round(lat*1e4), math.Round(lon*1e4), people,
		spellings(f[1], f[2], f[3])), true, nil
}

// spellings keeps the other spellings in Latin letters, of four letters and more, once each.
func spellings(name, ascii, others string) string {
	seen := map[string]bool{strings.ToLower(name): true}
	var out []string
	for i, s := range append([]string{ascii}, strings.Split(others, ",")...) {
		key := strings.ToLower(s)
		if seen[key] || i > 0 && len([]rune(s)) < 4 || !latin(s) {
			continue
		}
		seen[key] = true
		out = append(out, s)
	}
	return strings.Join(out, ",")
}

func latin(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) && !unicode.Is(unicode.Lm, r) {
			return false
		}
	}
	return s != ""
}
