/* SPDX-License-Identifier: MIT */
/*
 * Every kind of line that certrenew logs, each with a number that never changes meaning: a fleet's
 * log tools go by it, whatever the words become. certrenew-helper(8) lists them; a unit test
 * compares it with the table in log_events.c, and looks whether every line of the sources has its
 * number. libc only, because the login process links it.
 */
#ifndef CERTRENEW_LOG_EVENTS_H
#define CERTRENEW_LOG_EVENTS_H

#include <stddef.h>

/* Append, never renumber, never use one again. */
enum log_event {
	/* certrenew-helper */
	EVENT_CONVERSATION_FAILED = 101,
	EVENT_CHECKED = 102,
	EVENT_RENEW_ENDED = 103,
	EVENT_REFUSED = 104,
	EVENT_UNFINISHED_UNTOLD = 105,
	EVENT_DRIVER_ENDED_BADLY = 106,
	EVENT_NOT_LOOKED_AFRESH = 107,

	/* certrenew-check */
	EVENT_CARD_NOT_READ = 201,
	EVENT_NOT_WATCHED = 202,
	EVENT_FOUND_NOT_RECORDED = 203,
	EVENT_FOUND_NOT_KNOWN = 204,
	EVENT_LATER_NOT_KNOWN = 205,
	EVENT_LATER_DAMAGED = 206,
	EVENT_SAID_NOT_NOTED = 207,
	EVENT_UNTOLD_NOT_KNOWN = 208,
	EVENT_CARD_STALE = 209,
	EVENT_NO_CA_FOR_IT = 210, /* also certrenew-renew */

	/* certrenew-renew */
	EVENT_CERTIFICATE = 301,
	EVENT_CERTIFICATE_FAILED = 302,
	EVENT_NOT_RENEWED = 303,
	EVENT_REFUSAL_STAYS = 304,
	EVENT_PUT_OFF_NOT_NOTED = 305,
	EVENT_WAIT_NOT_NOTED = 306,
	EVENT_UNFINISHED_NOT_KNOWN = 307,
	EVENT_ENTRY_NOT_PUT_AWAY = 308,
	EVENT_ENTRY_PUT_AWAY = 309,
	EVENT_UNFINISHED_NOT_READ = 310,
	EVENT_CARD_REVOCATION_FAILED = 311,
	EVENT_CARD_REVOKED = 312,
	EVENT_PHRASE_SET = 313,
	EVENT_END_NOT_KEPT = 314,
	EVENT_STATUS_UNKNOWN = 315,
	EVENT_STATUS_NOT_ASKED = 316,
	EVENT_STATUS_NOBODY_NAMED = 317,
	EVENT_KEYPAD_UNWATCHED = 318,
	EVENT_OLD_STAYS_ASIDE = 319,
	EVENT_STATE_NOT_NOTED = 320,
	EVENT_OLD_STAYS = 321,
	EVENT_FOUND_STAYS = 322,
	EVENT_UNBEGUN_STAYS = 323,
	EVENT_ASKED_AGAIN = 324,
	EVENT_OLD_IN_JOURNAL_ONLY = 325,
	EVENT_OLD_BACK = 326,
	EVENT_MADE_ROOM = 327,
	EVENT_NEW_ELSEWHERE = 328,
	EVENT_PLACES_KEPT = 329,
	EVENT_NEW_TWICE = 330,
	EVENT_OLD_STAYS_BESIDE = 331,

	/* certrenew-lookup, certrenew-journal: what `certrenew` leaves to them */
	EVENT_SEARCH_FAILED = 401,
	EVENT_STATUS_FAILED = 402,
	EVENT_REVOCATION_AGREED = 403,
	EVENT_REVOCATION_FAILED = 404,
	EVENT_REVOKED = 405,
	EVENT_DISCARDED = 450,

	/* certrenew-agent */
	EVENT_NOT_SHOWN = 501,
	EVENT_LATER_NOT_NOTED = 502,
	EVENT_HELPER_UNREACHABLE = 503,
	EVENT_SEAT_OURS = 504,
	EVENT_SEAT_ANOTHERS = 505,
	EVENT_ASKED_AWAY = 506,
	EVENT_DESKTOP_ENDED = 507,
	EVENT_NO_BUS = 508,
	EVENT_NO_SERVER = 509,
	EVENT_PINENTRY_FAILED = 510,
	EVENT_NO_PINENTRY = 511,
	EVENT_CHANNEL_BROKE = 512,
	EVENT_ANSWER_BROKE = 513,
	EVENT_DUE_NOT_SAID = 514,
	EVENT_HELPER_BACK = 515,

	/* pam_certrenew */
	EVENT_MODULE_ARGUMENT = 601,
	EVENT_LOGIN_LIMIT = 602,
	EVENT_LOGIN_NOT_ANSWERED = 603,
	EVENT_LOGIN_GOES_ON = 604,
	EVENT_NOTHING_TO_DO = 605,
	EVENT_LOGIN_CHECKED = 606,
};

struct log_event_entry {
	enum log_event event;
	int priority;	   /* as in syslog(3) */
	const char *means; /* for the manual */
};

extern const struct log_event_entry log_events[];
extern const size_t log_events_count;

/* LOG_WARNING for a number that is no event. */
int log_event_priority(enum log_event event);

/* Before each line: "CR101 the words". */
#define LOG_EVENT_PREFIX "CR%03u "

#endif
