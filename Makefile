# make help lists what there is to do here.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# uv is faster where it is there; pip is everywhere.
INSTALL := $(shell command -v uv >/dev/null && echo "uv pip install -q --compile-bytecode -p $(BIN)/python" || echo "$(BIN)/pip install -q --disable-pip-version-check")
ONLY ?= tests

.PHONY: help run test call-client lint format bench shots requirements translations flask clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1 /' | awk '{name=$$1; $$1=""; printf "  make %-13s%s\n", name, $$0}'

run: $(BIN)/ready  ## everything on this machine, with demo data (PORT=5000)
	@$(BIN)/python run.py

test: $(BIN)/ready-dev  ## all tests, on real engines (ONLY=tests/talks for some)
	@$(BIN)/python -m pytest -n 2 --dist worksteal -q $(ONLY)

# Its lock names the two files that a page loads, and none of the modules they were made of.
call-client:  ## Jitsi's client library by npm, for the test of a real call
	@mkdir -p var/call-client
	@cp tests/jitsi/call/package.json tests/jitsi/call/package-lock.json var/call-client
	@npm ci --prefix var/call-client --ignore-scripts --no-audit --no-fund --loglevel=error

lint: $(BIN)/ready-dev  ## style, types and templates
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/djlint --lint --quiet app/templates
	@$(BIN)/python -m tools.translations

format: $(BIN)/ready-dev  ## let ruff set the code
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format -q .

bench: $(BIN)/ready-dev  ## the measured figures, each beside its floor
	@$(BIN)/python -m bench

shots: $(BIN)/ready-dev  ## pictures of every page into var/shots
	@$(BIN)/python -m tools.shots

requirements: $(BIN)/ready-dev  ## each requirement with the tests that prove it
	@$(BIN)/python -m tools.requirements

translations: $(BIN)/ready-dev  ## compile the Japanese texts, and list what lacks
	@$(BIN)/python -m tools.translations

flask: $(BIN)/ready  ## a command beside a running product: make flask do="books check"
	@set -a && . ./var/env && $(BIN)/flask $(do)

clean:  ## remove the venv, all local data and caches
	rm -rf .venv var .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -m venv .venv

$(BIN)/ready: requirements.txt requirements-laptop.txt constraints.txt | $(BIN)/python
	@echo "Installing what the product needs ..."
	@$(INSTALL) -r requirements-laptop.txt -c constraints.txt
	@touch $@

$(BIN)/ready-dev: requirements-dev.txt $(BIN)/ready
	@echo "Installing what tests and lint need ..."
	@$(INSTALL) -r requirements-dev.txt -c constraints.txt
	@touch $@
