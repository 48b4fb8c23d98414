# Heard. `make help` lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := var/demo
export HEARD_HOME := $(DEMO)/site

# A demonstration that was interrupted is begun anew; a real site is never in this folder.
define DEMONSTRATION
grep -qs '"finished"' $(DEMO)/offline/remembered.json || rm -rf $(DEMO); \
test -f $(DEMO)/site/site.toml || $(BIN)/python -m config $(DEMO)/site "Exampleshire County Council" --demo
endef

.DEFAULT_GOAL := help
.PHONY: help run reset test acceptance check format bench docs assets pictures lock translations messages attacks scan scan-site

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

$(VENV)/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Heard needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Install the venv module first: sudo apt-get install python3-venv"; exit 1; }
	@echo "Installing locked dependencies ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

translations: $(VENV)/.run ## compile the language catalogues
	@$(BIN)/python -m babel.messages.frontend -q compile -d translations

messages: $(VENV)/.dev ## gather every text anew into the catalogues
	@$(BIN)/python -m babel.messages.frontend -q extract -F translations/babel.cfg --no-wrap --sort-by-file --project Heard -o translations/messages.pot .
	@$(BIN)/python -m surveys.speaking.gathering

run: $(VENV)/.run translations ## one whole demonstration inspection, then the site
	@$(DEMONSTRATION)
	@exec $(BIN)/flask --app app rehearsal

reset: ## remove the demonstration and start anew at the next run
	rm -rf $(DEMO)

test: $(VENV)/.dev translations ## all tests: unit, property, house laws, browser journeys
	@sh tests/install_chromium.sh
	@sh tests/install_postgresql.sh
	@$(BIN)/python -m surveys.kiosk
	@REQUIRE_BROWSER=1 REQUIRE_ASSETS=1 REQUIRE_POSTGRES=1 $(BIN)/python -m pytest

acceptance: $(VENV)/.dev translations ## every page, measured in the browser in every look: minutes
	@sh tests/install_chromium.sh
	@REQUIRE_BROWSER=1 $(BIN)/python -m pytest tests/journeys/test_acceptance_*.py

check: $(VENV)/.dev translations ## lint, format, types, import laws, questionnaires
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m questionnaires check

attacks: $(VENV)/.dev translations ## try to learn what nobody must; more with ATTACK_WORLDS=400
	@sh tests/install_chromium.sh
	@sh tests/install_postgresql.sh
	@REQUIRE_BROWSER=1 REQUIRE_POSTGRES=1 $(BIN)/python -m pytest -m attack -s tests/attacks

scan: $(VENV)/.run translations ## strangers' scanners against the demonstration on this machine
	@sh tests/scan/install_scanners.sh
	@$(MAKE) --no-print-directory DEMO=var/scan/demo scan-site
	@HEARD_HOME=var/scan/demo/site $(BIN)/python -m tests.scan

scan-site: # a demonstration of its own, so that nothing of the other one is sent to scanners
	@$(DEMONSTRATION)
	@$(BIN)/flask --app app rehearsal --no-serve

format: $(VENV)/.dev ## format the code
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev translations ## speed and size, as JSON
	@$(BIN)/python -m benchmarks

pictures: $(VENV)/.dev translations ## the pictures of the documents, made anew
	@sh tests/install_chromium.sh
	@$(DEMONSTRATION)
	@$(BIN)/flask --app app rehearsal --no-serve
	@$(BIN)/python docs/make_pictures.py
	@$(BIN)/python docs/make_contact_sheet.py

docs: pictures ## documents that are made from the code

assets: $(VENV)/.run ## fetch fonts and the sealing of offline tablets (needs npm)
	@$(BIN)/python -m surveys.kiosk

lock: ## resolve the dependencies anew into the lock files (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q pyproject.toml --extra dev -c requirements.txt -o requirements-dev.txt
