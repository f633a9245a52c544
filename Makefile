# demo   set everything up and evaluate the sample organisations
# test   set everything up and run the tests
# check  ruff and mypy
# bench  measure, and print a table for each benchmark; ARGS=--write also renews docs/performance.md
# clean  remove what the others made
#
# MARKS=slow runs the tests that take long, MARKS= all of them. PYTHON=... picks the interpreter, VENV=... the virtual environment, ARGS=... adds arguments for pytest or the benchmarks.

SHELL := /bin/sh
VENV ?= .venv
ARGS ?=
MARKS ?= not slow
# Many tests wait for processes that they began, so there is one worker more than processors.
WORKERS ?= $$(( $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1) + 1 ))
BIN := $(VENV)/bin

# The first Python 3.11 to 3.13 that runs, can make a virtual environment and has the headers that durable-rules is compiled with.
CANDIDATES := python3.13 python3.12 python3.11 python3 $(wildcard $(HOME)/.pyenv/versions/3.1[123].*/bin/python)
SUITABLE := import sys, os, ensurepip, sysconfig, venv; \
	sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13) and os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h"))))
ifeq ($(origin PYTHON), undefined)
PYTHON = $(shell for p in $(CANDIDATES); do if $$p -c '$(SUITABLE)' >/dev/null 2>&1; then echo $$p; break; fi; done)
endif

.PHONY: demo test check bench clean

demo: $(VENV)/.ready
	$(BIN)/susun evaluate datasets/sample_organisations.csv

test: $(VENV)/.ready-dev
	$(BIN)/python -m pytest -n $(WORKERS) -m '$(MARKS)' $(ARGS)

check: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.ready-bench
	$(BIN)/python -m benchmarks $(ARGS)

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n '$(PYTHON)' || { echo 'Susun needs Python 3.11, 3.12 or 3.13 with venv and header files; name one with: make PYTHON=/path/to/python' >&2; exit 1; }
	'$(PYTHON)' -m venv '$(VENV)'

$(VENV)/.ready: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.ready-dev: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/.ready

$(VENV)/.ready-bench: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[bench]'
	@touch $@ $(VENV)/.ready $(VENV)/.ready-dev
