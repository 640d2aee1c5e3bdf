# Everything a developer or an operator types. `make up` is the town; `make check test` is what CI runs.
.DEFAULT_GOAL := help
SHELL := /bin/bash
# Without its bytecode each of our processes would take 4 seconds to start instead of 1.5.
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3
BIN := .venv/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

help:
	@echo "make up     the demo town on this machine: PostgreSQL, web and worker (PORT=8000, TOWNHALL_VAR=var)"
	@echo "make test   every test, in a real browser and on a real PostgreSQL"
	@echo "make check  style, types, import contracts, migrations, translations, generated documents"
	@echo "make bench  what we measure, each beside its limit; writes bench/results.json"
	@echo "make docs   write the reference pages from the code"

up: .venv/run assets
	@exec $(BIN)/townhall up --demo

test: .venv/dev assets clients tools onelogin
	$(BIN)/pytest -n $${TOWNHALL_TEST_PROCESSES:-3} --dist loadfile --no-loadscope-reorder

check: .venv/dev assets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	TOWNHALL_DEMO=1 $(BIN)/mypy townhall tests bench assets conftest.py
	$(BIN)/lint-imports
	$(BIN)/python -m tests.checks

bench: .venv/dev assets
	$(BIN)/python -m bench

docs: .venv/dev
	$(BIN)/python -m tests.checks --write

assets:
	@$(BIN)/python assets/build.py

# GOV.UK Notify's Node client, which the tests run as it is.
clients:
	@$(BIN)/python assets/build.py tests/contracts

# A service that signs in with govuk-onelogin-django, which wants an Authlib of its own choice.
ONELOGIN := tests/contracts/onelogin
onelogin: build/onelogin/ready
build/onelogin/ready: $(ONELOGIN)/requirements.lock
	@$(PYTHON) -m venv build/onelogin
	@build/onelogin/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r $<
	@touch $@

# A browser to drive, and a virus scanner to ask: from Debian, if they are not here.
tools:
	@{ command -v chromium && [ -x /usr/sbin/clamd ]; } >/dev/null || { $(SUDO) apt-get update -qq && \
	  $(SUDO) apt-get install -y -qq --no-install-recommends chromium fonts-liberation clamav-daemon; } >/dev/null

# The lock files give each package's version and hash; pip installs nothing else.
.venv/run: requirements.lock pyproject.toml
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@echo "Installing what requirements.lock names ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements-dev.lock pyproject.toml
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@echo "Installing what requirements-dev.lock names ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ .venv/run

# After a change in pyproject.toml; needs uv.
lock:
	uv pip compile -q --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --no-emit-find-links --extra build pyproject.toml -o requirements.lock
	uv pip compile -q --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --no-emit-find-links --extra build --extra dev pyproject.toml -o requirements-dev.lock
	uv pip compile -q --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --no-emit-find-links $(ONELOGIN)/requirements.in -o $(ONELOGIN)/requirements.lock

.PHONY: help up test check bench docs assets clients onelogin tools lock
