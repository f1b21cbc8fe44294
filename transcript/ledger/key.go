package ledger

import (
	"encoding/hex"
	"fmt"

	"parley/transcript"
)

// keys are the names under which one line's ledger lies in the store; see the package comment.
type keys string

func keysOf(line string) keys { return keys("ledger/" + line + "/") }

func (k keys) state() string    { return string(k) + "state" }
func (k keys) evidence() string { return string(k) + "evidence/" }

func (k keys) takenBack() string { return string(k) + "taken-back" }

func (k keys) late(end int64) string { return string(k) + "late/" + number(end) }

func (k keys) chunk(sum [32]byte) string {
	return string(k) + "chunk/" + hex.EncodeToString(sum[:])
}

// number is a part of a key that sorts as the number does.
func number(n int64) string { return fmt.Sprintf("%016x", n) }

func (k keys) side(o transcript.Origin) sideKeys {
	return sideKeys(string(k) + number(o.Epoch) + "/" + string(o.Side) + "/")
}

// sideKeys are the keys of one transcript.
type sideKeys string

func (k sideKeys) top() string              { return string(k) + "top" }
func (k sideKeys) rtop() string             { return string(k) + "rtop" }
func (k sideKeys) seg(end int64) string     { return string(k) + "seg/" + number(end) }
func (k sideKeys) hash(n int64) string      { return string(k) + "hash/" + number(n) }
func (k sideKeys) head(size int64) string   { return string(k) + "head/" + number(size) }
func (k sideKeys) beat(minute int64) string { return string(k) + "beat/" + number(minute) }
func (k sideKeys) rcpt(size int64) string   { return string(k) + "rcpt/" + number(size) }
func (k sideKeys) urgentFrom() string       { return string(k) + "urgent-from" }
func (k sideKeys) urgent(end int64) string  { return string(k) + "urgent/" + number(end) }
func (k sideKeys) ahead(index int64) string { return string(k) + "ahead/" + number(index) }

// end returns the key after every key that begins with a prefix ending in '/'.
func after(prefix string) string { return prefix[:len(prefix)-1] + "0" }
