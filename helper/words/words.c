/* SPDX-License-Identifier: MIT */
/* What a person is told: how the certificates stand, and how a renewal goes. */
#include "helper/words/words.h"

#include "helper/words/sentence.h"

static char *state_unknown(char *out, enum certificate_role role, const char *ends)
{
	return sentence_make(
	    out,
	    sentence_for_role(
		role, _("Encryption certificate: until %s; this computer's clock is not set."),
		_("Signature certificate: until %s; this computer's clock is not set.")),
	    ends);
}

static char *state_not_yet_valid(char *out, enum certificate_role role, const char *begins)
{
	return sentence_make(
	    out,
	    sentence_for_role(role, _("Encryption certificate: not yet valid, begins on %s."),
			      _("Signature certificate: not yet valid, begins on %s.")),
	    begins);
}

static char *state_valid(char *out, enum certificate_role role, const char *ends,
			 const char *renewable_from)
{
	return sentence_make(
	    out,
	    sentence_for_role(
		role, _("Encryption certificate: valid until %s, can be renewed from %s on."),
		_("Signature certificate: valid until %s, can be renewed from %s on.")),
	    ends, renewable_from);
}

static char *state_renewable_today(char *out, enum certificate_role role, const char *ends)
{
	return sentence_make(
	    out,
	    sentence_for_role(
		role, _("Encryption certificate: expires today, on %s; can be renewed now."),
		_("Signature certificate: expires today, on %s; can be renewed now.")),
	    ends);
}

static char *state_renewable(char *out, enum certificate_role role, const char *ends,
			     long long days)
{
	if (days <= 0)
		return state_renewable_today(out, role, ends);
	return sentence_make(
	    out,
	    sentence_for_role(
		role,
		P_("Encryption certificate: expires in %lld day, on %s; can be renewed now.",
		   "Encryption certificate: expires in %lld days, on %s; can be renewed now.",
		   days),
		P_("Signature certificate: expires in %lld day, on %s; can be renewed now.",
		   "Signature certificate: expires in %lld days, on %s; can be renewed now.",
		   days)),
	    days, ends);
}

static char *state_expired(char *out, enum certificate_role role, const char *ended)
{
	return sentence_make(
	    out,
	    sentence_for_role(
		role, _("Encryption certificate: expired on %s; a new one must be applied for."),
		_("Signature certificate: expired on %s; a new one must be applied for.")),
	    ended);
}

static char *state_unlimited(char *out, enum certificate_role role)
{
	return sentence_make(out, "%s",
			     sentence_for_role(role,
					       _("Encryption certificate: valid without end."),
					       _("Signature certificate: valid without end.")));
}

char *words_certificate(char *out, enum certificate_role role, const struct validity *validity,
			int64_t not_before, int64_t not_after)
{
	char ends[DATE_MAX], other[DATE_MAX];

	sentence_date(ends, not_after);
	switch (validity->state) {
	case VALIDITY_NOT_YET_VALID:
		return state_not_yet_valid(out, role, sentence_date(other, not_before));
	case VALIDITY_VALID:
		return state_valid(out, role, ends, sentence_date(other, validity->renewable_from));
	case VALIDITY_RENEWABLE:
	case VALIDITY_CRITICAL:
		return state_renewable(out, role, ends, validity->days_left);
	case VALIDITY_EXPIRED:
		return state_expired(out, role, ends);
	case VALIDITY_UNLIMITED:
		return state_unlimited(out, role);
	default:
		return state_unknown(out, role, ends);
	}
}

static char *expires(char *out, size_t certificates, long long days, const char *date)
{
	if (days <= 0)
		return sentence_make(out,
				     P_("Your card's certificate expires today, on %s.",
					"Your card's certificates expire today, on %s.",
					(long long)certificates),
				     date);
	if (certificates == 1)
		return sentence_make(out,
				     P_("Your card's certificate expires in %lld day, on %s.",
					"Your card's certificate expires in %lld days, on %s.",
					days),
				     days, date);
	return sentence_make(out,
			     P_("Your card's certificates expire in %lld day, on %s.",
				"Your card's certificates expire in %lld days, on %s.", days),
			     days, date);
}

static char *belongs(char *out, size_t certificates, const char *cn, const char *o)
{
	char who[NAME_MAX_SHOWN], where[NAME_MAX_SHOWN];

	if (o[0] == '\0')
		return sentence_make(
		    out, P_("It belongs to %s.", "They belong to %s.", (long long)certificates),
		    sentence_name(who, cn));
	return sentence_make(
	    out,
	    /* Translators: a person's name, an organisation. */
	    P_("It belongs to %s, %s.", "They belong to %s, %s.", (long long)certificates),
	    sentence_name(who, cn), sentence_name(where, o));
}

