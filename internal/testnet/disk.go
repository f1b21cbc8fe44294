package testnet

import (
	"math/rand/v2"
	"sync"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Disk is a file system in memory that can be copied as a crash or a backup leaves it.
// vfs.MemFS deadlocks when a copy is taken while a file is reused, so that Disk keeps the two apart.
type Disk struct {
	*vfs.MemFS
	mu sync.Mutex
}

// NewDisk returns an empty disk.
func NewDisk() *Disk { return &Disk{MemFS: vfs.NewCrashableMem()} }

// ReuseForWrite implements vfs.FS.
func (d *Disk) ReuseForWrite(from, to string, c vfs.DiskWriteCategory) (vfs.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.MemFS.ReuseForWrite(from, to, c)
}

// Crash returns the disk as a crash at this moment would leave it, with so many percent of what
// was not synced kept. A backup is a crash that loses nothing.
func (d *Disk) Crash(percent int, rng *rand.Rand) *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	return &Disk{MemFS: d.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: percent, RNG: rng})}
}

// Backup returns a copy of the disk as it is.
func (d *Disk) Backup() *Disk { return d.Crash(100, rand.New(rand.NewPCG(0, 0))) }
