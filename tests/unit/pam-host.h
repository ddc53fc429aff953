/* SPDX-License-Identifier: MIT */
/*
 * A host for the PAM module, for the tests that include it once each: PAM itself under
 * libpam_wrapper with services of its own, a conversation that keeps what it was given, a log
 * that keeps what was written, and scripts for tests/login/scripted-helper.
 */
#ifndef CERTRENEW_TEST_PAM_HOST_H
#define CERTRENEW_TEST_PAM_HOST_H

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <libpamtest.h>
#include <security/pam_appl.h>
#include <security/pam_ext.h>

#include "helper/common/clock.h"
#include "tests/unit/unit.h"

#define HOST_USER "daemon" /* exists everywhere and is not root */

/* How the host's conversation takes a question. */
enum host_manner {
	HOST_ANSWERS, /* with the answers given, in turn */
	HOST_ERROR,   /* PAM_CONV_ERR, as sshd's session stage does */
	HOST_NULL,    /* success, and no answer, as lightdm's greeter does */
	HOST_DEAF,    /* an error for texts, too */
};

static struct {
	char folder[64];	    /* of this run: services, the script, its log */
	char module[PATH_MAX];	    /* the module with the scripted helper */
	char transcript[16384];	    /* what the conversation was given, a line each */
	char log[8192];		    /* what pam_syslog was given, a line each */
	char received[8192];	    /* the scripted helper's own record */
	const char *const *answers; /* NULL-terminated */
	enum host_manner manner;
	const struct pam_conv *conversation; /* instead of the recording one; may be NULL */
} host;

static inline void host_note(char *buffer, size_t size, const char *kind, const char *text)
{
	size_t length = strlen(buffer);

	snprintf(buffer + length, size - length, "%s: %s\n", kind, text);
}

/* Takes the place of libpam's: the linker prefers the program's own, also for the module. */
void pam_syslog(const pam_handle_t *pamh, int priority, const char *format, ...)
{
	static const char *const names[] = {"emergency", "alert",  "critical", "error",
					    "warning",	 "notice", "info",     "debug"};
	char line[1024];
	va_list arguments;

	(void)pamh;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	host_note(host.log, sizeof(host.log), names[priority & LOG_PRIMASK], line);
}

static inline int host_answer(char **ret)
{
	*ret = NULL;
	if (host.manner == HOST_ERROR || host.manner == HOST_DEAF)
		return PAM_CONV_ERR;
	if (host.manner == HOST_NULL)
		return PAM_SUCCESS;
	if (host.answers == NULL || *host.answers == NULL)
		return PAM_CONV_ERR;
	*ret = strdup(*host.answers++);
	return PAM_SUCCESS;
}

/* The kind of a message, as it stands in the transcript. */
static inline const char *host_kind(int style)
{
	switch (style) {
	case PAM_PROMPT_ECHO_ON:
		return "asked";
	case PAM_PROMPT_ECHO_OFF:
		return "asked unechoed";
	case PAM_ERROR_MSG:
		return "error";
	case PAM_TEXT_INFO:
		return "info";
	default:
		return "what is this";
	}
}

static inline int host_converse(int count, const struct pam_message **messages,
				struct pam_response **ret_responses, void *data)
{
	int style = messages[0]->msg_style;
	char *answer = NULL;

	(void)data;
	assert_int_equal(count, 1);
	host_note(host.transcript, sizeof(host.transcript), host_kind(style), messages[0]->msg);
	if (host.manner == HOST_DEAF)
		return PAM_CONV_ERR;
	if ((style == PAM_PROMPT_ECHO_ON || style == PAM_PROMPT_ECHO_OFF) &&
	    host_answer(&answer) != PAM_SUCCESS)
		return PAM_CONV_ERR;
	*ret_responses = calloc(1, sizeof(**ret_responses));
	assert_non_null(*ret_responses);
	(*ret_responses)->resp = answer;
	return PAM_SUCCESS;
}

static inline void host_path(char *path, const char *name)
{
	snprintf(path, PATH_MAX, "%s/%s", host.folder, name);
}

