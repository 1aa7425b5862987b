# Two commands: `make run` starts the product, `make test` proves it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
PY := .venv/bin/python
UV := $(shell command -v uv 2>/dev/null)
SITE = $(shell $(PY) -c "import sysconfig; print(sysconfig.get_path('purelib'))")
ifdef UV
INSTALL = $(UV) pip install --quiet --python $(PY) --require-hashes --only-binary :all: -r
else
INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r
endif

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.venv/bin/python:
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Python 3.11 or newer with venv is needed (Debian: apt install python3-venv; another one: make PYTHON=python3.12 run)"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/.run: requirements.txt | .venv/bin/python
	$(INSTALL) requirements.txt
	@pwd > $(SITE)/outreach.pth
	@$(PY) -m compileall -q outreach solver
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/bin/python
	$(INSTALL) requirements-dev.txt
	@pwd > $(SITE)/outreach.pth
	@touch $@ .venv/.run

.venv/.warm: .venv/.run $(wildcard solver/core/*.py)
	@echo "Compiling the planner, once"
	@$(PY) -m solver warm
	@touch $@

run: .venv/.warm ## start on http://127.0.0.1:8000 with demonstration data
	@$(PY) -m outreach.cli run

demo: .venv/.run ## fill an empty database with the demonstration
	@$(PY) -m outreach.cli demo

test: .venv/.dev ## every gate and test; OUTREACH_STRICT=1 forbids skipping
	@$(PY) tests/tools/gate.py

check: .venv/.dev ## the fast gates alone
	@$(PY) tests/tools/gate.py --fast

bench: .venv/.dev ## measure speed
	@$(PY) -m tests.bench

bench-full: .venv/.dev ## measure the planner beside its peers; goes on where it stopped
	@$(PY) -m tests.bench.peers --python $(or $(PEERS),$(PY)) --jobs $(or $(JOBS),1) --write

screenshots: .venv/.dev ## picture every page into build/screenshots
	@$(PY) -m tests.tools.screenshots

words: .venv/.dev ## bring the catalogues up to date with the code
	@$(PY) -m tests.tools.words

lock: ## choose versions anew (needs uv)
	uv lock --quiet --upgrade
	uv export --quiet --format requirements-txt --no-emit-project --no-header --no-dev -o requirements.txt
	uv export --quiet --format requirements-txt --no-emit-project --no-header -o requirements-dev.txt

.PHONY: help run demo test check bench bench-full screenshots words lock
