/* SPDX-License-Identifier: MIT */
#include "helper/words/desktop.h"

#include <stdio.h>

#include "helper/words/language.h"
#include "helper/words/sentence.h"

char *desktop_due(char *out, size_t certificates, int64_t days_left, int64_t not_after)
{
	long long days = (long long)days_left;
	char date[DATE_MAX];

	sentence_date(date, not_after);
	if (days <= 0)
		snprintf(out, WORDS_MAX,
			 P_("Your card's certificate expires today, on %s",
			    "Your card's certificates expire today, on %s",
			    (long long)certificates),
			 date);
	else if (certificates == 1)
		snprintf(out, WORDS_MAX,
			 P_("Your card's certificate expires in %lld day, on %s",
			    "Your card's certificate expires in %lld days, on %s", days),
			 days, date);
	else
		snprintf(out, WORDS_MAX,
			 P_("Your card's certificates expire in %lld day, on %s",
			    "Your card's certificates expire in %lld days, on %s", days),
			 days, date);
	return out;
}

const char *desktop_unfinished(void)
{
	return _("The renewal of your card's certificates is not finished");
}

char *desktop_holder(char *out, const char *cn, const char *o)
{
	char name[NAME_MAX_SHOWN], organisation[NAME_MAX_SHOWN];

	sentence_name(name, cn);
	sentence_name(organisation, o);
	if (name[0] != '\0' && organisation[0] != '\0')
		snprintf(out, WORDS_MAX, _("%s, %s"), name, organisation);
	else
		snprintf(out, WORDS_MAX, "%s", name[0] != '\0' ? name : organisation);
	return out;
}

const char *desktop_how_to_renew(void)
{
	return _("To renew, choose 'Renew card certificate' in the menu, or run 'certrenew renew' "
		 "in a terminal.");
}

const char *desktop_renew_now(void)
{
	return _("Renew now");
}

const char *desktop_later(void)
{
	return _("Later");
}

const char *desktop_details(void)
{
	return _("Details");
}

const char *desktop_title(void)
{
	return _("Renew card certificate");
}

const char *desktop_ok(void)
{
	return _("OK");
}

const char *desktop_cancel(void)
{
	return _("Cancel");
}

const char *desktop_use_last_try(void)
{
	return _("Use the last try");
}

const char *desktop_reading(void)
{
	return _("The card is being read");
}

const char *desktop_renewing(void)
{
	return _("Your card's certificates are being renewed");
}

const char *desktop_answer_in_window(void)
{
	return _("Please answer in the window that opens.");
}

const char *desktop_do_not_remove(void)
{
	return _("Do not remove the card.");
}

char *desktop_renewed(char *out, size_t certificates, int64_t not_after)
{
	char date[DATE_MAX];

	snprintf(out, WORDS_MAX,
		 P_("Your card's certificate is now valid until %s",
		    "Your card's certificates are now valid until %s", (long long)certificates),
		 sentence_date(date, not_after));
	return out;
}

const char *desktop_partly_renewed(void)
{
	return _("Only a part of your card's certificates was renewed");
}

const char *desktop_waiting(void)
{
	return _("Your card's new certificates are not ready yet");
}

const char *desktop_not_renewed(void)
{
	return _("Your card's certificates were not renewed");
}

char *desktop_expired(char *out, size_t certificates, int64_t not_after)
{
	char date[DATE_MAX];

	snprintf(out, WORDS_MAX,
		 P_("Your card's certificate expired on %s",
		    "Your card's certificates expired on %s", (long long)certificates),
		 sentence_date(date, not_after));
	return out;
}

const char *desktop_nothing_due(void)
{
	return _("No certificate has to be renewed now");
}

char *desktop_renewable_from(char *out, int64_t when)
{
	char date[DATE_MAX];

	snprintf(out, WORDS_MAX, _("That is possible from %s on."), sentence_date(date, when));
	return out;
}

const char *desktop_nobody_answered(void)
{
	return _("The window was closed because nobody answered it in time.");
}

const char *desktop_no_window(void)
{
	return _("The PIN cannot be asked for here: no window for it can be opened.");
}

const char *desktop_in_terminal(void)
{
	return _("Run 'certrenew renew' in a terminal.");
}

const char *desktop_unreachable(void)
{
	return _("Card certificates cannot be renewed on this computer yet");
}

char *desktop_unreachable_next(char *out)
{
	snprintf(out, WORDS_MAX, _("Your administrator starts the service with '%s'."),
		 "systemctl enable --now certrenew.socket");
	return out;
}

const char *desktop_no_bus(void)
{
	return _("There is no desktop here. In a terminal, 'certrenew renew' renews the card's "
		 "certificates.");
}

static char *line(char *out, const char *format, const char *name)
    __attribute__((format(printf, 2, 0)));
static char *line(char *out, const char *format, const char *name)
{
	char shown[NAME_MAX_SHOWN];

	snprintf(out, WORDS_MAX, format, sentence_name(shown, name));
	return out;
}

char *desktop_line_holder(char *out, const char *name)
{
	return line(out, _("Holder: %s"), name);
}

char *desktop_line_organisation(char *out, const char *name)
{
	return line(out, _("Organisation: %s"), name);
}

char *desktop_line_issuer(char *out, const char *name)
{
	return line(out, _("Issued by: %s"), name);
}

char *desktop_line_card(char *out, const char *label)
{
	return line(out, _("Card: %s"), label);
}

char *desktop_line_validity(char *out, enum certificate_role role, int64_t not_before,
			    int64_t not_after)
{
	char from[DATE_MAX], until[DATE_MAX];

	sentence_date(from, not_before);
	sentence_date(until, not_after);
	if (role == ROLE_ENCRYPTION)
		snprintf(out, WORDS_MAX, _("Encryption certificate: valid from %s until %s"), from,
			 until);
	else
		snprintf(out, WORDS_MAX, _("Signature certificate: valid from %s until %s"), from,
			 until);
	return out;
}

char *desktop_line_until(char *out, int64_t not_after)
{
	char date[DATE_MAX];

	snprintf(out, WORDS_MAX, _("Valid until: %s"), sentence_date(date, not_after));
	return out;
}
