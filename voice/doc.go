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
// A group is the remainder of a number, written in 24 letters (all but I and O, which look like 1 and
// 0). The digits of that number, to a radix r, are a 1 and then the symbols of the text: 0-9 and A-Z
// count 0 to 35; any other rune is 36 and four more symbols, its code point to the base 36. This is
// the arithmetic of the pure systems of ISO 7064, with other moduli, as those of the standard have two
// characters at most: a field has three letters, modulus 13799 and radix 5279; a page four, modulus
// 331769 and radix 33969, over the canonical texts of its fields with "|" between them.
//
// Modulus and radix were found by search, so that within 66 symbols (1830 of a page) no two wrong
// symbols make up for each other. A position has at most 32. What that catches:
//
//	one wrong symbol                                      all
//	two wrong symbols, anywhere in the field              all
//	two neighbours, or any two symbols, exchanged         all
//	twins (11 for 22) and jump twins                      all
//	a lost or a doubled symbol                            see TestGroupFigures
//	anything else, at random                              all but 1 in 13,799; of a page, 1 in 331,769
package voice
