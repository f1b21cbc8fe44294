// Package geo4d uses a room that stands above it.
package geo4d

import "crooked/notice"

// Kind is notice's.
type Kind = notice.Kind
