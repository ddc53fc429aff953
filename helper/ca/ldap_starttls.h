/* SPDX-License-Identifier: MIT */
/*
 * StartTLS (RFC 4511 §4.14) before libcurl begins: the connection is made here, the server is asked
 * for TLS, and libcurl goes on with TLS as if it were ldaps:. libcurl's own StartTLS is not used:
 * from 7.87 up to 8.5, Debian 12's 7.88 among them, it goes on in clear text after the server
 * agreed (curl #12610).
 */
#ifndef CERTRENEW_LDAP_STARTTLS_H
#define CERTRENEW_LDAP_STARTTLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <curl/curl.h>

struct ldap_starttls {
	int64_t deadline; /* by clock.h */
	bool refused;	  /* the server answered, and not with a plain yes */
	bool timed_out;
};

/* CURLOPT_OPENSOCKETFUNCTION and CURLOPT_SOCKOPTFUNCTION, with a struct ldap_starttls. */
curl_socket_t ldap_starttls_open(void *starttls, curlsocktype purpose,
				 struct curl_sockaddr *address);
int ldap_starttls_set(void *starttls, curl_socket_t socket, curlsocktype purpose);

enum starttls_answer { STARTTLS_UNFINISHED, STARTTLS_YES, STARTTLS_NO };

/*
 * What the server has said so far; `bytes` is all that came. Nothing may follow its yes: what came
 * in clear text must not be taken for TLS's. Pure.
 */
enum starttls_answer ldap_starttls_judge(const unsigned char *bytes, size_t count);

#endif
