# credbot - one Makefile. Objects live in build/$(BUILD)/, so kinds keep apart.
#   make run      install what is missing, build, start the bot (RUNFLAGS="-c FILE")
#   make test     install what the tests need, run all of them
#   make check    the quick tests; installs nothing
#   make          the program, build/credbot, and nothing else
# BUILD=release (hardened), asan (address and undefined-behaviour sanitizers), debug (-O0).
# V=1 shows the commands.
BUILD  ?= release
B      := build/$(BUILD)
PREFIX ?= /usr/local
V      ?= 0
Q      := $(if $(filter 1,$(V)),,@)
ifeq ($(origin CC),default)
CC     := gcc
endif
ifeq ($(filter release asan debug,$(BUILD)),)
$(error BUILD is one of: release asan debug)
endif
# As many jobs as cores, unless the caller chose.
ifeq ($(MAKELEVEL)$(findstring j,$(firstword -$(MAKEFLAGS))),0)
MAKEFLAGS += -j$(shell nproc)
endif

PKGS   := libuv libwebsockets libcurl json-c sqlite3 yaml-0.1 libcmark libutf8proc libsodium libedit
WARN   := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2 \
	-Wundef -Wvla -Wimplicit-fallthrough -Wconversion -Wno-sign-conversion
ifeq ($(findstring clang,$(CC)),)
WARN   += -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wjump-misses-init
else
WARN   += -Wno-format-nonliteral # gcc knows a va_list is checked by the caller
endif
# In CI alone, so that a newer compiler does not break somebody's build; and of the program as
# it ships, for GCC says of -fsanitize that it makes warnings that are false.
WARN   += $(if $(filter true/release,$(CI)/$(BUILD)),-Werror)
CFLAGS_release := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
	-fstack-clash-protection -fcf-protection -fPIE
LDFLAGS_release := -pie -Wl,-z,relro,-z,now,-z,noexecstack
CFLAGS_debug := -O0 -g
CFLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -DCREDBOT_ARENA_SPLIT
LDFLAGS_asan := -fsanitize=address,undefined
# pkg-config is asked once, by the first recipe that needs it.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(call pkg,--cflags))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $$(call pkg,--libs))$(PKG_LIBS)
pkg    = $(if $(shell pkg-config --exists $(PKGS) && echo y),$(shell pkg-config $1 $(PKGS)),\
	$(error libraries are missing: "make deps" installs them))
SOURCE = $(CPPFLAGS) -std=c11 -D_GNU_SOURCE -Iinclude -I. $(PKG_CFLAGS)
# The last place where the program looks for its data, after those beside itself: another
# PREFIX is no reason to compile all anew.
SHARE  = -DCREDBOT_SHARE='"$(PREFIX)/share/credbot"'
COMPILE = $(CC) $(SOURCE) $(WARN) $(CFLAGS_$(BUILD)) $(CFLAGS)
LINK   = $(CC) $(LDFLAGS_$(BUILD)) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(PKG_LIBS) -lstemmer -lpthread -lm

SRC    := $(sort $(wildcard bot/*/*.c intents/*.c))
OBJ    := $(SRC:%.c=$B/%.o)
UNIT   := $(sort $(wildcard tests/test_*.c))
UNITS  := $(UNIT:%.c=$B/%)
CHATS  := $(sort $(wildcard tests/chat/*.chat))
E2E    := $(sort $(wildcard tests/e2e/*.py))
ALLC   := $(sort $(wildcard bot/*.[ch] bot/*/*.[ch] intents/*.[ch] include/credbot/*/*.h \
	tests/*.[ch] tests/*/*.[ch]))
