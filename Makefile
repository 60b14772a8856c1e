# Everything a newcomer needs is `make run`; everything a change needs is `make check` and `make test`.

VENV ?= .venv
PYTHON ?= python3
PORT ?= 8000
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
LOCALES := en ar

PY := $(VENV)/bin/python
# A stamp carries the lock file's checksum: a changed lock is installed, an unchanged one costs nothing.
checksum = $(shell cksum < $(1) | tr ' ' '-')
RUN_STAMP := $(VENV)/installed-run-$(call checksum,requirements.lock)
DEV_STAMP := $(VENV)/installed-dev-$(call checksum,requirements-dev.lock)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
PIP_INSTALL := $(PY) -m pip install -qq --disable-pip-version-check --require-hashes

.PHONY: run test bench drill check catalogues lock clean help
.DEFAULT_GOAL := help

run: $(RUN_STAMP) $(CATALOGUES)  ## Start the portal with demo people on http://127.0.0.1:8000 (PORT=…); Ctrl-C stops it
	@DEPLOYMENT=demo PORT=$(PORT) exec $(PY) -m portal.serve

# Where Python is told to keep no compiled modules, each process would compile four hundred before its first test.
test check: export PYTHONDONTWRITEBYTECODE :=

test: $(DEV_STAMP) $(CATALOGUES)  ## Install what the tests need, then run them all
	@sh tests/tools/system.sh
	@$(PY) -m pytest --verbose --numprocesses $(JOBS) --dist worksteal

bench: $(DEV_STAMP) $(CATALOGUES)  ## Measure speed, bytes and questions to the database, on both databases
	@sh tests/tools/system.sh wrk
	@$(PY) -m tests.bench $(ONLY)

drill: $(DEV_STAMP) $(CATALOGUES)  ## Kill workers and web processes between every two steps, a thousand on each database (KILLS=…, SEED=…)
	@sh tests/tools/system.sh
	@$(PY) -m tests.drill $(or $(KILLS),1000) $(or $(SEED),1)

check: $(DEV_STAMP) $(CATALOGUES)  ## Style, types, the law of layers, translations, readability, guards
	$(PY) -m ruff check --quiet
	$(PY) -m ruff format --quiet --check
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-logo
	$(PY) -m pytest tests/guards -m "not application"

catalogues: $(DEV_STAMP)  ## Collect the texts, bring every language up to date, compile
	@$(PY) tests/tools/catalogues.py $(LOCALES)

lock: $(PY)  ## Resolve pyproject.toml anew into the two lock files
	@$(PY) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet uv
	$(VENV)/lock/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	    --no-header pyproject.toml --output-file requirements.lock
	$(VENV)/lock/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	    --no-header pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock

clean:  ## Remove the environment, compiled texts, caches and the demo database
	rm -rf $(VENV) instance screenshots .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find portal tests migrations translations -name __pycache__ -prune -exec rm -rf {} + -o -name '*.mo' -exec rm {} +

help:  ## List these
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

$(PY):
	@PYTHON=$(PYTHON) sh tests/tools/environment.sh $(VENV)

$(RUN_STAMP): | $(PY)
	@echo "Installing what the portal needs (once) …"
	@$(PIP_INSTALL) --requirement requirements.lock
	@touch $@

$(DEV_STAMP): | $(PY)
	@echo "Installing what the tests need (once) …"
	@$(PIP_INSTALL) --requirement requirements-dev.lock
	@touch $@

%.mo: %.po | $(PY)
	@$(VENV)/bin/pybabel --quiet compile --input-file $< --output-file $@
