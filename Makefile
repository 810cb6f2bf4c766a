# One door for everything: `make help`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
TEST_WORKERS ?= 2
HELPDESK_TEST_DATABASE_URL ?= postgresql://postgres@127.0.0.1:5432/postgres

.DEFAULT_GOAL := help
.PHONY: help run test test-postgres check lint format types contracts templates migrations-check bench lock translations clean

help: ## List every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11, 5))' || { echo "Python 3.11.5 or newer is needed."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: $(STAMP) ## Prepare everything and run the helpdesk on http://127.0.0.1:8000
	@exec $(BIN)/helpdesk serve

test: $(STAMP) ## Run the whole suite on SQLite; no service is needed
	@env -u HELPDESK_TEST_DATABASE_URL $(BIN)/python -m pytest -n $(TEST_WORKERS)

test-postgres: $(STAMP) ## Run the same suite on PostgreSQL (HELPDESK_TEST_DATABASE_URL)
	@HELPDESK_TEST_DATABASE_URL="$(HELPDESK_TEST_DATABASE_URL)" $(BIN)/python -m pytest -n $(TEST_WORKERS)

check: lint types contracts templates migrations-check test ## Run every check, then the suite

lint: $(STAMP) ## Lint and check the format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(STAMP) ## Format the code
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

types: $(STAMP) ## Check the types
	@$(BIN)/mypy

contracts: $(STAMP) ## Check who imports whom
	@$(BIN)/lint-imports

templates: $(STAMP) ## Lint the templates
	@$(BIN)/djlint templates --lint --quiet

migrations-check: $(STAMP) ## Check that models and migrations agree, up and down
	@$(BIN)/python -m tests.migrations_check

bench: $(STAMP) ## Print figures: search, pages, imports (takes minutes)
	@$(BIN)/python -m tests.bench

translations: $(STAMP) ## Collect the texts and compile the catalogues
	@$(BIN)/python -m tests.catalogues

lock: ## Renew the hashed lock file (needs uv)
	uv pip compile pyproject.toml --group dev --generate-hashes --python-version 3.11.5 --universal --no-header -o requirements.lock

clean: ## Remove the environment and caches; var/ with your data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
