package catalogue

// ofCommands are the arguments of what commands print.
func ofCommands() map[string]Argument {
	return map[string]Argument{
		"bytes": {Count, "how many bytes"},
		"file":  {Code, "the name of a file"},
		"rate":  {Code, "a rate: 1.5, 10^18"},
		"round": {Code, "how many seconds there and back, with a decimal"},
		"side":  {Code, "the side of a line: a or b"},
		"took":  {Code, "how many seconds something took, with a decimal"},
	}
}
