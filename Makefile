# coldcase: opens frozen containers.
#
#   make            builds build/coldcase (and names a package that is missing)
#   make demo       installs what is missing, builds, opens a real podman checkpoint
#   make check      installs what is missing, builds, runs the tests
#   make check-all  the same and more: clang, static analysis, fuzzing, dumps by real CRIU
#   make deps       only installs what is missing
#
# A room of the source tree is an archive of its own, linked in the order of the arrows in
# docs/ARCHITECTURE.md: a room can only use the rooms behind it.

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:

CC = gcc
BUILD = build
VERSION = 0.1.0

# Packages: what pkg-config calls it, and what Debian calls it.
LIBRARIES = libprotobuf-c libarchive zlib json-c libcrypto libpcre2-8 libxxhash sqlite3 ncursesw
DEBIAN_PACKAGES = gcc libc6-dev make pkg-config protobuf-c-compiler libprotobuf-c-dev libarchive-dev \
	zlib1g-dev libjson-c-dev libssl-dev libpcre2-dev libxxhash-dev libsqlite3-dev libncurses-dev libcmocka-dev

# --- What is there ---------------------------------------------------------------------------

# What is used where it is there. ISA-L inflates gzip in half of zlib's time (libisal-dev).
OPTIONAL_LIBRARIES = libisal

# deps, demo, check and the like must work where nothing is installed yet.
BUILDING := $(filter-out deps deps-all demo check check-all all-checks check-threads fuzz clean,$(or $(MAKECMDGOALS),all))
ifneq ($(BUILDING),)
  MISSING := $(shell for tool in $(CC) pkg-config protoc-c; do \
		command -v $$tool >/dev/null 2>&1 || echo $$tool; done; \
	for library in $(LIBRARIES); do \
		pkg-config --exists $$library 2>/dev/null || echo $$library; done)
  ifneq ($(MISSING),)
    $(error not found: $(MISSING). "make deps" installs what is needed; on Debian that is \
	apt-get install $(DEBIAN_PACKAGES))
  endif
  FOUND := $(foreach library,$(OPTIONAL_LIBRARIES),$(shell pkg-config --exists $(library) && echo $(library)))
  LIBRARY_CFLAGS := $(shell pkg-config --cflags $(LIBRARIES) $(FOUND))
  LIBRARY_LIBS := $(shell pkg-config --libs $(LIBRARIES) $(FOUND)) -lm
endif

# "make V=1" prints the commands themselves.
Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s%s\n' '$(1)' '$(2)')

# --- Flags -----------------------------------------------------------------------------------

CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wcast-qual -Wwrite-strings -Wvla -Wformat=2
HARDENING = -pthread -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection
SANITIZE_WITH = address,undefined
ifdef SANITIZE
  HARDENING += -fsanitize=$(SANITIZE_WITH) -fno-sanitize-recover=all -fno-omit-frame-pointer
  ifdef FUZZ
    HARDENING += -fsanitize=fuzzer-no-link
  endif
else
  HARDENING += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
endif
ifdef WERROR
  WARNINGS += -Werror
endif
LINKING = -pie -Wl,-z,relro,-z,now

ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -DCOLDCASE_VERSION='"$(VERSION)"' -I. -I$(BUILD)/proto \
	$(WARNINGS) $(HARDENING) $(LIBRARY_CFLAGS) $(CFLAGS)

# --- Rooms -----------------------------------------------------------------------------------

# From the front door to the foundations: each may use those after it.
ROOMS = inspect tui sandbox db/check db/verify db/scan db/diff db/index db/sql db/findings db/tables \
	decoders/live decoders/model decoders/memory decoders/engine decoders/image decoders/proto decoders/host \
	decoders/source decoders/base

PROTOS := $(wildcard decoders/proto/*.proto)
PROTO_NAMES := $(basename $(notdir $(PROTOS)))
GENERATED_SOURCES := $(PROTO_NAMES:%=$(BUILD)/proto/%.pb-c.c) $(BUILD)/proto/schema-messages.c
GENERATED_HEADERS := $(PROTO_NAMES:%=$(BUILD)/proto/%.pb-c.h) $(BUILD)/proto/schema-messages.h

sources = $(sort $(wildcard $(1)/*.c $(if $(filter inspect tui db/sql decoders/model,$(1)),$(1)/*/*.c)))
objects = $(patsubst %.c,$(BUILD)/%.o,$(filter-out inspect/main.c,$(call sources,$(1))))
archive = $(BUILD)/lib$(subst /,-,$(1)).a
ARCHIVES := $(foreach room,$(ROOMS),$(call archive,$(room)))

all: $(BUILD)/coldcase

$(BUILD)/coldcase: $(BUILD)/inspect/main.o $(ARCHIVES)
	$(call say,LINK,$@)
	$(Q)$(CC) $(HARDENING) $(CFLAGS) $(LINKING) -o $@ $^ $(LIBRARY_LIBS) $(LDFLAGS)

