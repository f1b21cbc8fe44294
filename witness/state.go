package witness

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"parley/fault"
	"parley/store"
	"parley/transcript"
)

// maxAgainst is how many contradicting checkpoints of one log are kept: one shows it.
const maxAgainst = 8

const (
	logPrefix     = "witness/log/"
	againstPrefix = "witness/against/"
	beganKey      = "witness/began"
)

// held is the newest checkpoint that was cosigned for a log; of a new log it is the empty tree.
type held struct {
	Checkpoint
	time     time.Time
	revision store.Revision
}

func (s *Server) load(ctx context.Context, origin string) (held, error) {
	v, err := s.cfg.Store.View(ctx)
	if err != nil {
		return held{}, err
	}
	defer v.Close()
	it, err := v.Get(ctx, logPrefix+origin)
	if errors.Is(err, store.ErrNotFound) {
		var empty transcript.Tree
		return held{Checkpoint: Checkpoint{Origin: origin, Root: empty.Root()}}, nil
	}
	if err != nil {
		return held{}, err
	}
	h, err := parseHeld(it.Value)
	h.revision = it.Revision
	if err == nil && h.Origin != origin {
		err = fault.Newf(fault.Corrupt, "witness.load", "what is kept of %s is of %s", origin, h.Origin)
	}
	return h, err
}

// parseHeld reads a line with the time, and the note.
func parseHeld(value []byte) (held, error) {
	bad := fault.Newf(fault.Corrupt, "witness.load", "what is kept of a log cannot be read")
	first, msg, ok := bytes.Cut(value, []byte("\n"))
	unix, err := strconv.ParseInt(string(first), 10, 64)
	i := bytes.LastIndex(msg, []byte("\n\n"))
	if !ok || err != nil || i < 0 {
		return held{}, bad
	}
	c, err := parseCheckpoint(string(msg[:i+1]))
	return held{Checkpoint: c, time: time.Unix(unix, 0).UTC()}, err
}

// keep makes a checkpoint the newest of its log, unless that changed since it was loaded.
func (s *Server) keep(ctx context.Context, was held, c Checkpoint, now time.Time, msg []byte) error {
	key := logPrefix + c.Origin
	value := append(append(strconv.AppendInt(nil, now.Unix(), 10), '\n'), msg...)
	// Whether what was begun is durable must be known, also when the one who asked has gone.
	_, err := s.cfg.Store.Commit(context.WithoutCancel(ctx), store.Txn{
		Guards: []store.Guard{{Key: key, Revision: was.revision}}, Puts: []store.Put{{Key: key, Value: value}}})
	return err
}

// against keeps a signed checkpoint that contradicts the one cosigned: with that, it shows a fork.
func (s *Server) against(ctx context.Context, c Checkpoint, msg []byte) {
	s.cfg.Log.Error("the log signed two checkpoints that contradict one another; the second was not cosigned", "log", c.Origin, "size", c.Size)
	list, err := s.Against(ctx, c.Origin)
	if err != nil || len(list) >= maxAgainst {
		return
	}
	sum := sha256.Sum256(msg)
	_, err = s.cfg.Store.Commit(context.WithoutCancel(ctx), store.Txn{
		Puts: []store.Put{{Key: againstPrefix + c.Origin + "/" + hex.EncodeToString(sum[:]), Value: msg}}})
	if err != nil {
		s.cfg.Log.Error("the contradicting checkpoint could not be kept", "log", c.Origin, "err", err)
	}
}

// Against returns the checkpoints kept that a log signed and that contradict one cosigned before.
func (s *Server) Against(ctx context.Context, origin string) ([][]byte, error) {
	v, err := s.cfg.Store.View(ctx)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "witness.against", err)
	}
	defer v.Close()
	var out [][]byte
	prefix := againstPrefix + origin + "/"
	for it, err := range v.Scan(ctx, prefix, prefix[:len(prefix)-1]+"0") {
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, "witness.against", err)
		}
		out = append(out, it.Value)
	}
	return out, nil
}

// Began reports whether a witness has served on a store.
func Began(ctx context.Context, st store.Store) (bool, error) {
	v, err := st.View(ctx)
	if err != nil {
		return false, fault.Wrap(fault.Unavailable, "witness.began", err)
	}
	defer v.Close()
	_, err = v.Get(ctx, beganKey)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, fault.Wrap(fault.Unavailable, "witness.began", err)
}

// Begin marks a store as one on which a witness serves.
func Begin(ctx context.Context, st store.Store) error {
	_, err := st.Commit(ctx, store.Txn{Puts: []store.Put{{Key: beganKey, Value: []byte("1")}}})
	return fault.Wrap(fault.Unavailable, "witness.begin", err)
}
