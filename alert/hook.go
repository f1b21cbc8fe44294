package alert

import (
	"context"
)

// hookSender runs a program with the message as JSON on its standard input.
type hookSender struct {
	Hook
	world World
}

func (h hookSender) send(ctx context.Context, m Message) (string, error) {
	data, err := m.encode()
	if err != nil {
		return "", err
	}
	out, err := h.world.RunProgram(ctx, h.Program, h.Args, append(data, '\n'))
	switch {
	case ctx.Err() != nil:
		return "", failed(h.Program, "was not done in time", ctx.Err())
	case err != nil && len(out) > 0:
		return "", failed(h.Program, "failed and said "+said(out), err)
	case err != nil:
		return "", failed(h.Program, "failed", err)
	}
	return "", nil
}
