# Every target sets up .venv by itself; nothing else is needed than Python 3.11+ and a network.
PYTHON ?= python3
BIN = .venv/bin
INSTALL = pip install --quiet --disable-pip-version-check
export PYTHONDONTWRITEBYTECODE =  # or every process would compile what it imports

.PHONY: help demo test test-newest torture fuzz mutants bench lint fix docs site site-texts update
help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/'

.venv/ready: pyproject.toml requirements/dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/$(INSTALL) --require-hashes --only-binary :all: --requirement requirements/dev.txt
	$(BIN)/$(INSTALL) --no-deps --no-build-isolation --no-index --editable .
	touch $@

demo: .venv/ready  ## play the story on the sample images
	$(BIN)/photoreg demo

PYTEST = python -m pytest --numprocesses auto --dist worksteal
test: .venv/ready  ## run the tests
	$(BIN)/$(PYTEST)

test-newest:  ## run the tests with the newest of everything, in an environment of its own
	$(PYTHON) -m venv --clear .venv-newest
	.venv-newest/bin/$(INSTALL) --editable '.[dev]'
	.venv-newest/bin/$(PYTEST)

MACHINES = $(addprefix tests/services/,audits/test_verdict_cache.py publications/test_publishing_machine.py audits/test_as_of.py)
torture: .venv/ready  ## kill, race, interrupt and play at random hundreds of times
	PHOTOREG_TORTURE=$(or $(ROUNDS),300) $(BIN)/python -m pytest --capture=no tests/faults
	PHOTOREG_TORTURE=$(or $(ROUNDS),300) $(BIN)/python -m pytest --numprocesses auto $(MACHINES)

fuzz: .venv/ready  ## read, write and copy damaged photo files for some minutes
	$(BIN)/python -m tests.imaging.containers.fuzzing --seconds $(or $(SECONDS),300)

mutants: .venv/ready  ## break the rules one by one: all, or MODULES="people channels"
	$(BIN)/python tools/mutants.py $(MODULES)

lint: .venv/ready  ## check style, types, generated files and what is depended on
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tools/generate.py --check
	$(BIN)/python tools/dependencies.py

fix: .venv/ready  ## format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/ready  ## write every generated file again: docs, schemas, catalogues, sample images
	$(BIN)/python tools/make_sample_images.py
	$(BIN)/python tools/catalogue.py
	$(BIN)/python tools/generate.py

SPHINX = python -m sphinx --nitpicky --fail-on-warning --keep-going --fresh-env --quiet
site: .venv/ready  ## build the documentation as a site in build/site; LANGUAGE=fi translated
	$(BIN)/$(SPHINX) $(if $(LANGUAGE),-D language=$(LANGUAGE)) -d build/site-trees docs build/site

site-texts: .venv/ready  ## update the catalogues of the site's texts in docs/locale; LANGUAGE=fi
	$(BIN)/$(SPHINX) --builder gettext -d build/site-trees docs build/site-texts
	$(BIN)/sphinx-intl update --pot-dir build/site-texts --locale-dir docs/locale --language $(or $(LANGUAGE),fi)

bench: .venv/ready  ## measure every figure; SMALL=1 with little data, DATA=FOLDER for the data
	$(BIN)/python -m benchmarks.run $(if $(SMALL),--small) $(if $(DATA),--data $(DATA)) $(if $(ONLY),--only $(ONLY))

update:  ## pin the newest versions in requirements/dev.txt; ONLY=NAME keeps the other pins
	$(PYTHON) -m venv .venv-update
	.venv-update/bin/$(INSTALL) --upgrade uv
	.venv-update/bin/uv --quiet pip compile pyproject.toml --all-extras requirements/build.in \
		$(if $(ONLY),--upgrade-package $(ONLY),--upgrade) --universal --python-version 3.11 \
		--only-binary :all: --generate-hashes --no-header --no-annotate -o requirements/dev.txt
