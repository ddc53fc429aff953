/* SPDX-License-Identifier: MIT */
/* A configuration file in a folder of its own, for the tests of conf/. */
#ifndef CERTRENEW_TEST_CONFIG_FILE_H
#define CERTRENEW_TEST_CONFIG_FILE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "conf/config.h"

static char folder[128];
static char file[160];

static int make_folder(void **state)
{
	const char *temporary = getenv("TMPDIR");

	(void)state;
	if (!temporary || strlen(temporary) > sizeof(folder) - sizeof("/certrenew-XXXXXX"))
		temporary = "/tmp";
	snprintf(folder, sizeof(folder), "%s/certrenew-XXXXXX", temporary);
	if (!mkdtemp(folder))
		return -1;
	snprintf(file, sizeof(file), "%s/certrenew.conf", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(file);
	return rmdir(folder);
}

static inline void write_bytes(const char *bytes, size_t length)
{
	FILE *out = NULL;

	remove(file);
	out = fopen(file, "w");
	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, length, out), length);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(file, 0644), 0);
}

static inline void write_text(const char *text)
{
	write_bytes(text, strlen(text));
}

/* The file must be accepted; the caller frees what it says. */
static inline struct config *accepted(void)
{
	struct config_error error = {""};
	struct config *config = NULL;

	if (config_load(file, false, &config, &error) < 0)
		fail_msg("%s", error.text);
	assert_non_null(config);
	return config;
}

static inline struct config *accepted_text(const char *text)
{
	write_text(text);
	return accepted();
}

/* The file must be refused with a text that begins with its path and `expected`. */
static inline void assert_refused(const char *expected)
{
	struct config *const untouched = (struct config *)file;
	struct config *config = untouched;
	struct config_error error = {""};
	char beginning[1024];

	snprintf(beginning, sizeof(beginning), "%s%s", file, expected);
	if (config_load(file, false, &config, &error) == 0) {
		config_free(config);
		fail_msg("accepted, instead of: %s", beginning);
	}
	assert_ptr_equal(config, untouched);
	if (strncmp(error.text, beginning, strlen(beginning)) != 0)
		fail_msg("'%s' does not begin with '%s'", error.text, beginning);
	/* What is wrong is followed by what to do about it. */
	if (!strpbrk(error.text + strlen(file) + 1, ";:"))
		fail_msg("'%s' does not say what to do", error.text);
}

static inline void assert_text_refused(const char *text, const char *expected)
{
	write_text(text);
	assert_refused(expected);
}

struct refused {
	const char *text;
	const char *expected;
};

static inline void assert_all_refused(const struct refused *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_text_refused(cases[i].text, cases[i].expected);
}
#define ASSERT_ALL_REFUSED(cases) assert_all_refused(cases, sizeof(cases) / sizeof(cases[0]))

#endif
