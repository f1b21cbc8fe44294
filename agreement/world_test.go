package agreement

import (
	"crypto/ed25519"
	"crypto/sha256"
	"testing"
	"time"

	"parley/geo4d"
)

// testKey returns a key that follows from a name.
func testKey(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func testPublic(name string) ed25519.PublicKey { return testKey(name).Public().(ed25519.PublicKey) }

func testParty(name string) Party {
	return Party{
		Name: name, Title: "Force " + name,
		PartyKey:  testPublic(name + " party"),
		LineKeys:  []LineKey{{Public: testPublic(name + " line")}},
		TLSKeys:   []TLSKey{{Public: testPublic(name + " tls")}},
		Addresses: []string{name + ".example:7443"},
		Contacts:  []Contact{{"duty", "+41 22 555 0100"}},
		Languages: []string{"en"},
	}
}

func square(west, south, east, north float64) geo4d.Polygon {
	return geo4d.Polygon{Rings: [][]geo4d.Position{{{LonDeg: west, LatDeg: south}, {LonDeg: east, LatDeg: south},
		{LonDeg: east, LatDeg: north}, {LonDeg: west, LatDeg: north}, {LonDeg: west, LatDeg: south}}}}
}

var testFrom = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

// testTerms are valid terms over a part of the Levant.
func testTerms() Terms {
	return Draft(DraftOptions{
		Title: "Red and Blue over the north",
		A:     testParty("red"), B: testParty("blue"),
		Area: Area{Shape: square(35, 34, 39, 38), Terrain: geo4d.Terrain{Known: true, MinM: 0, MaxM: 3_000},
			Sectors: []Sector{{"North", square(35.5, 35, 37, 37)}},
			Ports:   []Port{{"Latakia", square(35.70, 35.48, 35.80, 35.56), 500}}},
		From: testFrom,
	})
}

func mustSign(t testing.TB, terms Terms, parties ...string) []byte {
	t.Helper()
	note, err := Sign(terms, parties[0], testKey(parties[0]+" party"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parties[1:] {
		if note, err = Cosign(note, p, testKey(p+" party")); err != nil {
			t.Fatal(err)
		}
	}
	return note
}

func mustOpen(t testing.TB, note []byte) Agreement {
	t.Helper()
	a, err := Open(note)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
