# From a clone to a running program, or to green tests, in one command each: `make run`, `make test`.
# `make help` lists the rest.

PYTHONS := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11
BIN := .venv/bin
READY := .venv/.ready

# Settings of this machine's pip must not decide what is installed: the lock file does.
# (An empty value would not override a configuration file; /dev/null is a file of no constraints.)
export PIP_CONSTRAINT := /dev/null
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_USER := 0
unexport PYTHONHOME PYTHONPATH

# A stamp that another folder wrote, or one beside an interpreter that is gone, tells of no environment at all.
ifneq ($(shell $(BIN)/python -c 'print(open("$(READY)").read())' 2>/dev/null),$(CURDIR))
$(shell rm -f $(READY))
endif

.DEFAULT_GOAL := help
.PHONY: setup run test test-long benchmark lint check lock clean help

setup: $(READY) ## gjør i stand .venv (gjøres ellers av seg selv)

run: $(READY) ## gjør i stand alt, leser inn eksemplene og starter tjenesten; Ctrl-C stopper den
	@$(BIN)/alis demo

test: $(READY) check ## gjør i stand alt og kjører kontrollene og testene
	$(BIN)/pytest -n 2 -m "not long"

test-long: $(READY) ## kjører testene som tar lang tid
	$(BIN)/pytest -m long

benchmark: $(READY) ## måler, og skriver forholdstallene
	@$(BIN)/python -m tests.benchmarks

lint: $(READY) ## stil og format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

check: lint ## stil, typer, importretning og avhengigheter
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

# A first set-up that was broken off left no stamp, and starts afresh; a stamp that is merely old is caught up with.
$(READY): requirements.lock pyproject.toml deploy/provider/package-lock.json
	@if test -f $@ && $(BIN)/python -m pip --version >/dev/null 2>&1; then rm $@; else \
	  for python in $(PYTHONS); do \
	    $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null || continue; \
	    $$python -c 'import ensurepip, venv' 2>/dev/null || { lacking=$$python; continue; }; \
	    found=$$python; break; \
	  done; \
	  if test -z "$$found" && test -n "$$lacking"; then \
	    echo "$$lacking mangler modulen venv; installer den (på Debian og Ubuntu: pakken python3-venv)." >&2; exit 1; fi; \
	  if test -z "$$found"; then \
	    echo 'Fant ingen Python fra 3.11 til 3.14; installer en, eller pek på den med make PYTHON=/sti/til/python3.' >&2; exit 1; fi; \
	  echo 'Gjør i stand .venv; det tar et minutt eller to første gang.'; \
	  $$found -m venv --clear .venv; fi
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	@cd deploy/provider && PATH="$(CURDIR)/$(BIN):$$PATH" NODE_USE_SYSTEM_CA=1 npm ci --silent
	@printf %s '$(CURDIR)' >$@

# One resolution serves every supported Python on both kinds of machine; should they ever differ, this stops.
# The tool that resolves is not needed to run or to test, so it lives in a folder of its own, only here.
lock: ## løser avhengighetene på nytt og skriver requirements.lock
	@set -e; folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	python3 -m venv "$$folder/venv"; "$$folder/venv/bin/pip" install --quiet uv; \
	for python in 3.11 3.12 3.13 3.14; do for machine in x86_64 aarch64; do \
	  "$$folder/venv/bin/uv" pip compile --quiet --upgrade --generate-hashes --no-annotate --no-header \
	    --no-emit-index-url --python-version $$python --python-platform $$machine-manylinux_2_28 \
	    pyproject.toml --group dev --extra demonstration >"$$folder/$$python-$$machine"; \
	  cmp "$$folder/3.11-x86_64" "$$folder/$$python-$$machine"; \
	done; done; \
	{ echo '# Made by `make lock`: every package, pinned and with the digests of its files.'; \
	  cat "$$folder/3.11-x86_64"; } >requirements.lock; \
	echo hatchling >"$$folder/build.in"; \
	for part in requirements:pyproject.toml requirements-build:"$$folder/build.in"; do \
	  { echo '# Made by `make lock`: the part of ../requirements.lock that the image needs.'; \
	    "$$folder/venv/bin/uv" pip compile --quiet --generate-hashes --no-annotate --no-header --no-emit-index-url \
	      --constraint requirements.lock --python-version 3.11 --python-platform x86_64-manylinux_2_28 \
	      "$${part#*:}"; } >"deploy/$${part%%:*}.lock"; \
	done

clean: ## fjerner .venv og mellomlagre, men aldri datamappen var/
	rm -rf .venv build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

help: ## denne oversikten
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r target what; do \
	  printf '%-18s %s\n' "$$target" "$$what"; done
