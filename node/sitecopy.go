package node

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"parley/fault"
	"parley/geo4d"
	"parley/node/body"
	"parley/node/picture"
	"parley/node/view"
	"parley/notice"
	"parley/sitecopy"
	"parley/store"
)

// Copies of the own sites for others than the other party, and whose copy a list is. That a copy was
// given is the node's own memory and goes on no line: the other party is not told who else knows the
// sites, as nobody else is told of the line.
//
//	sitecopy/key            the secret that all marks follow from
//	sitecopy/c/<line>/<id>  a copy: view.SiteCopy as JSON
const (
	copyKeyName  = "sitecopy/key"
	copyPrefix   = "sitecopy/c/"
	maxRecipient = 100 // bytes of a recipient's name
	copyIDBytes  = 8
)

// Issuing says for whom a copy of the own sites is.
type Issuing struct {
	For     string
	Level   string // view.CopyFull, view.CopyVolume or view.CopyAlert
	Release string // the number under which a second officer released it, where it takes two persons
}

// CopyFile is a copy as it is given, or what waits for a second officer before it is made.
type CopyFile struct {
	view.SiteCopy
	Bytes []byte        // a plan file: GeoJSON
	Waits *view.Release // nil where the copy was made
}

// IssueSites makes a copy of the own sites. That it was made is durable before it is returned. Where the
// agreement asks for two persons to change what is disclosed, one prepares a copy that has positions,
// and it is made once another released it.
func (n *Node) IssueSites(ctx context.Context, who Officer, lineID string, in Issuing) (CopyFile, error) {
	in.For = strings.Join(strings.Fields(in.For), " ")
	if err := checkIssuing(in); err != nil {
		return CopyFile{}, err
	}
	ln, err := n.pick(lineID)
	if err != nil {
		return CopyFile{}, err
	}
	sites, upTo := ln.sitesToGive()
	if len(sites) == 0 {
		return CopyFile{}, &fault.Error{Code: fault.Mismatch, Field: "sites", Rule: "there is none of this party on the list of line " + ln.id[:8], Hint: "import them first: parley site import"}
	}
	n.issuing.Lock() // a release is used once
	defer n.issuing.Unlock()
	by, err := n.copyRelease(ctx, ln, in)
	if err != nil {
		return CopyFile{}, err
	}
	if by == nil {
		r, err := n.prepareCopy(ctx, who, ln, in)
		return CopyFile{Waits: &r}, err
	}
	key, err := n.copyKey(ctx, true)
	if err != nil {
		return CopyFile{}, err
	}
	id := make([]byte, copyIDBytes)
	if _, err := io.ReadFull(n.cfg.Rand, id); err != nil {
		return CopyFile{}, fault.Wrap(fault.Internal, "node.issue", err)
	}
	c := CopyFile{SiteCopy: view.SiteCopy{ID: hex.EncodeToString(id), Line: ln.id, For: in.For, Level: in.Level, Sites: len(sites),
		Time: n.cfg.Clock.Now().UTC(), Officer: who.Name, Role: who.Role, Release: by.ID, ReleasedBy: by.DecidedBy, UpTo: upTo.String()}}
	if c.Bytes, err = writeCopy(&c.SiteCopy, ln.party(ln.side), key, sites); err != nil {
		return CopyFile{}, err
	}
	sum := sha256.Sum256(c.Bytes)
	c.SHA256 = hex.EncodeToString(sum[:])
	raw, err := json.Marshal(c.SiteCopy)
	if err != nil {
		return CopyFile{}, fault.Wrap(fault.Internal, "node.issue", err)
	}
	if _, err := n.cfg.Store.Commit(ctx, store.Txn{Puts: []store.Put{{Key: copyPrefix + ln.id + "/" + c.ID, Value: raw}}}); err != nil {
		return CopyFile{}, fault.Wrap(fault.Unavailable, "node.issue", err)
	}
	return c, nil
}

func checkIssuing(in Issuing) error {
	switch {
	case in.For == "":
		return fault.New("for", "", "is required: a copy is for someone", "name the organisation or role that gets it")
	case len(in.For) > maxRecipient:
		return fault.New("for", in.For, "is longer than "+strconv.Itoa(maxRecipient)+" bytes", "shorten it")
	case !utf8.ValidString(in.For) || strings.ContainsFunc(in.For, unicode.IsControl):
		return fault.New("for", in.For, "is not one line of plain text", "name the organisation or role that gets it")
	case !slices.Contains([]string{view.CopyFull, view.CopyVolume, view.CopyAlert}, in.Level):
		return fault.New("level", in.Level, "must be full, volume or alert", "choose the least that the recipient needs")
	}
	return nil
}

// copyKey returns the secret of all marks. Where there is none yet it makes one, or returns the zero
// key, with which no copy was made.
func (n *Node) copyKey(ctx context.Context, create bool) (sitecopy.Key, error) {
	var key sitecopy.Key
	for {
		v, err := n.cfg.Store.View(ctx)
		if err != nil {
			return key, fault.Wrap(fault.Unavailable, "node.copykey", err)
		}
		item, err := v.Get(ctx, copyKeyName)
		v.Close()
		switch {
		case err == nil && len(item.Value) == len(key):
			return sitecopy.Key(item.Value), nil
		case err == nil:
			return key, fault.Newf(fault.Corrupt, "node.copykey", "the key of the marks has %d bytes", len(item.Value))
		case !errors.Is(err, store.ErrNotFound):
			return key, fault.Wrap(fault.Unavailable, "node.copykey", err)
		case !create:
			return key, nil
		}
		if _, err := io.ReadFull(n.cfg.Rand, key[:]); err != nil {
			return key, fault.Wrap(fault.Internal, "node.copykey", err)
		}
		_, err = n.cfg.Store.Commit(ctx, store.Txn{Guards: []store.Guard{{Key: copyKeyName}}, Puts: []store.Put{{Key: copyKeyName, Value: key[:]}}})
		if err == nil {
			return key, nil
		}
		if !errors.Is(err, store.ErrConflict) { // another call was first
			return key, fault.Wrap(fault.Unavailable, "node.copykey", err)
		}
	}
}

// sitesToGive returns the own sites that are not removed, by id, and the newest entry that states one.
func (ln *lineNode) sitesToGive() (out []notice.Notice, upTo body.Ref) {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	now := ln.node.cfg.Clock.Now()
	for _, p := range ln.pic.Current() {
		v := p.Latest()
		if p.Key.Side != ln.side || p.Key.Voice || v.Notice.Kind != notice.Site || ln.apart(p) || !ln.statusOf(p, now).Live() {
			continue
		}
		if len(out) == 0 || before(upTo, v.Ref) {
			upTo = v.Ref
		}
		n := v.Notice
		n.Volumes = withoutEnd(n.Volumes)
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b notice.Notice) int { return strings.Compare(a.ID, b.ID) })
	return out, upTo
}

// SiteCopies returns the copies that were given, the newest first.
func (n *Node) SiteCopies(ctx context.Context, lineID string) ([]view.SiteCopy, error) {
	lines, err := n.chosen(lineID)
	if err != nil {
		return nil, err
	}
	v, err := n.cfg.Store.View(ctx)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "node.copies", err)
	}
	defer v.Close()
	out := []view.SiteCopy{}
	for _, ln := range lines {
		from := copyPrefix + ln.id + "/"
		for it, err := range v.Scan(ctx, from, from+"\xff") {
			if err != nil {
				return nil, fault.Wrap(fault.Unavailable, "node.copies", err)
			}
			var c view.SiteCopy
			if err := json.Unmarshal(it.Value, &c); err != nil {
				return nil, fault.Wrap(fault.Corrupt, "node.copies", err)
			}
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b view.SiteCopy) int { return b.Time.Compare(a.Time) })
	return out, nil
}

// WhoseCopy says which copy a list comes from, of those of a line or of all, or that it cannot tell.
func (n *Node) WhoseCopy(ctx context.Context, lineID string, file []byte) (view.WhoseCopy, error) {
	text, err := sitecopy.Read(file)
	var none view.WhoseCopy
	issued, failed := n.SiteCopies(ctx, lineID)
	if failed != nil {
		return none, failed
	}
	sum := sha256.Sum256(file)
	out := view.WhoseCopy{Named: []view.CopyScore{}}
	for i := range issued {
		if issued[i].SHA256 == hex.EncodeToString(sum[:]) {
			out.Same = &issued[i]
		}
	}
	if err != nil && out.Same == nil { // a copy without positions is known only as it is
		return none, err
	}
	if err != nil {
		return out, nil
	}
	key, err := n.copyKey(ctx, false)
	if err != nil {
		return none, err
	}
	copies, err := n.marked(issued)
	if err != nil {
		return none, err
	}
	found := sitecopy.In(key, copies, text)
	out.Copies, out.Sites, out.AsHeld = len(copies), found.Sites, found.True
	for _, s := range found.Named() {
		i := slices.IndexFunc(issued, func(c view.SiteCopy) bool { return c.ID == s.Copy })
		out.Named = append(out.Named, view.CopyScore{Copy: issued[i], Sites: s.Sites, Matched: s.Matched, WithinM: s.WithinM, Chance: s.Chance})
	}
	return out, nil
}

// marked returns the copies that have marks, each with the sites as they were when it was made.
func (n *Node) marked(issued []view.SiteCopy) ([]sitecopy.Copy, error) {
	lists := map[string][]sitecopy.Site{} // by the newest entry: copies made from one list share it
	var out []sitecopy.Copy
	for _, c := range issued {
		if c.Level == view.CopyAlert {
			continue
		}
		list, have := lists[c.UpTo]
		if !have {
			upTo, err := body.ParseRef(c.UpTo)
			if err != nil {
				return nil, fault.Wrap(fault.Corrupt, "node.copies", err)
			}
			list = n.lines[c.Line].sitesThen(upTo)
			lists[c.UpTo] = list
		}
		out = append(out, sitecopy.Copy{ID: c.ID, Sites: list})
	}
	return out, nil
}

// sitesThen returns the own sites as they were at an entry, those that were removed by then as well.
func (ln *lineNode) sitesThen(upTo body.Ref) []sitecopy.Site {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	out := []sitecopy.Site{}
	for p := range ln.pic.Notices() {
		if p.Key.Side != ln.side || p.Key.Voice || p.Latest().Notice.Kind != notice.Site {
			continue
		}
		if v := versionThen(p, upTo); v != nil {
			if spot, ok := sitecopy.Spot(shapesOf(v.Notice)); ok {
				out = append(out, sitecopy.Site{ID: p.Key.ID, Spot: spot})
			}
		}
	}
	slices.SortFunc(out, func(a, b sitecopy.Site) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// versionThen returns a notice's version at an entry of its author, or nil where there was none yet.
func versionThen(p *picture.Notice, at body.Ref) *picture.Version {
	for i := len(p.Versions) - 1; i >= 0; i-- {
		if !before(at, p.Versions[i].Ref) {
			return &p.Versions[i]
		}
	}
	return nil
}

func shapesOf(n notice.Notice) []geo4d.Shape {
	var out []geo4d.Shape
	for _, v := range n.Volumes {
		out = append(out, v.Shape)
	}
	return out
}
