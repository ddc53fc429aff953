/* SPDX-License-Identifier: MIT */
#include "conf/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/config_error.h"
#include "conf/config_read.h"
#include "conf/config_together.h"
#include "conf/config_values.h"
#include "helper/common/trusted.h"

enum { FILE_MAX = 1024 * 1024 };

static const struct config_place whole_file = {.line = 0};

static void *record_of(struct config *config, const struct config_key *key, size_t ca)
{
	return config_key_is_ca(key) ? (void *)&config->cas[ca] : (void *)config;
}

/* A key of [ca] is there once for each section. */
static size_t record_count(const struct config *config, const struct config_key *key)
{
	return config_key_is_ca(key) ? config->ca_count : 1;
}

/* --- the file ------------------------------------------------------------------------------- */

/* Where the file may be missing, and is, *ret stays as it was. */
static int open_trusted(const char *path, bool may_be_missing, FILE **ret,
			struct config_error *error)
{
	char why[TRUSTED_WHY_MAX];
	int fd = trusted_open(path, FILE_MAX, why);
	FILE *file;

	if (fd < 0 && errno == ENOENT && may_be_missing)
		return 0;
	if (fd < 0)
		return config_fail(error, path, &whole_file, "%s", why);
	file = fdopen(fd, "r");
	if (!file) {
		close(fd);
		return config_fail(error, path, &whole_file, "it cannot be read: %s",
				   strerror(errno));
	}
	*ret = file;
	return 0;
}

/* --- values --------------------------------------------------------------------------------- */

static int parse_set(struct config *config, const char *path, struct config_error *error)
{
	for (size_t i = 0; i < config->value_count; i++) {
		const struct config_value *value = &config->values[i];
		const struct config_key *key = value->key;
		struct config_reason reason = {""};
		const struct config_place place = {
		    .line = value->line,
		    .section = key->section,
		    .ca = config_key_is_ca(key) ? config->cas[value->ca].name : NULL,
		    .key = key->name,
		};

		if (config_value_parse(key, value->text, record_of(config, key, value->ca),
				       &reason) < 0)
			return config_fail(error, path, &place, "%s", reason.text);
	}
	return 0;
}

static int parse_defaults(struct config *config, const char *path, struct config_error *error)
{
	for (size_t i = 0; i < config_table_length; i++) {
		const struct config_key *key = &config_table[i];

		for (size_t ca = 0; ca < record_count(config, key); ca++) {
			const struct config_place place = {
			    .section = key->section,
			    .key = key->name,
			};
			struct config_reason reason = {""};

			if (config_value_find(config, key, ca))
				continue;
			if (config_value_parse(key, key->fallback, record_of(config, key, ca),
					       &reason) < 0)
				return config_fail(error, path, &place, "%s", reason.text);
		}
	}
	return 0;
}

/* --- the whole ------------------------------------------------------------------------------ */

static int fill(struct config *config, const char *path, FILE *file, struct config_error *error)
{
	if (file) {
		config->path = strdup(path);
		if (!config->path)
			return config_fail(error, path, &whole_file, "out of memory");
		if (config_read(config, file, path, error) < 0)
			return -1;
	}
	if (parse_set(config, path, error) < 0 || parse_defaults(config, path, error) < 0)
		return -1;
	return config_check_together(config, path, error);
}

int config_load(const char *path, bool may_be_missing, struct config **ret,
		struct config_error *error)
{
	struct config *config = calloc(1, sizeof(*config));
	FILE *file = NULL;
	int r = -1;

	if (!config) {
		config_fail(error, path, &whole_file, "out of memory");
		goto out;
	}
	if (open_trusted(path, may_be_missing, &file, error) < 0)
		goto out;
	if (fill(config, path, file, error) < 0)
		goto out;
	*ret = config;
	config = NULL;
	r = 0;
out:
	if (file)
		fclose(file);
	config_free(config);
	return r;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config_table_length; i++) {
		const struct config_key *key = &config_table[i];

		for (size_t ca = 0; ca < record_count(config, key); ca++)
			config_value_free(key, record_of(config, key, ca));
	}
	for (size_t i = 0; i < config->ca_count; i++)
		free(config->cas[i].name);
	free(config->cas);
	for (size_t i = 0; i < config->value_count; i++)
		free(config->values[i].text);
	free(config->values);
	free(config->path);
	free(config);
}
