/* SPDX-License-Identifier: MIT */
#include "pam_module/options.h"

#include <stddef.h>
#include <string.h>

#include "pam_module/module_log.h"

static const char *value_of(const char *argument, const char *name)
{
	size_t length = strlen(name);

	return strncmp(argument, name, length) == 0 && argument[length] == '='
		   ? argument + length + 1
		   : NULL;
}

static bool is_prompt(const char *value)
{
	return strcmp(value, "off") == 0 || strcmp(value, "notice") == 0 ||
	       strcmp(value, "ask") == 0 || strcmp(value, "require") == 0;
}

static bool take(const char *argument, struct options *options)
{
	const char *value;

	if (strcmp(argument, "debug") == 0) {
		options->debug = true;
		return true;
	}
	value = value_of(argument, "prompt");
	if (value != NULL && is_prompt(value)) {
		options->prompt = value;
		return true;
	}
	value = value_of(argument, "conf");
	if (value != NULL && value[0] == '/') {
		options->config = value;
		return true;
	}
	return false;
}

void options_read(pam_handle_t *pamh, int argc, const char **argv, struct options *ret_options)
{
	struct options options = {0};

	for (int i = 0; i < argc; i++)
		if (!take(argv[i], &options))
			module_log(pamh, EVENT_MODULE_ARGUMENT,
				   "argument '%s' ignored: unknown, or a bad value", argv[i]);
	*ret_options = options;
}

bool options_prompt_is(const struct options *options, const char *prompt)
{
	return options->prompt != NULL && strcmp(options->prompt, prompt) == 0;
}
