/* SPDX-License-Identifier: MIT */
#include "conf/config_together.h"

#include <string.h>

#include "conf/config_name.h"
#include "conf/config_read.h"
#include "conf/config_values.h"
#include "conf/system_calls.h"

/* --- [reminder] ----------------------------------------------------------------------------- */

static int check_window(const struct config *config, const char *name, int64_t value,
			const char *path, struct config_error *error)
{
	const struct config_key *key = config_key_find("reminder", name);
	const struct config_value *set = config_value_find(config, key, 0);
	const struct config_place place = {
	    .line = set ? set->line : 0,
	    .section = "reminder",
	    .key = name,
	};

	if (!set || value <= config->window)
		return 0;
	return config_fail(error, path, &place,
			   "%s is longer than the window, %s; shorten it, or lengthen the window",
			   config_duration_text(value).text,
			   config_duration_text(config->window).text);
}

/* A window shorter than a default is no reason to refuse what nobody wrote. */
static void fit_defaults(struct config *config)
{
	size_t longer = 0;

	if (config->critical > config->window)
		config->critical = config->window;
	while (longer < config->remind_count && config->remind[longer] > config->window)
		longer++;
	if (longer == 0)
		return;
	config->remind_count -= longer;
	memmove(config->remind, config->remind + longer,
		config->remind_count * sizeof(*config->remind));
}

static int check_reminders(struct config *config, const char *path, struct config_error *error)
{
	int64_t first = config->remind_count > 0 ? config->remind[0] : 0;

	if (check_window(config, "remind", first, path, error) < 0 ||
	    check_window(config, "critical", config->critical, path, error) < 0 ||
	    check_window(config, "spread", config->spread, path, error) < 0)
		return -1;
	fit_defaults(config);
	return 0;
}

/* --- [ca "name"] ---------------------------------------------------------------------------- */

static int refuse_ca(const struct config *config, size_t ca, const char *name,
		     const struct config_reason *reason, const char *path,
		     struct config_error *error)
{
	const struct config_value *set = config_value_find(config, config_key_find("ca", name), ca);
	const struct config_place place = {
	    .line = set ? set->line : config->cas[ca].line,
	    .section = "ca",
	    .ca = config->cas[ca].name,
	    .key = name,
	};

	return config_fail(error, path, &place, "%s", reason->text);
}

static int check_issuer(const struct config *config, size_t ca, struct config_reason *reason)
{
	for (size_t i = 0; i < ca; i++) {
		if (!config_same_name(config->cas[i].issuer, config->cas[ca].issuer))
			continue;
		if (config->cas[ca].issuer[0] == '\0')
			return config_refuse(
			    reason,
			    "[ca \"%s\"] in line %u names no issuer either, and only one section "
			    "can be for all others; name this one's",
			    config->cas[i].name, config->cas[i].line);
		return config_refuse(
		    reason,
		    "[ca \"%s\"] in line %u is already for this issuer; remove one of the two",
		    config->cas[i].name, config->cas[i].line);
	}
	return 0;
}

/* The first key whose value says something that EST has no place for; NULL: none. */
static const char *cmp_only_key(const struct config_ca *ca)
{
	if (ca->sender[0] != '\0')
		return "sender";
	if (ca->client_chain[0] != '\0')
		return "client_chain";
	if (!ca->implicit_confirm)
		return "implicit_confirm";
	if (ca->tls_certificate)
		return "tls_certificate";
	return ca->unsigned_errors ? "unsigned_errors" : NULL;
}

/* What the two protocols differ in. Returns the key that is wrong, or NULL. */
static const char *check_protocol(const struct config_ca *ca, struct config_reason *reason)
{
	bool https = strncmp(ca->url, "https://", 8) == 0;

	if (ca->protocol == PROTOCOL_CMP) {
		if (!ca->tls_certificate || https)
			return NULL;
		config_refuse(reason, "there is no TLS to show a certificate in; write no, or an "
				      "https:// url");
		return "tls_certificate";
	}
	if (!https) {
		config_refuse(reason,
			      "EST runs over TLS only (RFC 7030, section 3.3): write https://…");
		return "url";
	}
	if (ca->encryption_proof != PROOF_SIGNATURE) {
		config_refuse(reason, "EST knows no other proof than a signature; write "
				      "signature, or protocol = cmp");
		return "encryption_proof";
	}
	if (cmp_only_key(ca) != NULL)
		config_refuse(reason, "only CMP has this; remove it, or write protocol = cmp");
	return cmp_only_key(ca);
}

static int check_ca(const struct config *config, size_t index, const char *path,
		    struct config_error *error)
{
	const struct config_ca *ca = &config->cas[index];
	struct config_reason reason = {""};
	const char *key = NULL;

	if (check_issuer(config, index, &reason) < 0) {
		key = "issuer";
	} else if (ca->url[0] == '\0') {
		key = "url";
		config_refuse(&reason, "a CA needs this key; add url = https://…");
	} else if (ca->trust[0] == '\0') {
		key = "trust";
		config_refuse(&reason, "a CA needs this key; add trust = and the path of a PEM "
				       "file with whom to trust");
	} else {
		key = check_protocol(ca, &reason);
	}
	return key ? refuse_ca(config, index, key, &reason, path, error) : 0;
}

/* --- [card] --------------------------------------------------------------------------------- */

/* None is dropped in silence: the driver would be ended for a call that is written here. */
static int check_calls(const struct config *config, const char *path, struct config_error *error)
{
	const struct config_value *set =
	    config_value_find(config, config_key_find("card", "sandbox_calls"), 0);
	const struct config_place place = {
	    .line = set ? set->line : 0,
	    .section = "card",
	    .key = "sandbox_calls",
	};
	size_t count = 0;

	while (config->sandbox_calls[count])
		count++;
	if (count <= SYSTEM_CALLS_MAX)
		return 0;
	return config_fail(error, path, &place,
			   "%zu system calls are more than %d; a driver that needs so many has no "
			   "use for the sandbox: set sandbox = off",
			   count, SYSTEM_CALLS_MAX);
}

int config_check_together(struct config *config, const char *path, struct config_error *error)
{
	if (check_reminders(config, path, error) < 0 || check_calls(config, path, error) < 0)
		return -1;
	for (size_t i = 0; i < config->ca_count; i++) {
		if (check_ca(config, i, path, error) < 0)
			return -1;
	}
	return 0;
}
