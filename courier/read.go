package courier

import (
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/note"

	"parley/fault"
	"parley/line"
	"parley/transcript"
)

// messagePrefix is the part of a message that says how long it is: eight bytes, and a u32 length.
const messagePrefix = 12

// Inspect checks a file against its own sizes and digest and returns what its header says. It knows no
// keys: whose the file is and what it holds, Read checks.
func Inspect(data []byte) (Header, error) {
	signed, body, err := split(data)
	if err != nil {
		return Header{}, err
	}
	text, _, _ := bytes.Cut(signed, []byte("\n\n"))
	h, err := parse(string(text) + "\n")
	switch {
	case err != nil:
		return Header{}, err
	case len(body) != h.size:
		return h, damaged(fmt.Sprintf("its body has %d bytes and had %d", len(body), h.size))
	case sha256.Sum256(body) != h.digest:
		return h, damaged("its body is not the one that was written")
	}
	return h, nil
}

// Keys are what a reader needs to know of both ends.
type Keys struct {
	Own ed25519.PrivateKey // the receiver's TLS key
	// Peer are the writer's TLS keys that count now.
	Peer []ed25519.PublicKey
}

// Read checks a file of the other side's and returns its messages. An error says that nothing of it may
// be used.
func Read(data []byte, keys Keys) (Header, []line.Message, error) {
	h, err := Inspect(data)
	if err != nil {
		return h, nil, err
	}
	signed, body, err := split(data)
	if err != nil {
		return h, nil, err
	}
	if err := verify(signed, h, keys.Peer); err != nil {
		return h, nil, err
	}
	packed, ok, err := openBody(keys.Own, body, h.keys)
	if err != nil {
		return h, nil, err
	}
	if !ok {
		return h, nil, &fault.Error{Code: fault.Corrupt, Field: "file", Rule: "is not sealed for the TLS key of this node",
			Hint: "ask for it to be written again, for the keys that the agreement names now"}
	}
	messages, err := unpack(packed, h.Plain)
	return h, messages, err
}

// verify checks who signed a header.
func verify(signed []byte, h Header, peer []ed25519.PublicKey) error {
	var list []note.Verifier
	for _, pub := range peer {
		v, err := transcript.NewNoteVerifier(KeyName(h.Line, h.From), pub)
		if err != nil {
			return err
		}
		list = append(list, v)
	}
	n, err := note.Open(signed, note.VerifierList(list...))
	if err != nil || len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 0 {
		return &fault.Error{Code: fault.Corrupt, Field: "file", Rule: "is not signed by a TLS key of the other party that counts now, and nothing of it was taken",
			Hint: "it was changed, or is of another; have it written again", Err: err}
	}
	return nil
}

// unpack reads the messages of a body. It unpacks no more than the header names.
func unpack(packed []byte, size int) ([]line.Message, error) {
	src := bytes.NewReader(packed)
	zip, err := gzip.NewReader(src)
	if err != nil {
		return nil, unreadable(err)
	}
	zip.Multistream(false)
	plain, err := io.ReadAll(io.LimitReader(zip, int64(size)+1))
	switch {
	case err != nil:
		return nil, unreadable(err)
	case len(plain) != size || src.Len() != 0:
		return nil, unreadable(nil)
	}
	var out []line.Message
	for len(plain) > 0 {
		if len(plain) < messagePrefix {
			return nil, unreadable(nil)
		}
		n := int64(binary.BigEndian.Uint32(plain[messagePrefix-4:])) + messagePrefix
		if n > int64(len(plain)) {
			return nil, unreadable(nil)
		}
		m, err := line.Decode(bytes.NewReader(plain[:n]))
		if err != nil {
			return nil, unreadable(err)
		}
		if m.Want || m.Wait != 0 || m.Refusal != line.NotRefused {
			return nil, unreadable(nil)
		}
		out, plain = append(out, m), plain[n:]
	}
	if len(out) == 0 {
		return nil, unreadable(nil)
	}
	return out, nil
}

// unreadable says that the other party signed and sealed what is no file.
func unreadable(err error) error {
	return &fault.Error{Code: fault.Corrupt, Field: "file", Rule: "is signed by the other party and does not hold messages, and nothing of it was taken",
		Hint: "ask which version of parley wrote it", Err: err}
}
