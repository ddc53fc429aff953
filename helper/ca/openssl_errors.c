/* SPDX-License-Identifier: MIT */
#include "helper/ca/openssl_errors.h"

#include <stdio.h>

#include <openssl/err.h>

void openssl_errors_seen(char *ret, size_t size, openssl_error_seen seen, void *context)
{
	const char *data;
	unsigned long code;
	size_t used = 0;
	int flags, n;

	ret[0] = '\0';
	while ((code = ERR_get_error_all(NULL, NULL, NULL, &data, &flags)) != 0) {
		const char *library = ERR_lib_error_string(code);
		const char *reason = ERR_reason_error_string(code);

		if (seen != NULL)
			seen(code, context);
		if (used >= size)
			continue;
		n = snprintf(ret + used, size - used, "%s%s: %s%s%s", used > 0 ? "; " : "",
			     library != NULL ? library : "?", reason != NULL ? reason : "?",
			     (flags & ERR_TXT_STRING) != 0 && *data != '\0' ? ", " : "",
			     (flags & ERR_TXT_STRING) != 0 ? data : "");
		if (n > 0)
			used += (size_t)n;
	}
}

void openssl_errors(char *ret, size_t size)
{
	openssl_errors_seen(ret, size, NULL, NULL);
}
