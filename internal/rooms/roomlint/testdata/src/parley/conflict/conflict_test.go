package conflict

import "time"

var shared time.Time

func init() { shared = time.Now() }
