/* SPDX-License-Identifier: MIT */
#include "conf/config.h"

#include <stdlib.h>
#include <string.h>

#include "conf/config_line.h"
#include "conf/config_read.h"
#include "conf/config_values.h"

/* Where the "=" and the comments stand, as long as what is before them is shorter. */
enum { KEY_WIDTH = 16, VALUE_WIDTH = 32 };

/* A line's end in the path would end the comment that it stands in. */
static void print_path(const char *path, FILE *out)
{
	for (; *path; path++)
		fputc((unsigned char)*path < 0x20 || *path == 0x7f ? '?' : *path, out);
}

static void print_origin(const struct config *config, unsigned line, FILE *out)
{
	fputs("# ", out);
	print_path(config->path, out);
	fprintf(out, ":%u", line);
}

static void print_source(const struct config *config, const struct config_value *set, FILE *out)
{
	if (set)
		print_origin(config, set->line, out);
	else
		fputs("# default", out);
}

static int columns(const char *text)
{
	int count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static void print_value(const struct config *config, const struct config_key *key, size_t ca,
			FILE *out)
{
	const struct config_value *set = config_value_find(config, key, ca);
	const void *record = config_key_is_ca(key) ? (const void *)&config->cas[ca] : config;
	char *text = config_value_text(key, record);
	int pad = 0;

	if (!text) {
		fprintf(out, "# %s: out of memory\n", key->name);
		return;
	}
	if (strlen(text) > CONFIG_LINE_MAX / 2) {
		/* What fitted in a line is to fit again. */
		print_source(config, set, out);
		fprintf(out, "\n%s=%s\n", key->name, text);
	} else {
		pad = VALUE_WIDTH - columns(text);
		fprintf(out, "%-*s = %s%*s ", KEY_WIDTH, key->name, text, pad > 0 ? pad : 0, "");
		print_source(config, set, out);
		fputc('\n', out);
	}
	free(text);
}

static void print_default_services(FILE *out)
{
	fputs("# empty services stand for:", out);
	for (size_t i = 0; config_default_services[i]; i++)
		fprintf(out, " %s", config_default_services[i]);
	fputc('\n', out);
}

static void print_keys(const struct config *config, const char *section, size_t ca, FILE *out)
{
	for (size_t i = 0; i < config_table_length; i++) {
		if (strcmp(config_table[i].section, section) == 0)
			print_value(config, &config_table[i], ca, out);
	}
	if (strcmp(section, "login") == 0 && !config->services[0])
		print_default_services(out);
}

static void print_cas(const struct config *config, FILE *out)
{
	if (config->ca_count == 0)
		fputs("\n# no [ca \"name\"] section: no certificate can be renewed\n", out);
	for (size_t i = 0; i < config->ca_count; i++) {
		fprintf(out, "\n[ca \"%s\"] ", config->cas[i].name);
		print_origin(config, config->cas[i].line, out);
		fputc('\n', out);
		print_keys(config, "ca", i, out);
	}
}

void config_print(const struct config *config, FILE *out)
{
	if (config->path)
		fputs("# certrenew: what is in force, and where it was set\n", out);
	else
		fputs("# certrenew: there is no configuration file, the defaults are in force\n",
		      out);
	for (size_t i = 0; i < CONFIG_SECTION_COUNT; i++) {
		if (strcmp(config_sections[i], "ca") == 0) {
			print_cas(config, out);
		} else {
			fprintf(out, "\n[%s]\n", config_sections[i]);
			print_keys(config, config_sections[i], 0, out);
		}
	}
}
