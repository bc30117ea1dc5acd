# Every target makes its own .venv first; nothing but bash, make and Python >= 3.11 with venv is needed.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SEEDS ?=
SITES ?=
OUT ?= output
DATA ?= ../shared/data
PAGES ?= $(DATA)/news/dev

help:  ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 14

# The core alone for `run`, so that a newcomer waits for little; the rest for everything else.
$(VENV)/.core: pyproject.toml constraints.txt hatch_build.py $(wildcard cleaners/*/compiled/*.pyx)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.dev: $(VENV)/.core
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,postgres,s3,browser,ray]'
	touch $@

# pip before 24.1 trips over two spellings of one extra among what the peers need.
$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=24.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	touch $@

run: $(VENV)/.core  ## the main job: clean the seeds, crawl their coverage, print what was found (SEEDS=, SITES=, OUT=)
	@$(BIN)/python -m examples.run --out '$(OUT)' $(if $(SEEDS),--seeds '$(SEEDS)') $(foreach site,$(SITES),--site '$(site)')

test: $(VENV)/.dev  ## all tests
	$(BIN)/python -m pytest -n 2 --dist loadgroup

quick: $(VENV)/.dev  ## the tests that take under five seconds each
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m 'not slow'

case: $(VENV)/.dev  ## a new test case from a page or text: FILE=page.html NAME=what-is-wrong
	@$(BIN)/python -m tests.make_case '$(FILE)' '$(NAME)' $(if $(URL),--url '$(URL)')

lint: $(VENV)/.dev  ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev  ## mypy --strict
	$(BIN)/mypy

format: $(VENV)/.dev  ## put the style right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench  ## quality and speed beside the peers (DATA=folder of data sets)
	$(BIN)/python -m benchmarks.run --data '$(DATA)'
	$(BIN)/python -m benchmarks.crawl_speed --data '$(PAGES)'

bench-gate: $(VENV)/.bench  ## the quality figures of self-made pages against their floors
	$(BIN)/python -m benchmarks.gate

bench-speed: $(VENV)/.bench  ## speed and memory as ratios (PAGES=folder of html/ and ground-truth/)
	$(BIN)/python -m benchmarks.speed --data '$(PAGES)'

bench-crawl: $(VENV)/.bench  ## a crawl beside what Scrapy fetches and the cleaners clean; 20,000 pages in flat memory; coverage found
	$(BIN)/python -m benchmarks.crawl_speed --data '$(PAGES)'
	$(BIN)/python -m benchmarks.newswire --seeds 2
	$(BIN)/python -m benchmarks.crawl_memory

oldest:  ## the quick tests on the oldest versions that pyproject.toml allows, in a .venv-oldest of its own
	test -x .venv-oldest/bin/uv || { $(PYTHON) -m venv .venv-oldest && .venv-oldest/bin/python -m pip install --quiet uv; }
	.venv-oldest/bin/uv pip install --quiet --python .venv-oldest/bin/python --resolution lowest-direct -e '.[dev,postgres,s3]'
	.venv-oldest/bin/python -m pytest -n 2 --dist loadgroup -m 'not slow' tests cleaners crawler

fuzz: $(VENV)/.dev  ## fuzz every reader (MINUTES=10 each); findings go to fuzz-findings/
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fuzz]'
	$(BIN)/python -m benchmarks.fuzz --minutes '$(MINUTES)'

audit: $(VENV)/.core  ## known vulnerabilities of the exact versions; needs the advisory database's address
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-audit
	$(BIN)/python -m pip_audit -r constraints.txt --no-deps --disable-pip

clean:  ## remove what was built; keeps output/
	rm -rf $(VENV) .venv-oldest build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

MINUTES ?= 10

.PHONY: help run test quick case lint types format bench bench-gate bench-speed bench-crawl oldest fuzz audit clean
