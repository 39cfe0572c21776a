# gradtwin: deep learning in NumPy beside the same in torch. Needs Python
# 3.11 or newer and make; the first command sets up .venv and takes a while.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || command -v python)
ENV := .venv
RUN := $(ENV)/bin/python
WORKERS ?= 2
export HYPOTHESIS_PROFILE ?= dev

.DEFAULT_GOAL := help
.PHONY: help parity test check bench train stub clean
.DELETE_ON_ERROR:

help: ## print this help
	@echo "make TARGET [NAME=value ...]"
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1|\2/p' Makefile \
	  | awk -F'|' '{ printf "%-10s%s\n", $$1, $$2 }'

parity: $(ENV)/ready ## every name against torch, then four networks (QUICK=1)
	$(RUN) -m parity_tests $(if $(QUICK),--quick)

test: $(ENV)/ready ## every test (ONLY=path of some; WORKERS=2)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(RUN) -m pytest -q \
	  -n $(WORKERS) --dist worksteal $(ONLY)

check: $(ENV)/ready ## lint, types and the laws of the layout: seconds
	$(RUN) -m ruff check .
	$(RUN) tools/stub.py --check
	$(RUN) -m mypy
	$(RUN) -m pytest -q parity_tests/test_laws.py

bench: $(ENV)/ready-to-bench ## time both sides (QUICK=1, COMPARE=result.json)
	$(RUN) -m benchmarks $(if $(QUICK),--quick) \
	  $(if $(COMPARE),--compare "$(COMPARE)")

train: $(ENV)/ready ## train a network on the CPU (NET=lenet, QUICK=1)
	$(RUN) -m scratch train $(or $(NET),lenet) $(if $(QUICK),--quick)

stub: $(ENV)/ready ## write down which methods Tensor has, for type checkers
	$(RUN) tools/stub.py

clean: ## remove what was made, but for .venv and runs/
	rm -rf build dist reports *.egg-info .mypy_cache .ruff_cache \
	  .pytest_cache .hypothesis .benchmarks
	find scratch torchref parity_tests benchmarks -name __pycache__ \
	  -prune -exec rm -rf {} +

# Made once, and brought up to date when what it is made from has changed.
$(ENV)/ready: pyproject.toml constraints.txt tools/environment
	@tools/environment "$(PYTHON)" $(ENV) torch,cli,test,dev
	@touch $@

$(ENV)/ready-to-bench: $(ENV)/ready
	@tools/environment "$(PYTHON)" $(ENV) torch,cli,test,dev,bench
	@touch $@
