/* SPDX-License-Identifier: MIT */
#include "helper/ca/directory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "helper/card/naming.h"
#include "helper/card/usage.h"
#include "helper/common/utf8.h"

/* --- what is asked ------------------------------------------------------------------------- */

static bool is_text(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return false;
	return length > 0 && length <= DIRECTORY_TEXT_MAX &&
	       utf8_is_valid((const unsigned char *)text, length);
}

static bool begins(const char *url, const char *scheme)
{
	return strncasecmp(url, scheme, strlen(scheme)) == 0;
}

int directory_search(const struct config_directory *settings, const char *trust,
		     const struct directory_query *query, struct directory_result *ret,
		     struct failure *failure)
{
	struct directory_result result = {.count = 0};
	struct directory_find find = {settings, trust, query, &result};
	int r;

	if ((query->email == NULL) == (query->name == NULL) ||
	    !is_text(query->email != NULL ? query->email : query->name))
		return fail(failure, FAILURE_PROTOCOL, "the search is not for a line of UTF-8");
	if (begins(settings->url, "https:"))
		r = rfc4387_search(&find, failure);
	else if (begins(settings->url, "ldap:") || begins(settings->url, "ldaps:"))
		r = ldap_search(&find, failure);
	else
		r = fail(failure, FAILURE_CONFIG, "[directory] url: %s",
			 settings->url[0] == '\0' ? "there is none" : settings->url);
	if (r < 0) {
		directory_result_clear(&result);
		return r;
	}
	*ret = result;
	return 0;
}

void directory_result_clear(struct directory_result *result)
{
	for (size_t i = 0; i < result->count; i++) {
		X509_free(result->entries[i].certificate);
		free(result->entries[i].email);
		free(result->entries[i].name);
	}
	free(result->entries);
	*result = (struct directory_result){.count = 0};
}

/* --- what is found ------------------------------------------------------------------------- */

static bool fits(X509 *certificate, const struct directory_query *query)
{
	int64_t not_before = 0, not_after = 0;

	if (usage_is_ca(certificate) || usage_dates(certificate, &not_before, &not_after) < 0)
		return false;
	if (query->serial != NULL &&
	    ASN1_INTEGER_cmp(X509_get0_serialNumber(certificate), query->serial) != 0)
		return false;
	switch (query->validity) {
	case DIRECTORY_CURRENT:
		return not_before <= query->now && query->now <= not_after;
	case DIRECTORY_EXPIRED:
		return not_after < query->now;
	case DIRECTORY_ANY:
		break;
	}
	return true;
}

static bool is_there(const struct directory_result *result, X509 *certificate)
{
	for (size_t i = 0; i < result->count; i++)
		if (X509_cmp(result->entries[i].certificate, certificate) == 0)
			return true;
	return false;
}

/* On one line: what stands in a certificate or a directory is shown beside our own words. */
static char *line_of(const char *text)
{
	char line[DIRECTORY_TEXT_MAX + 1];

	utf8_clean_line(text, line, sizeof(line));
	return strdup(line);
}

static char *email_of(X509 *certificate, const char *directorys)
{
	STACK_OF(OPENSSL_STRING) *emails;
	const char *first;
	char *line;

	ERR_set_mark();
	emails = X509_get1_email(certificate);
	ERR_pop_to_mark();
	first = emails == NULL ? NULL : sk_OPENSSL_STRING_value(emails, 0);
	line = line_of(first != NULL ? first : directorys);
	X509_email_free(emails);
	return line;
}

static char *name_of(const X509 *certificate, const char *directorys)
{
	char name[NAMING_MAX];

	naming_attribute(X509_get_subject_name(certificate), NID_commonName, name, sizeof(name));
	return line_of(name[0] != '\0' ? name : directorys);
}

static int add(struct directory_result *result, X509 *certificate, const char *email,
	       const char *name, struct failure *failure)
{
	struct directory_entry *entries =
	    reallocarray(result->entries, result->count + 1, sizeof(*entries));
	struct directory_entry entry = {.email = email_of(certificate, email),
					.name = name_of(certificate, name)};

	if (entries != NULL)
		result->entries = entries;
	if (entries == NULL || entry.email == NULL || entry.name == NULL ||
	    X509_up_ref(certificate) != 1) {
		free(entry.email);
		free(entry.name);
		return fail(failure, FAILURE_SYSTEM, "no memory");
	}
	entry.certificate = certificate;
	entries[result->count++] = entry;
	return 0;
}

int directory_take(struct directory_find *find, const unsigned char *der, size_t length,
		   const char *email, const char *name, struct failure *failure)
{
	struct directory_result *result = find->result;
	const unsigned char *at = der;
	X509 *certificate;
	int r = 0;

	ERR_set_mark();
	certificate = d2i_X509(NULL, &at, (long)length);
	ERR_pop_to_mark();
	if (certificate == NULL || at != der + length) {
		result->unreadable++;
	} else if (fits(certificate, find->query) && !is_there(result, certificate)) {
		if (result->count == (size_t)find->settings->limit) {
			result->cut = DIRECTORY_CUT_BY_LIMIT;
			r = 1;
		} else {
			r = add(result, certificate, email, name, failure);
		}
	}
	X509_free(certificate);
	return r;
}
