# make help says what there is.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.NOTPARALLEL:
.DEFAULT_GOAL := help

VERSION   := $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
FUZZTIME  ?= 3s
BENCH     ?= .
BENCHTIME ?= 1s
PAIRS     ?= 120000
SEED      ?= 20261124
VOLUMES   ?= 1000000
QUERIES   ?= 10000

# The benchmarks that docs/reference/conflict-speed.md is made of.
SPEED := Load|Matches|Enter|OneCity|Separation|Wide|Mixed|WhatIf

# How many packages are tested at once: as many as the cores that a small machine has.
PACKAGES := 2

# The race detector needs a C compiler, and the second verifier of evidence Node 20; where they are not
# there the tests run without (with CI=true Node must be there). Everything else here needs Go alone.
RACE := $(shell command -v "$$(go env CC)" >/dev/null 2>&1 && echo -race)

# The console is built where Node is; without, the program says on its page how to get it.
WEB     := console/web
CONSOLE := $(if $(shell command -v npm 2>/dev/null),console/dist/index.html)

STEP = printf '\n==> %s\n'

.PHONY: help build verify-page console test-browser pictures demo test bench bench-console bench-peers conflict-speed exactness lint fuzz independent peers deps tidy generated static unit

help: ## say what there is
	@grep -hE '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | while IFS=$$'\t' read -r t d; do printf '  make %-15s %s\n' "$$t" "$$d"; done

build: verify-page $(CONSOLE) ## build the static program bin/parley; with Node the console is in it
	@$(STEP) "build bin/parley $(VERSION) (the first time fetches and compiles what it needs)"
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/parley ./cmd/parley

console: console/dist/index.html ## build the duty officer's page; wants Node 20

