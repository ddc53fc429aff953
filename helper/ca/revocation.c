/* SPDX-License-Identifier: MIT */
#include "helper/ca/revocation.h"

#include <string.h>

#include "helper/ca/http.h"

const struct revocation_protocol *revocation_protocol(enum config_revocation_protocol protocol)
{
	return protocol == REVOCATION_FORM ? &revocation_form : &revocation_cmp;
}

struct revocation_settings revocation_settings_for(const struct config *config,
						   const X509 *certificate)
{
	const char *trust = config->revocation.trust;
	const struct config_ca *ca = ca_for_issuer(config, X509_get_issuer_name(certificate));

	return (struct revocation_settings){
	    .config = &config->revocation,
	    .trust = trust[0] != '\0' ? trust
		     : ca != NULL     ? ca->trust
				      : NULL,
	    .environment = ca != NULL ? ca->environment : NULL,
	    .ca = ca,
	};
}

int revocation_connect(const struct revocation_settings *settings,
		       const struct ca_identity *identity, struct http **ret,
		       struct failure *failure)
{
	const struct http_settings connection = {
	    .what = "[revocation]",
	    .url = settings->config->url,
	    .trust = settings->trust,
	    .timeout = settings->config->timeout,
	    .environment = settings->environment,
	    .plain = false,
	};

	return http_open_at(&connection, identity, ret, failure);
}

static bool has(const char *text, size_t length, const char *sign)
{
	return sign[0] != '\0' && memmem(text, length, sign, strlen(sign)) != NULL;
}

enum failure_code revocation_sign(const struct config_signs *signs, const char *text, size_t length)
{
	const struct {
		const char *sign;
		enum failure_code code;
	} meanings[] = {
	    {signs->limited, FAILURE_REVOKE_LIMITED},
	    {signs->wrong_phrase, FAILURE_REVOKE_PHRASE},
	    {signs->already_revoked, FAILURE_REVOKE_ALREADY},
	    {signs->unknown, FAILURE_REVOKE_UNKNOWN},
	    {signs->reason_refused, FAILURE_REVOKE_REASON},
	};

	for (size_t i = 0; text != NULL && i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (has(text, length, meanings[i].sign))
			return meanings[i].code;
	return FAILURE_NONE;
}
