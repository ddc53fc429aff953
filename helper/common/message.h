/* SPDX-License-Identifier: MIT */
/*
 * What travels on the front-end channel: PAM module, agent or command on one side, helper,
 * check and renew on the other. libc only, because the login process links it.
 *
 * On the wire a message is
 *
 *	uint32 length of what follows, at most MESSAGE_MAX
 *	uint8  enum message_type
 *	then fields, in ascending order, each once:
 *	    uint8 enum message_field, uint16 length, bytes (numbers: 8 bytes, big-endian)
 *
 * A receiver MUST refuse: an unknown type or field, a field that its type does not list, a
 * missing required field, a field twice or out of order, a text that is not NUL-free valid
 * UTF-8 or would act on a terminal (utf8_clean), a number that is not 8 bytes, a value that is too
 * long, trailing bytes. The tables in message_rules.c say which fields a type has; whatever they
 * don't name is refused. Every buffer is wiped when it is freed.
 */
#ifndef CERTRENEW_MESSAGE_H
#define CERTRENEW_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "helper/common/failure.h"

enum { MESSAGE_MAX = 16384, MESSAGE_TEXT_MAX = 4096, MESSAGE_BYTES_MAX = 8192 };

enum message_type {
	/* front end → helper, once, first */
	MESSAGE_REQUEST = 1,

	/* helper, check, renew → front end */
	MESSAGE_TERMS = 10,  /* the helper took the request: how long it may last unattended */
	MESSAGE_CERTIFICATE, /* one certificate of the card, and its state */
	MESSAGE_CHECKED,     /* check's end: how much is due */
	MESSAGE_NOTICE,	     /* a sentence to show, no answer */
	MESSAGE_ASK_TOKEN,   /* several cards: which one? answered by CHOICE or CANCEL */
	MESSAGE_ASK_RENEW,   /* answered by YES, NO, LATER or UNSHOWN */
	MESSAGE_ASK_PIN,     /* answered by PIN or CANCEL */
	MESSAGE_STEP,	     /* which step of how many */
	MESSAGE_RENEWED,     /* one certificate: old and new not-after */
	MESSAGE_WAITING,     /* one certificate: the CA says come back later */
	MESSAGE_FAILED,	     /* what failed, what was not done, what to do next */
	MESSAGE_DONE,	     /* renew's end: how many of how many; or what was revoked */
	MESSAGE_UNFINISHED,  /* STATUS: one certificate whose renewal stopped half-way */

	/* front end → check, renew: answers */
	MESSAGE_YES = 40,
	MESSAGE_NO,
	MESSAGE_LATER,
	MESSAGE_UNSHOWN, /* the front end could not show the question */
	MESSAGE_CANCEL,
	MESSAGE_CHOICE,
	MESSAGE_PIN,
};

enum message_field {
	/* REQUEST */
	FIELD_ACTION = 1, /* enum request_action */
	FIELD_USER,	  /* whom PAM signs in; only root may name one */
	FIELD_SERVICE,	  /* PAM's service name */
	FIELD_LANGUAGE,	  /* as in LANG: "zh_TW.UTF-8" */
	FIELD_TOKEN,	  /* PKCS11_LOGIN_TOKEN_NAME, a label */
	FIELD_PROMPT,	  /* "off", "notice", "ask", "require": instead of the configuration's */
	FIELD_CONFIG,	  /* another configuration file; only root may name one */
	FIELD_FLAGS,	  /* REQUEST_* flags */
	FIELD_REASON,	  /* REVOKE: CRLReason (RFC 5280 §5.3.1) */

	/* every message that a person sees */
	FIELD_SENTENCE = 20, /* complete, in the person's language */
	FIELD_PROMPT_TEXT,   /* the short text before the cursor: "PIN: " */
	FIELD_YES_WORDS,     /* what counts as yes, space-separated: "yes y" */
	FIELD_NO_WORDS,
	FIELD_LATER_WORDS,

