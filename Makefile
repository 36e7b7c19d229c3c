# A short front for the commands of everyday work; CMakePresets.json has what they configure.
#
#   make run      a local platform and a bot in one process, talking to each other; ONCE=1 ends after the conversation
#   make test     build and run every test; the last line counts them
#   make check    format, lint, include rules, header budget, sanitizers; STEPS="format includes" runs those alone
#   make bench    every benchmark, one table
#   make fuzz     fuzz every target for SECONDS=60 each, or TARGET=name alone
#   make build    build everything into build/
#   make clean    remove the build directories
#
# Each installs the Debian packages it lacks first (scripts/install-deps).

.DEFAULT_GOAL := help
.PHONY: run test check bench fuzz build clean help
MAKEFLAGS += --no-print-directory

# So that one cache serves every checkout and build directory.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

jobs := $(shell nproc)

run:
	@scripts/install-deps run
	@scripts/configure run
	@cmake --build build --target intent_demo -j $(jobs)
	@exec build/intent_demo $(if $(filter-out 0,$(ONCE)),--once)

build:
	@scripts/install-deps test
	@scripts/configure dev
	@cmake --build build -j $(jobs)

test: build
	@scripts/install-peer
	@scripts/run-tests build

check:
	@scripts/install-deps check
	@scripts/check $(STEPS)

bench:
	@scripts/install-deps bench
	@scripts/configure release
	@cmake --build build-release --target intent_bench -j $(jobs)
	@scripts/bench build-release

fuzz:
	@scripts/install-deps check
	@scripts/fuzz $(or $(SECONDS),60) $(TARGET)

clean:
	rm -rf build build-asan build-tsan build-fuzz build-release tests/integration/peer/node_modules web/node_modules

help:
	@sed -n 's/^#   //p' Makefile
