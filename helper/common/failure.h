/* SPDX-License-Identifier: MIT */
/*
 * What went wrong, in the one form that every part of certrenew uses.
 *
 * A function that can fail returns 0, or a negative enum failure_code, and fills a struct
 * failure for its caller: a code that words.h turns into a person's sentence, a detail for the
 * log, and what the CA itself said, if it was the CA. Library-like code does not log; the
 * program's own main story does, once.
 */
#ifndef CERTRENEW_FAILURE_H
#define CERTRENEW_FAILURE_H

/* Codes travel in messages and stand in logs: append, never renumber. */
enum failure_code {
	FAILURE_NONE = 0,

	/* this machine */
	FAILURE_SYSTEM = 1,   /* memory, a file, a process: errno is in the detail */
	FAILURE_CONFIG = 2,   /* certrenew.conf: file, line and key are in the detail */
	FAILURE_REFUSED = 3,  /* [access] allow does not name this user */
	FAILURE_BUSY = 4,     /* another conversation renews this token */
	FAILURE_PROTOCOL = 5, /* the peer of a channel broke the rules */
	FAILURE_JOURNAL = 6,  /* the journal cannot be read or written */
	FAILURE_TIMEOUT = 7,  /* a child had to be ended */
	FAILURE_CRASHED = 8,  /* a child ended by a signal */

	/* the sandbox of check and renew */
	FAILURE_SANDBOX = 16,	 /* a system call that it forbids was made */
	FAILURE_NO_SANDBOX = 17, /* the kernel cannot give what [card] sandbox demands */

	/* the person */
	FAILURE_CANCELLED = 20, /* said no, later or cancel */
	FAILURE_NO_ANSWER = 21, /* walked away */
	FAILURE_NOT_SHOWN = 22, /* the front end could not show the question */

	/* the card and its driver */
	FAILURE_DRIVER = 40,		 /* the PKCS#11 module cannot be loaded or initialised */
	FAILURE_NO_CARD = 41,		 /* no token fits */
	FAILURE_CARD_REMOVED = 42,	 /* pulled while in use */
	FAILURE_CARD_ERROR = 43,	 /* any other answer of the driver */
	FAILURE_CARD_UNINITIALISED = 44, /* the token, or its user PIN, was never set up */
	FAILURE_CARD_READ_ONLY = 45,	 /* write-protected, or the user may not write */
	FAILURE_CARD_FULL = 46,
	FAILURE_NO_CERTIFICATE = 47, /* a token without a certificate of a user */
	FAILURE_NO_KEY = 48,	     /* a certificate whose key is not on the token */
	FAILURE_KEY_CANNOT_SIGN = 49,
	FAILURE_KEY_UNSUPPORTED = 50, /* neither RSA nor EC */
	FAILURE_NOT_WRITTEN = 51,     /* what was read back is not what was written */
	FAILURE_OTHER_CARD = 52,      /* not the card that this run began with */
	FAILURE_CARD_FIXED = 53,      /* the card lets nobody change or remove this object */
	FAILURE_NO_ROOM_FOR_KEY = 54,
	FAILURE_CARD_HIDES = 55, /* certificates that only a login shows, if there are any */
	FAILURE_CARD_STALE = 56, /* what is shown is not what was written and read back */

	/* the PIN */
	FAILURE_PIN_WRONG = 60,
	FAILURE_PIN_LOCKED = 61,
	FAILURE_PIN_EXPIRED = 62,
	FAILURE_PIN_LENGTH = 63,     /* the card says so, after it was given */
	FAILURE_PIN_SHORT = 64,	     /* known before: the card was not given it */
	FAILURE_PIN_LONG = 65,	     /* likewise */
	FAILURE_PIN_CHARACTERS = 66, /* likewise: a NUL or another control character */
	FAILURE_PIN_TO_CHANGE = 67,  /* the card wants another PIN before anything else */
	FAILURE_PIN_FOR_KEY = 68,    /* the card is open, but this key does not take its PIN */
	FAILURE_KEYPAD = 69,	     /* none was entered on the reader's keypad */

	/* the CA */
	FAILURE_NO_CA = 80, /* no [ca] section for the certificate's issuer */
	FAILURE_CA_UNREACHABLE = 81,
	FAILURE_CA_TIMEOUT = 82,
	FAILURE_CA_UNTRUSTED = 83,  /* TLS: not who `trust` says */
	FAILURE_CA_DENIED = 84,	    /* 401, 403: it does not accept this person's certificate */
	FAILURE_CA_REFUSED = 85,    /* 400, 404 …: it understood, and says no */
	FAILURE_CA_OVERLOADED = 86, /* 429, 503; maybe with a time to come back */
	FAILURE_CA_ERROR = 87,	    /* 5xx */
	FAILURE_CA_GARBAGE = 88,    /* not an answer of the protocol */
	FAILURE_CA_TOO_LARGE = 89,
	FAILURE_CA_REDIRECT = 90,    /* to another origin */
	FAILURE_ISSUED_NOT_YET = 91, /* it begins later than it is here: kept, and written then */

	/* what the CA issued is not what was asked for */
	FAILURE_ISSUED_WRONG_KEY = 100,
	FAILURE_ISSUED_WRONG_SUBJECT = 101,
	FAILURE_ISSUED_SHORTER = 102, /* does not end later than the old one */
	FAILURE_ISSUED_UNTRUSTED = 103,
	FAILURE_ISSUED_WRONG_USAGE = 104, /* a signature certificate for an encryption key … */

	/* the certificates' own state */
	FAILURE_NOTHING_DUE = 120,
	FAILURE_EXPIRED = 121, /* past the renewal period: apply anew */
	FAILURE_REVOKED = 122, /* by its CA: apply anew */

	/* a revocation */
	FAILURE_REVOKE_PHRASE = 140,  /* not the certificate's challenge phrase */
	FAILURE_REVOKE_ALREADY = 141, /* it is revoked already */
	FAILURE_REVOKE_UNKNOWN = 142, /* the CA does not know the certificate */
	FAILURE_REVOKE_LIMITED = 143, /* too many phrases were tried */
	FAILURE_REVOKE_REASON = 144,  /* the CA does not permit this reason */
	FAILURE_REVOKE_PENDING = 145, /* taken, and not done yet */
	FAILURE_REVOKE_UNCLEAR = 146, /* an answer that says neither yes nor no */
};

struct failure {
	enum failure_code code;
	char detail[512]; /* for the log: what, where, which number */
	char said[512];	  /* the CA's own words, cleaned; empty if there were none */
	long retry_after; /* seconds that the CA wants to be left alone; 0: it did not say */
};

/* Fills *failure (may be NULL) and returns -code. */
int fail(struct failure *failure, enum failure_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As fail(FAILURE_SYSTEM), with errno's text appended. */
int fail_errno(struct failure *failure, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A stable name for logs and --json ("card-removed"); "unknown" for a code that is none. */
const char *failure_name(enum failure_code code);

#endif
