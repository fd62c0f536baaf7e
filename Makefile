# Commands of this project; `make` alone lists them. Whatever a command needs is set up by it, once, in .venv.
#
#   make chat ARGS='...'              arguments for the command behind a target
#   make PYTHON=/path/to/python3 ...  the interpreter to set up with, otherwise the first suitable one;
#                                     to change it later, `make clean` first

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help chat test properties check bench crash platforms sandbox scripts messages requirements clean

# Python keeps what it has compiled: packages are installed without, and the tests start many processes.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
# A Linux distribution compiles its Python with profile-guided optimisation, which what is built at home mostly lacks:
# the bot is an eighth faster with it.
DISTRIBUTED := $(if $(filter Linux,$(shell uname -s)),/usr/bin/python3)
CANDIDATES := $(if $(PYTHON),"$(PYTHON)",$(DISTRIBUTED) python3.13 python3.12 python3.11 python3)

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

chat: .venv/.runtime ## talk to the bot in this terminal: no token, no network
	@$(BIN)/triage chat $(ARGS)

test: .venv/.compiled ## run the tests
	$(BIN)/python -m pytest -q -n auto --dist worksteal $(ARGS)

properties: .venv/.compiled ## search long and at random for what breaks a property, which `make test` does shortly
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -q -n auto --dist worksteal -m hypothesis $(ARGS)

check: .venv/.dev ## check style, types, floors and the shipped flows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/triage check flows

bench: .venv/.dev ## measure the engine
	$(BIN)/python -m tests.bench $(ARGS)

crash: .venv/.dev ## kill the service 200 times on each database, and prove that nothing was lost
	$(BIN)/python -m tests.crash $(ARGS)

platforms: .venv/.dev ## show stand-ins of Slack and Telegram on a page (ARGS=--demo adds a bot)
	@$(BIN)/python -m tests.platforms $(ARGS)

sandbox: .venv/.dev ## the same with the bot itself, to be tried by hand: no token, no network
	@$(BIN)/python -m tests.platforms --serve $(ARGS)

scripts: .venv/.compiled ## play every conversation script on the stand-ins of the platforms, whole
	SCRIPTS='*' $(BIN)/python -m pytest -q -n auto tests/channels -k test_a_script $(ARGS)

messages: .venv/.dev ## bring the catalogs in locales/ up to date with the flows
	$(BIN)/pybabel -q extract -F babel.cfg --no-location -o .venv/messages.pot .
	$(BIN)/pybabel -q update -i .venv/messages.pot -d locales --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 120

requirements: .venv/.dev ## pin the dependencies of pyproject.toml (newest: ARGS=--upgrade)
	$(COMPILE) $(ARGS) pyproject.toml --group build --output-file requirements.txt
	$(COMPILE) $(ARGS) --group dev --group bench --constraint requirements.txt --output-file requirements-dev.txt

clean: ## remove .venv and all caches; conversations stay
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .coverage htmlcov *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One set of pins for every system and for Python 3.11 and later.
COMPILE = $(BIN)/uv pip compile --quiet --python $(BIN)/python --universal --python-version 3.11 \
	--generate-hashes --no-header

# --- Set-up -----------------------------------------------------------------------------------------------------------
# Each stamp is younger than what it was made from. Pins that are installed already are not asked for again, and the
# checkout itself is installed with the pinned setuptools: only a change of the pins needs a network.

# Several processes run the tests, and each would compile all of them, and all that they import, at the same time as the
# others. What is wrong with them is told when they run.
.venv/.compiled: .venv/.dev
	@echo 'Compiling the tests ...'
	@$(BIN)/python -m pytest -q --collect-only >/dev/null 2>&1 || true
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	@echo 'Setting up the tools for development ...'
	@$(call install,--require-hashes -r requirements-dev.txt)
	@touch $@

.venv/.runtime: requirements.txt pyproject.toml $(BIN)/python
	@echo 'Setting up Triage in .venv (the first time takes about a minute) ...'
	@$(call install,--require-hashes -r requirements.txt)
	@$(call install,--no-index --no-deps --no-build-isolation -e .)
	@touch $@

# pip's own words only when it fails, and then what can be done about it; Python compiles what is used when it is used,
# which halves the wait
define install
$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check $(1) >.venv/pip.log 2>&1 || { \
	  cat .venv/pip.log >&2; \
	  if grep -qE 'NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|from versions: none' .venv/pip.log; then \
	    echo 'There is no connection to a package index. Run the same command again when you are online;' >&2; \
	    echo 'what was installed so far stays, and once everything is there no network is needed.' >&2; \
	  else \
	    echo 'The packages could not be installed; the lines above say why.' >&2; \
	  fi; \
	  exit 1; }
endef

# An environment whose interpreter is gone, as after an upgrade of the system, is made anew.
$(shell [ -x $(BIN)/python ] || rm -f .venv/.runtime .venv/.dev)

$(BIN)/python:
	@python=; seen=; bare=; \
	for each in $(CANDIDATES); do \
	  version=$$("$$each" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || continue; \
	  seen="$$seen$${seen:+, }$$each is $$version"; \
	  "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue; \
	  "$$each" -c 'import ensurepip, venv' 2>/dev/null || { bare=$$each; continue; }; \
	  python=$$each; \
	  break; \
	done; \
	if [ -n "$$python" ]; then \
	  "$$python" -m venv --clear .venv && exit 0; \
	  rm -rf .venv; \
	  echo "$$python could not make the environment .venv; the lines above say why." >&2; \
	elif [ -n "$$bare" ]; then \
	  echo "$$bare has no venv module, which sets up Triage without touching your system." >&2; \
	  echo 'Install it (Debian/Ubuntu: apt install '"$${bare##*/}"'-venv) and run the same command again.' >&2; \
	else \
	  echo "Triage needs Python 3.11 or newer; found: $${seen:-none}." >&2; \
	  echo 'Install it (Debian/Ubuntu: apt install python3 python3-venv),' >&2; \
	  echo 'or name one: make PYTHON=/path/to/python3.12 ...' >&2; \
	fi; \
	exit 1
