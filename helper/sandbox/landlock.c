/* SPDX-License-Identifier: MIT */
#include "helper/sandbox/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "helper/common/paths.h"

/* All that the first version knows. What is handled and never granted is denied everywhere:
 * to execute, and to make devices, sockets, pipes and links. */
enum { HANDLED = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };

enum {
	READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
	WRITE = READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
		LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
		LANDLOCK_ACCESS_FS_REMOVE_DIR,
	FILES = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE,
};

enum { CHECK = 1 << SANDBOX_CHECK, RENEW = 1 << SANDBOX_RENEW, BOTH = CHECK | RENEW };

static const struct {
	const char *path;
	int programs;
	int access;
} places[] = {
    /* Libraries, time zones, p11-kit's list of modules; what drivers bring along. */
    {"/usr", BOTH, READ},
    {"/lib", BOTH, READ},
    {"/lib64", BOTH, READ},
    {"/opt", BOTH, READ},
    {LIBEXECDIR, BOTH, READ},
    {"/etc/ld.so.cache", BOTH, READ},
    {"/etc/localtime", BOTH, READ},
    {"/etc/ssl", BOTH, READ},
    {"/etc/pki", BOTH, READ},
    {"/etc/crypto-policies", BOTH, READ},
    {"/dev/null", BOTH, WRITE},
    {"/dev/urandom", BOTH, READ},
    {"/dev/random", BOTH, READ},
    /* How many processors there are, and a thread's own stack, to malloc and pthreads. */
    {"/sys/devices/system/cpu", BOTH, READ},
    {"/proc/self", BOTH, READ},
    {"/proc/sys/crypto", BOTH, READ},
    /* Who this user is, to drivers that look for its home. */
    {"/etc/passwd", BOTH, READ},
    {"/etc/group", BOTH, READ},
    {"/etc/nsswitch.conf", BOTH, READ},
    /* The configuration of the drivers that are common on Linux, and SoftHSM's cards. */
    {"/etc/opensc", BOTH, READ},
    {"/etc/opensc.conf", BOTH, READ},
    {"/etc/pkcs11", BOTH, READ},
    {"/etc/softhsm", BOTH, READ},
    {"/etc/softhsm2.conf", BOTH, READ},
    {"/run/pcscd", BOTH, READ},
    {"/var/lib/softhsm", BOTH, WRITE},
    /* Ours. The journal is not check's. The home is nobody's to write: libraries look there for
     * modules to load (~/.config/pkcs11), so that what took over one run would be in all others. */
    {PATH_HOME, BOTH, READ},
    {PATH_CACHE, BOTH, WRITE},
    {PATH_FOUND, BOTH, WRITE},
    {PATH_LATER, BOTH, WRITE},
    {PATH_UNTOLD, BOTH, WRITE},
    {PATH_JOURNAL, RENEW, WRITE},
    /* Where the CA is. */
    {"/etc/resolv.conf", RENEW, READ},
    {"/etc/hosts", RENEW, READ},
    {"/etc/host.conf", RENEW, READ},
    {"/etc/gai.conf", RENEW, READ},
    {"/etc/services", RENEW, READ},
    {"/etc/protocols", RENEW, READ},
};

/* What is not there needs no rule. */
static int allow(int ruleset, const char *path, int access, struct failure *failure)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = (unsigned)access};
	struct stat status;
	long result = -1;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return 0;
	if (fstat(rule.parent_fd, &status) == 0) {
		if (!S_ISDIR(status.st_mode))
			rule.allowed_access &= FILES;
		result =
		    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	}
	close(rule.parent_fd);
	if (result < 0)
		return fail(failure, FAILURE_NO_SANDBOX, "Landlock: %s: %s", path, strerror(errno));
	return 0;
}

static int allow_list(int ruleset, char *const *paths, int access, struct failure *failure)
{
	int result = 0;

	for (; *paths != NULL && result == 0; paths++)
		result = allow(ruleset, *paths, access, failure);
	return result;
}

/* A driver that is elsewhere, and what its environment names (SOFTHSM2_CONF=…). */
static int allow_driver(int ruleset, const struct config *config, struct failure *failure)
{
	char folder[PATH_MAX];
	char *slash, **variable;
	int result = 0;

	snprintf(folder, sizeof(folder), "%s", config->module);
	slash = strrchr(folder, '/');
	if (slash != NULL && slash != folder) {
		*slash = '\0';
		result = allow(ruleset, folder, READ, failure);
	}
	for (variable = config->environment; *variable != NULL && result == 0; variable++) {
		slash = strchr(*variable, '=');
		if (slash != NULL && slash[1] == '/')
			result = allow(ruleset, slash + 1, READ, failure);
	}
	if (result == 0)
		result = allow_list(ruleset, config->sandbox_read, READ, failure);
	if (result == 0)
		result = allow_list(ruleset, config->sandbox_write, WRITE, failure);
	return result;
}

/* A key that names no file is empty, and nothing is there by that name. */
static int allow_trust(int ruleset, const struct config *config, struct failure *failure)
{
	int result;

	result = allow(ruleset, config->revocation.trust, READ, failure);
	if (result == 0)
		result = allow(ruleset, config->revocation.phrase_certificate, READ, failure);
	for (size_t i = 0; i < config->ca_count && result == 0; i++) {
		result = allow(ruleset, config->cas[i].trust, READ, failure);
		if (result == 0)
			result = allow(ruleset, config->cas[i].client_chain, READ, failure);
	}
	return result;
}

static int allow_all(int ruleset, enum sandbox_program program, const struct config *config,
		     struct failure *failure)
{
	int result;

	result = allow_driver(ruleset, config, failure);
	if (result == 0 && program == SANDBOX_RENEW)
		result = allow_trust(ruleset, config, failure);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && result == 0; i++)
		if ((places[i].programs & (1 << program)) != 0)
			result = allow(ruleset, places[i].path, places[i].access, failure);
	return result;
}

int landlock_close(enum sandbox_program program, const struct config *config,
		   struct failure *failure)
{
	const struct landlock_ruleset_attr handled = {.handled_access_fs = HANDLED};
	int ruleset, result;

	ruleset = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0);
	if (ruleset < 0)
		return fail(failure, FAILURE_NO_SANDBOX, "Landlock: %s", strerror(errno));
	result = allow_all(ruleset, program, config, failure);
	if (result == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		result = fail(failure, FAILURE_NO_SANDBOX, "Landlock: %s", strerror(errno));
	close(ruleset);
	return result;
}
