package main

import "testing"

func TestAddressesByName(t *testing.T) {
	for in, want := range map[string]string{
		"http://127.0.0.1:7440":     "http://localhost:7440",
		"http://[::1]:7440":         "http://localhost:7440",
		"https://node.example:7440": "https://node.example:7440",
		"https://192.0.2.1:7440":    "https://192.0.2.1:7440",
	} {
		if got := byName(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
