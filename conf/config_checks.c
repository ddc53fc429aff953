/* SPDX-License-Identifier: MIT */
#include "conf/config_checks.h"

#include <string.h>

#include "conf/config.h"
#include "conf/system_calls.h"

#define LETTERS	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS	    "0123456789"
#define HEXADECIMAL DIGITS "abcdefABCDEF"

static bool starts_with(const char *value, const char *prefix)
{
	return strncmp(value, prefix, strlen(prefix)) == 0;
}

const char *const config_default_services[] = {
    "login",	     "gdm-password",
    "gdm-smartcard", "gdm-autologin",
    "lightdm",	     "lightdm-autologin",
    "sddm",	     "sddm-autologin",
    "kde",	     "kde-smartcard",
    "xdm",	     "lxdm",
    "greetd",	     "ly",
    "slim",	     NULL,
};

/* PAM services that open sessions without a person who could answer, or inside a session. */
static const char *const never_a_login[] = {
    "su",   "su-l", "sudo",   "sudo-i",	 "cron",      "crond",	  "atd", "systemd-user",
    "chsh", "chfn", "passwd", "runuser", "runuser-l", "polkit-1", NULL,
};

int config_check_service(const char *value, struct config_reason *reason)
{
	if (value[strspn(value, LETTERS DIGITS "._@+-")] != '\0')
		return config_refuse(reason,
				     "'%s' is not the name of a PAM service; write the names of "
				     "files in /etc/pam.d, with blanks between them",
				     config_excerpt(value).text);
	for (size_t i = 0; never_a_login[i]; i++) {
		if (strcmp(value, never_a_login[i]) == 0)
			return config_refuse(reason,
					     "'%s' is not where a person signs in to this machine, "
					     "and nobody could answer there; remove it",
					     value);
	}
	return 0;
}

int config_check_allow(const char *value, struct config_reason *reason)
{
	const char *group = value + strlen("group:");

	if (strcmp(value, "seat") == 0 || strcmp(value, "all") == 0)
		return 0;
	if (!starts_with(value, "group:"))
		return config_refuse(reason, "'%s' is unknown; write seat, all or group:NAME",
				     config_excerpt(value).text);
	if (*group == '\0' || strpbrk(group, " \t:,/"))
		return config_refuse(
		    reason, "'%s' is not the name of a group; write one group, as in group:staff",
		    config_excerpt(group).text);
	return 0;
}

int config_check_path(const char *value, struct config_reason *reason)
{
	if (value[0] != '/')
		return config_refuse(reason, "'%s' is not an absolute path; begin it with /",
				     config_excerpt(value).text);
	return 0;
}

int config_check_trust(const char *value, struct config_reason *reason)
{
	return strcmp(value, CONFIG_TRUST_SYSTEM) == 0 ? 0 : config_check_path(value, reason);
}

int config_check_module(const char *value, struct config_reason *reason)
{
	/* A relative path would depend on the folder that a login happens to run in. */
	if (strchr(value, '/'))
		return config_check_path(value, reason);
	return 0;
}

/* The attributes that say which token (RFC 7512 §2.3); an object's would be of no use here. */
static const char *const token_attributes[] = {"token", "manufacturer", "serial", "model"};
enum { TOKEN_ATTRIBUTES = sizeof(token_attributes) / sizeof(token_attributes[0]) };

static int attribute_index(const char *text, size_t length)
{
	for (int i = 0; i < TOKEN_ATTRIBUTES; i++)
		if (strlen(token_attributes[i]) == length &&
		    strncmp(token_attributes[i], text, length) == 0)
			return i;
	return -1;
}

/* A value: no query, and %XX is a byte other than NUL. */
static bool is_uri_value(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '?')
			return false;
		if (text[i] == '%' && (length - i < 3 || strspn(text + i + 1, HEXADECIMAL) < 2 ||
				       strncmp(text + i + 1, "00", 2) == 0))
			return false;
	}
	return true;
}

static int check_token_attributes(const char *text, struct config_reason *reason)
{
	bool met[TOKEN_ATTRIBUTES] = {false};

	while (*text != '\0') {
		size_t length = strcspn(text, ";"), name = strcspn(text, "=;");
		int index = attribute_index(text, name);

		if (index < 0 || text[name] != '=' || met[index] ||
		    !is_uri_value(text + name + 1, length - name - 1) ||
		    (text[length] == ';' && text[length + 1] == '\0'))
			return config_refuse(
			    reason,
			    "this is wrong at '%s'; write token=, manufacturer=, serial= and "
			    "model=, each once at most, with ; between them and every other "
			    "character than letters, digits and -._~ as %%XX",
			    config_excerpt(text).text);
		met[index] = true;
		text += length + (text[length] == ';');
	}
	return 0;
}

