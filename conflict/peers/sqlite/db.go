//go:build libsqlite3

package sqlite

/*
#cgo LDFLAGS: -lsqlite3
#include <sqlite3.h>

static int bindBox(sqlite3_stmt *s, int from, const double *box) {
	for (int i = 0; i < 8; i++) {
		int rc = sqlite3_bind_double(s, from + i, box[i]);
		if (rc != SQLITE_OK) return rc;
	}
	return SQLITE_OK;
}

// look puts up to room ids into out and returns how many there are, or minus the code of an error.
static int look(sqlite3_stmt *s, const double *box, int *out, int room) {
	int n = 0, rc = bindBox(s, 1, box);
	if (rc != SQLITE_OK) return -rc;
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		if (n < room) out[n] = sqlite3_column_int(s, 0);
		n++;
	}
	sqlite3_reset(s);
	return rc == SQLITE_DONE ? n : -rc;
}

static int put(sqlite3_stmt *s, int id, const double *box) {
	int rc = sqlite3_bind_int(s, 1, id);
	if (rc == SQLITE_OK) rc = bindBox(s, 2, box);
	if (rc != SQLITE_OK) return rc;
	rc = sqlite3_step(s);
	sqlite3_reset(s);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int run(sqlite3_stmt *s) {
	int rc;
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {}
	sqlite3_reset(s);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}
*/
import "C"

import (
	"fmt"
	"unsafe"

	"parley/conflict/peers"
)

// conn is a connection with its prepared statements, used by one goroutine.
type conn struct {
	db                           *C.sqlite3
	looks, puts, begins, commits *C.sqlite3_stmt
	room                         []C.int
}

func version() string { return "SQLite " + C.GoString(C.sqlite3_libversion()) }

const create = `CREATE VIRTUAL TABLE IF NOT EXISTS plans USING rtree(id, lon0, lon1, lat0, lat1, alt0, alt1, time0, time1)`

// open opens a database file. Nothing in it survives a crash, and all of it stays in memory.
func open(path string) (*conn, error) {
	c := &conn{room: make([]C.int, 1<<16)}
	rc := C.sqlite3_open_v2(text(path), &c.db, C.SQLITE_OPEN_READWRITE|C.SQLITE_OPEN_CREATE|C.SQLITE_OPEN_NOMUTEX, nil)
	if err := c.check(rc); err != nil {
		return nil, err
	}
	for _, sql := range []string{
		"PRAGMA journal_mode = WAL", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -1000000",
		"PRAGMA mmap_size = 2000000000", "PRAGMA temp_store = MEMORY", create,
	} {
		if err := c.once(sql); err != nil {
			return nil, err
		}
	}
	return c, c.prepareAll()
}

// once runs a statement that is not run again.
func (c *conn) once(sql string) error {
	s, err := c.prepare(sql)
	if err == nil {
		err = c.check(C.run(s))
		C.sqlite3_finalize(s)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}

// prepareAll prepares what is run again and again.
func (c *conn) prepareAll() (err error) {
	for _, p := range []struct {
		to  **C.sqlite3_stmt
		sql string
	}{
		{&c.looks, `SELECT id FROM plans WHERE lon0 <= ?2 AND lon1 >= ?1 AND lat0 <= ?4 AND lat1 >= ?3
			AND alt0 <= ?6 AND alt1 >= ?5 AND time0 <= ?8 AND time1 >= ?7`},
		{&c.puts, "INSERT INTO plans VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"},
		{&c.begins, "BEGIN IMMEDIATE"},
		{&c.commits, "COMMIT"},
	} {
		if *p.to, err = c.prepare(p.sql); err != nil {
			return fmt.Errorf("%s: %w", p.sql, err)
		}
	}
	return nil
}

func (c *conn) close() {
	for _, s := range []*C.sqlite3_stmt{c.looks, c.puts, c.begins, c.commits} {
		C.sqlite3_finalize(s)
	}
	C.sqlite3_close(c.db)
}

func (c *conn) check(rc C.int) error {
	if rc == C.SQLITE_OK {
		return nil
	}
	return fmt.Errorf("SQLite: %s", C.GoString(C.sqlite3_errmsg(c.db)))
}

func (c *conn) prepare(sql string) (s *C.sqlite3_stmt, err error) {
	rc := C.sqlite3_prepare_v2(c.db, text(sql), -1, &s, nil)
	return s, c.check(rc)
}

func text(s string) *C.char { return (*C.char)(unsafe.Pointer(&append([]byte(s), 0)[0])) }

// look returns the ids of what a box meets, until the next call.
func (c *conn) look(b *peers.Box) ([]C.int, error) {
	n := C.look(c.looks, (*C.double)(&b[0]), &c.room[0], C.int(len(c.room)))
	if n < 0 {
		return nil, c.check(-n)
	}
	if int(n) > len(c.room) {
		c.room = make([]C.int, 2*int(n))
		return c.look(b)
	}
	return c.room[:n], nil
}

func (c *conn) put(id int32, b *peers.Box) error {
	return c.check(C.put(c.puts, C.int(id), (*C.double)(&b[0])))
}

func (c *conn) begin() error  { return c.check(C.run(c.begins)) }
func (c *conn) commit() error { return c.check(C.run(c.commits)) }
