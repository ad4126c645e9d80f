# Two commands are enough: `make run` and `make test`.

PYTHON ?= python3
UV_VERSION := 0.13.9
AUDIT_VERSION := 2.9.0
UV := $(or $(shell command -v uv),.venv/bin/uv)

# Nothing outside this folder is touched.
export UV_CACHE_DIR := $(CURDIR)/.venv/.cache/uv
export PIP_CACHE_DIR := $(CURDIR)/.venv/.cache/pip
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/.venv

# What was compiled once is not compiled again by each of the processes that tests start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test setup demo lint format bench torture picture pictures clean audit

run: setup
	@.venv/bin/vertelbot run

test: lint
	.venv/bin/python -m pytest -n logical --dist loadfile

# Invented stories in a store of their own, beside what is real.
demo: export VERTELBOT_STORAGE__URL = sqlite:///data/demo.db
demo: export VERTELBOT_PRIVACY__KEY_FILE = data/demo.key
demo: setup
	.venv/bin/python -m bot.demo
	.venv/bin/vertelbot run

setup: .venv/.run

.venv/.run: uv.lock pyproject.toml | .venv/bin/python
	@echo "Fetching what Vertelbot needs, once; this takes a minute or two."
	@$(UV) sync --locked --inexact --no-dev --extra charts --extra packs --quiet
	@touch $@

.venv/.dev: uv.lock pyproject.toml | .venv/bin/python
	$(UV) sync --locked --inexact --extra charts --extra packs --extra speech --quiet
	touch $@ .venv/.run

.venv/bin/python:
	@echo "Setting up a Python of its own in .venv."
	@$(PYTHON) -m venv .venv
	@test -x "$$(command -v uv)" || .venv/bin/python -m pip install --quiet uv==$(UV_VERSION)

lint: .venv/.dev
	.venv/bin/ruff check --quiet .
	.venv/bin/ruff format --check --quiet .
	.venv/bin/mypy --no-error-summary

format: .venv/.dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

# Fills benchmarks/RESULTS.md; `make bench ONLY="typed idle"` does so for these parts.
bench: .venv/.dev .venv/bench/.done
	.venv/bin/python -m benchmarks.table $(if $(ONLY),--only $(ONLY))

# Peers that need other versions of libraries than Vertelbot.
.venv/bench/.done: benchmarks/peers.txt | .venv/.dev
	$(UV) venv --quiet --allow-existing --python .venv/bin/python .venv/bench
	VIRTUAL_ENV=$(CURDIR)/.venv/bench $(UV) pip install --quiet --requirement $<
	touch $@

torture: .venv/.dev
	.venv/bin/python -m pytest --torture

picture: .venv/.dev
	.venv/bin/python -m tests.browser.picture

# The pictures of the handbook, from the real pages.
pictures: .venv/.dev
	.venv/bin/python -m tests.handbook.pictures

# Asks the advisory database of PyPI about every pinned library; needs the internet.
audit: .venv/bin/python
	$(UV) export --locked --all-extras --no-dev --no-emit-project --quiet --output-file .venv/requirements.txt
	rm -f .venv/audit.json
	-timeout 120 $(UV) tool run pip-audit==$(AUDIT_VERSION) --disable-pip --require-hashes --progress-spinner off \
		--format json --output .venv/audit.json --requirement .venv/requirements.txt
	.venv/bin/python .ci/advisories.py .venv/audit.json

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
