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
MANDIR        = $(PREFIX)/share/man
BASHCOMPDIR   = $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR    = $(PREFIX)/share/zsh/vendor-completions
POLKITDIR     = $(PREFIX)/share/polkit-1/rules.d
METAINFODIR   = $(PREFIX)/share/metainfo
DESTDIR       =

# The programs know it from here; packaging/versions.sh holds the lists of releases to it.
VERSION = 1.0.0

# BUILD=build/asan SANITIZE=address,undefined is what `make asan` does.
BUILD    = build
SANITIZE =

CC        = gcc
CFLAGS    = -O2 -g
WARNINGS  = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
# Control-flow protection is x86's.
HARDENING = -fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 \
	$(if $(filter x86_64% i%86%,$(shell $(CC) -dumpmachine)),-fcf-protection)
PACKAGES  = libcrypto libssl libp11 p11-kit-1 libcurl inih libbsd libsystemd libseccomp
# The desktop's, which only the agent is linked with.
AGENT_PACKAGES = libnotify gio-2.0 gio-unix-2.0 libassuan gpg-error xcb libsystemd
TEST_PACKAGES = cmocka libmicrohttpd gnutls

LDHARDENING = -Wl,-z,relro,-z,now
ifneq ($(SANITIZE),)
UNSANITIZED := $(HARDENING)
HARDENING = -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
LDHARDENING = -fsanitize=$(SANITIZE)
# The programs run with an environment of their own, so their findings' place is built in.
SANITIZER_OPTIONS = $(BUILD)/obj/tests/world/sanitizer_options.o
CPPFLAGS += -DSANITIZED
endif

PATHS = -DSYSCONFDIR='"$(SYSCONFDIR)"' -DLIBEXECDIR='"$(LIBEXECDIR)"' \
	-DLOCALSTATEDIR='"$(LOCALSTATEDIR)"' -DRUNSTATEDIR='"$(RUNSTATEDIR)"' \
	-DPAMDIR='"$(PAMDIR)"' \
	-DP11_CONFIG_DIR='"$(shell pkg-config --variable=p11_module_configs p11-kit-1 2>/dev/null)"' \
	-DP11_MODULE_DIR='"$(shell pkg-config --variable=p11_module_path p11-kit-1 2>/dev/null)"' \
	-DVERSION='"$(VERSION)"'
ALL_CPPFLAGS = -I. -I$(BUILD)/made -D_GNU_SOURCE -DOPENSSL_NO_DEPRECATED -DOPENSSL_API_COMPAT=30000 $(PATHS) \
	$(shell pkg-config --cflags $(PACKAGES) $(AGENT_PACKAGES) 2>/dev/null) $(CPPFLAGS)
ALL_CFLAGS  = -std=c11 -fPIC $(WARNINGS) $(HARDENING) $(CFLAGS)
ALL_LDFLAGS = -Wl,--as-needed $(LDHARDENING) $(LDFLAGS)

libs = $(shell pkg-config --libs $(1))

# --- what is built -------------------------------------------------------------------------

PROGRAMS = $(BUILD)/certrenew $(BUILD)/certrenew-helper $(BUILD)/certrenew-check \
	$(BUILD)/certrenew-renew $(BUILD)/certrenew-agent $(BUILD)/certrenew-lookup \
	$(BUILD)/certrenew-journal $(BUILD)/certrenew-doctor $(BUILD)/card-window.so $(BUILD)/pam_certrenew.so

DESKTOP_ENTRIES = $(BUILD)/certrenew-agent.desktop $(BUILD)/certrenew.desktop \
	$(BUILD)/certrenew-revoke.desktop

# What certrenew.conf may say, for people.
DESCRIPTIONS = $(BUILD)/certrenew.conf $(BUILD)/certrenew.conf.5

all: packages-present $(PROGRAMS) $(DESKTOP_ENTRIES) $(DESCRIPTIONS) ## build everything into build/ (the default)

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard $(1)))
COMMON  = $(BUILD)/libcommon.a
WORDS   = $(BUILD)/libwords.a
CONF    = $(BUILD)/libconf.a
CARD    = $(BUILD)/libcard.a
SANDBOX = $(BUILD)/libsandbox.a
SUPERVISOR = $(BUILD)/libsupervisor.a
CA      = $(BUILD)/libca.a
RECORD  = $(BUILD)/librecord.a
RENEWAL = $(BUILD)/librenewal.a
COMMAND = $(BUILD)/libcommand.a
LOOKUP  = $(BUILD)/liblookup.a
DOCTOR  = $(BUILD)/libdoctor.a

# The catalogues are compiled in (helper/words/languages.c).
LINGUAS    = $(shell cat packaging/po/LINGUAS)
CATALOGUES = $(patsubst %,$(BUILD)/po/%.mo,$(LINGUAS))
$(BUILD)/po/%.mo: packaging/po/%.po
	@mkdir -p $(@D)
	msgfmt --endianness=little --no-hash -o $@ $<
