package catalogue

func ofEvidence() map[string]Argument {
	return map[string]Argument{
		"entry": {Code, "the name of an entry, or of several"},
		"check": {Code, "the name of a check of evidence"},
		"key":   {Code, "the fingerprint of a key, or the name of a kind of signature"},
	}
}
