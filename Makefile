# make run        read the bundled sample, tell its story, write build/report.html (PAGES=DIR for pages of your own)
# make test       every test but the long suites        make test-long   the long suites
# make lint       style and types                       make bench       measurements, none of which decides a test
# make lock       write requirements/*.txt anew         make clean       remove what the above made
#
# Nothing but make and a Python 3.11 or later with venv is needed beforehand: `make PYTHON=python3.12 run` picks one.

PYTHON ?= python3
PAGES ?=
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
PINNED := --require-hashes --no-deps
export PYTHONUTF8 := 1

.PHONY: run test test-long lint bench lock clean
.DEFAULT_GOAL := run

# An environment half made, moved, or whose Python is gone has stamps that lie: they are dropped before make looks.
SOUND := $(shell $(PY) -c "import foedus, os; assert foedus.__file__.startswith(os.getcwd())" 2>&1 || rm -f $(VENV)/.run $(VENV)/.dev)

run: $(VENV)/.run
	@$(PY) -m foedus.sample $(if $(PAGES),"$(PAGES)")

test: $(VENV)/.dev
	$(PY) -m pytest -m "not long" -n 2

test-long: $(VENV)/.dev
	$(PY) -m pytest -m long

lint: $(VENV)/.dev
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy

bench: $(VENV)/.dev
	$(PY) bench/main_job.py $(if $(PAGES),"$(PAGES)")
	$(PY) bench/rules.py
	$(PY) bench/ledger.py

lock: $(VENV)/.dev
	requirements/lock.sh

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.run: requirements/build.txt requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and "foedus needs Python 3.11 or later, and $(PYTHON) is %d.%d: say which with make PYTHON=python3.12 run" % v[:2])'
	@$(PY) -c 'import pip, sys; assert sys.version_info >= (3, 11)' >/dev/null 2>&1 || { echo "Making $(VENV) ..." >&2; rm -rf $(VENV); $(PYTHON) -m venv $(VENV); }
	@echo "Installing the pinned packages into $(VENV) ..." >&2
	@$(PIP) install $(PINNED) -r requirements/build.txt -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo "Installing the pinned tools into $(VENV) ..." >&2
	@$(PIP) install $(PINNED) -r requirements/dev.txt
	@touch $@
