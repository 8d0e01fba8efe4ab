# make demo · make test: each sets everything up first. `make help` lists the rest.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
RUN := $(VENV)/bin/python -m
INSTALLED := $(VENV)/.installed
SPARK := $(VENV)/.spark

.DEFAULT_GOAL := help
.PHONY: help install spark demo test test-long lint format bench leaning docs lock clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(INSTALLED) ## set up .venv: the locked packages, then the project itself

# Two steps, because pip refuses an editable install in hash mode.
$(INSTALLED): requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(RUN) pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(RUN) pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# PySpark comes as source; setuptools, which builds it, is in requirements.txt.
$(SPARK): $(INSTALLED) requirements-spark.txt
	$(RUN) pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation -r requirements-spark.txt
	@touch $@

spark: $(SPARK) ## PySpark beside it (450 MB; needs Java 17): without it the tests of that engine skip

demo: install ## a sample workspace, its drafts, and the review desk (in a terminal)
	$(VENV)/bin/assistant demo

test: lint ## everything that CI checks
	$(RUN) pytest -m "not long" -n auto

test-long: install ## hundreds of kills, a million fuzz cases
	$(RUN) pytest -m long

lint: install ## ruff, mypy strict, import contracts
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(VENV)/bin/lint-imports

format: install ## put the code into the house's form
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

bench: install ## ratios made in one run
	$(RUN) benchmarks

leaning: install ## the packs' literals, and the weights of words and signs, anew from the posts in tests/checks/development
	$(RUN) benchmarks.literals
	$(RUN) benchmarks.leaning

docs: install ## the help blocks, tables and the picture that the program itself makes
	$(VENV)/bin/python docs/picture.py
	$(VENV)/bin/python docs/generate.py

LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header
lock: ## requirements*.txt anew, for all platforms, without index addresses (needs uv)
	$(LOCK) --extra postgresql --group dev --group build pyproject.toml -o requirements.txt
	$(LOCK) --group pyproject.toml:spark -o requirements-spark.txt

clean: ## what was made here
	rm -rf $(VENV) sample dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
