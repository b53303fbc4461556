# What you do here: `make demo` to see it, `make test` and `make check` before you commit.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
SIZE ?= town
DATA ?= ../shared/data
BIN := .venv/bin
FORCE := demo-force
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/run build ## make a made-up force (SIZE=town, city, met), build it and serve it
	@test -f $(FORCE)/bluelamp.toml || $(BIN)/bluelamp demo --size $(SIZE) --into $(FORCE)
	@$(BIN)/bluelamp run $(FORCE)
	@$(BIN)/bluelamp user demo $(FORCE)
	@$(BIN)/bluelamp serve $(FORCE)

test: .venv/dev build chromium java ## run every test, browser tests too
	$(BIN)/python -m pytest -n 4 --dist loadfile $(TESTS)

check: .venv/dev build chromium java ## format, lint, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 4 --dist loadfile $(TESTS)

check-data: .venv/dev build ## check against the real open data in $(DATA)
	BLUELAMP_DATA=$(DATA) $(BIN)/python -m pytest -o python_files='test_*.py check_*.py' tests/examples $(TESTS)

bench: .venv/dev build chromium java ## measure what is promised about speed and accuracy
	$(BIN)/python -m benchmarks

build: .venv/run ## bring the pages' styles and scripts up to date
	@$(BIN)/python hatch_build.py

lock: .venv/dev ## choose the newest versions of all dependencies and write them down with their hashes
	$(PIP) uv
	$(LOCK) --upgrade --group build --output-file requirements.txt
	$(LOCK) --upgrade --group build --group dev --constraints requirements.txt --output-file requirements-dev.txt

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	pyproject.toml

clean: ## remove what was made here, the demo force too
	rm -rf .venv $(FORCE) $(FORCE)-truth frontend/node_modules src/bluelamp/web/static/built dist build \
		.pytest_cache .ruff_cache .mypy_cache .hypothesis benchmarks/made

.venv/run: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Blue Lamp needs Python 3.11 or newer.") if sys.version_info < (3, 11) else None'
	@echo "Installing into .venv ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) --require-hashes --requirement requirements.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	@$(PIP) --require-hashes --requirement requirements-dev.txt
	@touch $@

# Browser tests need Chromium: Debian's where we may install it, without windows if it has that, else Playwright's own.
chromium: .venv/dev
	@if command -v chromium-headless-shell > /dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		apt-get update -qq && export DEBIAN_FRONTEND=noninteractive && \
		for package in chromium-headless-shell chromium; do \
			apt-get install -y -qq --no-install-recommends $$package fonts-liberation > /dev/null && break; done; \
		command -v chromium-headless-shell chromium > /dev/null; \
	elif command -v chromium > /dev/null; then :; \
	else $(BIN)/playwright install --only-shell chromium; fi

# Spark needs Java: Debian's where we may install it.
java:
	@if [ -x "$${JAVA_HOME:-}/bin/java" ] || command -v java > /dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			default-jre-headless > /dev/null; \
	else echo "The tests of Spark need Java 17 or newer, and there is none here; install it (Debian: default-jre-headless)." >&2; \
		exit 1; fi

.PHONY: help demo test check check-data bench build lock clean chromium java
