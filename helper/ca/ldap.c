/* SPDX-License-Identifier: MIT */
/*
 * An LDAP directory of people (inetOrgPerson, RFC 2798; userCertificate;binary, RFC 4523), asked
 * through libcurl, anonymously. Referrals are not followed: libcurl switches that off. Neither is
 * /etc/ldap/ldap.conf or a person's .ldaprc read: what counts is certrenew.conf.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>
#include <openssl/err.h>

#include "helper/ca/anchors.h"
#include "helper/ca/directory.h"
#include "helper/ca/http_tls.h"
#include "helper/ca/ldap_address.h"
#include "helper/ca/ldap_starttls.h"
#include "helper/ca/ldif.h"
#include "helper/ca/openssl_errors.h"
#include "helper/common/clock.h"

/* RFC 4511 §4.1.9 */
enum {
	LDAP_TIME_LIMIT = 3,
	LDAP_SIZE_LIMIT = 4,
	LDAP_REFERRAL = 10,
	LDAP_ADMIN_LIMIT = 11,
	LDAP_INSUFFICIENT_ACCESS = 50,
	LDAP_BUSY = 51,
	LDAP_UNAVAILABLE = 52,
};

struct ldap {
	struct directory_find *find;
	CURL *curl;
	struct http_tls tls;
	struct ldap_starttls starttls;
	struct ldif_reader reader;
	int ended; /* what ended the reading before the server did: see directory_take */
	struct failure failure;
	char words[CURL_ERROR_SIZE];
};

/* --- what arrives -------------------------------------------------------------------------- */

static const char *first_text(const struct ldif_entry *entry, const char *attribute)
{
	for (size_t i = 0; i < entry->count; i++)
		if (ldif_is(&entry->values[i], attribute) &&
		    strlen((const char *)entry->values[i].bytes) == entry->values[i].length)
			return (const char *)entry->values[i].bytes;
	return "";
}

static int take_entry(const struct ldif_entry *entry, void *context)
{
	struct ldap *ldap = context;
	const struct config_directory *settings = ldap->find->settings;
	int r = 0;

	for (size_t i = 0; r == 0 && i < entry->count; i++)
		if (ldif_is(&entry->values[i], settings->certificate))
			r = directory_take(ldap->find, entry->values[i].bytes,
					   entry->values[i].length,
					   first_text(entry, settings->mail),
					   first_text(entry, settings->name), &ldap->failure);
	return r;
}

static size_t receive(char *data, size_t size, size_t count, void *context)
{
	struct ldap *ldap = context;

	ldap->ended = ldif_read(&ldap->reader, data, size * count, &ldap->failure);
	return ldap->ended == 0 ? size * count : 0;
}

/* --- asking -------------------------------------------------------------------------------- */

static CURLcode set_up_tls(CURL *curl, void *context, void *tls)
{
	(void)curl;
	return http_tls_setup(context, tls) < 0 ? CURLE_SSL_CERTPROBLEM : CURLE_OK;
}

static bool set_protocols(CURL *curl)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	return curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "ldap,ldaps") == CURLE_OK;
#else
	return curl_easy_setopt(curl, CURLOPT_PROTOCOLS,
				(long)(CURLPROTO_LDAP | CURLPROTO_LDAPS)) == CURLE_OK;
#endif
}

#define SET(option, value) (curl_easy_setopt(curl, CURLOPT_##option, value) == CURLE_OK)

static bool wants_starttls(const struct config_directory *settings)
{
	return settings->starttls && strncasecmp(settings->url, "ldap:", 5) == 0;
}

/* The address says ldaps: then, and what follows our own StartTLS is TLS from its first byte. */
static bool set_starttls(struct ldap *ldap)
{
	CURL *curl = ldap->curl;

	ldap->starttls.deadline = clock_deadline(ldap->find->settings->timeout * 1000);
	return SET(OPENSOCKETFUNCTION, ldap_starttls_open) &&
	       SET(OPENSOCKETDATA, &ldap->starttls) && SET(SOCKOPTFUNCTION, ldap_starttls_set) &&
	       SET(SOCKOPTDATA, &ldap->starttls);
}

