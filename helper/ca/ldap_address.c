/* SPDX-License-Identifier: MIT */
#include "helper/ca/ldap_address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

/* RFC 4515 §3 demands it of * ( ) \ and NUL; it permits it of every byte, which is simpler to be
 * sure of. */
static void put_value(FILE *out, const char *value)
{
	for (; *value != '\0'; value++) {
		if (strchr(PLAIN, *value) != NULL)
			fputc(*value, out);
		else
			fprintf(out, "\\%02x", (unsigned char)*value);
	}
}

static void put_escaped(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (strchr(PLAIN, *text) != NULL)
			fputc(*text, out);
		else
			fprintf(out, "%%%02x", (unsigned char)*text);
	}
}

/* (&(userCertificate=*)(mail=VALUE)): entries without a certificate would only fill the list. */
static char *filter_of(const struct config_directory *settings, const struct directory_query *query)
{
	const char *attribute = query->email != NULL ? settings->mail : settings->name;
	const char *part = query->email != NULL ? "" : "*";
	char *filter = NULL;
	size_t size;
	FILE *out = open_memstream(&filter, &size);

	if (out == NULL)
		return NULL;
	fprintf(out, "(&(%.*s=*)(%s=%s", (int)strcspn(settings->certificate, ";"),
		settings->certificate, attribute, part);
	put_value(out, query->email != NULL ? query->email : query->name);
	fprintf(out, "%s))", part);
	if (fclose(out) != 0) {
		free(filter);
		return NULL;
	}
	return filter;
}

/* How much of the URL is scheme and host. */
static size_t server_length(const char *url)
{
	const char *host = strstr(url, "://");

	host = host == NULL ? url : host + 3;
	return (size_t)(host - url) + strcspn(host, "/");
}

/* What StartTLS leads to is LDAPS, on the port of LDAP unless another one is named. */
static void put_server(FILE *out, const struct config_directory *settings, size_t length)
{
	static const char plain[] = "ldap://";
	const char *host = settings->url + sizeof(plain) - 1;
	size_t host_length = length - (sizeof(plain) - 1);
	bool has_port;

	if (!settings->starttls || strncasecmp(settings->url, plain, sizeof(plain) - 1) != 0) {
		fprintf(out, "%.*s", (int)length, settings->url);
		return;
	}
	/* [2001:db8::1] has colons that are none of a port. */
	has_port = memchr(host, ']', host_length) != NULL ? host[host_length - 1] != ']'
							  : memchr(host, ':', host_length) != NULL;
	fprintf(out, "ldaps://%.*s%s", (int)host_length, host, has_port ? "" : ":389");
}

int ldap_address(const struct config_directory *settings, const struct directory_query *query,
		 char **ret, struct failure *failure)
{
	size_t server = server_length(settings->url), size;
	char *address = NULL, *filter;
	FILE *out;

	if (strpbrk(settings->url, "?#") != NULL)
		return fail(failure, FAILURE_CONFIG,
			    "[directory] url: more than a host and a base: %s", settings->url);
	filter = filter_of(settings, query);
	out = filter == NULL ? NULL : open_memstream(&address, &size);
	if (out == NULL) {
		free(filter);
		return fail(failure, FAILURE_SYSTEM, "no memory");
	}
	put_server(out, settings, server);
	if (settings->base[0] == '\0')
		fprintf(out, "%s%s", settings->url + server,
			settings->url[server] == '\0' ? "/" : "");
	else
		fputc('/', out);
	put_escaped(out, settings->base);
	fprintf(out, "?%s,%s,%s?sub?", settings->mail, settings->name, settings->certificate);
	put_escaped(out, filter);
	free(filter);
	if (fclose(out) != 0) {
		free(address);
		return fail(failure, FAILURE_SYSTEM, "no memory");
	}
	*ret = address;
	return 0;
}
