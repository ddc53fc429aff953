/* SPDX-License-Identifier: MIT */
#include "conf/config_table.h"

#include <string.h>

#include "conf/config_checks.h"
#include "conf/config_values.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

static const char *const prompts[] = {"off", "notice", "ask", "require", NULL};
static const char *const protocols[] = {"est", "cmp", NULL};
static const char *const keys[] = {"same", "new", NULL};
static const char *const proofs[] = {"signature", "decrypt", "ra-verified", NULL};
static const char *const status_checks[] = {"auto", "ocsp", "crl", "off", NULL};
static const char *const sandboxes[] = {"enforce", "log", "off", NULL};
static const char *const revocation_protocols[] = {"cmp", "form", NULL};
static const char *const digests[] = {"sha256", "sha1", NULL};
static const char *const serial_formats[] = {"hex", "0x", "decimal", NULL};
static const char *const reason_formats[] = {"number", "name", NULL};

const char *const config_sections[CONFIG_SECTION_COUNT] = {
    "login", "reminder", "access", "card", "ca", "revocation", "directory", "status", "log",
};

#define AT(member)    offsetof(struct config, member)
#define CA_AT(member) offsetof(struct config_ca, member)

/* clang-format off */
const struct config_key config_table[] = {
	{"login", "prompt", TYPE_CHOICE, AT(prompt), "ask", .choices = prompts,
	 .help = "off; notice: say so; ask: offer renewal; require: an expired certificate ends the login"},
	{"login", "services", TYPE_LIST, AT(services), "",
	 .accepts = "names of PAM services", .check = config_check_service,
	 .help = "The PAM services where a person signs in; empty: the usual ones of Linux desktops"},
	{"login", "timeout", TYPE_DURATION, AT(timeout), "5s", .least = 1, .most = MINUTE,
	 .help = "How long a login waits, unattended, for the card or its driver"},
	{"login", "question_timeout", TYPE_DURATION, AT(question_timeout), "2m",
	 .least = 10, .most = HOUR,
	 .help = "How long one question waits for a person's answer, also at a keypad"},

	{"reminder", "window", TYPE_DURATION, AT(window), "30d", .least = DAY, .most = 366 * DAY,
	 .help = "How long before expiry the renewal opens"},
	{"reminder", "remind", TYPE_REMINDERS, 0, "30d 14d 7d 3d 2d 1d",
	 .least = HOUR, .most = 366 * DAY,
	 .help = "Ask at the first login after each of these times before expiry has come; or: always"},
	{"reminder", "critical", TYPE_DURATION, AT(critical), "3d", .least = 0, .most = 366 * DAY,
	 .help = "From this long before expiry, ask at every login; at most the window"},
	{"reminder", "spread", TYPE_DURATION, AT(spread), "0", .least = 0, .most = 366 * DAY,
	 .help = "For fleets: the first reminder is on a random weekday of this time, and always the same one"},

	{"access", "allow", TYPE_TEXT, AT(allow), "seat",
	 .accepts = "seat, all, group:NAME", .check = config_check_allow,
	 .help = "Who may use the helper's socket: those at this machine's seat, a group, all; root always"},

	{"card", "module", TYPE_TEXT, AT(module), "opensc-pkcs11.so",
	 .accepts = "an absolute path, or a file name", .check = config_check_module,
	 .help = "The card's PKCS#11 driver: a path, or a name in the system's module folder"},
	{"card", "token", TYPE_TEXT, AT(token), "",
	 .accepts = "a URI that begins pkcs11:", .check = config_check_token,
	 .help = "Which token, as an RFC 7512 URI; empty: any that fits"},
	{"card", "environment", TYPE_LIST, AT(environment), "",
	 .accepts = "NAME=VALUE entries", .check = config_check_environment,
	 .help = "Environment of the PKCS#11 driver"},
	{"card", "init_args", TYPE_TEXT, AT(init_args), "", .accepts = "text",
	 .help = "C_Initialize's reserved string, for the drivers that need one (NSS)"},
	{"card", "timeout", TYPE_DURATION, AT(card_timeout), "1m", .least = 1, .most = 10 * MINUTE,
	 .help = "How long a command, or a step of a renewal, waits for the card or its driver"},
	{"card", "pin_reentry", TYPE_BOOLEAN, AT(pin_reentry), "yes",
	 .help = "Ask for the PIN again before the new certificates are written"},
	{"card", "sandbox", TYPE_CHOICE, AT(sandbox), "enforce", .choices = sandboxes,
	 .help = "Shut the driver in; log: let system calls pass and have the kernel log them; off"},
	{"card", "sandbox_calls", TYPE_LIST, AT(sandbox_calls), "",
	 .accepts = "names of system calls", .check = config_check_call,
	 .help = "System calls that the driver may make beyond those of the sandbox"},
	{"card", "sandbox_read", TYPE_LIST, AT(sandbox_read), "",
	 .accepts = "absolute paths", .check = config_check_path,
	 .help = "Files and folders that the driver may read beyond those of the sandbox"},
	{"card", "sandbox_write", TYPE_LIST, AT(sandbox_write), "",
	 .accepts = "absolute paths", .check = config_check_path,
	 .help = "Files and folders that the driver may read and write beyond those of the sandbox"},

	{"ca", "issuer", TYPE_TEXT, CA_AT(issuer), "",
	 .accepts = "an RFC 4514 name", .check = config_check_issuer,
	 .help = "The issuer whose certificates this CA renews; empty: of all that no other section names"},
	{"ca", "protocol", TYPE_CHOICE, CA_AT(protocol), "est", .choices = protocols,
	 .help = "How this CA is spoken to"},
	{"ca", "url", TYPE_TEXT, CA_AT(url), "", .example = "https://ra.example.org/.well-known/est",
	 .accepts = "an https:// URL; with protocol = cmp also an http:// URL",
	 .check = config_check_ca_url,
	 .help = "Where the CA or its registration authority listens; required"},
	{"ca", "trust", TYPE_TEXT, CA_AT(trust), "", .example = "/etc/certrenew/ca.pem",
	 .accepts = "an absolute path, or system", .check = config_check_trust,
	 .help = "A PEM file, or system: whom TLS trusts to be the CA, whose certificates are accepted; required"},
	{"ca", "key", TYPE_CHOICE, CA_AT(key), "same", .choices = keys,
	 .help = "Renew for the same key, or for a new one made on the card"},
	{"ca", "encryption_proof", TYPE_CHOICE, CA_AT(encryption_proof), "signature",
	 .choices = proofs,
	 .help = "How the encryption key's possession is shown; decrypt and ra-verified need protocol = cmp"},
	{"ca", "timeout", TYPE_DURATION, CA_AT(timeout), "2m", .least = 1, .most = HOUR,
	 .help = "How long the CA may take for one answer"},
	{"ca", "environment", TYPE_LIST, CA_AT(environment), "",
	 .accepts = "NAME=VALUE entries", .check = config_check_environment,
	 .help = "Environment of the connection: https_proxy=URL no_proxy=HOSTS"},
	{"ca", "sender", TYPE_TEXT, CA_AT(sender), "",
	 .accepts = "an RFC 4514 name", .check = config_check_issuer,
	 .help = "CMP: who signs the CA's messages; empty: a CA, or an RA whose extendedKeyUsage says so"},
	{"ca", "implicit_confirm", TYPE_BOOLEAN, CA_AT(implicit_confirm), "yes",
	 .help = "CMP: ask to be spared the confirmation, a signature of the card; some CAs refuse to be asked"},
	{"ca", "client_chain", TYPE_TEXT, CA_AT(client_chain), "",
	 .accepts = "an absolute path", .check = config_check_path,
	 .help = "CMP: a PEM file of issuers' certificates to be sent along, for a CA that wants the whole chain"},
	{"ca", "tls_certificate", TYPE_BOOLEAN, CA_AT(tls_certificate), "no",
	 .help = "CMP over https: show the card's certificate in TLS, too, at one more signature of the card"},
	{"ca", "unsigned_errors", TYPE_BOOLEAN, CA_AT(unsigned_errors), "no",
	 .help = "CMP: believe refusals that nobody signed; they are shown in any case"},

	{"revocation", "url", TYPE_TEXT, AT(revocation.url), "",
	 .accepts = "an https:// URL", .check = config_check_https,
	 .help = "Where a certificate is revoked; a challenge phrase never travels over plain HTTP"},
	{"revocation", "protocol", TYPE_CHOICE, AT(revocation.protocol), "cmp",
	 .choices = revocation_protocols,
	 .help = "cmp, or form: the CA's web form"},
	{"revocation", "reference", TYPE_TEXT, AT(revocation.reference), "serial",
	 .accepts = "serial, subject, email, none, or a fixed text",
	 .help = "CMP: by what the CA finds the challenge phrase; none: by the subject in the message alone"},
	{"revocation", "agreement", TYPE_TEXT, AT(revocation.agreement), "",
	 .accepts = "an https:// URL", .check = config_check_https,
	 .help = "The relying-party agreement that is shown before a revocation"},
	{"revocation", "trust", TYPE_TEXT, AT(revocation.trust), "",
	 .accepts = "an absolute path, or system", .check = config_check_trust,
	 .help = "A PEM file, or system: whom TLS trusts to revoke; empty: the trust of the certificate's CA"},
	{"revocation", "timeout", TYPE_DURATION, AT(revocation.timeout), "30s", .least = 1, .most = 10 * MINUTE,
	 .help = "How long the CA may take for a revocation"},
	{"revocation", "digest", TYPE_CHOICE, AT(revocation.digest), "sha256", .choices = digests,
	 .help = "CMP: the hash in the proof made from the phrase; sha1 for CAs that know no other"},
	{"revocation", "iterations", TYPE_NUMBER, AT(revocation.iterations), "10000", .least = 100, .most = 100000,
	 .help = "CMP: how often the phrase is hashed for the proof; fewer for CAs that set a limit"},
	{"revocation", "phrase_certificate", TYPE_TEXT, AT(revocation.phrase_certificate), "",
	 .accepts = "an absolute path", .check = config_check_path,
	 .help = "CMP: the CA's RSA certificate, a PEM file: a new phrase is encrypted to it; empty: it takes none"},
	{"revocation", "phrase_length", TYPE_NUMBER, AT(revocation.phrase_length), "8", .least = 1, .most = 100,
	 .help = "How many characters a new challenge phrase has at least"},
	{"revocation", "suspend", TYPE_BOOLEAN, AT(revocation.suspend), "no",
	 .help = "Offer to suspend a certificate and to lift that: certificateHold, removeFromCRL"},
	{"revocation", "serial_field", TYPE_TEXT, AT(revocation.form.serial), "certSerialToRevoke",
	 .accepts = "the name of a form's field", .check = config_check_field,
	 .help = "Form: the field for the certificate's serial number"},
	{"revocation", "serial_format", TYPE_CHOICE, AT(revocation.form.serial_format), "0x",
	 .choices = serial_formats,
	 .help = "Form: the serial number as hexadecimal digits, the same after 0x, or decimal"},
	{"revocation", "phrase_field", TYPE_TEXT, AT(revocation.form.phrase), "challengePhrase",
	 .accepts = "the name of a form's field", .check = config_check_field,
	 .help = "Form: the field for the challenge phrase"},
	{"revocation", "reason_field", TYPE_TEXT, AT(revocation.form.reason), "reasonCode",
	 .accepts = "the name of a form's field", .check = config_check_field,
	 .help = "Form: the field for the reason; -: the form has none"},
	{"revocation", "reason_format", TYPE_CHOICE, AT(revocation.form.reason_format), "number",
	 .choices = reason_formats,
	 .help = "Form: the reason as RFC 5280's number, or as its name"},
	{"revocation", "fields", TYPE_LIST, AT(revocation.form.fields), "",
	 .accepts = "NAME=VALUE entries", .check = config_check_form_entry,
	 .help = "Form: fields that always have the same value"},
	{"revocation", "success", TYPE_TEXT, AT(revocation.form.success), "revoked = \"yes\"",
	 .accepts = "text",
	 .help = "Form: the text by which an answer says that the certificate is revoked"},
	{"revocation", "wrong_phrase", TYPE_TEXT, AT(revocation.signs.wrong_phrase), "Invalid Credential",
	 .accepts = "text",
	 .help = "The text by which the CA's answer says that the phrase is wrong"},
	{"revocation", "already_revoked", TYPE_TEXT, AT(revocation.signs.already_revoked), "already revoked",
	 .accepts = "text",
	 .help = "The text by which the CA's answer says that the certificate is revoked already"},
	{"revocation", "unknown", TYPE_TEXT, AT(revocation.signs.unknown), "No matched certificate",
	 .accepts = "text",
	 .help = "The text by which the CA's answer says that it does not know the certificate"},
	{"revocation", "limited", TYPE_TEXT, AT(revocation.signs.limited), "too many",
	 .accepts = "text",
	 .help = "The text by which the CA's answer says that too many phrases were tried"},
	{"revocation", "reason_refused", TYPE_TEXT, AT(revocation.signs.reason_refused), "",
	 .accepts = "text",
	 .help = "The text by which the CA's answer says that it does not permit this reason"},

	{"directory", "url", TYPE_TEXT, AT(directory.url), "",
	 .accepts = "an ldap://, ldaps:// or https:// URL", .check = config_check_directory_url,
	 .help = "Where certificates are searched by name or e-mail: LDAP, or RFC 4387 over HTTPS"},
	{"directory", "base", TYPE_TEXT, AT(directory.base), "", .accepts = "an LDAP name",
	 .help = "LDAP: where the search begins, as in ou=people,dc=example,dc=org"},
	{"directory", "mail", TYPE_TEXT, AT(directory.mail), "mail",
	 .accepts = "an LDAP attribute", .check = config_check_attribute,
	 .help = "LDAP: the attribute that holds a person's e-mail address"},
	{"directory", "name", TYPE_TEXT, AT(directory.name), "cn",
	 .accepts = "an LDAP attribute", .check = config_check_attribute,
	 .help = "LDAP: the attribute that holds a person's name"},
	{"directory", "certificate", TYPE_TEXT, AT(directory.certificate), "userCertificate;binary",
	 .accepts = "an LDAP attribute", .check = config_check_attribute,
	 .help = "LDAP: the attribute that holds a person's certificates"},
	{"directory", "starttls", TYPE_BOOLEAN, AT(directory.starttls), "no",
	 .help = "LDAP: turn an ldap:// connection into TLS before anything is asked"},
	{"directory", "trust", TYPE_TEXT, AT(directory.trust), "",
	 .accepts = "an absolute path, or system", .check = config_check_trust,
	 .help = "A PEM file, or system: whom TLS trusts to be the directory; empty: the first CA's trust"},
	{"directory", "timeout", TYPE_DURATION, AT(directory.timeout), "20s", .least = 1, .most = 10 * MINUTE,
	 .help = "How long the directory may take for one search"},
	{"directory", "limit", TYPE_NUMBER, AT(directory.limit), "200", .least = 1, .most = 10000,
	 .help = "How many certificates a search lists; of more it says that there are more"},

	{"status", "check", TYPE_CHOICE, AT(status.check), "auto", .choices = status_checks,
	 .help = "How to ask whether a certificate was revoked; auto: OCSP, and a CRL where that fails"},
	{"status", "ocsp", TYPE_TEXT, AT(status.ocsp), "",
	 .accepts = "an http:// or https:// URL", .check = config_check_web_url,
	 .help = "The OCSP responder; empty: the one that the certificate names"},
	{"status", "crl", TYPE_TEXT, AT(status.crl), "",
	 .accepts = "an http:// or https:// URL", .check = config_check_web_url,
	 .help = "Where the revocation list (CRL) is; empty: where the certificate says"},
	{"status", "timeout", TYPE_DURATION, AT(status.timeout), "5s", .least = 1, .most = 10 * MINUTE,
	 .help = "How long a responder may take; a renewal waits no longer for it either"},
	{"status", "max_age", TYPE_DURATION, AT(status.max_age), "1d", .least = MINUTE, .most = 366 * DAY,
	 .help = "How old an OCSP answer may be that does not say when the next one comes"},

	{"log", "subject", TYPE_BOOLEAN, AT(log_subject), "no",
	 .help = "Let the log name people: certificates' subjects, and whom a search was for"},
};
/* clang-format on */