static inline void host_write(const char *path, const char *first, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(first, file) >= 0 && fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* What the helper will play, from now on; what was kept so far is forgotten. */
static inline void host_play(const char *first, const char *script)
{
	char path[PATH_MAX];

	host_path(path, "script.log");
	unlink(path);
	host_path(path, "script");
	host_write(path, first, script);
	host.transcript[0] = host.log[0] = '\0';
	host.answers = NULL;
	host.manner = HOST_ANSWERS;
	host.conversation = NULL;
}

/* The module takes the script for the configuration: it starts nothing for the account stage
 * unless it finds the word. */
static inline void host_script(const char *script)
{
	host_play("require\n", script);
}

/* The helper's record: waited for, since a detached helper outlives the session's start. */
static inline const char *host_received(void)
{
	int64_t deadline = clock_deadline(5000);
	char path[PATH_MAX];
	size_t length = 0;
	FILE *file;

	host_path(path, "script.log");
	do {
		file = fopen(path, "r");
		if (file != NULL) {
			length = fread(host.received, 1, sizeof(host.received) - 1, file);
			fclose(file);
		}
		host.received[length] = '\0';
		if (length >= 4 && strcmp(host.received + length - 4, "end\n") == 0)
			break;
		usleep(5000);
	} while (clock_left(deadline) > 0);
	return host.received;
}

/*
 * Grows with every child that was started and waited for, and only then: tells for certain that
 * nothing was started, where a record that is not there might only be late.
 */
static inline long host_children(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_CHILDREN, &usage), 0);
	return usage.ru_minflt;
}

static inline pam_handle_t *host_start(const char *service, const char *user)
{
	static const struct pam_conv recording = {.conv = host_converse};
	pam_handle_t *pamh = NULL;

	assert_int_equal(pam_start(service, user,
				   host.conversation != NULL ? host.conversation : &recording,
				   &pamh),
			 PAM_SUCCESS);
	return pamh;
}

static inline void host_expect(pam_handle_t *pamh, enum pamtest_ops operation, int flags,
			       int expected)
{
	struct pam_testcase cases[] = {
	    pam_test_flags(operation, expected, flags),
	    pam_test(PAMTEST_KEEPHANDLE, PAM_SUCCESS),
	};
	enum pamtest_err result = run_pamtest(NULL, NULL, NULL, cases, pamh);

	if (result != PAMTEST_ERR_OK)
		fail_msg("%s: %s, not %s; log: %s", pamtest_strerror(result),
			 pam_strerror(pamh, cases[0].op_rv), pam_strerror(pamh, expected),
			 host.log);
}

/* A whole session of HOST_USER at `service`. */
static inline void host_session(const char *service)
{
	pam_handle_t *pamh = host_start(service, HOST_USER);

	host_expect(pamh, PAMTEST_OPEN_SESSION, 0, PAM_SUCCESS);
	host_expect(pamh, PAMTEST_CLOSE_SESSION, 0, PAM_SUCCESS);
	assert_int_equal(pam_end(pamh, PAM_SUCCESS), PAM_SUCCESS);
}

static inline void host_add_service(const char *name, const char *arguments)
{
	char path[PATH_MAX], text[PATH_MAX * 3];

	snprintf(path, sizeof(path), "%s/services/%s", host.folder, name);
	snprintf(text, sizeof(text),
		 "account required %s conf=%s/script %s\n"
		 "account required pam_permit.so\n"
		 "session required %s conf=%s/script %s\n",
		 host.module, host.folder, arguments, host.module, host.folder, arguments);
	host_write(path, "", text);
}

/* Its account stage succeeds if the module says PAM_IGNORE, and fails if it says anything else. */
static inline void host_add_ignored(void)
{
	char path[PATH_MAX], text[PATH_MAX * 3];

	snprintf(path, sizeof(path), "%s/services/ignored", host.folder);
	snprintf(text, sizeof(text),
		 "account [ignore=1 default=ignore] %s conf=%s/script\n"
		 "account requisite pam_deny.so\n"
		 "account required pam_permit.so\n",
		 host.module, host.folder);
	host_write(path, "", text);
}