define room_archive
$(call archive,$(1)): $(call objects,$(1)) $(if $(filter decoders/proto,$(1)),$(GENERATED_SOURCES:.c=.o)) \
		$(if $(filter db/sql,$(1)),$(BUILD)/queries.o) \
		$(if $(filter db/index,$(1)),$(BUILD)/views.o) \
		$(if $(filter db/check,$(1)),$(BUILD)/rules.o)
	@rm -f $$@
	@$$(AR) rcs $$@ $$^
endef
$(foreach room,$(ROOMS),$(eval $(call room_archive,$(room))))

$(BUILD)/%.o: %.c | $(GENERATED_HEADERS)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/decoders/source/gunzip.o: ALL_CFLAGS += $(if $(filter libisal,$(FOUND)),-DHAVE_ISAL)

$(BUILD)/proto/%.o: $(BUILD)/proto/%.c | $(GENERATED_HEADERS)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -w -MMD -MP -c -o $@ $<

# --- The schema: .proto files to C -----------------------------------------------------------

$(BUILD)/proto/%.pb-c.c $(BUILD)/proto/%.pb-c.h: decoders/proto/%.proto
	@mkdir -p $(@D)
	$(call say,PROTOC,$<)
	$(Q)protoc-c --proto_path=decoders/proto --c_out=$(BUILD)/proto $<

$(BUILD)/proto/schema-messages.c: decoders/proto/schema.awk $(PROTOS)
	@mkdir -p $(@D)
	$(call say,AWK,$@)
	$(Q)awk -f $< $(PROTOS) >$@
$(BUILD)/proto/schema-messages.h: decoders/proto/schema.awk $(PROTOS)
	@mkdir -p $(@D)
	$(Q)awk -f $< -v header=1 $(PROTOS) >$@

# --- The queries and views that are made already ------------------------------------------------

