# Every habit of the project is a target here; CI runs exactly these. The work is in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run test fmt lint checks check-arch clients openapi openapi-check frontend e2e conformance conformance-floor fleet bench hostile way-back ci

help: ## What there is
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Build, fetch the front end, serve from ./data, print the address
	@scripts/run.sh

test: ## All tests of the workspace
	@scripts/test.sh

fmt: ## Format the sources
	cargo fmt --all

lint: ## Formatting and clippy, warnings are errors
	@scripts/lint.sh

checks: ## What reads sources and document without compiling: the kit's checks, redocly, unused dependencies
	@scripts/checks.sh

check-arch: ## The ring rule: dependencies, bans, file lengths
	@scripts/check-arch.sh

openapi: ## Write openapi/openapi.json
	@scripts/openapi.sh

openapi-check: ## Fail when openapi/openapi.json is not what the server says
	@scripts/openapi.sh --check

clients: ## Generate a TypeScript and a Python client, type-check both, let them work with the server
	@scripts/clients.sh

frontend: ## Take the stock front end out of its published package into data/frontend
	@scripts/frontend.sh

e2e: ## The journey in a headless browser
	@scripts/e2e.sh

conformance: ## Recorded behaviour of the reference against the server; may not fall below .ci/conformance-floor
	@scripts/conformance.sh

conformance-floor: ## Raise .ci/conformance-floor to what the last run of `make conformance` reached
	@scripts/conformance.sh --raise

fleet: ## Many instances that act as one, on real servers; FLEET_FLAGS such as "--rounds 30 as-one"
	@scripts/fleet.sh $(FLEET_FLAGS)

bench: ## Measure beside the reference and nginx; BENCH_FLAGS=--write records tests/load/RESULTS.md
	@scripts/bench.sh $(BENCH_FLAGS)

hostile: ## Memory and a bystander's times beside hostile requests; HOSTILE_FLAGS such as "--only search"
	@scripts/hostile.sh $(HOSTILE_FLAGS)

way-back: ## The reference opens what Keelson made, and the other way round (a 7 GB virtual environment, once)
	@scripts/way-back.sh $(WAY_BACK_FLAGS)

ci: ## What .ci/run does
	@.ci/run
