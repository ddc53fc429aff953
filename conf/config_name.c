/* SPDX-License-Identifier: MIT */
#include "conf/config_name.h"

#include <stdlib.h>
#include <string.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Takes what a backslash stands before: two hexadecimal digits, or a character as it is. */
static char take_escaped(const char **text)
{
	int high = hex_digit((*text)[0]), low = high < 0 ? -1 : hex_digit((*text)[1]);
	char c = **text;

	*text += low < 0 ? 1 : 2;
	return low < 0 ? c : (char)(high << 4 | low);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/*
 * RFC 4514 lets one name be written in many ways, and an administrator's way is not OpenSSL's:
 * blanks at the separators, needless escapes and ASCII case don't count (RFC 5280 §7.1). `out`
 * takes as many bytes as `text` has, with its NUL.
 */
static void canonicalise(const char *text, char *out)
{
	bool in_type = true, fresh = true, blank = false;

	while (*text != '\0') {
		bool escaped = *text == '\\' && text[1] != '\0';
		bool separates =
		    !escaped && (*text == ',' || *text == '+' || (*text == '=' && in_type));
		char c = escaped ? (text++, take_escaped(&text)) : *text++;

		if (separates) {
			*out++ = c;
			in_type = c != '=';
			fresh = true;
			blank = false;
		} else if (c == ' ') {
			blank = !fresh;
		} else {
			if (blank)
				*out++ = ' ';
			if (escaped && (c == ',' || c == '+' || c == '\\'))
				*out++ = '\\';
			*out++ = lower(c);
			fresh = blank = false;
		}
	}
	*out = '\0';
}

bool config_same_name(const char *left, const char *right)
{
	char *one = strdup(left), *other = strdup(right);
	bool same = false;

	if (one != NULL && other != NULL) {
		canonicalise(one, one);
		canonicalise(other, other);
		same = strcmp(one, other) == 0;
	}
	free(one);
	free(other);
	return same;
}

const struct config_ca *config_ca_for_issuer(const struct config *config, const char *issuer)
{
	const struct config_ca *others = NULL;

	for (size_t i = 0; i < config->ca_count; i++) {
		if (config->cas[i].issuer[0] == '\0')
			others = &config->cas[i];
		else if (config_same_name(config->cas[i].issuer, issuer))
			return &config->cas[i];
	}
	return others;
}
