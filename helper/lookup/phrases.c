/* SPDX-License-Identifier: MIT */
#include "helper/lookup/phrases.h"

#include <openssl/x509v3.h>

#include "helper/lookup/reasons.h"
#include "helper/words/language.h"

const char *phrase_state(enum standing_state state)
{
	switch (state) {
	case STANDING_GOOD:
		return _("valid");
	case STANDING_REVOKED:
		return _("revoked");
	case STANDING_UNKNOWN:
		return _("unknown");
	case STANDING_NOT_YET:
		return _("not yet valid");
	case STANDING_EXPIRED:
		return _("expired");
	case STANDING_NOT_ASKED:
		break;
	}
	return _("not asked");
}

static void say_revoked(char out[PHRASE_MAX], const struct status_answer *answer)
{
	const char *reason = reason_words(answer->reason);
	char date[DATE_MAX];

	sentence_date(date, answer->revoked_at);
	if (reason == NULL)
		sentence_make(out, _("revoked on %s"), date);
	else
		sentence_make(out, _("revoked on %s: %s"), date, reason);
}

char *phrase_standing(char out[PHRASE_MAX], const struct standing *standing)
{
	switch (standing->state) {
	case STANDING_REVOKED:
		say_revoked(out, &standing->answer);
		break;
	case STANDING_UNKNOWN:
		sentence_make(out, "%s",
			      _("unknown: the certification authority does not know it"));
		break;
	case STANDING_NOT_ASKED:
		sentence_make(
		    out, "%s",
		    _("not asked: the certification authority's answer could not be had"));
		break;
	default:
		sentence_make(out, "%s", phrase_state(standing->state));
		break;
	}
	return out;
}

const char *phrase_usage(X509 *certificate)
{
	uint32_t usage = X509_get_key_usage(certificate);
	bool signs = (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
	bool enciphers =
	    (usage & (KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT | KU_KEY_AGREEMENT)) != 0;

	if (signs && enciphers)
		return _("signature and encryption");
	return enciphers ? _("encryption") : _("signature");
}

const char *phrase_search_failed(const struct config_directory *settings, enum failure_code code)
{
	switch (code) {
	case FAILURE_CA_UNREACHABLE:
		return _("The directory cannot be reached. Check the network and try again later.");
	case FAILURE_CA_TIMEOUT:
		return _("The directory did not answer in time. Try again later.");
	case FAILURE_CA_OVERLOADED:
		return _("The directory is too busy. Try again later.");
	case FAILURE_CA_UNTRUSTED:
		return _("The server that answered is not the directory. Tell your administrator: "
			 "[directory] url and trust in certrenew.conf.");
	case FAILURE_CA_REDIRECT:
		return _("The directory points to another server. Tell your administrator: "
			 "[directory] url in certrenew.conf.");
	case FAILURE_CA_DENIED:
		return _("The directory does not let you search it. Tell your administrator.");
	case FAILURE_CA_REFUSED:
	case FAILURE_CA_ERROR:
	case FAILURE_CA_GARBAGE:
	case FAILURE_CA_TOO_LARGE:
		return _("The directory's answer is of no use. Tell your administrator: the log "
			 "says more.");
	case FAILURE_PROTOCOL:
		return _("That is not an e-mail address, a name or a serial number to search for.");
	case FAILURE_CONFIG:
		if (settings->url[0] == '\0')
			return _("No directory is configured on this computer. Tell your "
				 "administrator: [directory] url in certrenew.conf.");
		return _("The directory is not set up correctly on this computer. Tell your "
			 "administrator: [directory] in certrenew.conf.");
	default:
		return _("This computer could not do it. Try again later, or tell your "
			 "administrator.");
	}
}
