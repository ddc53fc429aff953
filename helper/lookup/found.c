/* SPDX-License-Identifier: MIT */
#include "helper/lookup/found.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/bn.h>

int found_wanted_parse(const char *text, enum found_wanted *ret)
{
	static const char *const words[] = {"valid", "revoked", "expired", "any"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i]) == 0) {
			*ret = (enum found_wanted)i;
			return 0;
		}
	}
	return -1;
}

/* Also as OpenSSL and browsers show it: 0A:1B. The caller frees *ret. */
static int parse_serial(const char *text, ASN1_INTEGER **ret, struct failure *failure)
{
	char digits[64];
	size_t used = 0;
	BIGNUM *number = NULL;

	for (; *text != '\0' && used + 1 < sizeof(digits); text++)
		if (*text != ':' && *text != ' ')
			digits[used++] = *text;
	digits[used] = '\0';
	if (*text != '\0' || used == 0 || strspn(digits, "0123456789abcdefABCDEF") != used ||
	    BN_hex2bn(&number, digits) == 0)
		return fail(failure, FAILURE_PROTOCOL, "not a hexadecimal serial number");
	*ret = BN_to_ASN1_INTEGER(number, NULL);
	BN_free(number);
	return *ret == NULL ? fail(failure, FAILURE_SYSTEM, "no memory") : 0;
}

static enum directory_validity validity_of(enum found_wanted wanted)
{
	switch (wanted) {
	case WANTED_VALID:
	case WANTED_REVOKED:
		return DIRECTORY_CURRENT;
	case WANTED_EXPIRED:
		return DIRECTORY_EXPIRED;
	case WANTED_ANY:
		break;
	}
	return DIRECTORY_ANY;
}

static bool is_wanted(const struct standing *standing, enum found_wanted wanted)
{
	bool revoked = standing->state == STANDING_REVOKED;

	return wanted == WANTED_REVOKED ? revoked : wanted != WANTED_VALID || !revoked;
}

static void drop(struct directory_entry *entry)
{
	X509_free(entry->certificate);
	free(entry->email);
	free(entry->name);
}

static int judge(const struct config *config, const struct found_query *query, struct found *found,
		 int64_t now, struct failure *failure)
{
	struct directory_result *directory = &found->directory;
	struct standing_asker *asker = NULL;
	size_t kept = 0;

	found->standings = calloc(directory->count + 1, sizeof(*found->standings));
	if (found->standings == NULL || standing_open(config, &asker) < 0)
		return fail(failure, FAILURE_SYSTEM, "no memory");
	for (size_t i = 0; i < directory->count; i++) {
		struct standing *standing = &found->standings[kept];

		standing_ask(asker, directory->entries[i].certificate, now, standing);
		if (is_wanted(standing, query->wanted))
			directory->entries[kept++] = directory->entries[i];
		else
			drop(&directory->entries[i]);
	}
	directory->count = kept;
	standing_close(asker);
	return 0;
}

int found_search(const struct config *config, const struct found_query *query, struct found *ret,
		 struct failure *failure)
{
	const struct config_directory *settings = &config->directory;
	const char *trust = settings->trust;
	struct directory_query question = {
	    .email = query->email,
	    .name = query->name,
	    .validity = validity_of(query->wanted),
	    .now = (int64_t)time(NULL),
	};
	ASN1_INTEGER *serial = NULL;
	struct found found = {.standings = NULL};
	int r = 0;

	if (trust[0] == '\0')
		trust = config->ca_count > 0 ? config->cas[0].trust : NULL;
	if (query->serial != NULL)
		r = parse_serial(query->serial, &serial, failure);
	question.serial = serial;
	if (r == 0)
		r = directory_search(settings, trust, &question, &found.directory, failure);
	if (r == 0)
		r = judge(config, query, &found, question.now, failure);
	ASN1_INTEGER_free(serial);
	if (r < 0)
		found_clear(&found);
	else
		*ret = found;
	return r;
}

void found_clear(struct found *found)
{
	directory_result_clear(&found->directory);
	free(found->standings);
	found->standings = NULL;
}