console/dist/index.html: $(WEB)/node_modules/.package-lock.json api/openapi.yaml $(shell find $(WEB)/src $(WEB)/public $(WEB)/scripts -type f 2>/dev/null) $(wildcard $(WEB)/*.ts $(WEB)/*.json $(WEB)/*.html)
	@$(STEP) "build the console"
	cd $(WEB) && npm run --silent build

$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json
	@$(STEP) "fetch what the console is made of"
	cd $(WEB) && npm ci --silent
	touch $@

verify-page: ## build bin/parley-verify.html, which checks evidence in a browser; the program that is built next holds it
	@$(STEP) "build bin/parley-verify.html $(VERSION)"
	go run -trimpath ./cmd/verifypage -version '$(VERSION)' bin/parley-verify.html console/verify/built/parley-verify.html

demo: build ## two nodes avoid an accident and prove it; EXIT=1 ends afterwards
	@$(STEP) "demo"
	@bin/parley demo $(if $(filter 1 true yes,$(EXIT)),--exit)

test: deps $(CONSOLE) lint tidy generated static unit $(if $(CONSOLE),test-browser) independent peers $(if $(filter true,$(CI)),fuzz) ## everything that must hold; with CI=true fuzzing as well
	@$(STEP) "all passed"

test-browser: bin/parley $(WEB)/node_modules/.package-lock.json ## two consoles in the system's Chromium; screenshots in console/web/test-results
	@$(STEP) "the console in a browser"
	CGO_ENABLED=0 go build -trimpath -o bin/hostile ./cmd/hostile
	@if command -v "$${CHROMIUM:-chromium}" >/dev/null; then cd $(WEB) && CHROMIUM="$$(command -v "$${CHROMIUM:-chromium}")" npx playwright test; \
	elif [ "$${CI:-}" = true ]; then echo "no Chromium was found: set CHROMIUM to its path"; exit 1; \
	else echo "SKIPPED, since no Chromium was found (set CHROMIUM to its path):"; grep -ho '^test("[^"]*"' $(WEB)/tests/*.spec.ts; fi

pictures: ## make the console's pictures in docs/pictures out of what make test-browser left
	cd $(WEB) && CHROMIUM="$$(command -v "$${CHROMIUM:-chromium}")" node scripts/pictures.mjs

bin/parley: build

bench: ## run and print the benchmarks; BENCH=regexp BENCHTIME=1s
	@$(STEP) "benchmarks"
	go test -run '^$$' -bench '$(BENCH)' -benchmem -benchtime '$(BENCHTIME)' -p 1 -timeout 60m ./...

bench-console: bin/parley $(WEB)/node_modules/.package-lock.json ## how the console keeps up with NOTICES=2000 of which CHANGES=50 a second change; wants Chromium (some three minutes)
	@$(STEP) "the console with many notices in a browser"
	cd $(WEB) && CHROMIUM="$$(command -v "$${CHROMIUM:-chromium}")" npx playwright test --config bench.config.ts

bench-peers: ## the conflict index beside PostGIS and SQLite, VOLUMES=1000000 QUERIES=10000; as root it installs both; WRITE=1 puts the result into the docs
	@$(STEP) "the conflict index, PostGIS and SQLite on $(VOLUMES) volumes (some five minutes)"
	[ -e /usr/include/sqlite3.h ] && command -v gcc >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev libsqlite3-dev; }
	cd conflict/peers && go build -tags libsqlite3 -o ../../bin/bench-peers ./cmd/bench-peers
	POSTGRES_SETTINGS="$$(bin/bench-peers -postgres-settings)" scripts/with-postgis.sh \
		bin/bench-peers -volumes $(VOLUMES) -queries $(QUERIES) $(if $(filter 1 true yes,$(WRITE)),-doc docs/reference/conflict-peers.md)

conflict-speed: ## measure the conflict index, and write its tables and pictures into docs; SHORT=1 leaves out ten million volumes
	@$(STEP) "the speed of the conflict index (some twenty minutes; five with SHORT=1)"
	mkdir -p bin
	{ echo "load $$(cut -d' ' -f1 /proc/loadavg)"; go test -run '^$$' -bench '^Benchmark($(SPEED))$$' -benchmem -benchtime '$(BENCHTIME)' -timeout 2h $(if $(filter 1 true yes,$(SHORT)),-short) ./conflict; } | tee bin/conflict-speed.txt
	cd conflict/peers && go run ./cmd/conflict-speed -docs ../../docs <../../bin/conflict-speed.txt

exactness: ## geo4d against GeodSolve and PostGIS on PAIRS=120000 pairs from SEED; as root it installs both
	@$(STEP) "exactness: $(PAIRS) pairs (some ten minutes)"
	command -v GeodSolve >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends geographiclib-tools; }
	go test -count=1 -v -timeout 2h -run '^TestExactness$$' ./geo4d/exactness -args -pairs $(PAIRS) -seed $(SEED)

lint: ## gofmt, vet, staticcheck and the rules of the rooms
	@$(STEP) "gofmt"
	@files=$$(gofmt -l .); if [ -n "$$files" ]; then echo "not formatted; run gofmt -w on:"; echo "$$files"; exit 1; fi
	@$(STEP) "go vet"
	go vet ./...
	GOOS=js GOARCH=wasm go vet ./cmd/verifypage/wasm
	@$(STEP) "staticcheck"
	go tool staticcheck ./...
	@$(STEP) "roomlint: no clock, randomness, network, disk or package state where it must not be"
	go build -o bin/roomlint ./internal/rooms/cmd/roomlint
	go vet -vettool=bin/roomlint ./...

fuzz: ## every fuzz target for FUZZTIME=3s
	@$(STEP) "fuzz every target for $(FUZZTIME)"
	internal/rooms/fuzz.sh $(FUZZTIME)

independent: ## check the evidence with torchwood's verifiers and its witness
	@$(STEP) "the evidence, checked by programs that are not ours"
	cd internal/independent && go mod tidy -diff && go vet ./... && go test -count=1 ./...

peers: ## the parts of bench-peers that need no server
	@$(STEP) "the workload and the tables of bench-peers"
	cd conflict/peers && go mod tidy -diff && go vet ./... && go test -count=1 ./...

# The steps of make test.

deps:
	@$(STEP) "fetch what the tests need"
	go mod download
	$(if $(filter true,$(CI)),command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; })
	cd internal/independent && go mod download
	cd conflict/peers && go mod download

tidy:
	@$(STEP) "go.mod and go.sum are tidy"
	go mod tidy -diff

generated:
	@$(STEP) "generated files are current"
	@state() { { git diff; git status --porcelain -uall; } | git hash-object --stdin; }; \
	before=$$(state); go generate ./...; \
	if [ "$$before" != "$$(state)" ]; then echo "go generate changed files; commit what it wrote:"; git status --short; exit 1; fi

static:
	@$(STEP) "everything builds without cgo"
	CGO_ENABLED=0 go build ./...

unit:
	@$(STEP) "tests$(if $(RACE),, (no C compiler found: without the race detector))"
	go test $(RACE) -shuffle=on -p $(PACKAGES) -timeout 30m ./...
	$(if $(RACE),go test -run '^TestEveryByte$$' ./transcript)