QUERIES := $(sort $(wildcard db/sql/queries/*.sql))
VIEWS := $(sort $(wildcard db/index/views/*.sql))

$(BUILD)/queries.c: db/sql/queries.awk $(QUERIES)
	@mkdir -p $(@D)
	$(call say,AWK,$@)
	$(Q)awk -v list=named_queries -f $^ >$@

$(BUILD)/views.c: db/sql/queries.awk $(VIEWS)
	@mkdir -p $(@D)
	$(call say,AWK,$@)
	$(Q)awk -v list=index_views -f $^ >$@

$(BUILD)/queries.o $(BUILD)/views.o: %.o: %.c db/sql/queries.h
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# --- The rules ---------------------------------------------------------------------------------

RULES := db/rules/log.tsv $(sort $(wildcard db/rules/*.sql))

$(BUILD)/rules.c: db/rules/rules.awk $(RULES)
	@mkdir -p $(@D)
	$(call say,AWK,$@)
	$(Q)awk -f $^ >$@

$(BUILD)/rules.o: $(BUILD)/rules.c db/check/builtin.h
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# --- Pages that are made of the program itself -------------------------------------------------

docs: $(BUILD)/coldcase
	$(BUILD)/coldcase schema --markdown -o docs/TABLES.md

# --- Tests -----------------------------------------------------------------------------------

TEST_SOURCES := $(sort $(wildcard tests/unit/*_test.c tests/interop/*_test.c \
	tests/robustness/*_test.c))
TEST_PROGRAMS := $(TEST_SOURCES:%.c=$(BUILD)/%)
TEST_LIBS = $(if $(BUILDING),$(shell pkg-config --libs cmocka))

$(BUILD)/tests/%_test: $(BUILD)/tests/%_test.o $(BUILD)/tests/support/support.o $(ARCHIVES)
	$(call say,LINK,$@)
	$(Q)$(CC) $(HARDENING) $(CFLAGS) $(LINKING) -o $@ $^ $(LIBRARY_LIBS) $(TEST_LIBS) $(LDFLAGS)

# Builds and runs the tests of this build directory, and nothing else.
run-tests: $(BUILD)/coldcase $(TEST_PROGRAMS)
	@COLDCASE=$(BUILD)/coldcase SAMPLES=samples tests/run $(TEST_PROGRAMS)

# --- Fuzzing: needs clang ------------------------------------------------------------------------

FUZZ_SECONDS = 60
FUZZ_TARGETS = image message document archive escape

$(BUILD)/tests/fuzz/%_fuzz: $(BUILD)/tests/fuzz/%_fuzz.o $(ARCHIVES)
	$(call say,LINK,$@)
	$(Q)$(CC) $(HARDENING) -fsanitize=fuzzer $(CFLAGS) $(LINKING) -o $@ $^ $(LIBRARY_LIBS)

$(BUILD)/tests/fuzz/seed: $(BUILD)/tests/fuzz/seed.o $(BUILD)/tests/support/support.o $(ARCHIVES)
	$(call say,LINK,$@)
	$(Q)$(CC) $(HARDENING) $(CFLAGS) $(LINKING) -o $@ $^ $(LIBRARY_LIBS) $(TEST_LIBS)

# Each target for FUZZ_SECONDS, from seeds of every kind; what crashes is kept in build/fuzz.
fuzz-programs: $(FUZZ_TARGETS:%=$(BUILD)/tests/fuzz/%_fuzz) $(BUILD)/tests/fuzz/seed
fuzz:
	$(MAKE) --no-print-directory CC=clang SANITIZE=1 FUZZ=1 BUILD=build/fuzz fuzz-programs
	tests/fuzz/run build/fuzz $(FUZZ_SECONDS) $(FUZZ_TARGETS)

# --- What a newcomer types -------------------------------------------------------------------

# Only packages that are missing are asked for.
deps:
	@tests/install-deps $(DEBIAN_PACKAGES)

demo: deps
	@$(MAKE) --no-print-directory -j$$(nproc) all
	build/coldcase show samples/podman.tar.zst
	@echo
	build/coldcase ps samples/podman.tar.zst

# The suite, twice: as it ships, and under the address and undefined-behaviour sanitizers.
check: deps
	@$(MAKE) --no-print-directory -j$$(nproc) WERROR=1 run-tests
	@tests/check-includes
	@tests/list-rules --check
	@echo "Once more, under the address and undefined-behaviour sanitizers:"
	@$(MAKE) --no-print-directory -j$$(nproc) WERROR=1 SANITIZE=1 BUILD=build/sanitized run-tests

# What is beyond a newcomer's two minutes: a second compiler, static analysis, fuzzing, real CRIU.
deps-all: deps
	@tests/install-deps clang clang-tidy libclang-rt-dev xz-utils gdb-multiarch binutils \
		tmux procps jq python3 python3-jsonschema python3-yaml libisal-dev sqlite3

check-all: deps-all
	@tests/tell-skipped $(MAKE) --no-print-directory all-checks

all-checks:
	@$(MAKE) --no-print-directory -j$$(nproc) CC=clang WERROR=1 BUILD=build/clang run-tests
	@tests/analyse build/clang
	@tests/check-howtos
	@tests/tui/tmux build/clang/coldcase
	@tests/reports/run build/clang
	@tests/ci/run build/clang
	@$(MAKE) --no-print-directory -j$$(nproc) SANITIZE=1 WERROR=1 BUILD=build/sanitized \
		build/sanitized/tests/robustness/monkey_test
	@MONKEY_KEYS=$${MONKEY_KEYS:-2000} SAMPLES=samples TEST_TIMEOUT=3600 tests/run build/sanitized/tests/robustness/monkey_test
	@$(MAKE) --no-print-directory -j$$(nproc) fuzz
	@tests/live/get-criu build/criu || echo "SKIPPED: live: no CRIU could be fetched"
	@$(MAKE) --no-print-directory -j$$(nproc) WERROR=1 run-live

THREAD_TESTS = build/threads/tests/unit/find_screen_test build/threads/tests/unit/search_test \
	build/threads/tests/unit/diff_screens_test build/threads/tests/unit/index_screens_test \
	build/threads/tests/unit/index_test

# What threads share, under the thread sanitizer, which some kernels' random addresses are too many for.
check-threads: deps
	@$(MAKE) --no-print-directory -j$$(nproc) WERROR=1 SANITIZE=1 SANITIZE_WITH=thread BUILD=build/threads \
		build/threads/coldcase $(THREAD_TESTS)
	@COLDCASE=build/threads/coldcase SAMPLES=samples setarch -R tests/run $(THREAD_TESTS)

LIVE_TESTS = $(BUILD)/tests/live/live_test $(BUILD)/tests/live/verdict_test $(BUILD)/tests/live/preflight_test \
	$(BUILD)/tests/live/restore_test

run-live: $(BUILD)/coldcase $(LIVE_TESTS) $(BUILD)/tests/live/workload
	@COLDCASE=$(BUILD)/coldcase CRIU=build/criu/criu WORKLOAD=$(BUILD)/tests/live/workload \
		tests/run $(LIVE_TESTS)

# Not sanitized, ever: CRIU would go through terabytes of shadow memory.
$(BUILD)/tests/live/workload: tests/live/workload.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) -O1 -g -pthread -o $@ $<

# --- Benchmarks: figures beside an aim or a peer, never a test -------------------------------------
# "make bench ROWS='search start'": those with one of the words in their names

$(BUILD)/tests/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -O2 $(WARNINGS) -o $@ $<

bench: $(BUILD)/coldcase $(BUILD)/tests/bench/grow $(BUILD)/tests/bench/bench $(BUILD)/tests/bench/comparer
	@tests/bench/run $(BUILD) $(ROWS)

# --- Installing ------------------------------------------------------------------------------

PREFIX = /usr/local

install: all
	install -D -m 755 $(BUILD)/coldcase $(DESTDIR)$(PREFIX)/bin/coldcase
	docs/manual $(BUILD)/coldcase >$(BUILD)/coldcase.1
	install -D -m 644 $(BUILD)/coldcase.1 $(DESTDIR)$(PREFIX)/share/man/man1/coldcase.1

clean:
	rm -rf build

-include $(patsubst %.o,%.d,$(shell find $(BUILD) -name '*.o' 2>/dev/null))
.PHONY: all docs clean install bench run-tests run-live fuzz fuzz-programs deps deps-all demo check check-all \
	check-threads all-checks
.SECONDARY:
