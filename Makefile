# What a person does with this repository. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help run test lint format bench soak chaos fuzz clients train lock
SHELL := bash

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
# The first Python for which a package brings a Redis, else the first that is new enough; some
# shims on PATH name one that is not there.
PYTHON ?= $(shell for newest in 13 99; do for python in python3 python3.13 python3.12 python3.11; do \
  $$python -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, $$newest))" 2>/dev/null \
  && echo $$python && exit; done; done)
# The serving side needs no torch. Pass TORCH_FLAGS to pip to say where a CPU build is found.
TORCH := torch==2.13.0
TORCH_FLAGS ?=
PIP := $(BIN)/python -m pip --disable-pip-version-check

help: ## List what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: $(VENV)/.serving ## Start everything on http://localhost:8000 (PORT=... for another port)
	@PORT=$(PORT) exec $(BIN)/python -m moderation up

test: browser $(VENV)/.testing ## Run the whole suite with its coverage gates
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m pytest --numprocesses=2 --dist=loadgroup --cov --cov-report= $(ARGS)
	@echo "Coverage of domain and use cases (100 %):"
	@$(BIN)/python -m coverage report --include='moderation/domain/*,moderation/usecases/*' --fail-under=100
	@echo "Coverage of the rest (at least 90 %):"
	@$(BIN)/python -m coverage report --omit='moderation/domain/*,moderation/usecases/*' --fail-under=90

lint: $(VENV)/.testing ## Check format, style, spelling, types and import contracts
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/codespell
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	@$(BIN)/hadolint Dockerfile

format: $(VENV)/.testing ## Rewrite the code in the house format
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

bench: $(VENV)/.testing ## Measure speed as ratios within one run
	@$(BIN)/python -m tests.bench $(ARGS)

soak: $(VENV)/.testing ## Run under half load for SOAK_MINUTES (60): memory and Redis's keys stay flat
	@$(BIN)/python -m tests.bench.soak

chaos: $(VENV)/.testing ## Kill every process at random under load: the long run
	@CHAOS_COMMENTS=10000 CHAOS_KILLS=50 CHAOS_SIGTERMS=50 $(BIN)/python -m pytest -m chaos --timeout=7200 $(ARGS)

fuzz: $(VENV)/.testing ## Send 20,000 requests that nobody expects, and as many under Idempotency-Keys
	@FUZZ_CASES=20000 $(BIN)/python -m pytest -rP --timeout=7200 $(ARGS) \
	  tests/api/test_no_failure.py tests/api/test_idempotency_machine.py

clients: $(VENV)/.testing ## Install other people's clients and run them against the service (needs npm)
	@$(BIN)/python -m pytest $(ARGS) tests/clients/*_clients.py

train: $(VENV)/.testing ## Train, convert and measure models: ARGS="reproduce --data DATA"
	@$(BIN)/python -m workers.training $(ARGS)

COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --upgrade --quiet \
  --generate-hashes --no-emit-index-url --no-emit-package torch --no-annotate \
  --custom-compile-command 'make lock'

lock: $(VENV)/.testing ## Pin what pyproject.toml asks for, with hashes
	@$(PIP) install --quiet --group lock
	@$(COMPILE) --group build -o requirements.txt
	@$(COMPILE) --extra detoxify -c requirements.txt -o requirements-detoxify.txt
	@$(COMPILE) --group build --extra test -c requirements-detoxify.txt -c requirements.txt \
	  -o requirements-test.txt

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found."; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.serving: requirements.txt | $(VENV)/bin/python
	@echo "Installing what serving needs (about 150 MB, once)"
	@$(PIP) install --require-hashes --no-deps -r requirements.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.testing: requirements-test.txt $(VENV)/.serving
	@echo "Installing what the tests need, torch and detoxify included (about 1 GB, once)"
	@$(PIP) install $(TORCH_FLAGS) '$(TORCH)'
	@$(PIP) install --require-hashes --no-deps -r requirements-test.txt
	@touch $@

.PHONY: browser
browser:
	@if ! command -v chromium chromium-browser google-chrome >/dev/null; then \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	    echo "Installing chromium for the browser tests"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	      apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	  else echo "make test needs Chromium for the browser tests, and found none:" \
	    "install it (Debian: apt-get install chromium), then try again."; exit 1; fi; fi
