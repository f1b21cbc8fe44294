// Package sqlite runs the workload of package peers on SQLite's R*Tree. It links with the SQLite of
// the system and is built with the tag libsqlite3 only.
package sqlite
