# Waag: the commands a contributor needs. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BOTOCORE := botocore-1.44.5
VECTORS := .cache/vectors/$(BOTOCORE)
AWS_CLI := .cache/awscli
MOTO := .cache/moto
RCLONE := .cache/rclone

.DEFAULT_GOAL := help
.PHONY: help install demo test check bench codegen requirements clean

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 14

install: $(VENV)/installed  ## make the virtual environment, pinned and hashed

demo: install  ## start a server, meter usage and live a customer's life with boto3, stop it
	$(BIN)/python demo/demo.py

test: install $(VECTORS)/extracted $(AWS_CLI)/installed $(MOTO)/installed $(RCLONE)/installed  ## run the whole default suite
	WAAG_VECTORS=$(abspath $(VECTORS)) WAAG_AWS_CLI=$(abspath $(AWS_CLI)/bin/aws) \
	  WAAG_MOTO=$(abspath $(MOTO)/bin/moto_server) WAAG_RCLONE=$(abspath $(RCLONE)/bin/rclone) \
	  $(BIN)/python -m pytest --cov --cov-report=term

check: install  ## lint, types, import contracts, generated code current
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/python tools/codegen.py --check

bench: install $(MOTO)/installed  ## measure, side by side with the named peer and limit
	WAAG_MOTO=$(abspath $(MOTO)/bin/moto_server) $(BIN)/python bench/run.py
	$(BIN)/python bench/steps.py

codegen: install  ## write src/waag/wire/generated/ from the pinned botocore's models
	$(BIN)/python tools/codegen.py

requirements:  ## resolve requirements/*.txt anew (needs uv)
	UV_CUSTOM_COMPILE_COMMAND="make requirements" uv pip compile -q pyproject.toml \
	  --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links -o requirements/runtime.txt
	UV_CUSTOM_COMPILE_COMMAND="make requirements" uv pip compile -q pyproject.toml requirements/dev.in \
	  --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links -o requirements/dev.txt
	UV_CUSTOM_COMPILE_COMMAND="make requirements" uv pip compile -q requirements/awscli.in \
	  --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links -o requirements/awscli.txt
	UV_CUSTOM_COMPILE_COMMAND="make requirements" uv pip compile -q requirements/bench.in \
	  --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links -o requirements/bench.txt
	UV_CUSTOM_COMPILE_COMMAND="make requirements" uv pip compile -q requirements/rclone.in \
	  --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links -o requirements/rclone.txt

clean:  ## remove what the other targets made
	rm -rf $(VENV) .cache .coverage* .pytest_cache .ruff_cache build dist

# The package itself is built without isolation, so that its build backend is the pinned one.
$(VENV)/installed: requirements/dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# The AWS CLI carries SDK code of its own, so it has an environment of its own.
$(AWS_CLI)/installed: requirements/awscli.txt
	test -x $(AWS_CLI)/bin/python || $(PYTHON) -m venv $(AWS_CLI)
	$(AWS_CLI)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/awscli.txt
	touch $@

# The peer of the benchmarks, and the AWS of the tests of delivery, in an environment of its own.
$(MOTO)/installed: requirements/bench.txt
	test -x $(MOTO)/bin/python || $(PYTHON) -m venv $(MOTO)
	$(MOTO)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bench.txt
	touch $@

# An S3 server that is not moto's, for a test of delivery.
$(RCLONE)/installed: requirements/rclone.txt
	test -x $(RCLONE)/bin/python || $(PYTHON) -m venv $(RCLONE)
	$(RCLONE)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/rclone.txt
	touch $@

# The official protocol and signature vectors lie in botocore's source distribution.
$(VECTORS)/extracted: requirements/vectors.txt | $(VENV)/installed
	mkdir -p .cache/vectors
	$(BIN)/python -m pip download -q --disable-pip-version-check --no-deps --no-binary botocore \
	  --require-hashes -r requirements/vectors.txt -d .cache/vectors
	tar -xzf .cache/vectors/$(BOTOCORE).tar.gz -C .cache/vectors
	touch $@