char *words_due(char *out, size_t certificates, int64_t days_left, int64_t not_after,
		const char *cn, const char *o)
{
	char date[DATE_MAX], whose[SENTENCE_MAX];

	expires(out, certificates, days_left, sentence_date(date, not_after));
	if (cn[0] != '\0')
		sentence_add(out, belongs(whose, certificates, cn, o));
	return out;
}

char *words_due_next(char *out)
{
	return sentence_make(out, "%s", _("Run 'certrenew renew' to renew them."));
}

char *words_expired(char *out, size_t certificates, int64_t not_after)
{
	char date[DATE_MAX];

	return sentence_make(out,
			     P_("Your card's certificate expired on %s.",
				"Your card's certificates expired on %s.", (long long)certificates),
			     sentence_date(date, not_after));
}

char *words_unfinished(char *out)
{
	return sentence_make(out, "%s",
			     _("The renewal of your card's certificates is not finished."));
}

static const char *step_words(enum step step)
{
	switch (step) {
	case STEP_REQUESTING:
		return _("Step %d of %d: preparing the requests on the card.");
	case STEP_SENDING:
		return _("Step %d of %d: asking the certification authority.");
	case STEP_WAITING:
		return _("Step %d of %d: waiting for the certification authority.");
	case STEP_WRITING:
		return _("Step %d of %d: writing to the card.");
	default:
		return _("Step %d of %d: checking what was written.");
	}
}

char *words_step(char *out, enum step step, int number, int of)
{
	sentence_make(out, step_words(step), number, of);
	return sentence_add(out, _("Do not remove the card."));
}

char *words_renewed(char *out, enum certificate_role role, int64_t old_not_after,
		    int64_t new_not_after)
{
	char old[DATE_MAX], new[DATE_MAX];

	return sentence_make(
	    out,
	    sentence_for_role(
		role, _("The encryption certificate was valid until %s and is now valid until %s."),
		_("The signature certificate was valid until %s and is now valid until %s.")),
	    sentence_date(old, old_not_after), sentence_date(new, new_not_after));
}

char *words_waiting(char *out, enum certificate_role role, int64_t retry_at)
{
	char when[DATE_MAX];

	return sentence_make(
	    out,
	    sentence_for_role(role,
			      _("The certification authority is still working on the encryption "
				"certificate; it can be asked again after %s."),
			      _("The certification authority is still working on the signature "
				"certificate; it can be asked again after %s.")),
	    sentence_time(when, retry_at));
}

char *words_asked_again(char *out, enum certificate_role role, bool anew)
{
	sentence_make(
	    out, "%s",
	    sentence_for_role(
		role,
		_("An earlier request for the encryption certificate was not answered, so "
		  "the certification authority was asked again."),
		_("An earlier request for the signature certificate was not answered, so "
		  "the certification authority was asked again.")));
	return anew ? sentence_add(out, _("It may have issued a certificate that never arrived."))
		    : out;
}

char *words_waiting_next(char *out)
{
	return sentence_make(
	    out, "%s",
	    sentence_for_place(
		_("Run 'certrenew renew' then, or answer yes at your next login."),
		_("Choose 'Renew card certificate' in the menu then, or answer yes at your next "
		  "login.")));
}

char *words_done(char *out, size_t renewed, size_t of)
{
	if (renewed == of)
		sentence_make(out, "%s",
			      P_("The certificate was renewed.", "All certificates were renewed.",
				 (long long)of));
	else
		sentence_make(out,
			      P_("%zu of %zu certificate was renewed.",
				 "%zu of %zu certificates were renewed.", (long long)of),
			      renewed, of);
	return sentence_add(out, _("You may remove the card."));
}

char *words_nothing_due(char *out, int64_t renewable_from)
{
	char date[DATE_MAX];

	if (renewable_from <= 0)
		return sentence_make(out, "%s", _("No certificate has to be renewed now."));
	return sentence_make(
	    out, _("No certificate has to be renewed now; that is possible from %s on."),
	    sentence_date(date, renewable_from));
}

char *words_revocation(char *out, int64_t when)
{
	char time[DATE_MAX];

	return sentence_make(out, _("The certificate was revoked on %s."),
			     sentence_time(time, when));
}

char *words_revoked(char *out, enum certificate_role role, int64_t revoked_at)
{
	char date[DATE_MAX];

	return sentence_make(
	    out,
	    sentence_for_role(
		role, _("The encryption certificate was revoked on %s and cannot be renewed."),
		_("The signature certificate was revoked on %s and cannot be renewed.")),
	    sentence_date(date, revoked_at));
}
