package postgis

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/conflict/peers"
)

// Run loads the workload and measures it, with the time of the server alone and over its socket.
func (db *DB) Run(ctx context.Context) (inside, outside peers.Result, err error) {
	inside = peers.Result{System: "PostGIS, inside the server", Where: "table and index on disk"}
	from := time.Now()
	if err = db.Load(ctx); err != nil {
		return inside, outside, err
	}
	inside.Load = time.Since(from)
	if inside.Version, err = db.Version(ctx); err != nil {
		return inside, outside, err
	}
	if inside.Bytes, err = db.Bytes(ctx); err != nil {
		return inside, outside, err
	}
	outside = inside
	outside.System = "PostGIS, over its socket"

	n := len(db.w.Queries)
	if _, _, err = db.askInside(ctx, 2, min(n, 1000)); err != nil { // warms both clients
		return inside, outside, err
	}
	for t := range inside.Ask {
		if inside.Ask[t], inside.Found, err = db.askInside(ctx, t+1, n); err != nil {
			return inside, outside, err
		}
		if outside.Ask[t], err = db.askOutside(ctx, t+1); err != nil {
			return inside, outside, err
		}
	}
	first, half := len(db.w.Plans), len(db.w.Entered)/2
	for t := range inside.Enter {
		if inside.Enter[t], err = db.enter(ctx, t+1, first+t*half, first+(t+1)*half); err != nil {
			return inside, outside, err
		}
	}
	return inside, outside, nil
}

// askInside has the server ask itself n queries, with so many clients.
func (db *DB) askInside(ctx context.Context, clients, n int) (peers.Rate, [][]int32, error) {
	found := make([][]int32, n)
	took := make([]time.Duration, n)
	group, ctx := errgroup.WithContext(ctx)
	from := time.Now()
	for c := range clients {
		group.Go(func() error {
			rows, err := db.conns[c].Query(ctx, "SELECT query, us, ids FROM ask($1, $2, $3)", c, clients, n)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var q int32
				var us float64
				var ids []int32
				if err := rows.Scan(&q, &us, &ids); err != nil {
					return err
				}
				found[q], took[q] = ids, time.Duration(us*1e3)
			}
			return rows.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return peers.Rate{}, nil, fmt.Errorf("asking inside the server: %w", err)
	}
	return peers.RateOf(took, time.Since(from)), found, nil
}

// askOutside asks all queries over the socket, as prepared statements.
func (db *DB) askOutside(ctx context.Context, clients int) (peers.Rate, error) {
	rows := make([]row, len(db.w.Queries))
	for i := range rows {
		var err error
		if rows[i], err = rowOf(&db.w.Queries[i]); err != nil {
			return peers.Rate{}, err
		}
	}
	const sql = "SELECT array_agg(n) FROM near($1, $2, $3, $4) n"
	for _, c := range db.conns[:clients] {
		if _, err := c.Prepare(ctx, sql, sql); err != nil {
			return peers.Rate{}, err
		}
	}
	rate, err := peers.Each(len(rows), clients, func(c, i int) error {
		r := &rows[i]
		var ids []int32
		return db.conns[c].QueryRow(ctx, sql, r.place, r.radiusM, r.band, r.times).Scan(&ids)
	})
	if err != nil {
		return peers.Rate{}, fmt.Errorf("asking over the socket: %w", err)
	}
	return rate, nil
}

// enter has the server look up and then insert, with so many clients.
func (db *DB) enter(ctx context.Context, clients, first, beyond int) (peers.Rate, error) {
	group, ctx := errgroup.WithContext(ctx)
	from := time.Now()
	for c := range clients {
		group.Go(func() error {
			_, err := db.conns[c].Exec(ctx, "CALL enter($1, $2, $3)", first+c, clients, beyond)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return peers.Rate{}, fmt.Errorf("entering: %w", err)
	}
	return peers.Rate{PerSecond: float64(beyond-first) / time.Since(from).Seconds()}, nil
}
