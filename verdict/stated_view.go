package verdict

import (
	"io"
	"slices"
	"strings"

	"parley/consent"
	"parley/statement"
	"parley/transcript"
)

// StatedView makes what the page shows of a result and of the statements in the file, which it opens again
// where there may be any.
func (r Result) StatedView(open func() (io.ReadCloser, error)) (View, error) {
	v, err := r.View()
	if err != nil {
		return View{}, err
	}
	about := func(k transcript.KindCount) bool {
		return k.Kind == statement.KindPut || k.Kind == statement.KindRefused || k.Kind == consent.Kind
	}
	if r.OK && !slices.ContainsFunc(r.Transcripts, func(t transcript.TranscriptReport) bool { return slices.ContainsFunc(t.Kinds, about) }) {
		return v, nil
	}
	s, err := r.Statements(open)
	if err != nil && r.OK {
		return View{}, err
	}
	var text strings.Builder
	if err := s.WriteText(&text, r); err != nil {
		return View{}, err
	}
	v.Stated = r.visible(text.String())
	v.Text += v.Stated
	return v, nil
}

// View makes what the page shows of a file with one signed statement.
func (n Note) View() (View, error) {
	v, err := Result{Report: n.Report, In: n.In}.View()
	if err != nil {
		return View{}, err
	}
	if v.Tone == Identified || v.Tone == Unidentified {
		for i := range v.Headlines { // what follows speaks of transcripts, but for who signed
			v.Headlines[i].Means = v.Headlines[i].Means[:1]
			if v.Tone == Identified {
				v.Headlines[i].Means = []string{}
			}
		}
	}
	var text strings.Builder
	if err := n.WriteText(&text); err != nil {
		return View{}, err
	}
	was := len(v.Text)
	v.Text = Result{In: n.In}.visible(text.String())
	if n.Statement != nil {
		v.Stated = v.Text[was:]
	}
	return v, nil
}
