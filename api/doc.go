// Package api is a node's HTTP API, for its own officers and their programs. openapi.yaml describes
// it and is served at /v1/openapi.yaml; the bodies are those of package node/view and of this
// package.
//
// Every request names an officer by "Authorization: Bearer <token>"; what each role may do stands
// in one table, Routes. An error is one JSON object, see Problem, made from a fault.Error in one
// place; what happened inside the node never leaves it.
package api