/* PAM_SERVICE decides much, so there is one for each name and argument that the tests use. */
static inline void host_add_services(void)
{
	static const char *const names[] = {"login", "su", "gdm-password", "lightdm-greeter",
					    "other"};
	static const char *const prompts[] = {"off", "notice", "ask", "require"};
	char name[64], argument[64];

	for (size_t i = 0; i < COUNT_OF(names); i++)
		host_add_service(names[i], "");
	for (size_t i = 0; i < COUNT_OF(prompts); i++) {
		snprintf(name, sizeof(name), "prompt-%s", prompts[i]);
		snprintf(argument, sizeof(argument), "prompt=%s", prompts[i]);
		host_add_service(name, argument);
	}
	host_add_ignored();
	host_add_service("debug", "debug");
	host_add_service("mistyped", "prompt=always propmt=ask conf=certrenew.conf debgu");
}

static inline void host_find_module(void)
{
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	assert_true(length > 0);
	self[length] = '\0';
	snprintf(host.module, sizeof(host.module), "%s/pam_certrenew.so", dirname(dirname(self)));
}

/*
 * An AddressSanitizer has to be the first of the preloaded, and refuses RTLD_DEEPBIND, which
 * pam_wrapper leaves out for this variable (named after a sister project).
 */
static inline void host_preload(void)
{
	char line[PATH_MAX + 128], preload[PATH_MAX * 2] = "";
	FILE *maps = fopen("/proc/self/maps", "re");

	while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strstr(line, "/libasan.so") != NULL)
			snprintf(preload, sizeof(preload), "%s:", strchr(line, '/'));
	}
	if (maps != NULL)
		fclose(maps);
	if (preload[0] != '\0')
		setenv("UID_WRAPPER_DISABLE_DEEPBIND", "1", 1);
	strncat(preload, "libpam_wrapper.so", sizeof(preload) - strlen(preload) - 1);
	setenv("LD_PRELOAD", preload, 1);
}

/*
 * libpam_wrapper takes the first free of a few names in /tmp when it is loaded, and gives it back
 * at the end of the process; two at once may take the same. The lock is kept over an exec.
 */
static inline int host_lock_wrapper(void)
{
	int folder = open("/tmp", O_RDONLY | O_DIRECTORY);

	assert_true(folder >= 0);
	assert_int_equal(flock(folder, LOCK_EX), 0);
	return folder;
}

/* The first run makes the folder and becomes the second, which runs the tests. */
static inline void host_begin(char **argv)
{
	char services[sizeof(host.folder) + 16];
	const char *given = getenv("PAM_WRAPPER_SERVICE_DIR");
	char lock[16];

	host_find_module();
	if (given != NULL) {
		snprintf(host.folder, sizeof(host.folder), "%.*s",
			 (int)(strlen(given) - strlen("/services")), given);
		unsetenv("LD_PRELOAD"); /* not for the programs that a test starts */
		close(atoi(getenv("HOST_LOCK")));
		return;
	}
	strcpy(host.folder, "/tmp/certrenew-pam-XXXXXX");
	assert_non_null(mkdtemp(host.folder));
	snprintf(services, sizeof(services), "%s/services", host.folder);
	assert_int_equal(mkdir(services, 0700), 0);
	host_add_services();
	host_preload();
	snprintf(lock, sizeof(lock), "%d", host_lock_wrapper());
	setenv("HOST_LOCK", lock, 1);
	setenv("PAM_WRAPPER", "1", 1);
	setenv("PAM_WRAPPER_SERVICE_DIR", services, 1);
	execv("/proc/self/exe", argv);
	perror("starting again under libpam_wrapper");
	exit(1);
}

static inline int host_end(int failures)
{
	char command[sizeof(host.folder) + 16];

	snprintf(command, sizeof(command), "rm -rf %s", host.folder);
	if (system(command) != 0)
		failures++;
	(void)host_lock_wrapper(); /* until the process has ended */
	return failures;
}

#endif
