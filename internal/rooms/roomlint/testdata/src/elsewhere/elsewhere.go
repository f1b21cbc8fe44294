// Package elsewhere is of another module.
package elsewhere

import "time"

// When can change, and nobody minds.
var When = time.Now()

func init() { When = time.Now() }
