/* SPDX-License-Identifier: MIT */
/* What a person is told when something fails, and what to do then. */
#include "helper/words/sentence.h"
#include "helper/words/words.h"

static const struct {
	enum failure_code code;
	const char *what, *next;
} failures[] = {
    {FAILURE_SYSTEM, N_("This computer could not do it."),
     N_("Try again later, or tell your administrator.")},
    {FAILURE_CONFIG, N_("certrenew is not set up correctly on this computer."),
     N_("Tell your administrator: 'certrenew check-config' says what is wrong.")},
    {FAILURE_REFUSED, N_("You are not allowed to renew certificates from here."),
     N_("Sign in at this computer itself, or ask your administrator: [access] allow in "
	"certrenew.conf.")},
    {FAILURE_PROTOCOL, N_("certrenew's own programs do not understand each other."),
     N_("Tell your administrator: an update may be incomplete.")},
    {FAILURE_TIMEOUT, N_("The card or its driver did not answer in time."),
     N_("Take the card out, insert it again and try again.")},
    {FAILURE_CRASHED, N_("A part of certrenew ended unexpectedly."),
     N_("Try again; if it happens again, tell your administrator: the log says more.")},
    {FAILURE_SANDBOX, N_("The card's driver was stopped: it did something that it may not do."),
     N_("Tell your administrator: the log says what it was, and certrenew.conf(5) what to do.")},
    {FAILURE_NO_SANDBOX,
     N_("This computer cannot restrict the card's driver as its settings demand."),
     N_("Tell your administrator: [card] sandbox in certrenew.conf.")},
    {FAILURE_BUSY, N_("The card is being renewed already."), N_("Wait until that has ended.")},
    {FAILURE_JOURNAL, N_("The record of the renewal cannot be kept on this computer."),
     N_("Tell your administrator: the disk may be full.")},
    {FAILURE_CANCELLED, N_("The renewal was cancelled."),
     N_("Run 'certrenew renew' when you are ready.")},
    {FAILURE_NO_ANSWER, N_("There was no answer."),
     N_("Run 'certrenew renew' when you are ready.")},
    {FAILURE_DRIVER, N_("The card's driver does not work."),
     N_("Tell your administrator: [card] module in certrenew.conf.")},
    {FAILURE_NO_CARD, N_("There is no card in the reader."), N_("Insert your card and try again.")},
    {FAILURE_CARD_REMOVED, N_("The card was removed."),
     N_("Insert it again and run 'certrenew renew': it goes on where it stopped.")},
    {FAILURE_CARD_ERROR, N_("The card or its reader does not answer as it should."),
     N_("Take the card out, insert it again and run 'certrenew renew'.")},
    {FAILURE_CARD_UNINITIALISED, N_("The card, or its PIN, has not been set up."),
     N_("Ask whoever gave you the card to set it up.")},
    {FAILURE_CARD_READ_ONLY, N_("The card does not let you write to it."),
     N_("Ask whoever gave you the card for a renewal.")},
    {FAILURE_CARD_FULL, N_("The card is full."),
     N_("Ask whoever gave you the card for a renewal.")},
    {FAILURE_NO_CERTIFICATE, N_("There is no certificate of a person on the card."),
     N_("Ask whoever gave you the card.")},
    {FAILURE_NO_KEY, N_("The card does not hold the certificate's key."),
     N_("Ask whoever gave you the card.")},
    {FAILURE_KEY_CANNOT_SIGN, N_("This key may not sign, so it cannot be renewed in this way."),
     N_("Tell your administrator: CMP with [ca] encryption_proof = decrypt may renew it.")},
    {FAILURE_KEY_UNSUPPORTED, N_("This kind of key cannot be renewed."),
     N_("Ask whoever gave you the card for a renewal.")},
    {FAILURE_NOT_WRITTEN, N_("What was written to the card could not be read back."),
     N_("Take the card out, insert it again and run 'certrenew renew'.")},
    {FAILURE_OTHER_CARD, N_("This is another card than the one that the renewal began with."),
     N_("Insert the first card again and run 'certrenew renew'.")},
    {FAILURE_CARD_FIXED, N_("The card does not let its certificates be changed."),
     N_("Ask whoever gave you the card for a renewal.")},
    {FAILURE_NO_ROOM_FOR_KEY, N_("The card has no room for a new key."),
     N_("Tell your administrator: [ca] key = same renews the certificate for the key that is "
	"there.")},
    {FAILURE_CARD_HIDES, N_("The card shows its certificates only once its PIN was given."),
     N_("Run 'certrenew renew': it asks for the PIN and looks.")},
    {FAILURE_CARD_STALE, N_("The card's driver still shows the old certificate."),
     N_("Tell your administrator: the driver's cache has to be emptied; the log says where it "
	"is.")},
    {FAILURE_PIN_WRONG, N_("The PIN was wrong."),
     N_("Run 'certrenew renew' when you have the right PIN.")},
    {FAILURE_PIN_LOCKED, N_("The card's PIN is locked."),
     N_("Ask whoever gave you the card to unlock it; then run 'certrenew renew'.")},
    {FAILURE_PIN_EXPIRED, N_("The card's PIN has expired."),
     N_("Change the PIN, then run 'certrenew renew'.")},
    {FAILURE_PIN_LENGTH, N_("The PIN is too short or too long for this card."),
     N_("Run 'certrenew renew' when you have the right PIN.")},
    {FAILURE_PIN_SHORT, N_("The PIN is too short for this card."),
     N_("Run 'certrenew renew' when you have the right PIN.")},
    {FAILURE_PIN_LONG, N_("The PIN is too long for this card."),
     N_("Run 'certrenew renew' when you have the right PIN.")},
    {FAILURE_PIN_CHARACTERS, N_("The PIN held a character that no PIN can have."),
     N_("Run 'certrenew renew' when you have the right PIN.")},
    {FAILURE_PIN_TO_CHANGE, N_("The card's PIN must be changed first."),
     N_("Change the PIN, then run 'certrenew renew'.")},
    {FAILURE_PIN_FOR_KEY, N_("The card took the PIN, but one of its keys did not."),
     N_("Ask whoever gave you the card whether that key has a PIN of its own.")},
    {FAILURE_KEYPAD, N_("No PIN was entered on the card reader's keypad."),
     N_("Run 'certrenew renew' when you are ready.")},
    {FAILURE_NO_CA, N_("No certification authority is configured for this certificate."),
     N_("Tell your administrator: a [ca] section in certrenew.conf.")},
    {FAILURE_CA_UNREACHABLE, N_("The certification authority cannot be reached."),
     N_("Check the network and run 'certrenew renew' later.")},
    {FAILURE_CA_TIMEOUT, N_("The certification authority did not answer in time."),
     N_("Run 'certrenew renew' later: it goes on where it stopped.")},
    {FAILURE_CA_UNTRUSTED, N_("The server that answered is not the certification authority."),
     N_("Tell your administrator: [ca] trust and url in certrenew.conf.")},
    {FAILURE_CA_DENIED, N_("The certification authority does not accept this certificate."),
     N_("Ask whoever gave you the card for a renewal.")},
    {FAILURE_CA_REFUSED, N_("The certification authority refused the request."),
     N_("Tell your administrator what it said.")},
    {FAILURE_CA_OVERLOADED, N_("The certification authority is too busy."),
     N_("Run 'certrenew renew' later.")},
    {FAILURE_CA_ERROR, N_("The certification authority has a problem."),
     N_("Run 'certrenew renew' later.")},
    {FAILURE_CA_GARBAGE, N_("The answer of the certification authority makes no sense."),
     N_("Tell your administrator.")},
    {FAILURE_CA_TOO_LARGE, N_("The answer of the certification authority is far too large."),
     N_("Tell your administrator.")},
    {FAILURE_CA_REDIRECT, N_("The certification authority points to another server."),
     N_("Tell your administrator: [ca] url in certrenew.conf.")},
    {FAILURE_ISSUED_WRONG_KEY, N_("The new certificate is for another key and was not written."),
     N_("Tell your administrator.")},
    {FAILURE_ISSUED_WRONG_SUBJECT,
     N_("The new certificate is for someone else and was not written."),
     N_("Tell your administrator.")},
    {FAILURE_ISSUED_SHORTER, N_("The new certificate does not last longer and was not written."),
     N_("Tell your administrator.")},
    {FAILURE_ISSUED_UNTRUSTED,
     N_("The new certificate is of an unknown issuer and was not written."),
     N_("Tell your administrator: [ca] trust in certrenew.conf.")},
    {FAILURE_ISSUED_WRONG_USAGE,
     N_("The new certificate is for another purpose and was not written."),
     N_("Tell your administrator.")},
    {FAILURE_ISSUED_NOT_YET, N_("The new certificate is not valid yet and was not written."),
     N_("Check this computer's clock, then run 'certrenew renew': it goes on where it stopped.")},
    {FAILURE_NOTHING_DUE, N_("No certificate has to be renewed now."), ""},
    {FAILURE_EXPIRED, N_("It is too late to renew online."),
     N_("Apply for a new certificate with whoever gave you the card.")},
    {FAILURE_REVOKED, N_("The certificate was revoked."),
     N_("Apply for a new certificate with whoever gave you the card.")},
    {FAILURE_REVOKE_PHRASE, N_("The challenge phrase was wrong."),
     N_("Nothing was revoked. Try again when you have the right phrase: some certification "
	"authorities allow only a few tries.")},
    {FAILURE_REVOKE_ALREADY, N_("The certificate is revoked already."),
     N_("There is nothing more to do.")},
    {FAILURE_REVOKE_UNKNOWN,
     N_("The certification authority does not know this certificate, or not this phrase for it."),
     N_("Nothing was revoked. Ask whoever gave you the card.")},
    {FAILURE_REVOKE_LIMITED,
     N_("The certification authority takes no more tries for this certificate."),
     N_("Nothing was revoked. Ask whoever gave you the card to revoke it.")},
    {FAILURE_REVOKE_REASON, N_("The certification authority does not permit this reason."),
     N_("Nothing was revoked. Choose another reason.")},
    {FAILURE_REVOKE_PENDING,
     N_("The certification authority took the request and has not decided on it yet."),
     N_("The certificate is still valid. Ask whoever gave you the card.")},
    {FAILURE_REVOKE_UNCLEAR,
     N_("The certification authority's answer does not say that the certificate was revoked."),
     N_("Look at its status with 'certrenew search --status any'; if it is not revoked, ask "
	"whoever gave you the card.")},
};

