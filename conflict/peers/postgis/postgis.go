// Package postgis runs the workload of package peers on PostGIS.
package postgis

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"parley/conflict/peers"
	"parley/internal/traffic"
)

//go:embed schema.sql
var schema string

// Settings are what the server should be started with: all data in memory, nothing kept for a crash,
// and one process for each client.
const Settings = "-c shared_buffers=4GB -c work_mem=64MB -c maintenance_work_mem=1GB -c wal_level=minimal " +
	"-c max_wal_senders=0 -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c jit=off " +
	"-c max_parallel_workers_per_gather=0 -c max_parallel_maintenance_workers=1 -c random_page_cost=1.1 " +
	"-c effective_cache_size=8GB -c plan_cache_mode=force_generic_plan -c enable_seqscan=off"

// DB is a database with the plans of a workload.
type DB struct {
	conns [2]*pgx.Conn
	w     *peers.Workload
}

// Open connects to the server that the environment names, with two clients.
func Open(ctx context.Context, w *peers.Workload) (*DB, error) {
	db := &DB{w: w}
	for i := range db.conns {
		conn, err := pgx.Connect(ctx, "dbname=postgres")
		if err != nil {
			return nil, err
		}
		db.conns[i] = conn
	}
	return db, nil
}

// Close disconnects.
func (db *DB) Close(ctx context.Context) {
	for _, c := range db.conns {
		if c != nil {
			c.Close(ctx)
		}
	}
}

func (db *DB) exec(ctx context.Context, sql string, args ...any) error {
	_, err := db.conns[0].Exec(ctx, sql, args...)
	return err
}

// Load fills the tables and makes the index.
func (db *DB) Load(ctx context.Context) error {
	if _, err := db.conns[0].PgConn().Exec(ctx, schema).ReadAll(); err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	for _, t := range []struct {
		name  string
		plans []traffic.Plan
	}{{"plans", db.w.Plans}, {"queries", db.w.Queries}, {"entered", db.w.Entered}} {
		if err := db.copy(ctx, t.name, t.plans); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	for _, sql := range []string{
		"CREATE INDEX plans_near ON plans USING gist (_ST_Expand(place, radius), band, times)",
		"VACUUM ANALYZE",
	} {
		if err := db.exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

func (db *DB) copy(ctx context.Context, table string, plans []traffic.Plan) error {
	r, w := io.Pipe()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		out := bufio.NewWriterSize(w, 1<<20)
		err := writeRows(out, plans)
		if err == nil {
			err = out.Flush()
		}
		return w.CloseWithError(err)
	})
	group.Go(func() error {
		_, err := db.conns[0].PgConn().CopyFrom(ctx, r, "COPY "+table+" FROM STDIN")
		r.CloseWithError(err)
		return err
	})
	return group.Wait()
}

// writeRows writes plans as COPY reads them.
func writeRows(w io.Writer, plans []traffic.Plan) error {
	for i := range plans {
		r, err := rowOf(&plans[i])
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%d\t%s\t%v\t%s\t%s\n", r.id, r.place, r.radiusM, r.band, r.times); err != nil {
			return err
		}
	}
	return nil
}

// row is a plan in the notation of PostgreSQL.
type row struct {
	id                 int32
	place, band, times string
	radiusM            float64
}

func rowOf(p *traffic.Plan) (row, error) {
	id, err := peers.NumberOf(p.ID)
	if err != nil {
		return row{}, err
	}
	wkb, radiusM, err := peers.Skeleton(p.Volume.Shape)
	if err != nil {
		return row{}, err
	}
	lowerM, upperM := peers.BandM(&p.Volume)
	return row{
		id: id, place: strings.ToUpper(hex.EncodeToString(wkb)), radiusM: radiusM,
		band:  fmt.Sprintf("[%v,%v]", lowerM, upperM),
		times: fmt.Sprintf("[%s,%s)", p.Volume.Window.Start.Format(time.RFC3339), p.Volume.Window.End.Format(time.RFC3339)),
	}, nil
}

// Version returns the versions of PostGIS and PostgreSQL.
func (db *DB) Version(ctx context.Context) (string, error) {
	var v string
	err := db.conns[0].QueryRow(ctx, `SELECT 'PostGIS ' || postgis_lib_version() || ', ' || split_part(version(), ' (', 1) ||
		', PROJ ' || split_part(postgis_proj_version(), ' ', 1) || ', GEOS ' || postgis_geos_version()`).Scan(&v)
	return v, err
}

// Bytes returns the size of the table of plans and its index on disk.
func (db *DB) Bytes(ctx context.Context) (int64, error) {
	var n int64
	err := db.conns[0].QueryRow(ctx, "SELECT pg_total_relation_size('plans')").Scan(&n)
	return n, err
}
