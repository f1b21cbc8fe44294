package notice

// Echo says n back in words, one line each: positions by the nearest town, the window in UTC, the
// altitude band and the size of the area. places may be nil.
func Echo(n Notice, places Gazetteer) []string { return nil }
