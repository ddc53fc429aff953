/* SPDX-License-Identifier: MIT */
#include "helper/words/words_journal.h"

const char *words_journal_state(enum journal_state state)
{
	switch (state) {
	case JOURNAL_FOUND:
	case JOURNAL_AGREED:
		return _("begun, nothing asked for yet");
	case JOURNAL_REQUESTED:
		return _("asked for, no answer yet");
	case JOURNAL_WAITING:
		return _("the certification authority wants more time");
	case JOURNAL_ISSUED:
	case JOURNAL_CONFIRMED:
	case JOURNAL_MOVED_ASIDE:
	case JOURNAL_TAKEN_OFF:
		return _("issued, not on the card yet");
	case JOURNAL_WRITTEN:
		return _("on the card, not checked yet");
	case JOURNAL_VERIFIED:
	case JOURNAL_DONE:
		return _("on the card, with the old one beside it");
	}
	return _("damaged, cannot be read");
}

char *words_journal_next(char *out, enum journal_state state, int64_t retry_at)
{
	char when[DATE_MAX];

	switch (state) {
	case JOURNAL_FOUND:
	case JOURNAL_AGREED:
		return sentence_make(out,
				     _("Run 'certrenew renew' with the card in the reader: the "
				       "new certificate is asked for."));
	case JOURNAL_REQUESTED:
		return sentence_make(
		    out, _("Run 'certrenew renew' with the card in the reader: the same "
			   "request is sent again."));
	case JOURNAL_WAITING:
		return sentence_make(
		    out,
		    _("Run 'certrenew renew' with the card in the reader after %s: the "
		      "certification authority is asked again."),
		    sentence_time(when, retry_at));
	case JOURNAL_ISSUED:
	case JOURNAL_CONFIRMED:
	case JOURNAL_MOVED_ASIDE:
	case JOURNAL_TAKEN_OFF:
		return sentence_make(
		    out, _("Run 'certrenew renew' with the card in the reader: what was "
			   "issued is written to the card."));
	case JOURNAL_WRITTEN:
		return sentence_make(
		    out, _("Run 'certrenew renew' with the card in the reader: what was "
			   "written is checked."));
	case JOURNAL_VERIFIED:
	case JOURNAL_DONE:
		return sentence_make(out,
				     _("Run 'certrenew renew' with the card in the reader: the old "
				       "certificate is removed from the card."));
	}
	return sentence_make(out, _("Tell your administrator: 'certrenew journal list' says which "
				    "record cannot be read."));
}

char *words_journal_step(char *out, enum journal_state state, int64_t retry_at)
{
	char when[DATE_MAX];

	switch (state) {
	case JOURNAL_FOUND:
	case JOURNAL_AGREED:
		return sentence_make(out, "%s", _("ask for it"));
	case JOURNAL_REQUESTED:
		return sentence_make(out, "%s", _("ask again"));
	case JOURNAL_WAITING:
		return sentence_make(out, _("ask again after %s"), sentence_time(when, retry_at));
	case JOURNAL_ISSUED:
	case JOURNAL_CONFIRMED:
	case JOURNAL_MOVED_ASIDE:
	case JOURNAL_TAKEN_OFF:
		return sentence_make(out, "%s", _("write it to the card"));
	case JOURNAL_WRITTEN:
		return sentence_make(out, "%s", _("check it"));
	case JOURNAL_VERIFIED:
	case JOURNAL_DONE:
		return sentence_make(out, "%s", _("remove the old one"));
	}
	return sentence_make(out, "%s", _("look into it, or discard it"));
}

char *words_journal_lost(char *out, enum journal_state state)
{
	switch (state) {
	case JOURNAL_FOUND:
	case JOURNAL_AGREED:
		return sentence_make(out, _("Nothing was asked for yet. A new key that was made "
					    "for it stays on the card, unused."));
	case JOURNAL_REQUESTED:
	case JOURNAL_WAITING:
		return sentence_make(out, _("The certification authority may have issued the "
					    "certificate already: the next renewal asks for "
					    "another one."));
	case JOURNAL_ISSUED:
	case JOURNAL_CONFIRMED:
		return sentence_make(out, _("A certificate was issued that is not on the card: it "
					    "will not be written, and the next renewal asks for "
					    "another one."));
	case JOURNAL_MOVED_ASIDE:
		return sentence_make(out,
				     _("The card's old certificate has been moved aside, and only "
				       "this record says where. Insert the card and run "
				       "'certrenew renew' first. A card that is lost needs "
				       "nothing: the record stands in no other card's way."));
	case JOURNAL_TAKEN_OFF:
		return sentence_make(out,
				     _("The card was full, its old certificate was taken off, and "
				       "only this record has it. Insert the card and run "
				       "'certrenew renew' first. A card that is lost needs "
				       "nothing: the record stands in no other card's way."));
	case JOURNAL_WRITTEN:
	case JOURNAL_VERIFIED:
	case JOURNAL_DONE:
		return sentence_make(out, _("The new certificate is on the card. The old one "
					    "stays there beside it."));
	}
	return sentence_make(out, _("Nobody can read it. If it held a certificate that is not on "
				    "the card, the next renewal asks for another one."));
}
