# `make run` and `make test` are all a newcomer needs; the rest is for those who develop.
SHELL = /bin/sh
BIN = .venv/bin
# Where this is set nothing is kept compiled, and every command starts seconds later.
unexport PYTHONDONTWRITEBYTECODE

.SILENT:
.NOTPARALLEL:
.PHONY: help run up stop setup setup-test setup-bench db serve fmt lint types test fast check bench accuracy migration snapshots

help: ## this list
	grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

run: setup ## everything, and the server in the foreground (Ctrl-C ends it)
	exec $(BIN)/territorio up --foreground

up: setup ## the same in the background (make stop ends it)
	exec $(BIN)/territorio up

stop: ## end what `make up` started
	exec $(BIN)/territorio stop

setup: ## packages, Python environment, page assets: what is missing, once
	sh api/setup.sh

setup-test: ## what the tests need besides (Chromium, GDAL)
	sh api/setup.sh prove

setup-bench: ## what the bench measures beside us (wrk, GDAL, pygeoapi, tipg)
	sh api/setup.sh banco

db: setup ## the private PostgreSQL, migrated, left running
	$(BIN)/territorio up --fino-a database

serve: db ## the server alone, restarted whenever a file changes
	exec $(BIN)/uvicorn --factory api.server:application --reload \
	  --host 127.0.0.1 --port $${TERRITORIO_PORT:-8000}

fmt: setup ## write the code as ruff wants it
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

lint: setup ## style, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: setup ## mypy, strict
	$(BIN)/mypy

test: setup-test ## the whole suite
	$(BIN)/pytest -n 2 --dist loadgroup

fast: setup ## what needs neither database nor browser
	$(BIN)/pytest -n 2 -m "not database and not browser"

check: lint types test ## what CI runs

bench: setup-bench ## the measured figures (SIZE=small or full)
	$(BIN)/python -m tests.bench --size $(or $(SIZE),small)

accuracy: setup ## precision and recall of the links on the generated town
	$(BIN)/python -m tests.bench.accuracy

migration: db ## a new migration: make migration m="what changes"
	test -n "$(m)" || { echo 'Scrivi: make migration m="che cosa cambia"' >&2; exit 2; }
	$(BIN)/territorio migra --nuova "$(m)"

snapshots: setup ## accept the texts that tests compare; read the diff before committing
	$(BIN)/pytest -n 2 --accept-snapshots
