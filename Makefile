# GT-Vision: everything a developer or a fresh machine needs. `make help` lists the targets.
# Nothing here assumes root: what only root can install is named in one line with its command.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
CODE := protocol passthrough edge_agent central_hub demo gtv scripts bench tests
# Two workers on two cores; more only makes the engines fight for them.
JOBS ?= 2

.PHONY: deploy-tools edge-bundle lint-deploy test-box security sbom
.PHONY: help setup web demo test lint format generate lock unit integration e2e explore chaos clean
.PHONY: load bench-edge bench-live bench-relay bench-seek bench-lpr bench-lpr-edge bench-alerts

help:  ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: .venv/installed  ## virtual environment from the lock file

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "GT-Vision needs Python 3.11 to 3.13; this is %s. Try: make PYTHON=python3.12" % sys.version.split()[0])'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { test "$$(id -u)" = 0 && apt-get install -y -qq python3-venv >/dev/null; } || { echo 'Python has no venv module; run: sudo apt-get install -y python3-venv' >&2; exit 1; }
	@echo '  ... Python packages (a minute or two the first time)'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# --- web: Node is needed only here; where none is installed a wheel brings it ---

WEB_SOURCES := $(shell find web -path '*/node_modules' -prune -o -type f \( -name '*.ts' -o -name '*.tsx' -o -name '*.css' -o -name '*.html' -o -name 'package*.json' -o -name '*.svg' \) -print 2>/dev/null)
NODE_OK := $(shell node -e 'const [a, b] = process.versions.node.split("."); process.exit(+a > 20 || (+a === 20 && +b >= 19) ? 0 : 1)' 2>/dev/null && echo yes)
WEB_PATH := $(if $(NODE_OK),$$PATH,$(CURDIR)/$(BIN):$$PATH)

web: web/node_modules/built  ## build both web UIs

web/node_modules/installed: web/package-lock.json | .venv/installed
	@echo '  ... web packages'
	@$(if $(NODE_OK),true,$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock)
	@cd web && PATH="$(WEB_PATH)" npm ci --silent --no-fund --no-audit
	@touch $@

web/node_modules/built: web/node_modules/installed $(WEB_SOURCES)
	@echo '  ... web user interfaces'
	@cd web && PATH="$(WEB_PATH)" npm run --silent build
	@touch $@

# --- run ------------------------------------------------------------------------

demo: setup web  ## the whole system on this machine, until Ctrl-C
	@exec $(BIN)/gtv demo $(DEMO_OPTIONS)

# Options: make bench-edge BENCH_OPTIONS='--counts 8,32 --small 0 --window-s 10'
bench-edge: setup  ## recorders side by side, index and fsync, as Markdown
	@$(BIN)/python -m bench.edge $(BENCH_OPTIONS)

bench-live: setup  ## live video's delay from glass to glass, in a real browser
	@$(BIN)/python -m bench.live

bench-seek: setup web  ## from a click on a month's timeline to the picture, in a real browser
	@$(BIN)/python -m bench.seek $(BENCH_OPTIONS)

bench-relay: setup web  ## from a click at the hub to the picture, over a line with 50 ms added each way
	@$(BIN)/python -m bench.relay $(BENCH_OPTIONS)

bench-lpr-edge: setup  ## the box's plate port under load, as Markdown
	@$(BIN)/python -m bench.lpr_edge main $(BENCH_OPTIONS)

# Options: make load LOAD_OPTIONS='--minutes 2 --people 50'
load: setup web  ## a hub with 100 people, 20 cities' plate reads and 1,000 cameras' health, as Markdown
	@$(BIN)/python -m bench.hub_load $(LOAD_OPTIONS)

bench-alerts: setup  ## from a camera's push to those who hear of a watched plate, as Markdown
	@$(BIN)/python -m bench.alerts $(BENCH_OPTIONS)

# --- check ------------------------------------------------------------------------

test: lint unit integration e2e  ## everything that CI runs
	@$(BIN)/python scripts/check_coverage.py

lint: setup web/node_modules/installed  ## style, types, structure, generated files
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	GTV_DEBUG=1 $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/check_complexity.py
	$(BIN)/python -m protocol.documents --check
	$(BIN)/gtv edge openapi | diff -u docs/api/edge.openapi.json - || { echo 'run: make generate' >&2; exit 1; }
	$(BIN)/gtv hub openapi | diff -u docs/api/hub.openapi.json - || { echo 'run: make generate' >&2; exit 1; }
	$(BIN)/python scripts/write_permissions.py --check
	$(BIN)/python scripts/write_dashboards.py --check
	cd web && PATH="$(WEB_PATH)" npm run --silent check-generated
	cd web && PATH="$(WEB_PATH)" npm run --silent lint
	cd web && PATH="$(WEB_PATH)" npm run --silent duplicates

unit: setup web/node_modules/installed  ## fast tests, no services
	@rm -f .coverage.unit
	COVERAGE_FILE=.coverage.unit $(BIN)/pytest tests/unit -n $(JOBS) --cov --cov-report=
	cd web && PATH="$(WEB_PATH)" npm test --silent

