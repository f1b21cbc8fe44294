package catalogue

import "maps"

// Argument says what a placeholder holds, for who writes or reads a text.
type Argument struct {
	Kind  Kind
	About string
}

// Arguments returns every placeholder by name. A name means the same in every text.
func Arguments() map[string]Argument {
	out := map[string]Argument{}
	for _, group := range []map[string]Argument{ofPeople(), ofFigures(), ofMessages(), ofPlaces(), ofWords(), ofCommands(), ofEvidence()} {
		maps.Copy(out, group)
	}
	return out
}

func ofPeople() map[string]Argument {
	return map[string]Argument{
		"party":   {Words, "the name of a party"},
		"peer":    {Words, "the name of the other party"},
		"by":      {Words, "the name of the party whose step it is, or that did something"},
		"from":    {Words, "the name of the party that called, or of the officer who hands the watch over or spoke by voice"},
		"to":      {Words, "the name of the officer who takes the watch over"},
		"other":   {Words, "the id of the other notice of a conflict"},
		"officer": {Words, "the name of an officer"},
		"mover":   {Words, "the name of the party whose notice would move"},
		"notice":  {Words, "the id of a notice, as its party wrote it"},
		"place":   {Words, "a place in words"},
		"sector":  {Words, "the name of a sector"},
		"unit":    {Words, "the name of a unit"},
		"office":  {Words, "who at a party undertook something: a role or an office"},
		"reason":  {Words, "why, in an officer's words"},
		"whose":   {Words, "whose clock a time is by, in an officer's words"},
		"refusal": {Refused, "where and why something was refused, and how to mend it"},
		"text":    {Words, "further words"},
		"number":  {Words, "a phone number, or how else a contact is reached"},
		"host":    {Words, "the name of a host, whose ground or sky it is"},
		"names":   {Words, "names of observers, with their contacts"},
		"witness": {Words, "the name of a witness"},
	}
}

func ofFigures() map[string]Argument {
	return map[string]Argument{
		"conflict": {Code, "the first digits of a conflict's id"},
		"id":       {Code, "an id, or the kind of an alarm"},
		"command":  {Code, "a command to type"},
		"position": {Code, "a position in degrees, minutes and seconds"},
		"offset":   {Code, "by how much two clocks differ, as 1.5s"},
		"tag":      {Code, "the tag of a language"},
		"unitname": {Code, "a unit of length: m, ft"},
		"quorum":   {Code, "how many witnesses cosign, and how many must: 1/2"},

		"count":   {Count, "how many"},
		"own":     {Count, "how many own notices or entries"},
		"others":  {Count, "how many notices or entries of the other party"},
		"persons": {Count, "how many persons"},
		"minutes": {Count, "how many minutes"},
		"level":   {Count, "the level of an alarm: 1 to 3"},
		"version": {Count, "the version of a notice or of an agreement"},
		"nr":      {Count, "a number: of a phrase, a volume, a row"},

		"amount": {Decimal, "how much"},

		"phrase": {Phrase, "a numbered phrase"},

		"since":  {Clock, "since when"},
		"until":  {Clock, "until when"},
		"at":     {Second, "when"},
		"due":    {Second, "by when"},
		"review": {Second, "when a hold is looked at again"},
		"seen":   {Second, "when somebody was last seen"},
		"day":    {Minute, "by when, with the day"},
		"agreed": {Minute, "when a statement was agreed, with the day"},
		"stamp":  {Stamp, "when, with the day"},
		"start":  {Stamp, "the start of a window"},
		"end":    {Stamp, "the end of a window"},
		"age":    {Age, "how long ago, or how long before or after"},
		"span":   {Span, "how long"},
	}
}

func ofMessages() map[string]Argument {
	return map[string]Argument{
		"said":   {Said, "a message"},
		"held":   {Said, "what a notice in words only is held as"},
		"lead":   {Said, "how long before or after the start a notice was delivered"},
		"kind":   {Said, "the kind of a notice"},
		"state":  {Said, "a state"},
		"cause":  {Said, "the cause of a state"},
		"role":   {Said, "the role of an officer"},
		"missed": {Said, "the step that was not done"},
		"type":   {Said, "the type of a call"},
		"answer": {Said, "the answer to a hold"},
		"how":    {Said, "how a conflict is settled"},
		"shift":  {Said, "how a notice would be moved"},
		"acts":   {Said, "who acts now, and how they are reached"},
		"what":   {Said, "what it is: a notice, a call, an incident, a team, with more about it"},

		"list":     {List, "further messages"},
		"more":     {Series, "further steps that were not done"},
		"contacts": {Series, "contacts of the agreement"},
		"parts":    {Series, "further messages"},
		"signers":  {Both, "the parties that signed something"},
		"told":     {Said, "what was told, of a field"},
		"heard":    {Said, "what was read back or heard, of a field"},
		"numbers":  {Either, "phone numbers of one contact"},
	}
}
