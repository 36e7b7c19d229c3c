# A short front for the commands of everyday work; CMakePresets.json has what they configure.
#
#   make run      a local platform and a bot in one process, talking to each other; ONCE=1 ends after the conversation;
#                 SCALE=1: a bot of two relays and three workers, of which two are killed during a conversation
#   make test     build and run every test; the last line counts them
#   make check    format, include rules, header budget, systemd units, the documentation, `intent lint`, metrics, the ways
#                 to get the library, clang-tidy, a build with clang and sanitizers and its tests, fuzzing, the packages;
#                 STEPS="format includes" runs those alone, STEPS=debian13 builds and tests on Debian 13
#   make bench    every benchmark, one table, also as build/bench.json; QUICK=1 in four minutes, FULL=1 with a clean build
#                 of the library, PARTS="decode receive" runs those alone
#   make docs     the documentation site, build/site/index.html: guides, and a reference of every public name
#   make fuzz     fuzz every target for SECONDS=60 each, or TARGET=name alone
#   make soak     100,000 waits for a virtual day, 200 restarts and 50 crashes of a bot under load, then 200 clients and
#                 random faults for SECONDS=1800: nothing lost, nothing twice, nothing kept; SCALE=1: relays, workers and
#                 their broker killed at exact points and at random for SECONDS=1800 instead
#   make build    build everything into build/
#   make packages .deb, .rpm and .tar.gz in build/packages, hardened, checked with lintian
#   make release  everything to publish in build/release, for VERSION=x.y.z; VERIFY=1 makes it twice and compares,
#                 VERIFY=full the second time with everything compiled elsewhere
#   make clean    remove the build directories
#
# Each installs the Debian packages it lacks first (scripts/install-deps).

.DEFAULT_GOAL := help
.PHONY: run test check bench docs fuzz soak packages release build clean help
MAKEFLAGS += --no-print-directory

# So that one cache serves every checkout and build directory.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

jobs := $(shell nproc)

scale := $(filter-out 0,$(SCALE))

run:
	@scripts/install-deps $(if $(scale),scale,run)
	@scripts/configure run
	@cmake --build build --target $(if $(scale),intent_scale_demo intent_relay_tool counting_bot,intent_demo intent_tool ping_bot) -j $(jobs)
	@exec build/$(if $(scale),intent_scale_demo,intent_demo $(if $(filter-out 0,$(ONCE)),--once))

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
	-@scripts/install-peer
	@scripts/bench $(if $(filter-out 0,$(QUICK)),--quick) $(if $(filter-out 0,$(FULL)),--full) --json build/bench.json \
		--plots $(if $(filter-out 0,$(PLOTS)),docs,build)/plots build-release $(PARTS)

docs:
	@scripts/install-deps docs
	@scripts/docs

fuzz:
	@scripts/install-deps check
	@scripts/fuzz $(or $(SECONDS),60) $(TARGET)

# What the allocator sets aside for each of 400 threads, and for 16 groups of them, would look like a leak.
soak: plain_malloc := glibc.malloc.arena_max=1:glibc.malloc.tcache_count=0
soak:
	@scripts/install-deps test
	@scripts/configure dev
ifneq ($(scale),)
	@cmake --build build --target intent_soak_scale -j $(jobs)
	@build/tests/intent_soak_scale all $(or $(SECONDS),1800) $(or $(SEED),1)
else
	@cmake --build build --target intent_soak intent_soak_waits intent_soak_restarts -j $(jobs)
	@GLIBC_TUNABLES=$(plain_malloc) build/tests/intent_soak_waits
	@build/tests/intent_soak_restarts
	@GLIBC_TUNABLES=$(plain_malloc) build/tests/intent_soak $(or $(CLIENTS),200) $(or $(SECONDS),1800) $(or $(SEED),1)
endif

packages:
	@scripts/install-deps packages
	@scripts/packages

release:
	@scripts/release --check "$(VERSION)"
	@scripts/install-deps packages
	@scripts/install-deps docs
	@scripts/release $(if $(filter-out 0,$(VERIFY)),--verify) "$(VERSION)"

clean:
	rm -rf build build-edit build-asan build-tsan build-fuzz build-release tests/integration/peer/node_modules web/node_modules

help:
	@sed -n 's/^#   //p' Makefile
