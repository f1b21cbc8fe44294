// Package voice carries notices and calls over a telephone when nothing else works: one printed page
// that an officer reads out, check groups that catch what was heard or written down wrong, and the
// comparison of what the other officer read back with what was told.
//
// NoticePage and CallPage make the page, ParseReadBack reads what was read back, Compare and CompareCall
// hold it against the notice or call.
//
// # Canonical text
//
// A check group covers a field's canonical text: "V", the number of the volume (0 where there is only
// one, or all are meant), the field's name in capitals without spaces, its number (0 where it has none),
// and its value:
//
//	position    degrees and thousandths of minutes, as 3524600N03557000E; latitude 2 + 5 digits, longitude 3 + 5
//	length      whole metres
//	altitude    value, unit and reference, as 1500FTAMSL or 240FLFL; OPEN for none
//	time        year, month, day, hour, minute, second in UTC, 14 digits; OPEN for none
//	words       letters and digits in capitals, nothing between; ids keep - / . # + _
//
// So a value under another field's name, or another position's number, does not fit either.
//
// # Check groups
//
// A group is the remainder of a number, times a factor, written in 24 letters (all but I and O, which
// look like 1 and 0). The digits of that number, to a radix r, are a 1 and then the symbols of the
// text: 0-9 and A-Z count 0 to 35; any other rune is 36 and four more symbols, its code point to the
// base 36. This is the arithmetic of the pure systems of ISO 7064 with other moduli, as those of the
// standard have two characters at most: a field has three letters, modulus 13799, radix 5279 and factor
// 743; a page four, modulus 331769, radix 33969 and factor 130044, over the canonical texts of its
// fields with "|" between them.
//
// What the group of a field misses, with MOD 1271-36 and MOD 97-10 of the standard on the same errors;
// 1,000,000 of each, in positions (TestGroupFigures):
//
//	                                          three letters    MOD 1271-36    MOD 97-10
//	one wrong digit or letter                 none             none           none
//	two neighbours exchanged                  none             none           none
//	two with one between exchanged            none             none           none
//	two wrong, anywhere                       none             none           1 in 104
//	three wrong                               1 in 16,000      1 in 1,400     1 in 96
//	a lost digit or letter                    1 in 14,000      1 in 1,400     1 in 96
//	a doubled digit or letter                 1 in 13,000      1 in 1,450     1 in 96
//	another position                          1 in 13,200      1 in 1,290     1 in 97
//
// None is proved, not only counted (TestNoTwoErrorsMakeUpForEachOther): for any two symbols within 66
// (1,830 of a page), and for one symbol among the last 31 (630) with one letter of the group. A position
// has 17 symbols after its name, a time 14. For random errors 1 in 13,799 is expected, and of a page 1
// in 331,769.
package voice
