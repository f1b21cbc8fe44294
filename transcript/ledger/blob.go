package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/binary"

	"parley/fault"
	"parley/store"
)

// chunkBytes is the size of a chunk: at most 512 KiB, and two fit one transaction.
const chunkBytes = 504 << 10

// maxBlobBytes bounds what a stored reference may claim: more than any parcel.
const maxBlobBytes = 2 * MaxParcelBytes

// The first byte of a blob says where its bytes are.
const (
	blobInline  = 0 // they follow
	blobChunked = 1 // uvarint of their number, then the SHA-256 of each chunk
)

// packer encodes blobs and collects the chunks that must be durable before what refers to them.
type packer struct {
	keys   keys
	chunks []store.Put
}

// blob appends data to b: inline up to inlineMax bytes, else as a reference to chunks.
func (p *packer) blob(b, data []byte, inlineMax int) []byte {
	if len(data) <= inlineMax {
		b = append(b, blobInline)
		b = binary.AppendUvarint(b, uint64(len(data)))
		return append(b, data...)
	}
	b = append(b, blobChunked)
	b = binary.AppendUvarint(b, uint64(len(data)))
	for len(data) > 0 {
		part := data[:min(len(data), chunkBytes)]
		data = data[len(part):]
		sum := sha256.Sum256(part)
		b = append(b, sum[:]...)
		p.chunks = append(p.chunks, store.Put{Key: p.keys.chunk(sum), Value: part})
	}
	return b
}

// storeChunks makes chunks durable. They are named by their content: one that is left without an
// entry by a crash says nothing and is found again by the next that needs it.
func (l *Ledger) storeChunks(ctx context.Context, chunks []store.Put) error {
	for len(chunks) > 0 {
		n := min(len(chunks), 2)
		t := store.Txn{Puts: chunks[:n]}
		if n == 2 && chunks[0].Key == chunks[1].Key {
			t.Puts = chunks[:1]
		}
		if _, err := l.commit(ctx, t); err != nil {
			return err
		}
		chunks = chunks[n:]
	}
	return nil
}

// reader decodes what packer and its users wrote. The first thing that does not fit sets bad.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) bytes(n uint64) []byte {
	if r.bad || n > uint64(len(r.rest)) {
		r.bad = true
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) byte() byte {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if r.bad || n <= 0 {
		r.bad = true
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// short reads bytes with their number before them.
func (r *reader) short() []byte { return r.bytes(r.uvarint()) }

// blob reads a blob; get fetches a chunk.
func (r *reader) blob(get func(sum [32]byte) ([]byte, error)) ([]byte, error) {
	kind, n := r.byte(), r.uvarint()
	switch {
	case r.bad || n > maxBlobBytes || kind > blobChunked:
		r.bad = true
		return nil, nil
	case kind == blobInline:
		return r.bytes(n), nil
	}
	sums := r.bytes((n + chunkBytes - 1) / chunkBytes * 32)
	if r.bad {
		return nil, nil
	}
	data := make([]byte, 0, n)
	for ; len(sums) > 0; sums = sums[32:] {
		part, err := get([32]byte(sums))
		if err != nil {
			return nil, err
		}
		data = append(data, part...)
	}
	if uint64(len(data)) != n {
		r.bad = true
	}
	return data, nil
}

// chunkReader returns a function that fetches chunks from a view and checks them.
func chunkReader(ctx context.Context, v store.View, k keys) func([32]byte) ([]byte, error) {
	return func(sum [32]byte) ([]byte, error) {
		it, err := v.Get(ctx, k.chunk(sum))
		if err != nil {
			return nil, err
		}
		if sha256.Sum256(it.Value) != sum {
			return nil, fault.Newf(fault.Corrupt, "ledger.read", "the chunk %s has other bytes than its name says", it.Key)
		}
		return it.Value, nil
	}
}