# What failed beside others is run once more alone, and said: a machine that is shared may have been too slow
# for it. What fails alone too is broken.
integration: setup web  ## against real PostgreSQL, Redis, MQTT broker, S3
	@rm -f .coverage.integration
	COVERAGE_FILE=.coverage.integration $(BIN)/pytest tests/integration -n $(JOBS) --cov --cov-report= || { test $$? = 1 && echo 'UNSTABLE: once more, alone, what failed' && COVERAGE_FILE=.coverage.integration $(BIN)/pytest tests/integration --last-failed --last-failed-no-failures none --cov --cov-append --cov-report=; }

e2e: setup web  ## the whole system in a real browser
	$(BIN)/pytest tests/e2e

explore: setup  ## the property tests with thousands of new examples
	$(BIN)/pytest tests/unit -n $(JOBS) -m hypothesis --hypothesis-profile explore

# Options: make chaos CHAOS_OPTIONS='--seed 7 --seconds 90'
chaos: setup  ## minutes of plate reads while parts die at random, then the count
	@$(BIN)/python -m tests.chaos $(CHAOS_OPTIONS)

format:  ## put the code into form
	$(BIN)/ruff check --fix-only $(CODE)
	$(BIN)/ruff format $(CODE)

generate: setup web/node_modules/installed  ## documents and clients that are made from the code
	$(BIN)/python -m protocol.documents
	$(BIN)/gtv edge openapi > docs/api/edge.openapi.json
	$(BIN)/gtv hub openapi > docs/api/hub.openapi.json
	$(BIN)/python scripts/write_permissions.py
	$(BIN)/python scripts/write_dashboards.py
	cd web && PATH="$(WEB_PATH)" npm run --silent generate

UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-strip-extras --no-annotate --custom-compile-command 'make lock'
lock:  ## renew the lock files (needs uv)
	$(UV_COMPILE) --group dev --all-extras pyproject.toml -o requirements.lock
	$(UV_COMPILE) --group pyproject.toml:node -o requirements-node.lock
	$(UV_COMPILE) --extra hub -c requirements.lock pyproject.toml -o requirements-hub.lock
	$(UV_COMPILE) --extra edge -c requirements.lock pyproject.toml -o requirements-edge.lock
	$(UV_COMPILE) --group pyproject.toml:deploy -o requirements-deploy.lock

# Options: make bench-lpr BENCH_OPTIONS='--reads 100000,1000000 --clients 1 --no-plain'
bench-lpr: setup  ## plate search, ingest and storage at up to 10 million reads, as Markdown
	@$(BIN)/python -m bench.lpr $(BENCH_OPTIONS)

# --- ship: what provisions boxes and the hub's cloud, in an environment of its own -----

DEPLOY := .venv-deploy/bin

deploy-tools: .venv-deploy/installed  ## ansible and the checks of what ships

.venv-deploy/installed: requirements-deploy.lock
	@$(PYTHON) -m venv .venv-deploy
	@.venv-deploy/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-deploy.lock
	@touch $@

edge-bundle: setup web  ## what a box installs, in one archive below dist/
	@$(BIN)/python scripts/edge_bundle.py dist

security: deploy-tools  ## known faults in code and dependencies (asks PyPI and npm)
	$(DEPLOY)/bandit --quiet --recursive --severity-level medium --configfile pyproject.toml protocol passthrough edge_agent central_hub gtv
	$(DEPLOY)/pip-audit --no-deps --disable-pip --requirement requirements.lock
	cd web && PATH="$(WEB_PATH)" npm audit --omit=dev --audit-level=high

sbom: deploy-tools web/node_modules/installed  ## bills of material (CycloneDX) below dist/
	@mkdir -p dist
	$(DEPLOY)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o dist/sbom-python.json
	cd web && PATH="$(WEB_PATH)" npm sbom --package-lock-only --omit=dev --omit=optional --sbom-format cyclonedx > ../dist/sbom-web.json

# Not part of `lint`: its tools take minutes to install. Terraform, actionlint and shellcheck come from elsewhere.
lint-deploy: deploy-tools  ## ansible, terraform, workflows
	cd ansible && PATH="$(CURDIR)/$(DEPLOY):$$PATH" ansible-lint -q
	@$(call if-there,terraform) cd terraform && terraform fmt -check -recursive
	cd terraform && $(CURDIR)/$(DEPLOY)/checkov --config-file .checkov.yaml
	@$(call if-there,actionlint) actionlint
	$(DEPLOY)/zizmor --offline .github
	@$(call if-there,shellcheck) shellcheck edge_image/build edge_image/files/usr/lib/gt-vision/first-boot
if-there = command -v $(1) >/dev/null || { echo 'NOT CHECKED: $(1) is not installed' >&2; exit 0; };

# As root, with debootstrap; in a mount namespace, so that nothing stays mounted whatever happens.
test-box: setup web deploy-tools  ## a Debian made and provisioned as a box (ten minutes, as root)
	@PATH="$(CURDIR)/$(DEPLOY):$$PATH" unshare --mount $(BIN)/pytest tests/box -m box

clean:  ## remove what was made, the demo's data included
	rm -rf .venv .venv-deploy dist .run web/node_modules central_hub/static_app edge_agent/static_app
