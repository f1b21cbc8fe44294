package notice

import (
	"errors"
	"io"
	"sync"
)

// ReadEach is Read for files of many features: it hands each feature to do, in the order of the
// file, instead of keeping it, and reads several at once, with so many goroutines beside its own.
// Plan then has what was refused, and no features or notices. do is called from the goroutine that
// called ReadEach, which returns the first error of do. Where the file fails, do has been given the
// features before that place. The reader's options must have FeaturesOnly.
func (r *PlanReader) ReadEach(src io.Reader, workers int, do func(*Feature) error) error {
	if !r.opts.FeaturesOnly {
		return errors.New("notice: ReadEach needs FeaturesOnly")
	}
	workers = max(workers, 1)
	l := &parseLine{parse: r.parse, todo: make(chan *parseBatch, 2*workers), inOrder: make(chan *parseBatch, 2*workers), stop: make(chan struct{})}
	var all sync.WaitGroup
	for range workers {
		all.Go(l.work)
	}
	var readErr error
	all.Go(func() {
		readErr = r.read(untilStop{src, l.stop}, l.add)
		l.end()
	})
	err := r.takeEach(l, do)
	close(l.stop)
	for range l.inOrder { // the file is read no further
	}
	all.Wait()
	if err != nil {
		return err
	}
	return readErr
}

// takeEach takes features in their order.
func (r *PlanReader) takeEach(l *parseLine, do func(*Feature) error) error {
	for b := range l.inOrder {
		<-b.ready
		for i := range b.out {
			if !r.admit(&b.out[i]) {
				continue
			}
			if err := do(&b.out[i].feature); err != nil {
				return err
			}
		}
		l.giveBack(b)
	}
	return nil
}

// untilStop reads until it is told to stop.
type untilStop struct {
	r    io.Reader
	stop <-chan struct{}
}

func (u untilStop) Read(b []byte) (int, error) {
	select {
	case <-u.stop:
		return 0, io.ErrClosedPipe
	default:
		return u.r.Read(b)
	}
}

// batchBytes is how much of a file is parsed in one go, where features are short.
const batchBytes = 64 << 10

// parseBatch is some features of a file, one after another.
type parseBatch struct {
	raw   []byte
	ends  []int // of each in raw
	long  []bool
	out   []parsed
	ready chan struct{} // holds one value when out is there
}

// parseLine passes the features of a file to those who parse them and on to who takes them, in
// order. What it holds is bounded by the lengths of its channels.
type parseLine struct {
	parse   func(raw []byte, long bool) parsed
	todo    chan *parseBatch
	inOrder chan *parseBatch
	stop    chan struct{} // closed where no more is wanted
	now     *parseBatch   // being filled

	mu   sync.Mutex
	free []*parseBatch
}

// add adds a feature. It is called from one goroutine only, as is end.
func (l *parseLine) add(raw []byte, long bool) {
	if l.now == nil {
		l.now = l.fresh()
	}
	b := l.now
	b.raw = append(b.raw, raw...)
	b.ends, b.long = append(b.ends, len(b.raw)), append(b.long, long)
	if len(b.raw) >= batchBytes {
		l.send()
	}
}

func (l *parseLine) send() {
	b := l.now
	l.now = nil
	select {
	case <-l.stop: // who would take it does not wait any more
	default:
		l.todo <- b
		l.inOrder <- b
	}
}

func (l *parseLine) end() {
	if l.now != nil {
		l.send()
	}
	close(l.todo)
	close(l.inOrder)
}

// work parses until there is no more.
func (l *parseLine) work() {
	for b := range l.todo {
		from := 0
		for i, end := range b.ends {
			b.out = append(b.out, l.parse(b.raw[from:end], b.long[i]))
			from = end
		}
		b.ready <- struct{}{}
	}
}

func (l *parseLine) fresh() *parseBatch {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.free); n > 0 {
		b := l.free[n-1]
		l.free = l.free[:n-1]
		return b
	}
	return &parseBatch{ready: make(chan struct{}, 1)}
}

func (l *parseLine) giveBack(b *parseBatch) {
	clear(b.out)
	b.raw, b.ends, b.long, b.out = b.raw[:0], b.ends[:0], b.long[:0], b.out[:0]
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free = append(l.free, b)
}
