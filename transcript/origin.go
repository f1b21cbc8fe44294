package transcript

import (
	"strconv"
	"strings"

	"parley/fault"
)

// String returns the origin as the first line of a checkpoint has it: parley/<line>/<epoch>/<side>.
func (o Origin) String() string {
	return "parley/" + o.Line + "/" + strconv.FormatInt(o.Epoch, 10) + "/" + string(o.Side)
}

// Cosigner returns the name under which a side of a line cosigns checkpoints: parley/<line>/<side>.
func Cosigner(line string, s Side) string { return "parley/" + line + "/" + string(s) }

// Other returns the origin of the other party's transcript of the same line and epoch.
func (o Origin) Other() Origin { return Origin{Line: o.Line, Epoch: o.Epoch, Side: o.Side.Other()} }

// ParseOrigin reads an origin in its one form.
func ParseOrigin(s string) (Origin, error) {
	rest, ok := strings.CutPrefix(s, "parley/")
	line, rest, ok2 := strings.Cut(rest, "/")
	epoch, side, ok3 := strings.Cut(rest, "/")
	o := Origin{Line: line, Side: Side(side)}
	n, valid := parseDecimal(epoch)
	o.Epoch = n
	if !ok || !ok2 || !ok3 || !valid || o.check() != nil {
		return Origin{}, fault.New("origin", s, "must be parley/<line id>/<epoch>/<a or b>", "take the origin from the transcript's head")
	}
	return o, nil
}

func (o Origin) check() error {
	if !isHex64(o.Line) || o.Epoch < 1 || o.Epoch > MaxSize || (o.Side != A && o.Side != B) {
		return fault.New("origin", o.String(), "must name a line by 64 hexadecimal digits, an epoch from 1 and side a or b", "")
	}
	return nil
}

// isHex64 reports whether s is a SHA-256 in lower-case hexadecimal digits.
func isHex64(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := range len(s) {
		if !isLowerHex(s[i]) {
			return false
		}
	}
	return true
}

func isLowerHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' }

// parseDecimal reads a number from 0 to MaxSize without sign or leading zeros.
func parseDecimal[T string | []byte](s T) (int64, bool) {
	if len(s) == 0 || len(s) > 15 || (s[0] == '0' && len(s) > 1) {
		return 0, false
	}
	n := int64(0)
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n, n <= MaxSize
}