static bool set_options(struct ldap *ldap, const char *address)
{
	const struct config_directory *settings = ldap->find->settings;
	CURL *curl = ldap->curl;

	return set_protocols(curl) && SET(NOSIGNAL, 1L) && SET(ERRORBUFFER, ldap->words) &&
	       SET(URL, address) && SET(NETRC, (long)CURL_NETRC_IGNORED) && SET(PROXY, "") &&
	       SET(CAINFO, NULL) && SET(CAPATH, NULL) && SET(SSL_VERIFYPEER, 1L) &&
	       SET(SSL_VERIFYHOST, 2L) && SET(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
	       SET(SSL_CTX_FUNCTION, set_up_tls) && SET(SSL_CTX_DATA, &ldap->tls) &&
	       SET(TIMEOUT_MS, (long)(settings->timeout * 1000)) && SET(WRITEFUNCTION, receive) &&
	       SET(WRITEDATA, ldap) && (!wants_starttls(settings) || set_starttls(ldap));
}

static enum failure_code meaning_of_result(long result)
{
	switch (result) {
	case LDAP_TIME_LIMIT:
		return FAILURE_CA_TIMEOUT;
	case LDAP_REFERRAL:
		return FAILURE_CA_REDIRECT;
	case LDAP_INSUFFICIENT_ACCESS:
		return FAILURE_CA_DENIED;
	case LDAP_ADMIN_LIMIT:
	case LDAP_BUSY:
	case LDAP_UNAVAILABLE:
		return FAILURE_CA_OVERLOADED;
	default:
		return FAILURE_CA_REFUSED;
	}
}

static enum failure_code meaning(CURLcode code, long result)
{
	switch (code) {
	case CURLE_OPERATION_TIMEDOUT:
		return FAILURE_CA_TIMEOUT;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
		return FAILURE_CA_UNTRUSTED;
	case CURLE_LDAP_CANNOT_BIND:
	case CURLE_LOGIN_DENIED:
		return FAILURE_CA_DENIED;
	case CURLE_LDAP_SEARCH_FAILED:
		return meaning_of_result(result);
	case CURLE_LDAP_INVALID_URL:
	case CURLE_URL_MALFORMAT:
		return FAILURE_CONFIG;
	case CURLE_OUT_OF_MEMORY:
	case CURLE_UNSUPPORTED_PROTOCOL: /* this libcurl was built without LDAP */
	case CURLE_NOT_BUILT_IN:
		return FAILURE_SYSTEM;
	default:
		return FAILURE_CA_UNREACHABLE;
	}
}

static int fail_transfer(struct ldap *ldap, CURLcode code, long result, struct failure *failure)
{
	const char *words = ldap->words[0] != '\0' ? ldap->words : curl_easy_strerror(code);
	char reasons[192];

	openssl_errors(reasons, sizeof(reasons));
	if (ldap->starttls.refused)
		return fail(failure, FAILURE_CA_UNTRUSTED, "%s: the server refuses StartTLS",
			    ldap->find->settings->url);
	if (ldap->tls.staple.code != FAILURE_NONE)
		return fail(failure, ldap->tls.staple.code, "%s: %s", ldap->find->settings->url,
			    ldap->tls.staple.detail);
	if (ldap->starttls.timed_out)
		code = CURLE_OPERATION_TIMEDOUT;
	return fail(failure, meaning(code, result), "%s: %s%s%s (curl %d, LDAP %ld)",
		    ldap->find->settings->url, words, reasons[0] != '\0' ? "; " : "", reasons,
		    (int)code, result);
}

/* With NOSIGNAL libcurl leaves SIGPIPE to us. */
static CURLcode perform(CURL *curl)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	CURLcode code;

	sigaction(SIGPIPE, &ignore, &before);
	ERR_clear_error();
	code = curl_easy_perform(curl);
	sigaction(SIGPIPE, &before, NULL);
	return code;
}

static int ask(struct ldap *ldap, const char *address, struct failure *failure)
{
	CURLcode code;
	long result = 0;

	if (!set_options(ldap, address))
		return fail(failure, FAILURE_SYSTEM, "libcurl lacks an option");
	code = perform(ldap->curl);
	curl_easy_getinfo(ldap->curl, CURLINFO_RESPONSE_CODE, &result);
	if (code == CURLE_OK)
		ldap->ended = ldif_end(&ldap->reader, &ldap->failure);
	if (ldap->ended < 0) {
		if (failure != NULL)
			*failure = ldap->failure;
		return ldap->ended;
	}
	if (ldap->ended == 0 && code != CURLE_OK)
		return fail_transfer(ldap, code, result, failure);
	/* A list that was cut ends like any other; this number alone tells. */
	if (ldap->ended == 0 && result == LDAP_SIZE_LIMIT)
		ldap->find->result->cut = DIRECTORY_CUT_BY_SERVER;
	return 0;
}

int ldap_search(struct directory_find *find, struct failure *failure)
{
	struct ldap *ldap = calloc(1, sizeof(*ldap));
	char *address = NULL;
	int r;

	if (ldap == NULL || setenv("LDAPNOINIT", "1", 1) < 0 ||
	    curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(ldap);
		return fail(failure, FAILURE_SYSTEM, "libcurl cannot be initialised");
	}
	ldap->find = find;
	ldap->reader = (struct ldif_reader){.take = take_entry, .context = ldap};
	r = ldap_address(find->settings, find->query, &address, failure);
	if (r == 0 && find->trust != NULL)
		r = anchors_load(find->trust, &ldap->tls.anchors, failure);
	else if (r == 0 && (ldap->tls.anchors = X509_STORE_new()) == NULL)
		r = fail(failure, FAILURE_SYSTEM, "no memory");
	if (r == 0) {
		ldap->curl = curl_easy_init();
		r = ldap->curl == NULL ? fail(failure, FAILURE_SYSTEM, "no memory")
				       : ask(ldap, address, failure);
	}
	curl_easy_cleanup(ldap->curl);
	X509_STORE_free(ldap->tls.anchors);
	ldif_clear(&ldap->reader);
	free(address);
	free(ldap);
	curl_global_cleanup();
	return r;
}