const size_t config_table_length = sizeof(config_table) / sizeof(config_table[0]);

const struct config_key *config_key_find(const char *section, const char *name)
{
	for (size_t i = 0; i < config_table_length; i++) {
		if (strcmp(config_table[i].section, section) == 0 &&
		    strcmp(config_table[i].name, name) == 0)
			return &config_table[i];
	}
	return NULL;
}

bool config_key_is_ca(const struct config_key *key)
{
	return strcmp(key->section, "ca") == 0;
}

struct config_range config_key_range(const struct config_key *key)
{
	struct config_range range = {""};
	struct config_duration least = config_duration_text(key->least);
	struct config_duration most = config_duration_text(key->most);
	size_t used = 0;

	switch (key->type) {
	case TYPE_BOOLEAN:
		snprintf(range.text, sizeof(range.text), "yes, no");
		break;
	case TYPE_CHOICE:
		for (size_t i = 0; key->choices[i] && used < sizeof(range.text); i++)
			used += (size_t)snprintf(range.text + used, sizeof(range.text) - used,
						 "%s%s", i ? ", " : "", key->choices[i]);
		break;
	case TYPE_DURATION:
		snprintf(range.text, sizeof(range.text), "%s to %s", least.text, most.text);
		break;
	case TYPE_NUMBER:
		snprintf(range.text, sizeof(range.text), "%lld to %lld", (long long)key->least,
			 (long long)key->most);
		break;
	case TYPE_REMINDERS:
		snprintf(range.text, sizeof(range.text), "always, or durations from %s to %s",
			 least.text, most.text);
		break;
	case TYPE_TEXT:
	case TYPE_LIST:
		snprintf(range.text, sizeof(range.text), "%s", key->accepts);
		break;
	}
	return range;
}
