PYTHON ?= .venv/bin/python
BIN = $(dir $(PYTHON))

.DEFAULT_GOAL := help
.PHONY: help install test check bench lock clean

help:  # this menu
	@echo "make TARGET [PYTHON=$(PYTHON)]"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: .venv/installed ## the program and its tools, into .venv

.venv/installed: pyproject.toml
	python3 -m venv .venv
	.venv/bin/python -m pip install --quiet --editable '.[dev]'
	@touch $@

test: ## every test; ARGS='-n 0 -k name' goes to pytest
	$(PYTHON) -m pytest $(ARGS)

check: ## lint, format, types, and who imports whom
	$(BIN)ruff check .
	$(BIN)ruff format --check .
	$(BIN)mypy
	$(BIN)lint-imports --no-logo

bench: ## every benchmark; fails if one breaks its limits
	@worst=0; for each in benchmarks/bench_*.py; do \
		$(PYTHON) $$each || { code=$$?; [ $$code -le $$worst ] || worst=$$code; }; \
	done; exit $$worst

lock: ## requirements.lock anew: what the program needs at run time, with hashes (wants uv)
	uv export --quiet --upgrade --format requirements-txt --no-header --no-emit-project \
		--no-emit-index-url --no-emit-find-links --output-file requirements.lock
	@rm -f uv.lock

clean: ## caches and builds; .venv and data stay
	rm -rf build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
