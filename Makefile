# One verb each; CI runs the same ones. `make` alone lists them.

BIN    := .venv/bin
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
            $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; \
          done)
CODE   := ferryman workflows activities worker server starter api cli tests bench
ARGS   ?=

.DEFAULT_GOAL := help
.PHONY: help install demo run test test-fast chaos check format docs bench record-histories clean

help: ## List the verbs
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 18

install: .venv/run.stamp ## Install Ferryman into .venv

demo: .venv/run.stamp ## See it work, on this machine alone (ARGS='--once --yes' answers for you)
	@$(BIN)/ferryman demo $(ARGS)

run: .venv/run.stamp ## Run the server (ARGS='--data DIR', and more: ARGS=--help)
	@$(BIN)/ferryman server $(ARGS)

test: .venv/dev.stamp ## Run all tests; installs the Debian packages that they need, where it may
	@tests/packages.sh
	$(BIN)/pytest -n auto --dist worksteal $(ARGS)

test-fast: .venv/dev.stamp ## Run the quick tests, which need no server but the test Temporal
	$(BIN)/pytest -n auto --dist worksteal -m 'not servers and not slow' $(ARGS)

chaos: .venv/dev.stamp ## Kill everything everywhere, and count what was lost (ARGS=--help)
	@$(BIN)/python -m tests.chaos $(ARGS)

check: .venv/dev.stamp ## Lint, format, types, layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports

format: .venv/dev.stamp ## Write the code as `check` wants it
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

docs: .venv/dev.stamp ## Write the pages that are made from code: docs/steps, docs/lint.md
	$(BIN)/python -m server.pages

bench: .venv/dev.stamp ## Measure, each row as a ratio within one run
	@$(BIN)/python -m bench $(ARGS)

record-histories: .venv/dev.stamp ## Save the histories of new scenarios for the replay tests
	$(BIN)/python -m tests.replay.record $(ARGS)

clean: ## Remove what `make` made
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

# A stamp is newer than what it was made from, or is made again.
.venv/run.stamp: requirements.lock pyproject.toml | $(BIN)/pip
	@echo 'Installing Ferryman into .venv …'
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	@echo 'Installing what development needs …'
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(BIN)/pip:
	@test -n '$(PYTHON)' || { echo 'Ferryman needs Python 3.11 or newer: none was found on PATH.'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo '$(PYTHON) cannot make a virtual environment: install its venv'; \
	  echo '(on Debian and Ubuntu: apt-get install python3-venv), then run make again.'; exit 1; }
	@$(PYTHON) -m venv .venv