# What a model is made from: the folders, too, for files that went.
LESSON := $(sort $(wildcard data/kb/*.yaml data/kb/en data/kb/en/*.md data/intents/en \
	data/intents/en/*.yaml bot/nlu/*.[ch] bot/know/lessons.c))
# The program that tests try. Those of other kinds leave build/credbot alone.
TESTED := $(if $(filter release,$(BUILD)),build/credbot,$B/credbot)
TEST   := BUILD=$(BUILD) CREDBOT=$B/credbot tests/run

.PHONY: all run test test-all check leaks catalog-demo layers lint format format-check deps deps-test \
	install uninstall clean FORCE
.SECONDARY:
.DELETE_ON_ERROR:

all: build/credbot

# The contract: make leaves the program at build/credbot.
ifneq ($(shell readlink build/credbot),$(BUILD)/credbot)
.PHONY: build/credbot # the last one was of another kind
endif
build/credbot: $B/credbot
	$(Q)ln -sfn $(BUILD)/credbot $@

# Of its objects, not of the archive: two functions of one name are then an error, and not one
# that is called in the other's place.
$B/credbot: $B/bot/main.o $(OBJ)
	@echo "  LD    $@"
	$(Q)$(LINK)

$B/credbot.a: $(OBJ)
	@echo "  AR    $@"
	$(Q)rm -f $@ && ar rcs $@ $^

$B/%.o: %.c $B/flags
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(COMPILE) $(SHARE) -MMD -MP -c -o $@ $<

# Other flags than last time: all is compiled anew.
$B/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(COMPILE)' | cmp -s - $@ || echo '$(COMPILE)' > $@

# The assembler copies these in; the compiler does not see them.
$B/bot/chan/webchat_files.o: $(sort $(wildcard web/*))

$B/tests/%: $B/tests/%.o $B/credbot.a
	@echo "  LD    $@"
	$(Q)$(LINK)

# One model for all kinds, made by the release program (asan takes ten times as long). It is
# made again when what teaches it changes, not whenever the program does.
build/en.model: $(LESSON) | $(filter build/release/credbot,$B/credbot)
	$(Q)$(MAKE) --no-print-directory BUILD=release build/release/credbot
	@echo "  TRAIN $@ (half a minute)"
	$(Q)build/release/credbot train -o $@

# A catalog of 8,909 real programs, if their lists are there (see docs/CATALOG.md).
LISTS  ?= ../shared/catalog
STATE  ?= var
catalog-demo: build/credbot
	@for map in free-courses:free-courses nj-etpl:nj-etpl-programs; do \
		list="$(LISTS)/$${map#*:}.csv"; \
		test -r "$$list" || { echo "catalog-demo: there is no $$list; LISTS=FOLDER says where the lists are"; exit 1; }; \
		build/credbot catalog import --state "$(STATE)" --format csv --map "data/catalog/maps/$${map%:*}.yaml" "$$list" || exit; \
	done
	@build/credbot catalog stats --state "$(STATE)"

# Another make each, which starts when the packages are there.
run: deps
	$(Q)$(MAKE) --no-print-directory build/credbot build/en.model
	@exec build/credbot run $(RUNFLAGS)

test: deps deps-test
	$(Q)$(MAKE) --no-print-directory test-all

test-all: $(TESTED) $(UNITS) build/en.model
	@$(TEST) $(UNITS) $(CHATS) $(E2E)

check: $(TESTED) $(UNITS) build/en.model
	@$(TEST) $(UNITS) $(CHATS)

# The conversations once more, slowly, under valgrind.
leaks: $(TESTED) build/en.model
	@TEST_WRAPPER="valgrind -q --leak-check=full --error-exitcode=9" $(TEST) $(CHATS)

layers:
	@tests/layers $(SRC) $(wildcard include/credbot/*/*.h bot/*/*.h)

lint:
	@printf '%s\n' $(filter %.c,$(ALLC)) | xargs -P "$$(nproc)" -I FILE sh -c \
		'clang-tidy-14 --quiet FILE -- $(SOURCE) -DCREDBOT_SHARE=\"\" 2>/dev/null || { echo "lint: FILE" && exit 1; }'

format:
	@clang-format-14 -i $(ALLC)

format-check:
	@clang-format-14 --dry-run -Werror $(ALLC)

deps:
	@build-aux/deps run

deps-test: deps
	@build-aux/deps test
	@build-aux/venv

DOCS   := README.md LICENSE $(sort $(wildcard docs/*.md))
D      := $(DESTDIR)$(PREFIX)

install: $B/credbot build/en.model
	install -D -m 755 $B/credbot $D/bin/credbot
	rm -rf $D/share/credbot
	find data -type f -printf '%P\n' | \
		while read -r f; do install -D -m 644 "data/$$f" "$D/share/credbot/$$f" || exit; done
	install -m 644 build/en.model $D/share/credbot/en.model
	install -D -m 644 -t $D/share/doc/credbot $(DOCS)
	install -D -m 644 -t $D/share/man/man1 man/credbot.1
	install -d $D/lib/systemd/system
	sed 's,/usr/local,$(PREFIX),g' systemd/credbot.service > $D/lib/systemd/system/credbot.service

uninstall:
	rm -rf $D/bin/credbot $D/share/credbot $D/share/doc/credbot $D/share/man/man1/credbot.1 \
		$D/lib/systemd/system/credbot.service

clean:
	rm -rf build

-include $(OBJ:.o=.d) $(UNIT:%.c=$B/%.d) $B/bot/main.d
