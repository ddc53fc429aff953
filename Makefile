# SPDX-License-Identifier: MIT
# certrenew: `make` builds into build/, `sudo make demo` shows it, `sudo make check` tests it.

PREFIX        = /usr
SYSCONFDIR    = /etc
LOCALSTATEDIR = /var
RUNSTATEDIR   = /run
LIBEXECDIR    = $(PREFIX)/libexec/certrenew
PAMDIR        = $(PREFIX)/lib/$(shell $(CC) -print-multiarch)/security
UNITDIR       = $(PREFIX)/lib/systemd/system
TMPFILESDIR   = $(PREFIX)/lib/tmpfiles.d
SYSUSERSDIR   = $(PREFIX)/lib/sysusers.d
DESTDIR       =

VERSION = 0.1.0

# BUILD=build/asan SANITIZE=address,undefined is what `make asan` does.
BUILD    = build
SANITIZE =

CC        = gcc
CFLAGS    = -O2 -g
WARNINGS  = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
HARDENING = -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fcf-protection
PACKAGES  = libcrypto libssl libp11 p11-kit-1 libcurl inih libsystemd
TEST_PACKAGES = cmocka libmicrohttpd gnutls

ifneq ($(SANITIZE),)
HARDENING = -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
LDHARDENING = -fsanitize=$(SANITIZE)
else
LDHARDENING = -Wl,-z,relro,-z,now
endif

PATHS = -DSYSCONFDIR='"$(SYSCONFDIR)"' -DLIBEXECDIR='"$(LIBEXECDIR)"' \
	-DLOCALSTATEDIR='"$(LOCALSTATEDIR)"' -DRUNSTATEDIR='"$(RUNSTATEDIR)"' \
	-DP11_MODULE_DIR='"$(shell pkg-config --variable=p11_module_path p11-kit-1 2>/dev/null)"' \
	-DVERSION='"$(VERSION)"'
ALL_CPPFLAGS = -I. -D_GNU_SOURCE -DOPENSSL_NO_DEPRECATED -DOPENSSL_API_COMPAT=30000 $(PATHS) \
	$(shell pkg-config --cflags $(PACKAGES) 2>/dev/null) $(CPPFLAGS)
ALL_CFLAGS  = -std=c11 -fPIC $(WARNINGS) $(HARDENING) $(CFLAGS)
ALL_LDFLAGS = -Wl,--as-needed $(LDHARDENING) $(LDFLAGS)

libs = $(shell pkg-config --libs $(1))

# --- what is built -------------------------------------------------------------------------

PROGRAMS = $(BUILD)/certrenew $(BUILD)/certrenew-helper $(BUILD)/certrenew-check \
	$(BUILD)/certrenew-renew $(BUILD)/card-window.so $(BUILD)/pam_certrenew.so

all: packages-present $(PROGRAMS)

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard $(1)))
COMMON  = $(BUILD)/libcommon.a
CONF    = $(BUILD)/libconf.a
CARD    = $(BUILD)/libcard.a
CA      = $(BUILD)/libca.a
RENEWAL = $(BUILD)/librenewal.a