/*
 * What to do on a desktop where that is another way than a terminal's. A card that shows itself
 * only after its PIN cannot be renewed there at all.
 */
static const struct {
	enum failure_code code;
	const char *next;
} on_desktop[] = {
    {FAILURE_CANCELLED, N_("Choose 'Renew card certificate' in the menu when you are ready.")},
    {FAILURE_NO_ANSWER, N_("Choose 'Renew card certificate' in the menu when you are ready.")},
    {FAILURE_CARD_REMOVED, N_("Insert it again and choose 'Renew card certificate' in the menu: it "
			      "goes on where it stopped.")},
    {FAILURE_CARD_ERROR,
     N_("Take the card out, insert it again and choose 'Renew card certificate' in the menu.")},
    {FAILURE_NOT_WRITTEN,
     N_("Take the card out, insert it again and choose 'Renew card certificate' in the menu.")},
    {FAILURE_OTHER_CARD,
     N_("Insert the first card again and choose 'Renew card certificate' in the menu.")},
    {FAILURE_CARD_HIDES, N_("Run 'certrenew renew' in a terminal: it asks for the PIN and looks.")},
    {FAILURE_PIN_WRONG,
     N_("Choose 'Renew card certificate' in the menu when you have the right PIN.")},
    {FAILURE_PIN_LOCKED, N_("Ask whoever gave you the card to unlock it; then choose 'Renew card "
			    "certificate' in the menu.")},
    {FAILURE_PIN_EXPIRED, N_("Change the PIN, then choose 'Renew card certificate' in the menu.")},
    {FAILURE_PIN_LENGTH,
     N_("Choose 'Renew card certificate' in the menu when you have the right PIN.")},
    {FAILURE_PIN_SHORT,
     N_("Choose 'Renew card certificate' in the menu when you have the right PIN.")},
    {FAILURE_PIN_LONG,
     N_("Choose 'Renew card certificate' in the menu when you have the right PIN.")},
    {FAILURE_PIN_CHARACTERS,
     N_("Choose 'Renew card certificate' in the menu when you have the right PIN.")},
    {FAILURE_PIN_TO_CHANGE,
     N_("Change the PIN, then choose 'Renew card certificate' in the menu.")},
    {FAILURE_KEYPAD, N_("Choose 'Renew card certificate' in the menu when you are ready.")},
    {FAILURE_CA_UNREACHABLE,
     N_("Check the network and choose 'Renew card certificate' in the menu later.")},
    {FAILURE_CA_TIMEOUT,
     N_("Choose 'Renew card certificate' in the menu later: it goes on where it stopped.")},
    {FAILURE_CA_OVERLOADED, N_("Choose 'Renew card certificate' in the menu later.")},
    {FAILURE_CA_ERROR, N_("Choose 'Renew card certificate' in the menu later.")},
    {FAILURE_ISSUED_NOT_YET, N_("Check this computer's clock, then choose 'Renew card certificate' "
				"in the menu: it goes on where it stopped.")},
};