int config_check_token(const char *value, struct config_reason *reason)
{
	static const char scheme[] = "pkcs11:";

	if (!starts_with(value, scheme) || strpbrk(value, " \t\n\v\f\r"))
		return config_refuse(reason,
				     "'%s' is not an RFC 7512 URI; begin it with pkcs11: and write "
				     "blanks as %%20, as in pkcs11:token=My%%20Card",
				     config_excerpt(value).text);
	return check_token_attributes(value + strlen(scheme), reason);
}

int config_check_environment(const char *value, struct config_reason *reason)
{
	size_t name = strspn(value, LETTERS DIGITS "_");

	if (name == 0 || strchr(DIGITS, value[0]) || value[name] != '=')
		return config_refuse(
		    reason,
		    "'%s' is not of the form NAME=VALUE; begin the name with a letter or _, go on "
		    "with letters, digits and _, and leave no blanks",
		    config_excerpt(value).text);
	if (starts_with(value, "LD_"))
		return config_refuse(
		    reason,
		    "'%s' would load other code into the process that takes the PIN; remove it",
		    config_excerpt(value).text);
	return 0;
}

int config_check_call(const char *value, struct config_reason *reason)
{
	if (system_call_number(value) < 0)
		return config_refuse(reason,
				     "'%s' is not the name of a system call; write it as the log "
				     "does, as in sched_setaffinity",
				     config_excerpt(value).text);
	return 0;
}

int config_check_issuer(const char *value, struct config_reason *reason)
{
	if (value[0] == '/' || !strchr(value, '='))
		return config_refuse(reason,
				     "'%s' is not an RFC 4514 name; write it as 'openssl x509 "
				     "-noout -issuer -nameopt RFC2253' does: CN=…,O=…,C=…",
				     config_excerpt(value).text);
	return 0;
}

/* Refuses a URL without a host, with blanks, or with a password: anyone may read this file. */
static int check_authority(const char *value, struct config_reason *reason)
{
	const char *host = strstr(value, "://") + strlen("://");
	size_t length = strcspn(host, "/?#");

	if (length == 0 || host[0] == ':' || strpbrk(value, " \t\"<>\\"))
		return config_refuse(reason,
				     "'%s' is not a URL; write scheme://host/path without blanks",
				     config_excerpt(value).text);
	if (memchr(host, '@', length))
		return config_refuse(
		    reason,
		    "a URL here holds no user name or password; remove what stands before the @");
	return 0;
}

int config_check_https(const char *value, struct config_reason *reason)
{
	if (!starts_with(value, "https://"))
		return config_refuse(reason, "'%s' is not an https:// URL; write https://…",
				     config_excerpt(value).text);
	return check_authority(value, reason);
}

/* Plain HTTP is judged once the section's protocol is known: CMP protects its own messages. */
int config_check_ca_url(const char *value, struct config_reason *reason)
{
	if (!starts_with(value, "http://"))
		return config_check_https(value, reason);
	return check_authority(value, reason);
}

/* RFC 4512 §2.5: a name or an OID, with options; nothing that means something in a URL. */
int config_check_attribute(const char *value, struct config_reason *reason)
{
	if (value[strspn(value, LETTERS DIGITS "-.;")] != '\0')
		return config_refuse(reason,
				     "'%s' is not the name of an LDAP attribute; write letters, "
				     "digits, hyphens and ; as in userCertificate;binary",
				     config_excerpt(value).text);
	return 0;
}

/* What is fetched there is signed, so plain HTTP will do. */
int config_check_web_url(const char *value, struct config_reason *reason)
{
	if (!starts_with(value, "http://") && !starts_with(value, "https://"))
		return config_refuse(reason, "'%s' is no web address; write http://… or https://…",
				     config_excerpt(value).text);
	return check_authority(value, reason);
}

int config_check_directory_url(const char *value, struct config_reason *reason)
{
	if (!starts_with(value, "ldap://") && !starts_with(value, "ldaps://") &&
	    !starts_with(value, "https://"))
		return config_refuse(
		    reason,
		    "'%s' is neither LDAP nor HTTPS; write ldap://…, ldaps://… or https://…",
		    config_excerpt(value).text);
	return check_authority(value, reason);
}

/* What HTML forms name their fields with, and what needs no escape in a body. */
int config_check_field(const char *value, struct config_reason *reason)
{
	if (value[strspn(value, LETTERS DIGITS "._-:[]")] != '\0')
		return config_refuse(reason,
				     "'%s' is not the name of a form's field; write letters, "
				     "digits and . _ - : [ ]",
				     config_excerpt(value).text);
	return 0;
}

int config_check_form_entry(const char *value, struct config_reason *reason)
{
	size_t name = strspn(value, LETTERS DIGITS "._-:[]");

	if (name == 0 || value[name] != '=')
		return config_refuse(reason, "'%s' is not of the form NAME=VALUE; leave no blanks",
				     config_excerpt(value).text);
	return 0;
}
