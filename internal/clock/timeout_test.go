package clock

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestWithTimeoutEndsOnItsClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		shifted := Shifted{Base: System{}, By: -10 * time.Minute}
		ctx, cancel := WithTimeout(t.Context(), shifted, time.Minute)
		defer cancel()
		child, stop := context.WithCancel(ctx)
		defer stop()
		if end, ok := ctx.Deadline(); !ok || !end.Equal(shifted.Now().Add(time.Minute)) {
			t.Errorf("deadline %v, %v", end, ok)
		}
		if ctx.Err() != nil {
			t.Errorf("ended at once: %v", ctx.Err())
		}
		<-child.Done()
		if took := time.Since(began); took != time.Minute {
			t.Errorf("ended after %v", took)
		}
		var timeout interface{ Timeout() bool }
		for name, err := range map[string]error{"own": ctx.Err(), "cause": context.Cause(ctx), "child": child.Err()} {
			if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestWithTimeoutEndsWithItsParentOrItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		parent, end := context.WithCancel(context.WithValue(t.Context(), key{}, "kept"))
		ctx, cancel := WithTimeout(parent, System{}, time.Minute)
		defer cancel()
		end()
		<-ctx.Done()
		if !errors.Is(ctx.Err(), context.Canceled) || ctx.Value(key{}) != "kept" {
			t.Errorf("by its parent: %v, %v", ctx.Err(), ctx.Value(key{}))
		}

		ctx, cancel = WithTimeout(t.Context(), System{}, time.Minute)
		cancel()
		cancel() // a second time does nothing
		if !errors.Is(ctx.Err(), context.Canceled) {
			t.Errorf("by its caller: %v", ctx.Err())
		}

		sooner, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		ctx, cancel = WithTimeout(sooner, System{}, time.Minute)
		defer cancel()
		if end, _ := ctx.Deadline(); time.Until(end) != time.Second {
			t.Errorf("a parent that ends sooner: %v", end)
		}
		<-ctx.Done()
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.Errorf("by its parent's end: %v", ctx.Err())
		}
	})
}