static size_t find(enum failure_code code)
{
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
		if (failures[i].code == code)
			return i;
	return 0; /* FAILURE_SYSTEM's words fit whatever has none of its own */
}

char *words_failed(char *out, enum failure_code code, enum certificate_role role)
{
	out[0] = '\0';
	if (role != 0)
		sentence_add(
		    out, sentence_for_role(role, _("The encryption certificate was not renewed."),
					   _("The signature certificate was not renewed.")));
	return sentence_add(out, _(failures[find(code)].what));
}

char *words_next(char *out, enum failure_code code)
{
	const char *desktop = NULL;

	for (size_t i = 0; i < sizeof(on_desktop) / sizeof(on_desktop[0]); i++)
		if (on_desktop[i].code == code)
			desktop = on_desktop[i].next;
	return sentence_make(out, "%s", _(sentence_for_place(failures[find(code)].next, desktop)));
}

char *words_said(char *out, const char *said)
{
	return sentence_make(out, _("The certification authority said: %s"), said);
}

static const char *card_words(enum card_state state)
{
	switch (state) {
	case CARD_SIGNS_IN:
		return _("The card still signs in.");
	case CARD_ISSUED_KEPT:
		return _("The card still signs in; what was issued is kept on this computer.");
	case CARD_LACKS_ONE:
		return _("Until the renewal is finished the card may lack a certificate, which is "
			 "kept on this computer.");
	default:
		return _("Nothing on the card was changed.");
	}
}

char *words_card_state(char *out, enum card_state state)
{
	return sentence_make(out, "%s", card_words(state));
}
