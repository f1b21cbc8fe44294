package ledger

import (
	"bytes"
	"crypto/ed25519"
	"testing"
	"time"

	"parley/internal/clock"
	"parley/transcript"
)

// BenchmarkVerifyExport verifies what a ledger exports after two of them have talked in turn, each entry
// with a commit, a head and a receipt of its own: with the heads and receipts that the export writes,
// and with all that were signed, as they are where a key was revoked since.
func BenchmarkVerifyExport(b *testing.B) {
	const turns = 4000
	x, y := benchLedger(b, transcript.A, benchStore(b, b.TempDir())), benchLedger(b, transcript.B, benchStore(b, b.TempDir()))
	for i := range turns {
		from, to := x, y
		if i%2 == 1 {
			from, to = y, x
		}
		if _, err := from.Append(b.Context(), noticeDraft()); err != nil {
			b.Fatal(err)
		}
		benchPass(b, from, to)
		benchPass(b, to, from)
	}
	for _, all := range []bool{false, true} {
		name := "signatures=needed"
		if all {
			name = "signatures=all"
			bounds := func(side transcript.Side) []transcript.LineKey {
				return []transcript.LineKey{{Public: testKey(side).Public().(ed25519.PublicKey), Revoked: clock.System{}.Now().Add(time.Hour)}}
			}
			x.SetKeys(testKey(transcript.A), bounds(transcript.A), bounds(transcript.B))
		}
		data := benchExport(b, x)
		b.Run(name, func(b *testing.B) {
			opts := transcript.Options{Agreement: benchAgreement}
			for b.Loop() {
				if r := transcript.Verify(bytes.NewReader(data), opts); !r.OK {
					b.Fatal(r.Checks)
				}
			}
			b.ReportMetric(turns*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
			b.ReportMetric(float64(bytes.Count(data, []byte("\nhead "))), "heads")
			b.ReportMetric(float64(bytes.Count(data, []byte("\nreceipt "))), "receipts")
		})
	}
}

// benchAgreement is a second version, under the id that entries of benchLedger name.
func benchAgreement(note []byte) (transcript.AgreementInfo, error) {
	info, err := testAgreement(note)
	info.ID, info.Version = agreementID(), 2
	return info, err
}

func benchPass(b *testing.B, from, to *Ledger) {
	ask, err := to.Parcel(b.Context(), Want{})
	if err != nil {
		b.Fatal(err)
	}
	p, err := from.Parcel(b.Context(), Want{Have: ask.Have, Receipted: ask.Receipted, MaxBytes: MaxParcelBytes})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := to.Receive(b.Context(), p); err != nil {
		b.Fatal(err)
	}
}

func benchExport(b *testing.B, l *Ledger) []byte {
	var out bytes.Buffer
	w := transcript.NewBundleWriter(&out)
	if err := w.Agreement([]byte("an agreement\n\n— north AAAAAAA=\n— south AAAAAAA=\n")); err != nil {
		b.Fatal(err)
	}
	if err := l.Export(b.Context(), w, nil); err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}
