package agreement

// part is a part of an agreement that this version of the program may not act on yet.
type part string

// The parts that Explain marks where they are in notBuilt.
const (
	partRetention part = "bodies deleted after a time"
	partPresence  part = "presence of desks"
	partLineTests part = "the line tested by people"
)

// notBuilt is the table of the parts that an agreement may state and that this version does not act
// on. When one is built its row goes, and the mark with it.
func notBuilt() map[part]bool {
	return map[part]bool{
		partRetention: true,
	}
}
