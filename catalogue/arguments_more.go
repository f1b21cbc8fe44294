package catalogue

// ofPlaces are the arguments of places, times and sizes that are said back.
func ofPlaces() map[string]Argument {
	return map[string]Argument{
		"town":    {Words, "the name of a town, as GeoNames writes it"},
		"country": {Said, "the name of a country"},
		"compass": {Said, "a point of the compass, as seen from a town"},

		"length":  {Code, "a distance: 9.3 km, 9 km (5 NM)"},
		"area":    {Code, "an area: 269 km2"},
		"most":    {Code, "the most of a distance or an area that something may have, or has"},
		"speed":   {Code, "a speed: 250 m/s"},
		"height":  {Code, "an altitude: 3000 ft, 240 of a flight level"},
		"bearing": {Code, "a bearing: 12.5°"},
		"lower":   {Said, "a lower limit"},
		"upper":   {Said, "an upper limit"},

		"begins":  {Date, "the start of a window, with the day of the week"},
		"ends":    {Date, "the end of a window, with the day of the week"},
		"clock":   {Code, "a time of day: 18:40Z"},
		"moment":  {Code, "a time as it was given"},
		"moment2": {Code, "a second time"},
		"zone":    {Code, "a time zone: UTC+3"},
		"short":   {Age, "from how much lead is short"},
		"routine": {Age, "from how much lead is routine"},
		"exact":   {Exact, "how long, in all units"},
		"long":    {Long, "how long, in days, hours and minutes"},
	}
}

// ofWords are the arguments of notices, NOTAMs and conflicts that are said back.
func ofWords() map[string]Argument {
	return map[string]Argument{
		"title":      {Words, "the title of a notice"},
		"domain":     {Said, "the domain of a notice"},
		"dimensions": {Both, "time, altitude, space"},

		"item":  {Code, "the letter of an item of a NOTAM"},
		"item2": {Code, "the letter of a second item"},
		"ditem": {Code, "the letter of the item of the schedule: D"},
		"eitem": {Code, "the letter of the item of the text: E"},
		"qitem": {Code, "the letter of the qualifier line: Q"},
	}
}