$(BUILD)/obj/helper/words/languages.o: $(CATALOGUES) packaging/po/LINGUAS
$(BUILD)/obj/helper/words/languages.o: ALL_CPPFLAGS += -DCATALOGUES='"$(BUILD)/po"'
DESKTOP = $(BUILD)/libdesktop.a

# The kernel's names of system calls, and the sandbox's filters of them (helper/sandbox/filter.h).
$(BUILD)/made/system_calls.inc: Makefile
	@mkdir -p $(@D)
	echo '#include <asm/unistd.h>' | $(CC) -E -dM - | \
		sed -n 's/^#define __NR_\([a-z][a-z0-9_]*\) .*/{"\1", __NR_\1},/p' | sort > $@
$(BUILD)/obj/conf/system_calls.o: $(BUILD)/made/system_calls.inc
$(BUILD)/made/compile-filters: $(call objects,helper/sandbox/filters/*.c)
	@mkdir -p $(@D)
	$(link) $(call libs,libseccomp)
$(BUILD)/made/filters.inc: $(BUILD)/made/compile-filters
	$< > $@
$(BUILD)/obj/helper/sandbox/filter.o: $(BUILD)/made/filters.inc

$(COMMON): $(call objects,helper/common/*.c)
$(WORDS): $(call objects,helper/words/*.c)
$(CONF): $(call objects,conf/*.c)
$(CARD): $(filter-out %/window.o,$(call objects,helper/card/*.c))
$(SANDBOX): $(call objects,helper/sandbox/*.c)
$(SUPERVISOR): $(filter-out %/certrenew-helper.o,$(call objects,helper/supervisor/*.c))
$(CA): $(call objects,helper/ca/*.c)
$(COMMAND): $(filter-out %/certrenew.o,$(call objects,helper/command/*.c))
$(RECORD): $(call objects,helper/record/*.c)
$(RENEWAL): $(filter-out %/certrenew-renew.o,$(call objects,helper/renewal/*.c))
$(DESKTOP): $(filter-out %/certrenew-agent.o,$(call objects,helper/desktop/*.c))
$(LOOKUP): $(filter-out %/certrenew-lookup.o,$(call objects,helper/lookup/*.c))
$(DOCTOR): $(filter-out %/certrenew-doctor.o,$(call objects,helper/doctor/*.c))
%.a:
	@mkdir -p $(@D)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

link = $(CC) -pie $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.o %.a,$^)

$(BUILD)/certrenew $(BUILD)/certrenew-helper $(BUILD)/certrenew-check $(BUILD)/certrenew-renew \
	$(BUILD)/certrenew-agent $(BUILD)/certrenew-lookup $(BUILD)/certrenew-journal $(BUILD)/certrenew-doctor: $(SANITIZER_OPTIONS)
$(BUILD)/certrenew: $(BUILD)/obj/helper/command/certrenew.o $(COMMAND) $(CONF) $(WORDS) $(COMMON)
	$(link) $(call libs,inih libbsd)
$(BUILD)/certrenew-helper: $(BUILD)/obj/helper/supervisor/certrenew-helper.o $(SUPERVISOR) $(CONF) $(COMMON)
	$(link) $(call libs,inih)
# Of the CA's parts only the choice of a [ca] section.
$(BUILD)/certrenew-check: $(call objects,helper/check/*.c) $(RECORD) $(SANDBOX) $(CARD) $(CA) $(CONF) $(WORDS) $(COMMON)
	$(link) $(call libs,libp11 libcrypto inih)
$(BUILD)/certrenew-renew: $(BUILD)/obj/helper/renewal/certrenew-renew.o $(RENEWAL) $(RECORD) $(CA) $(SANDBOX) $(CARD) $(CONF) $(WORDS) $(COMMON)
	$(link) $(call libs,libp11 libssl libcrypto libcurl inih)
$(BUILD)/certrenew-agent: $(BUILD)/obj/helper/desktop/certrenew-agent.o $(DESKTOP) $(WORDS) $(COMMON)
	$(link) $(call libs,$(AGENT_PACKAGES))
# It shows and asks as the command does.
$(BUILD)/certrenew-lookup: $(BUILD)/obj/helper/lookup/certrenew-lookup.o $(LOOKUP) $(COMMAND) $(CA) $(CARD) $(CONF) $(WORDS) $(COMMON)
	$(link) $(call libs,libssl libcrypto libcurl inih libbsd)
# Of the card's and the CA's parts only what reads names, dates and requests is linked in.
$(BUILD)/certrenew-journal: $(call objects,helper/journal/*.c) $(SUPERVISOR) $(COMMAND) $(RENEWAL) $(RECORD) $(CA) $(CARD) $(CONF) $(WORDS) $(COMMON)
	$(link) $(call libs,libcrypto inih libbsd)
$(BUILD)/certrenew-doctor: $(BUILD)/obj/helper/doctor/certrenew-doctor.o $(DOCTOR) $(SUPERVISOR) $(COMMAND) $(CONF) $(WORDS) $(COMMON)
	$(link) $(call libs,inih libbsd libsystemd)
$(BUILD)/card-window.so: $(BUILD)/obj/helper/card/window.o
	$(CC) -shared $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^
# As one compilation, so that the hosts of sanitized tests, which are not ours, can load it.
MODULE_SOURCES = $(wildcard pam_module/*.c helper/common/*.c)
MODULE_HEADERS = $(wildcard pam_module/*.h helper/common/*.h) Makefile
MODULE_FLAGS = -shared -ffunction-sections -Wl,--gc-sections \
	-Wl,--version-script=pam_module/pam_certrenew.map
$(BUILD)/pam_certrenew.so: HARDENING := $(or $(UNSANITIZED),$(HARDENING))
$(BUILD)/pam_certrenew.so: LDHARDENING := -Wl,-z,relro,-z,now,-z,defs
$(BUILD)/pam_certrenew.so: $(MODULE_SOURCES) $(MODULE_HEADERS) pam_module/pam_certrenew.map
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(MODULE_FLAGS) -o $@ $(MODULE_SOURCES) -lpam

# The menu's entries, in all languages; where the programs are is filled in when they are installed.
$(BUILD)/%.desktop: conf/%.desktop.in $(wildcard packaging/po/*.po) packaging/po/LINGUAS
	@mkdir -p $(@D)
	msgfmt --desktop --template=$< -d packaging/po -o $@

# From the parser's own table.
$(BUILD)/made/describe: $(call objects,conf/describe/*.c) $(CONF) $(COMMON)
	@mkdir -p $(@D)
	$(link) $(call libs,inih)
$(BUILD)/certrenew.conf: conf/certrenew.conf.in $(BUILD)/made/describe
	$(BUILD)/made/describe sample < $< > $@
$(BUILD)/certrenew.conf.5: packaging/man/certrenew.conf.5.in $(BUILD)/made/describe
	$(BUILD)/made/describe manual < $< > $@

# Names what is missing instead of letting the compiler stumble over it.
packages-present:
	@for package in $(PACKAGES) $(AGENT_PACKAGES); do pkg-config --exists $$package || missing="$$missing $$package"; done; \
	test -e /usr/include/security/pam_modules.h || missing="$$missing libpam"; \
	test -z "$$missing" || missing="the development files of:$$missing"; \
	command -v msgfmt > /dev/null || missing="$${missing:+$$missing, and }gettext's msgfmt"; \
	test -z "$$missing" || { echo "certrenew needs $$missing" >&2; \
		echo "on Debian 12, 'sudo make deps' installs them" >&2; exit 1; }

# --- installation --------------------------------------------------------------------------

install: all ## install it: PREFIX, SYSCONFDIR, PAMDIR, DESTDIR ... as usual
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(PAMDIR) \
		$(DESTDIR)$(SYSCONFDIR) $(DESTDIR)$(UNITDIR) $(DESTDIR)$(TMPFILESDIR) \
		$(DESTDIR)$(SYSUSERSDIR) $(DESTDIR)$(PREFIX)/share/pam-configs
	install -m 755 $(BUILD)/certrenew $(DESTDIR)$(PREFIX)/bin/
	install -m 755 $(BUILD)/certrenew-helper $(BUILD)/certrenew-check $(BUILD)/certrenew-renew \
		$(BUILD)/certrenew-agent $(BUILD)/certrenew-lookup $(BUILD)/certrenew-journal \
		$(BUILD)/certrenew-doctor $(DESTDIR)$(LIBEXECDIR)/
	install -m 644 $(BUILD)/card-window.so $(DESTDIR)$(LIBEXECDIR)/
	install -m 644 $(BUILD)/pam_certrenew.so $(DESTDIR)$(PAMDIR)/
	test -e $(DESTDIR)$(SYSCONFDIR)/certrenew.conf || \
		install -m 644 $(BUILD)/certrenew.conf $(DESTDIR)$(SYSCONFDIR)/
	install -m 644 conf/pam-config $(DESTDIR)$(PREFIX)/share/pam-configs/certrenew
	install -m 644 conf/pam-config-require $(DESTDIR)$(PREFIX)/share/pam-configs/certrenew-require
	install -m 644 conf/certrenew.socket conf/certrenew@.service $(DESTDIR)$(UNITDIR)/
	install -m 644 conf/tmpfiles.conf $(DESTDIR)$(TMPFILESDIR)/certrenew.conf
	install -m 644 conf/sysusers.conf $(DESTDIR)$(SYSUSERSDIR)/certrenew.conf
	sed -i 's,@LIBEXECDIR@,$(LIBEXECDIR),; s,@LOCALSTATEDIR@,$(LOCALSTATEDIR),; s,@RUNSTATEDIR@,$(RUNSTATEDIR),' \
		$(DESTDIR)$(UNITDIR)/certrenew@.service $(DESTDIR)$(UNITDIR)/certrenew.socket \
		$(DESTDIR)$(TMPFILESDIR)/certrenew.conf $(DESTDIR)$(SYSUSERSDIR)/certrenew.conf
	install -d $(DESTDIR)$(SYSCONFDIR)/xdg/autostart $(DESTDIR)$(PREFIX)/share/applications
	install -m 644 $(BUILD)/certrenew-agent.desktop $(DESTDIR)$(SYSCONFDIR)/xdg/autostart/
	install -m 644 $(BUILD)/certrenew.desktop $(BUILD)/certrenew-revoke.desktop \
		$(DESTDIR)$(PREFIX)/share/applications/
	sed -i 's,@LIBEXECDIR@,$(LIBEXECDIR),; s,@BINDIR@,$(PREFIX)/bin,' \
		$(DESTDIR)$(SYSCONFDIR)/xdg/autostart/certrenew-agent.desktop \
		$(DESTDIR)$(PREFIX)/share/applications/certrenew.desktop \
		$(DESTDIR)$(PREFIX)/share/applications/certrenew-revoke.desktop
	install -m 644 -D packaging/icons/certrenew.svg \
		$(DESTDIR)$(PREFIX)/share/icons/hicolor/scalable/apps/certrenew.svg
	install -m 644 -D packaging/certrenew.metainfo.xml \
		$(DESTDIR)$(METAINFODIR)/org.example.certrenew.metainfo.xml
	install -m 644 -D packaging/polkit/certrenew.rules $(DESTDIR)$(POLKITDIR)/certrenew.rules
	install -d $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(MANDIR)/man5 $(DESTDIR)$(MANDIR)/man8
	install -m 644 packaging/man/certrenew.1 packaging/man/certrenew-agent.1 \
		$(DESTDIR)$(MANDIR)/man1/
	install -m 644 $(BUILD)/certrenew.conf.5 $(DESTDIR)$(MANDIR)/man5/
	install -m 644 packaging/man/certrenew-helper.8 packaging/man/pam_certrenew.8 \
		$(DESTDIR)$(MANDIR)/man8/
	install -d $(DESTDIR)$(BASHCOMPDIR) $(DESTDIR)$(ZSHCOMPDIR)
	install -m 644 packaging/completions/certrenew.bash $(DESTDIR)$(BASHCOMPDIR)/certrenew
	install -m 644 packaging/completions/_certrenew $(DESTDIR)$(ZSHCOMPDIR)/

clean: ## remove build/
	rm -rf build

# --- packages ------------------------------------------------------------------------------

# What is committed, and nothing else; the same bytes each time.
DIST = certrenew-$(VERSION)
dist: ## a tarball of what is committed
	@sh packaging/versions.sh $(VERSION)
	@mkdir -p build
	@git -c tar.umask=0022 archive --format=tar --prefix=$(DIST)/ HEAD | gzip -9n > build/$(DIST).tar.gz
	@echo "build/$(DIST).tar.gz"

DEB_PACKAGES = build-essential debhelper dh-apparmor git lintian
deb: dist ## Debian packages, looked at by lintian (root, if anything is missing for it)
	@$(call installed,$(BUILD_PACKAGES) $(DEB_PACKAGES))
	@sh packaging/deb.sh build/$(DIST).tar.gz build/deb
	@sh packaging/linted.sh build/deb/packages

RPM_PACKAGES = git rpm rpmlint
rpm: dist ## RPM packages, built by Debian's rpmbuild (root, if anything is missing for it)
	@$(call installed,$(BUILD_PACKAGES) $(RPM_PACKAGES))
	@sh packaging/rpm.sh build/$(DIST).tar.gz build/rpm
	@rpmlint --strict --config packaging/rpm/rpmlint.toml build/rpm/packages/*.rpm
	@sh packaging/rpm-installed.sh build/rpm/packages

# In another folder, another year, another umask, language and time zone.
reproducible: ## make tarball and packages twice, and compare their bytes (root, as deb)
	@$(call installed,$(BUILD_PACKAGES) $(DEB_PACKAGES) $(RPM_PACKAGES) faketime)
	@sh packaging/reproducible.sh build/reproducible

# --- tests ---------------------------------------------------------------------------------

UNIT_TESTS = $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/test-*.c))
WORLD_PROGRAMS = $(addprefix $(BUILD)/tests/world/test-,ca ra card ask web scan proxy durable without vcard)
WORLD = $(WORLD_PROGRAMS) $(addprefix $(BUILD)/tests/world/,shim.so clock.so interpose.so malicious.so)
TEST_MODULE = $(BUILD)/tests/pam_certrenew.so
FUZZ_TARGETS = $(patsubst tests/fuzz/fuzz-%.c,$(BUILD)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz-*.c))

tests: all $(UNIT_TESTS) $(WORLD) $(TEST_MODULE) $(BUILD)/tests/scripted-helper $(FUZZ_TARGETS) ## build what the tests need

$(BUILD)/obj/tests/unit/%.o: ALL_CPPFLAGS += -DBUILD='"$(BUILD)"'
$(BUILD)/tests/unit/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/obj/helper/check/remind.o $(DOCTOR) $(SUPERVISOR) $(LOOKUP) $(COMMAND) $(RENEWAL) $(RECORD) $(CA) $(SANDBOX) $(CARD) $(CONF) \
	$(DESKTOP) $(WORDS) $(COMMON)
	@mkdir -p $(@D)
	$(link) $(call libs,$(PACKAGES) $(AGENT_PACKAGES) $(TEST_PACKAGES)) -lpam -lpamtest
# With a main that replays a corpus; `make fuzz` has libFuzzer's in its place.
FUZZ_MAIN = $(BUILD)/obj/tests/fuzz/replay.o
$(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/fuzz-%.o $(BUILD)/obj/tests/fuzz/input.o \
	$(BUILD)/obj/tests/fuzz/fake_card.o $(FUZZ_MAIN) $(RENEWAL) $(RECORD) $(CA) $(CARD) $(CONF) $(WORDS) \
	$(COMMON)
	@mkdir -p $(@D)
	$(link) $(call libs,$(PACKAGES))
$(BUILD)/tests/world/test-ca: $(call objects,tests/world/ca/*.c)
$(BUILD)/tests/world/test-ra: $(call objects,tests/world/ra/*.c) $(BUILD)/obj/tests/world/ca/issue.o \
	$(BUILD)/obj/tests/world/ca/index.o
$(BUILD)/tests/world/test-card: $(call objects,tests/world/card/*.c) $(BUILD)/obj/tests/world/ca/issue.o \
	$(BUILD)/obj/tests/world/ca/index.o
$(BUILD)/tests/world/test-web: $(call objects,tests/world/web/*.c)
$(BUILD)/tests/world/test-vcard: $(call objects,tests/world/vcard/*.c)
$(BUILD)/tests/world/test-scan: $(call objects,tests/world/scan/*.c)
$(BUILD)/tests/world/test-proxy: $(call objects,tests/world/proxy/*.c)
$(BUILD)/tests/world/test-ask: $(call objects,tests/world/ask/*.c) $(COMMON)
$(BUILD)/tests/world/test-durable: $(call objects,tests/world/durable/*.c) \
	$(BUILD)/obj/tests/world/interpose/durable.o
$(BUILD)/tests/world/test-without: $(call objects,tests/world/without/*.c)
$(WORLD_PROGRAMS): $(SANITIZER_OPTIONS)
$(BUILD)/tests/world/test-%:
	@mkdir -p $(@D)
	$(link) $(call libs,libcrypto libseccomp $(TEST_PACKAGES)) -ldl
$(BUILD)/tests/world/shim.so: $(call objects,tests/world/shim/*.c)
$(BUILD)/tests/world/clock.so: $(call objects,tests/world/clock/*.c)
# Below every program's own libraries, and so without the sanitizers'.
$(BUILD)/tests/world/clock.so $(BUILD)/obj/tests/world/clock/clock.o: HARDENING := $(or $(UNSANITIZED),$(HARDENING))
$(BUILD)/tests/world/clock.so: LDHARDENING :=
$(BUILD)/tests/world/%.so:
	@mkdir -p $(@D)
	$(CC) -shared $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^
# Loaded into everything by /etc/ld.so.preload, so it has nothing of a sanitizer.
$(BUILD)/obj/tests/world/interpose/%.o: HARDENING := -fno-builtin
$(BUILD)/tests/world/interpose.so: HARDENING :=
$(BUILD)/tests/world/interpose.so: LDHARDENING := -Wl,-z,now
$(BUILD)/tests/world/interpose.so: $(call objects,tests/world/interpose/*.c)
$(BUILD)/tests/world/malicious.so: $(call objects,tests/world/malicious/*.c)
# The PAM module as it is, but for the helper that it starts: one that plays a script.
$(TEST_MODULE): $(MODULE_SOURCES) $(MODULE_HEADERS) pam_module/pam_certrenew.map
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) -DPATH_HELPER='"$(abspath $(BUILD))/tests/scripted-helper"' \
		$(ALL_CFLAGS) $(ALL_LDFLAGS) $(MODULE_FLAGS) -o $@ $(MODULE_SOURCES) -lpam
$(BUILD)/tests/scripted-helper: $(BUILD)/obj/tests/login/scripted-helper.o $(COMMON)
	@mkdir -p $(@D)
	$(link)

# A certrenew-renew with a bug, which the fault sweeps are to find: its file names the function that it
# wraps.
BUGS = $(patsubst tests/faults/bugs/%.c,$(BUILD)/bugs/%,$(wildcard tests/faults/bugs/*.c))
$(BUILD)/bugs/%: $(BUILD)/obj/tests/faults/bugs/%.o $(BUILD)/obj/helper/renewal/certrenew-renew.o $(RENEWAL) $(RECORD) $(CA) $(SANDBOX) $(CARD) $(CONF) $(WORDS) $(COMMON)
	@mkdir -p $(@D)
	$(link) $(call libs,libp11 libssl libcrypto libcurl inih) \
		-Wl,--wrap=$$(sed -n 's,^/\* Wraps \([a-z_]*\):.*,\1,p' tests/faults/bugs/$*.c)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# --- what a person calls -------------------------------------------------------------------------

# Each target with '##' behind it.
help: ## show this list
	@sed -n 's/^\([a-z][a-z-]*\):.* ## \(.*\)/\1\t\2/p' $(firstword $(MAKEFILE_LIST)) | \
		while IFS="$$(printf '\t')" read -r target does; do printf '  %-15s %s\n' "$$target" "$$does"; done

# What building and testing needs beyond Debian 12's base; nothing is asked twice. Without a
# configuration of its own slapd is not started outside of the tests' world.
BUILD_PACKAGES = gcc make pkg-config gettext libc6-dev libpam0g-dev libssl-dev libp11-dev libp11-kit-dev \
	libcurl4-openssl-dev libinih-dev libbsd-dev libsystemd-dev libseccomp-dev linux-libc-dev \
	libnotify-dev libassuan-dev libgpg-error-dev libxcb1-dev
CHECK_PACKAGES = libcmocka-dev libpam-wrapper libpamtest0-dev libmicrohttpd-dev libgnutls28-dev \
	pamtester softhsm2 expect perl systemd iproute2 procps strace login passwd util-linux binutils \
	openssl libpam-pkcs11 opensc pcscd p11-kit p11-kit-modules valgrind slapd ldap-utils socat \
	xvfb openbox xdotool x11-utils imagemagick dbus-daemon dbus-bin polkitd at-spi2-core \
	dunst xfce4-notifyd notification-daemon sway xwayland mako-notifier grim \
	pinentry-gtk2 pinentry-qt pinentry-gnome3 pinentry-curses gcr \
	fonts-dejavu-core fonts-noto-cjk zsh
LINT_PACKAGES = clang libclang-rt-14-dev clang-format cppcheck desktop-file-utils devscripts apparmor mandoc \
	appstream

# What is not there yet.
installed = missing=; for package in $(1); do \
		dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q '^install ok installed' || \
		missing="$$missing $$package"; done; \
	test -z "$$missing" || { echo "installing:$$missing"; export DEBIAN_FRONTEND=noninteractive; \
		case $$missing in *slapd*) echo "slapd slapd/no_configuration boolean true" | \
			debconf-set-selections;; esac; \
		apt-get update -q && apt-get install -y -q --no-install-recommends $$missing; }

deps: ## install what building and testing needs from Debian (root)
	@$(call installed,$(BUILD_PACKAGES) $(CHECK_PACKAGES) $(LINT_PACKAGES))

# A second make: what deps installed decides what the first one would have read.
JOBS = -j$(shell nproc)
# PROTOCOL=cmp: the same by CMP, with an encryption key that may not sign.
PROTOCOL = est
demo: deps ## show a renewal at a login; PROTOCOL=cmp: by CMP (root)
	@$(MAKE) --no-print-directory -s $(JOBS) tests
	@PROTOCOL=$(PROTOCOL) sh tests/world/world.sh $(BUILD) sh tests/demo.sh

demo-revoke: deps ## show how a lost card's certificate is revoked (root)
	@$(MAKE) --no-print-directory -s $(JOBS) tests
	@sh tests/world/world.sh $(BUILD) sh tests/demo-revoke.sh

check: deps ## run all tests (root)
	@$(MAKE) --no-print-directory -s $(JOBS) tests
	@sh tests/run.sh $(BUILD)

# A part of check: a hostile driver, the sandbox, the helper's own hands.
check-security: deps ## run the tests of the sandbox and the rights alone (root)
	@$(MAKE) --no-print-directory -s $(JOBS) tests
	@sh tests/run.sh $(BUILD) tests/security

# A part of check; what needs gnome-shell is skipped where that is not installed.
check-desktop: deps ## run the tests of the desktop alone (root)
	@$(MAKE) --no-print-directory -s $(JOBS) tests
	@sh tests/run.sh $(BUILD) tests/desktop

# Everything that can go wrong at every step, in half an hour; EVERY=n tries each nth point only.
faults: deps ## let everything go wrong at every step (root)
	@$(MAKE) --no-print-directory -s $(JOBS) tests
	@sh tests/faults/run.sh $(BUILD)

# That it would be found.
faults-selftest: deps ## show that the sweeps find bugs (root)
	@$(MAKE) --no-print-directory -s $(JOBS) tests $(BUGS)
	@sh tests/faults/selftest.sh $(BUILD)

# What check-tokens and sweep-tokens need beyond that.
TOKEN_PACKAGES = pcscd vsmartcard-vpcd opensc opensc-pkcs11 p11-kit p11-kit-modules libnss3 libnss3-tools \
	libtpm2-pkcs11-1 libtpm2-pkcs11-tools tpm2-tools tpm2-abrmd libtss2-tcti-tabrmd0 swtpm dbus
# Tokens of every kind that Debian has, and what each can do, in a table.
check-tokens: deps ## try tokens of every kind (root)
	@$(call installed,$(TOKEN_PACKAGES))
	@$(MAKE) --no-print-directory -s $(JOBS) tests
	@mkdir -p $(BUILD)/log && rm -f $(BUILD)/log/tokens.tsv
	@sh tests/run.sh $(BUILD) tests/tokens > $(BUILD)/log/tokens.txt; status=$$?; \
		sed '$$d' $(BUILD)/log/tokens.txt; sh tests/tokens/table.sh $(BUILD)/log/tokens.tsv; \
		sh tests/tokens/table.sh $(BUILD)/log/tokens.tsv README.md || status=1; \
		tail -n 1 $(BUILD)/log/tokens.txt; exit $$status

# Minutes: the virtual smartcard is pulled at each command that changes it.
sweep-tokens: deps ## pull a smartcard at each command (root)
	@$(call installed,$(TOKEN_PACKAGES))
	@$(MAKE) --no-print-directory -s $(JOBS) tests
	@sh tests/run.sh $(BUILD) tests/tokens/sweep-opensc.sh

# What check-install needs beyond that.
INSTALL_PACKAGES = debhelper dh-apparmor lintian mmdebstrap
# On Debians of its own in build/install, which are kept for the next time.
check-install: deps ## install the Debian packages on a fresh machine, and sign in there (root)
	@$(call installed,$(INSTALL_PACKAGES))
	@$(MAKE) --no-print-directory -s $(JOBS) tests
	@$(MAKE) --no-print-directory -s deb > /dev/null
	@sh tests/install/run.sh $(BUILD)

# build/screenshots/{bubble,pin}-{en,zh_TW}.png
screenshots: deps ## take the pictures of the README (root)
	@$(MAKE) --no-print-directory -s $(JOBS) tests
	@sh tests/world/world.sh $(BUILD) sh tests/desktop/screenshots.sh

asan: deps ## run all tests under the address and undefined-behaviour sanitizers (root)
	@$(MAKE) --no-print-directory -s $(JOBS) BUILD=build/asan SANITIZE=address,undefined tests
	@SANITIZE=address,undefined sh tests/run.sh build/asan

# Each of tests/fuzz with libFuzzer, for so many seconds each, two at a time; FUZZ_ONLY="est cmp": these.
FUZZ_SECONDS = 60
FUZZ_ONLY =
fuzz: deps ## run the fuzz targets, FUZZ_SECONDS each
	@$(MAKE) --no-print-directory -s $(JOBS) BUILD=build/fuzz CC=clang FUZZ_MAIN= \
		SANITIZE=address,undefined,fuzzer-no-link fuzz-targets
	@sh tests/fuzz/fuzz.sh build/fuzz $(FUZZ_SECONDS) $(FUZZ_ONLY)
fuzz-targets: LDHARDENING += -fsanitize=fuzzer
fuzz-targets: $(FUZZ_TARGETS)

$(BUILD)/tests/bench/%: $(BUILD)/obj/tests/bench/%.o
	@mkdir -p $(@D)
	$(link) $(BENCH_LIBS)
$(BUILD)/tests/bench/login-stage $(BUILD)/tests/bench/login-memory: BENCH_LIBS = -lpam

# What the bench compares with, and draws with.
# SSSD is unpacked in the bench's own world; installed, it would change the machine's PAM configuration.
BENCH_PACKAGES = libpam-pkcs11 libpam-p11 libtalloc2 libdhash1 libpopt0 opensc strongswan-pki \
	libstrongswan-standard-plugins libstrongswan-extra-plugins libengine-pkcs11-openssl curl \
	gnuplot-nox fonts-dejavu-core
BENCH_UNPACKED = sssd-common
BENCH_PROGRAMS = $(patsubst tests/bench/%.c,$(BUILD)/tests/bench/%,$(wildcard tests/bench/*.c))
# Some of it: PARTS="login memory".
PARTS =
bench: deps ## measure it beside what else there is; PARTS="login memory": some of it, RUNS=60 (root)
	@$(call installed,$(BENCH_PACKAGES))
	@mkdir -p $(BUILD)/bench/packages && cd $(BUILD)/bench/packages && \
		for package in $(BENCH_UNPACKED); do ls $${package}_*.deb > /dev/null 2>&1 || \
		apt-get download -qq -o APT::Sandbox::User=root $$package || exit 1; done
	@$(MAKE) --no-print-directory -s $(JOBS) tests $(BENCH_PROGRAMS)
	@sh tests/bench/run.sh $(BUILD) $(PARTS)

# What the chart and the fleet of real clients need beyond that; nginx is started in the world only.
FLEET_PACKAGES = gnuplot-nox nginx-light
# Installed, nginx would be started at once, and at each boot.
UNSTARTED = command -v nginx > /dev/null || fresh=yes; policy=/usr/sbin/policy-rc.d; \
	test -e $$policy || { printf '\043!/bin/sh\nexit 101\n' > $$policy; chmod 755 $$policy; \
		trap 'rm -f /usr/sbin/policy-rc.d' EXIT; }; \
	$(call installed,$(FLEET_PACKAGES)) || exit 1; \
	test -z "$${fresh:-}" || systemctl disable --quiet nginx 2> /dev/null || :
# Some minutes; FLEET_CLIENTS at once against the real RA.
FLEET_CLIENTS = 200
fleet: deps ## simulate 100,000 machines, and drive 200 real ones at once (root)
	@$(UNSTARTED)
	@$(MAKE) --no-print-directory -s $(JOBS) tests $(BUILD)/tests/fleet/simulate
	@FLEET_CLIENTS=$(FLEET_CLIENTS) sh tests/fleet/run.sh $(BUILD)

$(BUILD)/tests/fleet/simulate: $(call objects,tests/fleet/*.c) $(RECORD) $(CA) $(CARD) $(CONF) $(COMMON)
	@mkdir -p $(@D)
	$(link) $(call libs,libcrypto inih)

valgrind: deps ## look for lost memory in check and renew (root)
	@$(MAKE) --no-print-directory -s $(JOBS) tests
	@sh tests/run.sh $(BUILD) tests/valgrind.sh

SOURCES = $(shell git ls-files '*.c' '*.h' 2>/dev/null)
lint: deps texts-checked ## check style, warnings, manual pages, translations (root)
	@clang-format --dry-run -Werror $(SOURCES)
	@cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --enable=warning,performance \
		--suppress=missingInclude -I. -D_GNU_SOURCE $(filter %.c,$(SOURCES))
	@$(MAKE) --no-print-directory -s $(JOBS) BUILD=build/lint-gcc CC=gcc CFLAGS='-O2 -Werror' tests
	@$(MAKE) --no-print-directory -s $(JOBS) BUILD=build/lint-clang CC=clang CFLAGS='-O2 -Werror' tests
	@desktop-file-validate $(patsubst $(BUILD)/%,$(BUILD)/lint-gcc/%,$(DESKTOP_ENTRIES))
	@sh packaging/hardened.sh build/lint-gcc
	@mandoc -Tlint -W warning $(wildcard packaging/man/*.[0-9]) $(BUILD)/lint-gcc/certrenew.conf.5
	@apparmor_parser --quiet --skip-kernel-load --skip-cache packaging/apparmor/certrenew
	@appstreamcli validate --no-net --strict packaging/certrenew.metainfo.xml > $(BUILD)/metainfo.txt || \
		{ cat $(BUILD)/metainfo.txt; exit 1; }
	@sh packaging/versions.sh $(VERSION)
	@echo "lint: clean"

# Every text of the sources, whatever folder they are added to. Comments that begin with
# 'Translators:' go with the text below them.
DESKTOP_SOURCES = $(wildcard conf/*.desktop.in)
TEXT_SOURCES = $(sort $(shell find helper pam_module conf -name '*.c'))
$(BUILD)/po/certrenew.pot: $(TEXT_SOURCES) $(DESKTOP_SOURCES) helper/words/language.h
	@mkdir -p $(@D)
	@xgettext --language=C --from-code=UTF-8 --package-name=certrenew --copyright-holder= \
		--add-comments=Translators: --add-location=file --width=100 \
		--keyword --keyword=_ --keyword=N_ --keyword=P_:1,2 \
		--keyword=language_text_in:1c,2 --flag=_:1:pass-c-format \
		--flag=P_:1:pass-c-format --flag=P_:2:pass-c-format \
		--flag=sentence_make:2:c-format -o $@ $(TEXT_SOURCES)
	@xgettext --language=Desktop --from-code=UTF-8 --join-existing --add-location=file --width=100 \
		-o $@ $(DESKTOP_SOURCES)
	@sed -i '/^"POT-Creation-Date:/d' $@

# After a change of a text: brings it into the catalogues, for translators.
po: $(BUILD)/po/certrenew.pot ## bring changed texts into the catalogues
	@for language in $(LINGUAS); do \
		msgmerge --quiet --update --backup=none --add-location=file --width=100 \
			packaging/po/$$language.po $< || exit 1; done

texts-checked: $(BUILD)/po/certrenew.pot
	@sh packaging/po/check.sh packaging/po $<

.PHONY: all help packages-present install clean tests deps fuzz demo demo-revoke check asan \
	bench fleet valgrind lint po texts-checked check-desktop screenshots faults faults-selftest \
	check-security check-install check-tokens sweep-tokens dist deb rpm reproducible fuzz-targets
.DELETE_ON_ERROR:
.SECONDARY:
