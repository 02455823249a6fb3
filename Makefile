# Short names for the commands of README.md. A machine without make runs the scripts themselves.
.PHONY: setup demo test lint blanks audit semgrep sbom lock

setup:
	bash .ci/setup test

demo:
	bash .ci/demo

test:
	bash .ci/test

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

# Draws templates/*/blank.pdf anew after a template was changed.
blanks: setup
	for each in templates/*/template.yaml; do \
	  id=$$(basename $$(dirname $$each)); \
	  .venv/bin/scanform template blank $$id -o templates/$$id/blank.pdf; \
	done

# Known holes in the locked versions. Asks PyPI's database, so it needs the network: not a part of CI.
# Strict: a package that can't be looked up is a failure, never a silence.
audit: setup
	.venv/bin/python .ci/audit.py

# Rules of our own (.ci/semgrep.yaml), asked without a network.
semgrep: setup
	bash .ci/semgrep

# What the program is made of, as CycloneDX JSON.
sbom: setup
	.venv/bin/cyclonedx-py environment .venv -o sbom.json

# The versions that CI installs.
lock: setup
	bash .ci/lock
