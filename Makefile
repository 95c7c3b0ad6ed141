# Every target sets itself up in .venv first, once, and again when pyproject.toml changes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SIDE_BY_SIDE := -n auto --maxprocesses 4 --dist worksteal

.PHONY: demo quick test prove fuzz bench lint format minify system-packages npm-packages clean

# Without ffmpeg the film and the broadcast are left out, and the report says what to install.
demo: $(VENV)/ready
	$(BIN)/packager build bundles/welcome -o welcome-built --skip-damaged
	@echo "Open $(CURDIR)/welcome-built/welcome/index.html"

# Some four minutes on two cores, before a commit.
quick: lint
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "not prove and not slow"

test: $(VENV)/ready-to-develop system-packages npm-packages
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

# All proofs take hours; PART=drive runs those of one folder of tests. Both write docs/proof.md.
prove: $(VENV)/ready-to-develop system-packages npm-packages
	$(BIN)/python -m pytest -m prove $(addprefix tests/,$(PART))

# A minute for each reader; SECONDS=3600 for longer.
fuzz: $(VENV)/ready-to-develop
	$(PIP) install --group fuzz
	for target in $$($(BIN)/python -m tests.research.fuzz.targets); do $(BIN)/python -m tests.research.fuzz $$target $(or $(SECONDS),60) || exit 1; done

bench: $(VENV)/ready-to-develop
	$(BIN)/python -m tests.research.bench

lint: $(VENV)/ready-to-develop
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/ready-to-develop
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# After every change of a script or a style of documents.
minify: $(VENV)/ready-to-develop
	$(BIN)/python -m tests.helpers.minify

# pip is renewed first: the one of Debian 12 knows no dependency groups.
$(VENV)/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("packager needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --upgrade "pip>=25.1"
	$(PIP) install --editable .
	@touch $@

# The folder of wheels is for the test that installs packager in an empty environment.
$(VENV)/ready-to-develop: $(VENV)/ready
	$(PIP) install --group lint --group test
	-$(PIP) install --group fuzz  # not to be had for every Python: tests that need it say so
	$(PIP) wheel --wheel-dir $(VENV)/wheels .
	@touch $@

# Tests that need a package which cannot be installed here are skipped, each saying which.
system-packages: $(VENV)/ready-to-develop
	@.ci/install-system-packages $$($(BIN)/python -m tests.system)

# They come from wherever npm is told to look; no package of npm is part of what is built.
npm-packages: $(VENV)/ready-to-develop system-packages
	@.ci/install-npm-packages .bench/npm $$($(BIN)/python -m tests.system npm)

clean:
	rm -rf $(VENV) *-built .bench .study