$(COMMON): $(call objects,helper/common/*.c)
$(CONF): $(call objects,conf/*.c)
$(CARD): $(filter-out %/window.o,$(call objects,helper/card/*.c))
$(CA): $(call objects,helper/ca/*.c)
$(RENEWAL): $(filter-out %/certrenew-renew.o,$(call objects,helper/renewal/*.c))
%.a:
	@mkdir -p $(@D)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

link = $(CC) -pie $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.o %.a,$^)

$(BUILD)/certrenew: $(call objects,helper/command/*.c) $(CONF) $(COMMON)
	$(link) $(call libs,inih)
$(BUILD)/certrenew-helper: $(call objects,helper/supervisor/*.c) $(CONF) $(COMMON)
	$(link) $(call libs,inih)
$(BUILD)/certrenew-check: $(call objects,helper/check/*.c) $(CARD) $(CONF) $(COMMON)
	$(link) $(call libs,libp11 libcrypto p11-kit-1 inih)
$(BUILD)/certrenew-renew: $(BUILD)/obj/helper/renewal/certrenew-renew.o $(RENEWAL) $(CA) $(CARD) $(CONF) $(COMMON)
	$(link) $(call libs,libp11 libssl libcrypto p11-kit-1 libcurl inih)
$(BUILD)/card-window.so: $(BUILD)/obj/helper/card/window.o
	$(CC) -shared $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^
$(BUILD)/pam_certrenew.so: $(call objects,pam_module/*.c) $(COMMON) pam_module/pam_certrenew.map
	$(CC) -shared $(ALL_CFLAGS) $(ALL_LDFLAGS) -Wl,--version-script=pam_module/pam_certrenew.map \
		-Wl,-z,defs -o $@ $(filter %.o %.a,$^) -lpam

# Names what is missing instead of letting the compiler stumble over it.
packages-present:
	@for package in $(PACKAGES); do pkg-config --exists $$package || missing="$$missing $$package"; done; \
	test -e /usr/include/security/pam_modules.h || missing="$$missing libpam"; \
	test -z "$$missing" || { echo "certrenew needs the development files of:$$missing" >&2; \
		echo "on Debian 12, 'sudo make deps' installs them" >&2; exit 1; }

# --- installation --------------------------------------------------------------------------

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(PAMDIR) \
		$(DESTDIR)$(SYSCONFDIR) $(DESTDIR)$(UNITDIR) $(DESTDIR)$(TMPFILESDIR) \
		$(DESTDIR)$(SYSUSERSDIR) $(DESTDIR)$(PREFIX)/share/pam-configs
	install -m 755 $(BUILD)/certrenew $(DESTDIR)$(PREFIX)/bin/
	install -m 755 $(BUILD)/certrenew-helper $(BUILD)/certrenew-check $(BUILD)/certrenew-renew \
		$(DESTDIR)$(LIBEXECDIR)/
	install -m 644 $(BUILD)/card-window.so $(DESTDIR)$(LIBEXECDIR)/
	install -m 644 $(BUILD)/pam_certrenew.so $(DESTDIR)$(PAMDIR)/
	test -e $(DESTDIR)$(SYSCONFDIR)/certrenew.conf || \
		install -m 644 conf/certrenew.conf $(DESTDIR)$(SYSCONFDIR)/
	install -m 644 conf/pam-config $(DESTDIR)$(PREFIX)/share/pam-configs/certrenew
	install -m 644 conf/certrenew.socket conf/certrenew@.service $(DESTDIR)$(UNITDIR)/
	sed -i 's,@LIBEXECDIR@,$(LIBEXECDIR),' $(DESTDIR)$(UNITDIR)/certrenew@.service
	install -m 644 conf/tmpfiles.conf $(DESTDIR)$(TMPFILESDIR)/certrenew.conf
	install -m 644 conf/sysusers.conf $(DESTDIR)$(SYSUSERSDIR)/certrenew.conf

clean:
	rm -rf build

# --- tests ---------------------------------------------------------------------------------

UNIT_TESTS = $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/test-*.c))
WORLD = $(BUILD)/tests/world/test-ca $(BUILD)/tests/world/test-ra $(BUILD)/tests/world/test-card \
	$(BUILD)/tests/world/shim.so
TEST_MODULE = $(BUILD)/tests/pam_certrenew.so

tests: all $(UNIT_TESTS) $(WORLD) $(TEST_MODULE) $(BUILD)/tests/scripted-helper

$(BUILD)/tests/unit/%: $(BUILD)/obj/tests/unit/%.o $(RENEWAL) $(CA) $(CARD) $(CONF) $(COMMON)
	@mkdir -p $(@D)
	$(link) $(call libs,$(PACKAGES) $(TEST_PACKAGES)) -lpam -lpamtest
$(BUILD)/tests/world/test-ca: $(call objects,tests/world/ca/*.c)
$(BUILD)/tests/world/test-ra: $(call objects,tests/world/ra/*.c)
$(BUILD)/tests/world/test-card: $(call objects,tests/world/card/*.c)
$(BUILD)/tests/world/test-%:
	@mkdir -p $(@D)
	$(link) $(call libs,libcrypto $(TEST_PACKAGES))
$(BUILD)/tests/world/shim.so: $(call objects,tests/world/shim/*.c)
	@mkdir -p $(@D)
	$(CC) -shared $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^
# The PAM module as it is, but for the helper that it starts: one that plays a script.
$(TEST_MODULE): $(wildcard pam_module/*.c helper/common/*.c pam_module/*.h helper/common/*.h)
	@mkdir -p $(@D)
	$(CC) -shared $(ALL_CPPFLAGS) -DPATH_HELPER='"$(abspath $(BUILD))/tests/scripted-helper"' \
		$(ALL_CFLAGS) $(ALL_LDFLAGS) -Wl,--version-script=pam_module/pam_certrenew.map \
		-o $@ $(filter %.c,$^) -lpam
$(BUILD)/tests/scripted-helper: $(BUILD)/obj/tests/login/scripted-helper.o $(COMMON)
	@mkdir -p $(@D)
	$(link)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

.PHONY: all packages-present install clean tests check demo asan valgrind lint deps
.DELETE_ON_ERROR:
