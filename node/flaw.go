package node

import (
	"parley/catalogue"
	"parley/node/picture"
)

// flawOf says why version i of a notice is shown but not to be trusted, or nothing.
func flawOf(p *picture.Notice, i int) catalogue.Message {
	v := &p.Versions[i]
	switch {
	case v.Flaw == "":
		return catalogue.Message{}
	case v.Unread:
		return catalogue.Say("flaw.unread")
	case i == 0:
		return catalogue.Say("flaw.no-first", catalogue.CountOf("version", v.Notice.Version))
	}
	before := picture.Notice{Versions: p.Versions[:i]}
	return catalogue.Say("flaw.order", catalogue.CountOf("version", v.Notice.Version), catalogue.CountOf("nr", before.Latest().Notice.Version+1))
}
