package postgis

import (
	"context"

	"parley/conflict/peers"
)

// GapM returns the distance that PostGIS measures between a query and a plan, less their radii.
func (db *DB) GapM(ctx context.Context, p peers.Pair) (float64, error) {
	var m float64
	err := db.conns[0].QueryRow(ctx, `SELECT ST_Distance(p.place, q.place, true) - p.radius - q.radius
		FROM plans p, queries q WHERE p.id = $1 AND q.id = $2`, p.Plan, p.Query).Scan(&m)
	return m, err
}
