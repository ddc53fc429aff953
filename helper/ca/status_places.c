/* SPDX-License-Identifier: MIT */
#include "helper/ca/status_places.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

void places_of_setting(const char *url, struct places *ret)
{
	*ret = (struct places){.count = 0};
	ret->urls[0] = strdup(url);
	ret->count = ret->urls[0] != NULL;
}

static void add(struct places *places, const GENERAL_NAME *name)
{
	const ASN1_STRING *value;
	const char *text;
	int length;
	char *url;

	if (name->type != GEN_URI || places->count == PLACES_MAX)
		return;
	value = name->d.uniformResourceIdentifier;
	text = (const char *)ASN1_STRING_get0_data(value);
	length = ASN1_STRING_length(value);
	if (length < 8 || memchr(text, '\0', (size_t)length) != NULL ||
	    (strncasecmp(text, "http://", 7) != 0 && strncasecmp(text, "https://", 8) != 0))
		return;
	url = strndup(text, (size_t)length);
	if (url != NULL)
		places->urls[places->count++] = url;
}

void places_of_access(X509 *certificate, int access, struct places *ret)
{
	AUTHORITY_INFO_ACCESS *all;

	*ret = (struct places){.count = 0};
	ERR_set_mark();
	all = X509_get_ext_d2i(certificate, NID_info_access, NULL, NULL);
	ERR_pop_to_mark();
	for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(all); i++) {
		const ACCESS_DESCRIPTION *one = sk_ACCESS_DESCRIPTION_value(all, i);

		if (OBJ_obj2nid(one->method) == access)
			add(ret, one->location);
	}
	AUTHORITY_INFO_ACCESS_free(all);
}

/* One for some reasons only, or of another issuer, is not the whole of what was revoked. */
static bool is_whole(const DIST_POINT *point)
{
	return point->reasons == NULL && point->CRLissuer == NULL && point->distpoint != NULL &&
	       point->distpoint->type == 0;
}

void places_of_crl(X509 *certificate, struct places *ret)
{
	CRL_DIST_POINTS *points;

	*ret = (struct places){.count = 0};
	ERR_set_mark();
	points = X509_get_ext_d2i(certificate, NID_crl_distribution_points, NULL, NULL);
	ERR_pop_to_mark();
	for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
		const DIST_POINT *point = sk_DIST_POINT_value(points, i);

		if (!is_whole(point))
			continue;
		for (int j = 0; j < sk_GENERAL_NAME_num(point->distpoint->name.fullname); j++)
			add(ret, sk_GENERAL_NAME_value(point->distpoint->name.fullname, j));
	}
	CRL_DIST_POINTS_free(points);
}

void places_clear(struct places *places)
{
	while (places->count > 0)
		free(places->urls[--places->count]);
}
