package api

import "parley/fault"

// The pictures that a list can be of.
const (
	pictureReal     = "real" // where none is named
	pictureExercise = "exercise"
	pictureAll      = "all"
)

// pictureOf reads which picture a list is to be of.
func pictureOf(q map[string]string) (string, error) {
	switch p := q["picture"]; p {
	case "":
		return pictureReal, nil
	case pictureReal, pictureExercise, pictureAll:
		return p, nil
	default:
		return "", fault.New("picture", p, "is not a picture", "choose real, exercise or all")
	}
}

// chosen returns what of a list belongs to a picture.
func chosen[T any](picture string, list []T, exercise func(*T) bool) []T {
	if picture == pictureAll {
		return list
	}
	out := make([]T, 0, len(list))
	for i := range list {
		if exercise(&list[i]) == (picture == pictureExercise) {
			out = append(out, list[i])
		}
	}
	return out
}
