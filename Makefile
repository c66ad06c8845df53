# Two commands do all the set-up: `make serve` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
FULL := $(VENV)/.installed-dev
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
HASHED := $(PIP_INSTALL) --no-deps --require-hashes --requirement
TORCH_CPU := 2.13.0+cpu --hash=sha256:6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b

.PHONY: env serve test check format pictures clean

# All of it: what serving needs, and what tests, checks and training need beside it.
env: $(FULL)

# The stamp is written last, so an install that was cut short is done again.
$(STAMP): pyproject.toml requirements.lock requirements-gpu.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Pullquote needs Python 3.11 or newer.")'
	@echo "Installing the packages, once: some minutes, at most 850 MB to download, 2 GB on the disk"
	$(PYTHON) -m venv $(VENV)
	@# Of torch the build for processors alone where pip finds it; that for GPUs does not start without their libraries.
	@echo "torch==$(TORCH_CPU)" >$(VENV)/torch.txt
	@$(HASHED) $(VENV)/torch.txt 2>/dev/null || true
	$(HASHED) requirements.lock
	@$(BIN)/python -c 'import torch' 2>/dev/null || { echo "Installing the libraries of torch"; $(HASHED) requirements-gpu.lock; }
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

$(FULL): $(STAMP) requirements-dev.lock
	@echo "Installing the packages for tests and training, once: 800 MB on the disk"
	$(HASHED) requirements-dev.lock
	touch $@

# The locks written anew, with the digests of all files of each release. A version stays while pyproject.toml allows it;
# `make lock UPGRADE=--upgrade` takes the newest. The lock for tests and training has only what the first one lacks.
LOCKING := .venv-lock
GPU := cuda-bindings cuda-toolkit nvidia-cudnn-cu13 nvidia-cusparselt-cu13 nvidia-nccl-cu13 nvidia-nvshmem-cu13 triton
COMPILE = $(LOCKING)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
  --no-annotate $(UPGRADE)
.PHONY: lock
lock:
	$(PYTHON) -m venv $(LOCKING)
	$(LOCKING)/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	printf '%s\n' $(GPU) >$(LOCKING)/gpu.txt
	grep -o 'torch==[0-9.]*' pyproject.toml >$(LOCKING)/torch.txt
	$(COMPILE) --excludes $(LOCKING)/gpu.txt --output-file requirements.lock pyproject.toml
	{ cat $(LOCKING)/gpu.txt; grep -o '^[A-Za-z0-9._-]*==' requirements.lock | tr -d =; } >$(LOCKING)/others.txt
	$(COMPILE) --excludes $(LOCKING)/others.txt --constraint requirements.lock --extra dev --extra training \
	  --output-file requirements-dev.lock pyproject.toml
	$(COMPILE) --constraint requirements.lock --output-file requirements-gpu.lock $(LOCKING)/torch.txt

serve: $(STAMP)
	$(BIN)/pullquote serve --sample

# Beside the tests run the checks, and those tests that mostly wait; these are shown at the end.
BESIDE := tests/ui tests/benchmarks tests/index/distributed tests/test_crash.py
test: env chromium
	@chosen='browser or not browser'; command -v chromium >/dev/null || chosen='not browser'; \
	$(MAKE) --no-print-directory check >$(VENV)/check.log 2>&1 & checking=$$!; \
	$(BIN)/python -m pytest -p no:cacheprovider -m "$$chosen" $(BESIDE) >$(VENV)/beside.log 2>&1 & waiting=$$!; \
	$(BIN)/python -m pytest -m "$$chosen" $(BESIDE:%=--ignore=%); tested=$$?; \
	wait $$waiting || tested=1; cat $(VENV)/beside.log; \
	wait $$checking || { cat $(VENV)/check.log; exit 1; }; exit $$tested

check: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: env
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The pictures of the page in docs/pictures, taken anew.
pictures: env chromium
	$(BIN)/python -m tests.ui.pictures

# Pullquote beside its neighbours, which have an environment of their own: docs/measurements/benchmarks.md.
NEIGHBOURS := .venv-benchmarks
.PHONY: benchmarks
benchmarks: env $(NEIGHBOURS)/.installed
	$(BIN)/python -m benchmarks $(SET) --out benchmarks/results

$(NEIGHBOURS)/.installed: pyproject.toml benchmarks/requirements.py | env
	@echo "Installing the neighbours, once; this takes some minutes"
	$(PYTHON) -m venv $(NEIGHBOURS)
	$(BIN)/python -m benchmarks.requirements >$(NEIGHBOURS)/requirements.txt
	$(NEIGHBOURS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $(NEIGHBOURS)/requirements.txt
	touch $@

# The browser tests drive Debian's Chromium. Root gets it where apt-get is; others are told how to have it.
.PHONY: chromium
chromium:
	@if command -v chromium >/dev/null; then exit 0; fi; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  echo "Installing Debian's Chromium for the browser tests"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else \
	  echo "There is no Chromium, so the browser tests are left out: run 'apt-get install chromium', then 'make test'."; \
	fi

clean:
	rm -rf $(VENV) $(LOCKING) .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
