package rooms

import "slices"

// House returns the plan of this module. ARCHITECTURE.md draws it.
func House() Plan {
	return Plan{Module: "parley", Rooms: append(houseRooms(), testRooms()...), Outside: houseOutside()}
}

// houseRooms is the table of arrows, lowest rooms first.
func houseRooms() []Room {
	stores := []string{"store/pebble"}
	below := []string{
		"fault", "geo4d", "conflict", "conflict/propose", "gazetteer", "notice", "notice/notam", "notice/intake", "voice", "agreement", "phrase", "catalogue",
		"transcript", "review", "statement", "partynote", "consent", "transcript/ledger", "store", "line", "courier", "witness", "sitecopy", "internal/clock", "internal/csvtable", "internal/strictjson",
	}
	edge := append(slices.Clone(below), "node", "verdict")
	return []Room{
		{Name: "fault"},
		{Name: "internal/clock"},
		{Name: "internal/strictjson", Uses: []string{"fault"}},
		{Name: "internal/csvtable"},
		{Name: "internal/serving", Uses: []string{"fault", "internal/clock"}},

		{Name: "phrase"},
		{Name: "catalogue", Uses: []string{"fault", "phrase"}},
		{Name: "geo4d", Uses: []string{"fault", "internal/strictjson"}},
		{Name: "geo4d/exactness", Uses: []string{"geo4d"}, TestOnly: true},
		{Name: "conflict/plane", Uses: []string{"geo4d"}},
		{Name: "conflict", Uses: []string{"fault", "geo4d", "conflict/plane"}},
		{Name: "conflict/propose", Uses: []string{"fault", "geo4d", "conflict"}},
		{Name: "gazetteer", Uses: []string{"fault", "geo4d", "catalogue"}},
		{Name: "notice", Uses: []string{"fault", "geo4d", "gazetteer", "catalogue", "internal/strictjson"}},
		{Name: "notice/notam", Uses: []string{"fault", "geo4d", "gazetteer", "catalogue", "notice"}},
		{Name: "notice/intake", Uses: []string{"fault", "geo4d", "gazetteer", "catalogue", "notice", "notice/notam", "internal/csvtable", "internal/strictjson"}},
		{Name: "sitecopy", Uses: []string{"fault", "geo4d"}},
		{Name: "voice", Uses: []string{"fault", "geo4d", "notice", "catalogue"}, Tests: []string{"gazetteer", "notice/intake"}},
		{Name: "agreement", Uses: []string{"fault", "geo4d", "catalogue", "notice", "transcript", "partynote", "internal/strictjson"}},

		{Name: "transcript", Uses: []string{"fault", "internal/strictjson"}},
		{Name: "partynote", Uses: []string{"fault", "transcript"}},
		{Name: "consent", Uses: []string{"fault", "geo4d", "catalogue", "transcript", "partynote", "agreement", "internal/strictjson"}},
		{Name: "review", Uses: []string{"transcript", "catalogue"}},
		{Name: "statement", Uses: []string{"fault", "geo4d", "catalogue", "notice", "transcript", "partynote", "internal/strictjson"}},
		{Name: "verdict", Uses: []string{"fault", "transcript", "agreement", "statement", "consent", "catalogue"}},
		{Name: "store", Uses: []string{"fault"}},
		{Name: "store/pebble", Uses: []string{"fault", "store"}},
		{Name: "store/storetest", Uses: []string{"fault", "store"}, TestOnly: true},
		{Name: "transcript/ledger", Uses: []string{"fault", "transcript", "store", "internal/clock", "internal/strictjson"}, Tests: stores},
		{Name: "line", Uses: []string{"fault", "transcript", "transcript/ledger", "store", "internal/clock", "internal/strictjson"}, Tests: stores},

		{Name: "witness", Uses: []string{"fault", "transcript", "store", "internal/clock", "internal/serving"}, Tests: stores},
		{Name: "courier", Uses: []string{"fault", "line", "transcript", "transcript/ledger"}},
		{Name: "courier/paper", Uses: []string{"fault", "courier"}},

		{Name: "audit", Uses: []string{"fault", "store", "internal/clock", "internal/strictjson"}, Tests: stores},
		{Name: "node", Uses: below, Tests: stores},
		{Name: "alert", Uses: []string{"fault", "catalogue", "internal/clock", "internal/strictjson"}},
		{Name: "pool", Uses: edge, Tests: stores},
		{Name: "console", Uses: []string{"fault"}},
		{Name: "api", Uses: append(slices.Clone(edge), "alert", "audit", "console", "internal/serving"), Tests: stores},
		{Name: "cmd", Uses: append(slices.Clone(edge), "alert", "api", "audit", "console", "pool", "store/pebble", "courier/paper")},

		{Name: "internal/rooms"},
	}
}

// testRooms are there for tests alone.
func testRooms() []Room {
	return []Room{
		{Name: "internal/foreign", TestOnly: true},
		{Name: "internal/second", TestOnly: true},
		{Name: "internal/testbundle", Uses: []string{"agreement", "geo4d", "transcript"}, TestOnly: true},
		{Name: "internal/testbrowser", TestOnly: true},
		{Name: "internal/testnet", TestOnly: true},
		{Name: "internal/traffic", Uses: []string{"geo4d"}, TestOnly: true},
	}
}

// houseOutside is every module that the house depends on, and who may use it.
func houseOutside() []Outside {
	all := []string{"*"}
	return []Outside{
		{Module: "filippo.io/mldsa", Rooms: []string{"transcript", "cmd"}, Tests: true},
		{Module: "github.com/alecthomas/kong", Rooms: []string{"cmd"}},
		{Module: "github.com/boombuler/barcode", Rooms: []string{"courier/paper"}},
		{Module: "github.com/cockroachdb/pebble/v2", Rooms: []string{"store/pebble"}, Tests: true},
		{Module: "github.com/chromedp/cdproto", Tests: true},
		{Module: "github.com/chromedp/chromedp", Tests: true},
		{Module: "github.com/descope/virtualwebauthn", Tests: true},
		{Module: "github.com/getkin/kin-openapi", Tests: true},
		{Module: "github.com/go-json-experiment/json", Rooms: all},
		{Module: "github.com/go-webauthn/webauthn", Rooms: []string{"api"}},
		{Module: "github.com/makiuchi-d/gozxing", Tests: true},
		{Module: "github.com/rogpeppe/go-internal", Tests: true},
		{Module: "golang.org/x/crypto", Rooms: []string{"agreement", "transcript", "line", "node", "api", "cmd"}, Tests: true},
		{Module: "golang.org/x/mod", Rooms: []string{"partynote", "transcript", "transcript/ledger", "line", "courier", "witness", "node", "api", "cmd"}, Tests: true},
		{Module: "golang.org/x/sync", Rooms: all},
		{Module: "golang.org/x/term", Rooms: []string{"cmd"}},
		{Module: "golang.org/x/text", Rooms: []string{"statement"}, Tests: true},
		{Module: "golang.org/x/time", Rooms: []string{"audit", "line", "node", "api", "witness"}},
		{Module: "golang.org/x/tools", Rooms: []string{"internal/rooms"}},
		{Module: "pgregory.net/rapid", Rooms: []string{"store/storetest"}, Tests: true},
	}
}
