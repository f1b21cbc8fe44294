module parley/conflict/peers

go 1.26.0

require (
	github.com/jackc/pgx/v5 v5.12.0
	golang.org/x/sync v0.24.0
	parley v0.0.0
)

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/jackc/pgpassfile v1.0.0 // indirect
	github.com/jackc/pgservicefile v0.0.0-20240606120523-5a60cdf6a761 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace parley => ../..
