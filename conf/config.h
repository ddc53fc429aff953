/* SPDX-License-Identifier: MIT */
/* /etc/certrenew.conf: one table of keys and defaults in config_table.c, read with libinih. */
#ifndef CERTRENEW_CONFIG_H
#define CERTRENEW_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum config_prompt { PROMPT_OFF, PROMPT_NOTICE, PROMPT_ASK, PROMPT_REQUIRE };
enum config_protocol { PROTOCOL_EST, PROTOCOL_CMP };
enum config_key_choice { KEY_SAME, KEY_NEW };
enum config_proof { PROOF_SIGNATURE, PROOF_DECRYPT, PROOF_RA_VERIFIED };
enum config_revocation_protocol { REVOCATION_CMP, REVOCATION_FORM };
enum config_digest { DIGEST_SHA256, DIGEST_SHA1 };
enum config_serial_format { SERIAL_HEX, SERIAL_0X, SERIAL_DECIMAL };
enum config_reason_format { REASON_NUMBER, REASON_NAME };
enum config_sandbox { SANDBOX_ENFORCE, SANDBOX_LOG, SANDBOX_OFF };
enum config_status_check { CHECK_AUTO, CHECK_OCSP, CHECK_CRL, CHECK_OFF };

/* For `trust`: not a file, but the CAs that this machine trusts. */
#define CONFIG_TRUST_SYSTEM "system"

/* Durations are in seconds. Lists are NULL-terminated, never NULL themselves. */
struct config_ca {
	char *name;   /* of [ca "name"] */
	char *issuer; /* RFC 4514; "": all others */
	enum config_protocol protocol;
	char *url;
	char *trust; /* a PEM file, or CONFIG_TRUST_SYSTEM */
	enum config_key_choice key;
	enum config_proof encryption_proof;
	int64_t timeout;
	char **environment; /* NAME=VALUE, for libcurl: https_proxy=… no_proxy=… */

	/* CMP only */
	char *sender; /* RFC 4514: who signs the CA's messages; "": a CA, or an RA by its usage */
	char *client_chain; /* a PEM file, or "" */
	bool implicit_confirm;
	bool tls_certificate;
	bool unsigned_errors;

	unsigned line; /* of its [ca "name"] in the file */
};

/* A CA's web form: how its fields are named. */
struct config_form {
	char *serial;
	enum config_serial_format serial_format;
	char *phrase;
	char *reason; /* "-": none */
	enum config_reason_format reason_format;
	char **fields; /* NAME=VALUE, sent as they are */
	char *success; /* the text by which an answer says that it is done */
};

/* Texts by which a CA's words say why not; "": no such words are known. */
struct config_signs {
	char *wrong_phrase;
	char *already_revoked;
	char *unknown;
	char *limited;
	char *reason_refused;
};

struct config_revocation {
	char *url;
	enum config_revocation_protocol protocol;
	char *reference; /* "serial", "subject", "email", "none" or a fixed text */
	char *agreement; /* a URL, or "" */
	char *trust;	 /* a PEM file; "": that of the [ca] of the certificate's issuer */
	int64_t timeout;
	enum config_digest digest; /* CMP: of the MAC */
	int64_t iterations;	   /* CMP: of the key's derivation */
	char *phrase_certificate;  /* CMP: a PEM file, to which a new phrase is encrypted; "": none
				      is set */
	int64_t phrase_length;	   /* of a new phrase, in characters, at least */
	bool suspend;		   /* certificateHold and removeFromCRL are offered */
	struct config_form form;
	struct config_signs signs;
};

struct config_directory {
	char *url;  /* ldap:, ldaps: or https:; "" for none */
	char *base; /* LDAP: where the search begins, "" for the whole server */
	char *mail; /* LDAP attributes: what a search by e-mail and by name looks at */
	char *name;
	char *certificate; /* the one that holds certificates */
	bool starttls;	   /* ldap: is turned into TLS before anything is asked */
	char *trust;	   /* a PEM file; "": that of the first [ca] */
	int64_t timeout;
	int64_t limit; /* how many people a search lists */
};

/* Whether a certificate still stands, asked online. */
struct config_status {
	enum config_status_check check;
	char *ocsp; /* URLs; "": those that the certificate names */
	char *crl;
	int64_t timeout;
	int64_t max_age; /* of an OCSP answer that does not say how long it is good for */
};

struct config {
	enum config_prompt prompt;
	char **services; /* empty list: the default allow-list (config_default_services) */
	int64_t timeout;
	int64_t question_timeout;

	int64_t window;
	int64_t *remind; /* descending, remind_count long; count 0 with remind_always */
	size_t remind_count;
	bool remind_always;
	int64_t critical;
	int64_t spread;

	char *allow; /* "seat", "all" or "group:NAME" */

	char *module;
	char *token; /* an RFC 7512 URI, "" for any */
	char **environment;
	char *init_args;
	int64_t card_timeout;
	bool pin_reentry;
	enum config_sandbox sandbox;
	char **sandbox_calls; /* system calls, by name, that the driver may make besides */
	char **sandbox_read;  /* absolute paths that it may read besides */
	char **sandbox_write;

	struct config_ca *cas;
	size_t ca_count;

	struct config_revocation revocation;
	struct config_directory directory;
	struct config_status status;

	bool log_subject; /* the log may name people */

	char *path;		     /* the file that was read; NULL: there was none */
	struct config_value *values; /* what the file set, and where, for config_print */
	size_t value_count;
};

struct config_error {
	char text[1024]; /* "FILE:LINE: [section] key: what is wrong; what to do" */
};

extern const char *const config_default_services[]; /* NULL-terminated */

/*
 * Reads `path`. The file must be a regular file that its owner alone may write, and that owner
 * root or this process's user: a configuration that others may write would let them choose the
 * driver. A missing file is no error if `may_be_missing`: the defaults are in force.
 * Returns 0, or -1 with *error filled; *ret is untouched on failure.
 */
int config_load(const char *path, bool may_be_missing, struct config **ret,
		struct config_error *error);
/* NULL is fine. */
void config_free(struct config *config);

/*
 * Every value in force, a line each, with "file:line" or "default" beside it as a comment:
 * config_load reads the output back to the same values.
 */
void config_print(const struct config *config, FILE *out);

/* "off", "notice", "ask", "require" → *ret; returns 0, or -1 for any other text. */
int config_parse_prompt(const char *text, enum config_prompt *ret);
/* The opposite. */
const char *config_prompt_name(enum config_prompt prompt);

#endif
