package notice

// Coarse reports whether n's volume is far beyond what its kind, speed and duration need, and why.
func Coarse(n Notice) (bool, string) { return false, "" }
