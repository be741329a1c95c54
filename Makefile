# Préau. `make help` says what there is; tools/ holds what stands behind it.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
BIN := .venv/bin

help: ## says what there is
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

setup: ## makes .venv, the front end and the message catalogues, where they changed
	@test -n "$(PYTHON)" || { echo "preau: Python 3.11 or later is missing. As root:" \
		"apt-get update && apt-get install --no-install-recommends -y python3 python3-pip" >&2; exit 1; }
	@$(PYTHON) tools/setup.py

run: setup ## serves the demo collège on port 8000; PREAU_* settings are passed through
	@exec $(BIN)/preau run --demo

test: setup ## runs every check and every test, on SQLite and PostgreSQL and in Chromium
	@exec $(BIN)/python -m tools.test $(ARGS)

unit: setup ## runs the unit tests on SQLite, or on PREAU_DATABASE_URL; ARGS goes to pytest
	@exec $(BIN)/python -m pytest -q -m "not (e2e or a11y or foreign or soak or bench)" $(ARGS)

lint: setup ## checks style, types, architecture and messages
	@exec $(BIN)/python -m tools.checks

fmt: setup ## formats Python and indents templates
	@$(BIN)/ruff check --fix --exit-zero
	@$(BIN)/ruff format
	@find src/preau -path '*/templates/*' -name '*.html' -exec $(BIN)/djhtml --tabwidth 2 {} +

messages: setup ## takes new messages up into the catalogues
	@$(BIN)/python tools/catalogues.py update

wheel: setup ## builds dist/preau-*.whl, which needs no node
	@$(BIN)/python tools/catalogues.py check
	@rm -f dist/preau-*.whl
	@$(BIN)/python -m hatchling build -t wheel

bench: setup ## measures, on a PostgreSQL of its own; ARGS names what
	@exec $(BIN)/python -m tools.postgres $(BIN)/python -m benchmarks $(ARGS)

pictures: setup ## takes every page beside its reference, into pictures/
	@exec $(BIN)/python -m tools.pictures $(ARGS)

soak: setup ## runs the tests that take hours
	@exec $(BIN)/python -m pytest -m soak $(ARGS)

foreign: setup ## runs the tests that need clients nobody here wrote
	@exec $(BIN)/python -m pytest -m foreign $(ARGS)

clean: ## removes everything that was built or fetched, and keeps var/
	@rm -rf .tools .venv node_modules dist build pictures src/preau/ui/dist .mypy_cache .ruff_cache .pytest_cache

.PHONY: help setup run test unit lint fmt messages wheel bench pictures soak foreign clean
