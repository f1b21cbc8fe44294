// Package catalogue says structured facts in eight languages. What is said is a Message: a key and
// typed arguments. The text of each key in each language is in text/, one file a language, written
// by people; nothing is translated by machine while the line runs.
//
// In text/ru.json, "texts" holds for each key either a text, or an object with the text for each
// plural form that the language has. {name} is a placeholder; what each one holds is said by
// Arguments. "reviewed" holds who read which texts: a mark counts only for the very text, and the
// very English text, that its reader saw.
//
// Every language writes the digits 0 to 9, and times in UTC with a Z. A number is read back by voice,
// copied and compared across the line, so it must look the same on both desks.
//
// What people wrote (names, titles, places in words) goes into a text between Unicode isolates where
// either has letters that run from right to left, and without the controls that could end one. So no
// name can turn a figure beside it about.
//
// "Hold" means stop and call, never a holding pattern. "Conflict" means two plans that are too near,
// never armed conflict. No text says that a place or a plan is free of danger.
package catalogue
