package voice

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/notice"
	"parley/notice/intake"
)

var testNow = time.Date(2027, 1, 10, 12, 0, 0, 0, time.UTC)

func exampleNotices(t testing.TB) map[string]notice.Notice {
	t.Helper()
	files, err := filepath.Glob("../examples/*.*")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]notice.Notice{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f, "area.geojson") {
			continue
		}
		res, err := intake.Read(data, intake.Options{})
		if err != nil || len(res.Refused) > 0 {
			t.Fatal(f, err, res.Refused)
		}
		for _, it := range res.Notices {
			it.Notice.Version = 1
			out[it.SourceID] = it.Notice
		}
	}
	return out
}

var testHeading = Heading{Caller: "blue", Officer: "duty officer", SecondChannel: "+15550100", State: notice.Planned, Made: testNow}

func TestExamplesReadBackTheSame(t *testing.T) {
	for id, n := range exampleNotices(t) {
		p := NoticePage(n, testHeading, nil)
		rb, err := ParseReadBack(strings.Join(p.Lines(), "\n"), testNow)
		if err != nil {
			t.Errorf("%s: %v", id, err)
		}
		if r := Compare(n, rb, Tolerances{}, nil); !r.Same {
			t.Errorf("%s: %+v", id, r.Differences)
		}
	}
}
