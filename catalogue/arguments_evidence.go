package catalogue

func ofEvidence() map[string]Argument {
	return map[string]Argument{
		"entry": {Code, "the name of an entry, or of several"},
		"check": {Code, "the name of a check of evidence"},
		"one":   {Words, "the first that is put in: a name, a figure, words that are said already"},
		"two":   {Words, "the second that is put in"},
		"three": {Words, "the third that is put in"},
		"four":  {Words, "the fourth that is put in"},
		"key":   {Code, "the fingerprint of a key, or the name of a kind of signature"},
	}
}
