package csvtable

import (
	"reflect"
	"testing"
)

// TestNew reads one table as different programs save it.
func TestNew(t *testing.T) {
	for name, data := range map[string]string{
		"commas":            "id,name\n1,\"a, b\"\n2\n",
		"a byte order mark": "\xef\xbb\xbfid,name\r\n1,\"a, b\"\r\n2\r\n",
		"semicolons":        "id;name\n1;a, b\n2\n",
	} {
		r, got := New([]byte(data)), [][]string{}
		for {
			row, err := r.Read()
			if err != nil {
				break
			}
			got = append(got, append([]string{}, row...))
		}
		if want := [][]string{{"id", "name"}, {"1", "a, b"}, {"2"}}; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