	/* CERTIFICATE, RENEWED, WAITING */
	FIELD_ROLE = 30,  /* enum certificate_role */
	FIELD_STATE,	  /* enum validity_state */
	FIELD_DAYS,	  /* days left, may be negative */
	FIELD_NOT_BEFORE, /* seconds since the epoch */
	FIELD_NOT_AFTER,
	FIELD_NEW_NOT_AFTER,
	FIELD_RENEWABLE_FROM,
	FIELD_RETRY_AT,
	FIELD_SUBJECT_CN,
	FIELD_SUBJECT_O,
	FIELD_SUBJECT, /* RFC 4514 */
	FIELD_ISSUER,  /* RFC 4514 */
	FIELD_SERIAL,  /* hexadecimal */
	FIELD_TOKEN_LABEL,
	FIELD_TOKEN_SERIAL,
	FIELD_UNFINISHED,  /* enum journal_state of a renewal that is not finished; 0: none */
	FIELD_REMIND,	   /* 1: it is time to speak of this certificate, unasked */
	FIELD_CERTIFICATE, /* in DER, where REQUEST_CERTIFICATES asked for it */
	FIELD_SINCE,	   /* UNFINISHED: when it came to its state, in seconds since the epoch */

	/* ASK_PIN */
	FIELD_PIN_WHY = 50, /* enum pin_why */
	FIELD_PIN_NOTE,	    /* PIN_NOTE_* flags */

	/* STEP */
	FIELD_STEP = 60,   /* enum step */
	FIELD_STEP_NUMBER, /* 1 … of */
	FIELD_STEP_OF,

	/* CHECKED, DONE, FAILED, TERMS */
	FIELD_CODE = 70, /* enum failure_code */
	FIELD_SAID,	 /* the CA's own words */
	FIELD_NEXT,	 /* a sentence: what to do next */
	FIELD_COUNT,	 /* CHECKED: renewable; DONE: renewed, or revoked */
	FIELD_OF,	 /* CHECKED: certificates; DONE: tried */
	FIELD_EXPIRED,	 /* CHECKED: past the renewal period */
	FIELD_TIMEOUT,	 /* TERMS: milliseconds until the first question, counted from REQUEST */
	FIELD_AGAIN_AT,	 /* CHECKED: when it is time to ask again, in seconds since the epoch */

	/* answers */
	FIELD_CHOICE = 90, /* the token's index in ASK_TOKEN, from 1 */
	FIELD_PIN,	   /* the only secret; any bytes, 0 … SECRET_CUT (0: keypad) */
};

enum request_action {
	REQUEST_LOGIN = 1, /* PAM session: say or ask */
	REQUEST_ACCOUNT,   /* PAM account: CHECKED, then end */
	REQUEST_STATUS,	   /* the command: CERTIFICATE …, CHECKED, UNFINISHED … */
	REQUEST_RENEW,	   /* the command and the agent: a person asks for it */
	REQUEST_DUE,	   /* the agent: what is due, and whether it is time to say so */
	REQUEST_LATER,	   /* the agent: the person put it off */
	REQUEST_WATCH,	   /* the agent: waits until a card is inserted, then answers as DUE */
	REQUEST_REVOKE,	   /* the command: the certificate with this issuer and serial number */
	REQUEST_PHRASE,	   /* the command: the CA is to take a new challenge phrase */
	REQUEST_VERIFY, /* the helper to check, and nobody to the helper: is what renew wrote shown?
			 */
};

enum {
	REQUEST_DETACHED = 1, /* nobody listens: record what is found */
	REQUEST_SEAT = 2,     /* the session is this machine's own seat's */
	REQUEST_ASSUME_YES = 4,
	REQUEST_CONSOLE = 8,	   /* shown on the kernel's text console, which has no Chinese */
	REQUEST_FRESH = 16,	   /* DUE: read the card, whatever the login found a moment ago */
	REQUEST_CERTIFICATES = 32, /* STATUS: with the certificates themselves */
	REQUEST_DESKTOP = 64,	   /* shown on a desktop, to one who may have no terminal */
	REQUEST_FLAGS_ALL = 127,
};

enum { REQUEST_REASON_MAX = 10 }; /* aACompromise, the last CRLReason */

enum certificate_role { ROLE_ENCRYPTION = 1, ROLE_SIGNATURE = 2 }; /* in the order of renewal */

