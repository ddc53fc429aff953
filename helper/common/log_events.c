/* SPDX-License-Identifier: MIT */
#include "helper/common/log_events.h"

#include <syslog.h>

/* clang-format off */
const struct log_event_entry log_events[] = {
	{EVENT_CONVERSATION_FAILED, LOG_WARNING, "Checking or renewing for a user ended badly: who asked, which of the two, why."},
	{EVENT_CHECKED, LOG_INFO, "A card was checked: for whom, which card, how many certificates can be renewed, and how many have expired."},
	{EVENT_RENEW_ENDED, LOG_INFO, "A renewal, a revocation with the card, or a new challenge phrase has ended: for whom, which card, which certificates, how."},
	{EVENT_REFUSED, LOG_WARNING, "Somebody may not ask, broke the rules of the socket, or met a card that is being renewed already."},
	{EVENT_UNFINISHED_UNTOLD, LOG_WARNING, "What is unfinished on a card could not be told."},
	{EVENT_DRIVER_ENDED_BADLY, LOG_INFO, "The card's driver hung or crashed after its work was done; nothing was lost."},
	{EVENT_NOT_LOOKED_AFRESH, LOG_NOTICE, "After a renewal no fresh process could look at the card; the renewal stands."},

	{EVENT_CARD_NOT_READ, LOG_NOTICE, "The card was not read, and why."},
	{EVENT_NOT_WATCHED, LOG_INFO, "Its driver cannot wait for a card: one that is inserted later is not noticed."},
	{EVENT_FOUND_NOT_RECORDED, LOG_WARNING, "What was found could not be written down for the desktop."},
	{EVENT_FOUND_NOT_KNOWN, LOG_WARNING, "What the login found cannot be read: the card is read anew."},
	{EVENT_LATER_NOT_KNOWN, LOG_WARNING, "What a person put off cannot be read: they are asked once too often."},
	{EVENT_LATER_DAMAGED, LOG_WARNING, "Some of what a person put off is damaged, and ignored."},
	{EVENT_SAID_NOT_NOTED, LOG_WARNING, "That a person was told could not be noted: they are told again."},
	{EVENT_UNTOLD_NOT_KNOWN, LOG_WARNING, "How the last renewal ended could not be read or put away."},
	{EVENT_CARD_STALE, LOG_WARNING, "After a renewal the card's driver still shows an old certificate, and where its cache is."},
	{EVENT_NO_CA_FOR_IT, LOG_NOTICE, "A certificate is due, or has expired, and no [ca] section is for its issuer, which is named: nobody is asked about it."},

	{EVENT_CERTIFICATE, LOG_INFO, "One certificate of a renewal: its role, its serial number, the new one's, and how far it came."},
	{EVENT_CERTIFICATE_FAILED, LOG_WARNING, "Why that certificate came no further, and what the CA said."},
	{EVENT_NOT_RENEWED, LOG_WARNING, "Why nothing was renewed."},
	{EVENT_REFUSAL_STAYS, LOG_WARNING, "A request that the CA refused could not be taken out of the journal."},
	{EVENT_PUT_OFF_NOT_NOTED, LOG_WARNING, "That the person put it off could not be noted."},
	{EVENT_WAIT_NOT_NOTED, LOG_WARNING, "That the CA wants time could not be noted for the reminders."},
	{EVENT_UNFINISHED_NOT_KNOWN, LOG_WARNING, "Which renewals are unfinished cannot be said."},
	{EVENT_ENTRY_NOT_PUT_AWAY, LOG_WARNING, "A journal entry that is of no use any more could not be put away."},
	{EVENT_ENTRY_PUT_AWAY, LOG_NOTICE, "An unfinished renewal was put away, as the card holds other certificates now."},
	{EVENT_UNFINISHED_NOT_READ, LOG_WARNING, "An unfinished renewal cannot be read: see certrenew journal list."},
	{EVENT_CARD_REVOCATION_FAILED, LOG_WARNING, "A revocation with the card, or a new challenge phrase, failed, and why."},
	{EVENT_CARD_REVOKED, LOG_NOTICE, "A certificate was revoked with the card: which, for which reason."},
	{EVENT_PHRASE_SET, LOG_NOTICE, "The CA took a new challenge phrase, in the name of which certificate."},
	{EVENT_END_NOT_KEPT, LOG_WARNING, "How a renewal ended could not be kept for a person who had left."},
	{EVENT_STATUS_UNKNOWN, LOG_NOTICE, "The CA's responder does not know a certificate that is to be renewed."},
	{EVENT_STATUS_NOT_ASKED, LOG_NOTICE, "Whether a certificate was revoked could not be asked; it is renewed."},
	{EVENT_STATUS_NOBODY_NAMED, LOG_INFO, "Neither certificate nor configuration says whom to ask whether it was revoked."},
	{EVENT_KEYPAD_UNWATCHED, LOG_WARNING, "No thread could be started to watch the reader's keypad."},
	{EVENT_OLD_STAYS_ASIDE, LOG_ERR, "After a failed write the old certificate could not be moved back under its id; the next renewal does it."},
	{EVENT_STATE_NOT_NOTED, LOG_WARNING, "The journal could not be brought back after a failed write."},
	{EVENT_OLD_STAYS, LOG_WARNING, "The new certificate is on the card, and the old one could not be removed."},
	{EVENT_FOUND_STAYS, LOG_WARNING, "What a login had found before the renewal could not be removed."},
	{EVENT_UNBEGUN_STAYS, LOG_WARNING, "A renewal that asked for nothing could not be taken out of the journal."},
	{EVENT_ASKED_AGAIN, LOG_NOTICE, "The CA had not been heard, and was asked again: by the same request, or a new one."},
	{EVENT_OLD_IN_JOURNAL_ONLY, LOG_ERR, "The old certificate of a full card could not be put back; the journal has it, and the next renewal goes on."},
	{EVENT_OLD_BACK, LOG_NOTICE, "The old certificate of a full card is on the card again."},
	{EVENT_MADE_ROOM, LOG_NOTICE, "The card is full: its old certificate makes way for the new one."},
	{EVENT_NEW_ELSEWHERE, LOG_WARNING, "The new certificate is on the card under another CKA_ID; the next renewal moves it."},
	{EVENT_PLACES_KEPT, LOG_NOTICE, "The two certificates could not change places; the old one is moved aside first."},
	{EVENT_NEW_TWICE, LOG_WARNING, "The new certificate may be on the card twice."},
	{EVENT_OLD_STAYS_BESIDE, LOG_NOTICE, "The card does not let the old certificate be removed; it stays beside the new one."},

	{EVENT_SEARCH_FAILED, LOG_WARNING, "A search of the directory failed, and why."},
	{EVENT_STATUS_FAILED, LOG_INFO, "Whether a certificate that is shown was revoked could not be asked."},
	{EVENT_REVOCATION_AGREED, LOG_NOTICE, "Who accepted which agreement before a revocation, for which certificate."},
	{EVENT_REVOCATION_FAILED, LOG_WARNING, "A revocation by challenge phrase failed, and why."},
	{EVENT_REVOKED, LOG_NOTICE, "A certificate was revoked by challenge phrase: which, for which reason."},
	{EVENT_DISCARDED, LOG_NOTICE, "The administrator gave up an unfinished renewal."},

	{EVENT_NOT_SHOWN, LOG_WARNING, "The notification server refused a notification."},
	{EVENT_LATER_NOT_NOTED, LOG_WARNING, "That the person put it off was not noted."},
	{EVENT_HELPER_UNREACHABLE, LOG_WARNING, "The helper's socket does not answer; the agent waits for it."},
	{EVENT_SEAT_OURS, LOG_INFO, "The session is active at the seat: the agent asks again."},
	{EVENT_SEAT_ANOTHERS, LOG_INFO, "Another session has the seat: the agent is silent."},
	{EVENT_ASKED_AWAY, LOG_NOTICE, "A renewal was asked for in a session that does not have the seat."},
	{EVENT_DESKTOP_ENDED, LOG_INFO, "The desktop has ended, and the agent with it."},
	{EVENT_NO_BUS, LOG_ERR, "The session bus cannot be reached."},
	{EVENT_NO_SERVER, LOG_INFO, "Nobody shows notifications yet; the bus is asked to start a server."},
	{EVENT_PINENTRY_FAILED, LOG_WARNING, "The program that asks for the PIN failed."},
	{EVENT_NO_PINENTRY, LOG_WARNING, "There is no program that can ask for the PIN in a window."},
	{EVENT_CHANNEL_BROKE, LOG_WARNING, "The connection to a renewal broke; the renewal itself goes on."},
	{EVENT_ANSWER_BROKE, LOG_WARNING, "The helper's answer was cut or not understood."},
	{EVENT_DUE_NOT_SAID, LOG_NOTICE, "The helper does not say what is due, and why."},
	{EVENT_HELPER_BACK, LOG_INFO, "The helper's socket is there again."},

	{EVENT_MODULE_ARGUMENT, LOG_ERR, "An argument of pam_certrenew.so is unknown or has a bad value, and is ignored."},
	{EVENT_LOGIN_LIMIT, LOG_INFO, "The login's own time limit (LOGIN_TIMEOUT) was near: it went on."},
	{EVENT_LOGIN_NOT_ANSWERED, LOG_WARNING, "The helper did not answer within [login] timeout; the login went on."},
	{EVENT_LOGIN_GOES_ON, LOG_WARNING, "Something failed; the login went on."},
	{EVENT_NOTHING_TO_DO, LOG_DEBUG, "With the argument debug: why this login is not ours to speak to."},
	{EVENT_LOGIN_CHECKED, LOG_DEBUG, "With the argument debug: what the account stage found."},
};
/* clang-format on */

const size_t log_events_count = sizeof(log_events) / sizeof(log_events[0]);

int log_event_priority(enum log_event event)
{
	for (size_t i = 0; i < log_events_count; i++)
		if (log_events[i].event == event)
			return log_events[i].priority;
	return LOG_WARNING;
}
