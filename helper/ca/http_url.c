/* SPDX-License-Identifier: MIT */
#include "helper/ca/http_url.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

/* libcurl's own parser, so that what is checked is what will be connected to. */
static CURLU *parse(const char *url)
{
	CURLU *parsed = curl_url();
	char *scheme = NULL, *host = NULL;
	bool acceptable =
	    parsed != NULL &&
	    curl_url_set(parsed, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
	    curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	    (strcasecmp(scheme, "https") == 0 || strcasecmp(scheme, "http") == 0) &&
	    curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK && host[0] != '\0';

	curl_free(scheme);
	curl_free(host);
	if (!acceptable) {
		curl_url_cleanup(parsed);
		return NULL;
	}
	return parsed;
}

bool http_url_is_acceptable(const char *url, bool plain)
{
	CURLU *parsed = parse(url);
	bool acceptable = parsed != NULL && (plain || !http_url_is_plain(url));

	curl_url_cleanup(parsed);
	return acceptable;
}

bool http_url_is_plain(const char *url)
{
	static const char scheme[] = "http:";

	return strncasecmp(url, scheme, sizeof(scheme) - 1) == 0;
}

static bool same_part(CURLU *a, CURLU *b, CURLUPart part, unsigned flags)
{
	char *of_a = NULL, *of_b = NULL;
	bool same = curl_url_get(a, part, &of_a, flags) == CURLUE_OK &&
		    curl_url_get(b, part, &of_b, flags) == CURLUE_OK && strcasecmp(of_a, of_b) == 0;

	curl_free(of_a);
	curl_free(of_b);
	return same;
}

bool http_url_same_origin(const char *a, const char *b)
{
	CURLU *of_a = parse(a), *of_b = parse(b);
	bool same = of_a != NULL && of_b != NULL && same_part(of_a, of_b, CURLUPART_SCHEME, 0) &&
		    same_part(of_a, of_b, CURLUPART_HOST, 0) &&
		    same_part(of_a, of_b, CURLUPART_PORT, CURLU_DEFAULT_PORT);

	curl_url_cleanup(of_a);
	curl_url_cleanup(of_b);
	return same;
}

static void take_brackets_off(char *host)
{
	size_t length = strlen(host);

	if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
		memmove(host, host + 1, length - 2);
		host[length - 2] = '\0';
	}
}

bool http_url_place(const char *url, char **ret_host, char **ret_port)
{
	CURLU *parsed = parse(url);
	char *host = NULL, *port = NULL;

	if (parsed == NULL)
		return false;
	if (curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    curl_url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	    strchr(host, '%') == NULL) {
		*ret_host = strdup(host);
		*ret_port = strdup(port);
	}
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(parsed);
	if (*ret_host == NULL || *ret_port == NULL)
		return false;
	take_brackets_off(*ret_host);
	return true;
}