enum pin_why {
	PIN_TO_REQUEST = 1,
	PIN_TO_WRITE,
	PIN_TO_REVOKE,
	PIN_TO_SET_PHRASE,
	PIN_IS_PHRASE, /* no PIN at all: a new challenge phrase, to which no note belongs */
	PIN_TO_LOOK,   /* the card shows its certificates only after it */
};

enum {
	PIN_NOTE_WRONG = 1,  /* the PIN just given was wrong */
	PIN_NOTE_FEW = 2,    /* the token says few tries are left */
	PIN_NOTE_LAST = 4,   /* the last try */
	PIN_NOTE_KEYPAD = 8, /* the reader has its own keypad: answer with an empty PIN */
	/* The PIN just given was not one of this card; instead of PIN_NOTE_WRONG: */
	PIN_NOTE_SHORT = 16,
	PIN_NOTE_LONG = 32,
	PIN_NOTE_LENGTH = 64,	   /* one of the two: the card does not say which */
	PIN_NOTE_CHARACTERS = 128, /* a NUL, or another that no person types */
};

enum step {
	STEP_REQUESTING = 2,
	STEP_SENDING,
	STEP_WAITING,
	STEP_WRITING,
	STEP_VERIFYING,
};

struct message;

/* Returns NULL when there is no memory. */
struct message *message_new(enum message_type type);
/* Wipes and frees; NULL is fine. */
void message_free(struct message *message);

enum message_type message_type(const struct message *message);

/*
 * Put a field. Errors (a field the type does not list, a text too long, no memory) are
 * remembered and reported by message_send, so that a builder need not check each.
 * Text: bytes that are not valid UTF-8 or are control characters are replaced by U+FFFD, and
 * a text over MESSAGE_TEXT_MAX is cut at a character's border. NULL puts nothing.
 */
void message_put_text(struct message *message, enum message_field field, const char *text);
void message_put_number(struct message *message, enum message_field field, int64_t number);
void message_put_secret(struct message *message, const void *bytes, size_t length);
/* Any bytes, public ones. More than MESSAGE_BYTES_MAX put nothing: a front end that wanted them
 * goes without. */
void message_put_bytes(struct message *message, enum message_field field, const void *bytes,
		       size_t length);

int message_has(const struct message *message, enum message_field field);
/* "" for an absent field; points into the message. */
const char *message_text(const struct message *message, enum message_field field);
/* 0 for an absent field. */
int64_t message_number(const struct message *message, enum message_field field);
/* NULL for an absent field; points into the message. */
const unsigned char *message_bytes(const struct message *message, enum message_field field,
				   size_t *ret_length);
/* NULL for an absent FIELD_PIN; points into the message. */
const unsigned char *message_secret(const struct message *message, size_t *ret_length);

/* Encodes into a buffer that the caller wipes and frees; 0 or -FAILURE_SYSTEM/-FAILURE_PROTOCOL. */
int message_encode(const struct message *message, unsigned char **ret, size_t *ret_length);
/* Decodes one whole frame (with its length); 0, -FAILURE_PROTOCOL or -FAILURE_SYSTEM. */
int message_decode(const unsigned char *frame, size_t length, struct message **ret,
		   struct failure *failure);

/*
 * Sends without SIGPIPE and frees the message; 0, -FAILURE_PROTOCOL, or -FAILURE_SYSTEM: also for a
 * peer that takes nothing for ten seconds, or for timeout_ms.
 */
int message_send(int channel, struct message *message);
int message_send_within(int channel, int timeout_ms, struct message *message);

/* Waits until there is something to receive: a message, or the peer's end. timeout_ms: -1 waits for
 * ever. Returns 0, -FAILURE_TIMEOUT, -FAILURE_SYSTEM. */
int message_await(int channel, int timeout_ms, struct failure *failure);

/*
 * Receives one message. timeout_ms bounds the whole message, not each byte; -1 waits for ever.
 * Returns 0, -FAILURE_TIMEOUT, -FAILURE_CANCELLED (the peer closed between two messages),
 * -FAILURE_PROTOCOL, -FAILURE_SYSTEM.
 */
int message_receive(int channel, int timeout_ms, struct message **ret, struct failure *failure);

#endif
