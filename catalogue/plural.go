package catalogue

// Form is a plural form, as CLDR names it.
type Form string

// The forms.
const (
	Zero  Form = "zero"
	One   Form = "one"
	Two   Form = "two"
	Few   Form = "few"
	Many  Form = "many"
	Other Form = "other"
)

// Forms returns the forms that whole numbers take in a language: CLDR's cardinal rules, release 42 and
// later. French "many", for whole millions, is left out: no count of a line comes to one.
func Forms(language string) []Form {
	switch language {
	case "ar":
		return []Form{Zero, One, Two, Few, Many, Other}
	case "he":
		return []Form{One, Two, Other}
	case "ru", "uk":
		return []Form{One, Few, Many}
	}
	return []Form{One, Other}
}

// FormOf returns the form that n, not negative, takes in a language.
func FormOf(language string, n int) Form {
	tens, units := n/10%10, n%10
	switch language {
	case "ar":
		return arabicForm(n)
	case "he":
		if n == 2 {
			return Two
		}
	case "ru", "uk":
		switch {
		case units == 1 && tens != 1:
			return One
		case units >= 2 && units <= 4 && tens != 1:
			return Few
		}
		return Many
	case "fr", "fa":
		if n == 0 {
			return One
		}
	}
	if n == 1 {
		return One
	}
	return Other
}

func arabicForm(n int) Form {
	switch rest := n % 100; {
	case n == 0:
		return Zero
	case n == 1:
		return One
	case n == 2:
		return Two
	case rest >= 3 && rest <= 10:
		return Few
	case rest >= 11:
		return Many
	}
	return Other
}
