# Two commands are enough: `make run` and `make test`.

PYTHON ?= python3
UV = .venv/bin/uv
SYNC = .venv/.synced

.PHONY: run test setup lint format bench torture clean

run: setup
	.venv/bin/vertelbot run

test: setup lint
	.venv/bin/python -m pytest

setup: $(SYNC)

$(SYNC): uv.lock pyproject.toml
	$(PYTHON) -m venv --upgrade-deps .venv
	.venv/bin/python -m pip install --quiet uv
	$(UV) sync --locked --inexact --quiet
	touch $@

lint: setup
	.venv/bin/ruff check --quiet .
	.venv/bin/ruff format --check --quiet .
	.venv/bin/mypy --no-error-summary

format: setup
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: setup
	.venv/bin/python -m benchmarks

torture: setup
	.venv/bin/python -m pytest --torture

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
