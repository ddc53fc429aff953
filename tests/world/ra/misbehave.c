/* SPDX-License-Identifier: MIT */
#include "tests/world/ra/misbehave.h"

#include <stddef.h>
#include <string.h>

enum { FIRST_TIME = 0, FOR_EVER = -1 };

static const char *const names[MISBEHAVIOURS] = {
    [MISBEHAVE_WRONG_KEY] = "wrong-key",
    [MISBEHAVE_WRONG_SUBJECT] = "wrong-subject",
    [MISBEHAVE_WRONG_SAN] = "wrong-san",
    [MISBEHAVE_WRONG_USAGE] = "wrong-usage",
    [MISBEHAVE_SHORTER] = "shorter",
    [MISBEHAVE_UNKNOWN_ISSUER] = "unknown-issuer",
    [MISBEHAVE_HTTP_400] = "http-400",
    [MISBEHAVE_HOSTILE_WORDS] = "hostile-words",
    [MISBEHAVE_HTTP_401] = "http-401",
    [MISBEHAVE_HTTP_403] = "http-403",
    [MISBEHAVE_HTTP_404] = "http-404",
    [MISBEHAVE_HTTP_500] = "http-500",
    [MISBEHAVE_HTTP_503] = "http-503",
    [MISBEHAVE_HTTP_503_RETRY] = "http-503-retry",
    [MISBEHAVE_HTTP_503_HOUR] = "http-503-hour",
    [MISBEHAVE_REDIRECT_OTHER] = "redirect-other",
    [MISBEHAVE_REDIRECT_SAME] = "redirect-same",
    [MISBEHAVE_REDIRECT_LOOP] = "redirect-loop",
    [MISBEHAVE_RETRY_GARBAGE] = "retry-garbage",
    [MISBEHAVE_RETRY_NONE] = "retry-none",
    [MISBEHAVE_RETRY_PAST] = "retry-past",
    [MISBEHAVE_RETRY_NEGATIVE] = "retry-negative",
    [MISBEHAVE_RETRY_HUGE] = "retry-huge",
    [MISBEHAVE_RETRY_ZERO_ONCE] = "retry-zero-once",
    [MISBEHAVE_RETRY_ZERO] = "retry-zero",
    [MISBEHAVE_RETRY_MILLENNIUM] = "retry-millennium",
    [MISBEHAVE_RETRY_TWICE] = "retry-twice",
    [MISBEHAVE_GARBAGE] = "garbage",
    [MISBEHAVE_GARBAGE_BASE64] = "garbage-base64",
    [MISBEHAVE_EMPTY] = "empty",
    [MISBEHAVE_HUGE] = "huge",
    [MISBEHAVE_DRIP] = "drip",
    [MISBEHAVE_HALF] = "half",
    [MISBEHAVE_STALL] = "stall",
    [MISBEHAVE_STATUS_201] = "status-201",
    [MISBEHAVE_ONE_LINE] = "one-line",
    [MISBEHAVE_CRLF76] = "crlf76",
    [MISBEHAVE_NO_TRANSFER_ENCODING] = "no-transfer-encoding",
    [MISBEHAVE_BARE_CONTENT_TYPE] = "bare-content-type",
    [MISBEHAVE_TWO_CERTS] = "two-certs",
    [MISBEHAVE_FORGET] = "forget",
    [MISBEHAVE_CLOSE_EACH] = "close-each",
    [MISBEHAVE_CSRATTRS_404] = "csrattrs-404",
    [MISBEHAVE_CSRATTRS_EMPTY] = "csrattrs-empty",
    [MISBEHAVE_CSRATTRS_429] = "csrattrs-429",
    [MISBEHAVE_CSRATTRS_429_SOON] = "csrattrs-429-soon",
    [MISBEHAVE_CSRATTRS_500] = "csrattrs-500",
    [MISBEHAVE_CMP_ROGUE_SIGNER] = "cmp-rogue-signer",
    [MISBEHAVE_CMP_PERSON_SIGNER] = "cmp-person-signer",
    [MISBEHAVE_CMP_PROTECTION] = "cmp-protection",
    [MISBEHAVE_CMP_NO_PROTECTION] = "cmp-no-protection",
    [MISBEHAVE_CMP_TRANSACTION_ID] = "cmp-transaction-id",
    [MISBEHAVE_CMP_NONCE] = "cmp-nonce",
    [MISBEHAVE_CMP_SENDER] = "cmp-sender",
    [MISBEHAVE_CMP_TRUNCATED] = "cmp-truncated",
    [MISBEHAVE_CMP_HUGE_LENGTH] = "cmp-huge-length",
    [MISBEHAVE_CMP_TRAILING] = "cmp-trailing",
    [MISBEHAVE_CMP_ENCRYPTED_TO_OTHER] = "cmp-encrypted-to-other",
    [MISBEHAVE_CMP_REJECTION] = "cmp-rejection",
    [MISBEHAVE_CMP_NOT_AUTHORIZED] = "cmp-not-authorized",
    [MISBEHAVE_CMP_SYSTEM_FAILURE] = "cmp-system-failure",
    [MISBEHAVE_CMP_ERROR] = "cmp-error",
    [MISBEHAVE_CMP_UNPROTECTED_ERROR] = "cmp-unprotected-error",
    [MISBEHAVE_CMP_CHECK_AFTER_HUGE] = "cmp-check-after-huge",
    [MISBEHAVE_CMP_CHECK_AFTER_NEGATIVE] = "cmp-check-after-negative",
    [MISBEHAVE_CMP_CONFIRM_SILENT] = "cmp-confirm-silent",
    [MISBEHAVE_CMP_CONFIRM_CLOSED] = "cmp-confirm-closed",
    [MISBEHAVE_CMP_CONFIRM_REFUSED] = "cmp-confirm-refused",
    [MISBEHAVE_CMP_CONFIRM_404] = "cmp-confirm-404",
    [MISBEHAVE_CMP_CONFIRM_404_ONCE] = "cmp-confirm-404-once",
    [MISBEHAVE_CMP_CONFIRM_503] = "cmp-confirm-503",
    [MISBEHAVE_CMP_CHECK_AFTER_ZERO] = "cmp-check-after-zero",
    [MISBEHAVE_CMP_CHECK_AFTER_LONG] = "cmp-check-after-long",
    [MISBEHAVE_REVOKE_NOTHING] = "revoke-nothing",
    [MISBEHAVE_REVOKE_WAITING] = "revoke-waiting",
};

#define WAITING "The request waits for an officer's approval.\n"

static const struct misbehave_answer instead[] = {
    {MISBEHAVE_HTTP_400, 400, NULL, NULL, "The request was refused: policy 7 forbids it.\n",
     FOR_EVER},
    {MISBEHAVE_HOSTILE_WORDS, 400, NULL, NULL,
     "No.\033[2J\033]0;owned\a\302\2332J \342\200\256esle <b>&amp;</b>\r\ncertrenew: all is "
     "well\n\377\376",
     FOR_EVER},
    {MISBEHAVE_HTTP_401, 401, NULL, NULL, "Who you are could not be established.\n", FOR_EVER},
    {MISBEHAVE_HTTP_403, 403, NULL, NULL, "This person may not renew online.\n", FOR_EVER},
    {MISBEHAVE_HTTP_404, 404, NULL, NULL, "There is no such service here.\n", FOR_EVER},
    {MISBEHAVE_HTTP_500, 500, NULL, NULL, "The signing module does not answer.\n", FOR_EVER},
    {MISBEHAVE_HTTP_503, 503, NULL, NULL, "Closed for maintenance.\n", FOR_EVER},
    {MISBEHAVE_HTTP_503_RETRY, 503, "Retry-After", "2", "Too many requests at once.\n", 2},
    {MISBEHAVE_HTTP_503_HOUR, 503, "Retry-After", "3600", "Closed for an hour.\n", FOR_EVER},
    {MISBEHAVE_REDIRECT_OTHER, 302, "Location",
     "https://other.example.test/.well-known/est/simplereenroll", "Elsewhere.\n", FOR_EVER},
    {MISBEHAVE_REDIRECT_SAME, 307, "Location", "/.well-known/est/moved/simplereenroll",
     "It has moved.\n", FOR_EVER},
    {MISBEHAVE_REDIRECT_LOOP, 307, "Location", "/.well-known/est/simplereenroll?again",
     "Round and round.\n", FOR_EVER},
    {MISBEHAVE_RETRY_GARBAGE, 202, "Retry-After", "soon", WAITING, FOR_EVER},
    {MISBEHAVE_RETRY_NONE, 202, NULL, NULL, WAITING, FOR_EVER},
    {MISBEHAVE_RETRY_PAST, 202, "Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT", WAITING, FOR_EVER},
    {MISBEHAVE_RETRY_NEGATIVE, 202, "Retry-After", "-5", WAITING, FOR_EVER},
    {MISBEHAVE_RETRY_HUGE, 202, "Retry-After", "1000000000", WAITING, FOR_EVER},
    {MISBEHAVE_RETRY_ZERO_ONCE, 202, "Retry-After", "0", WAITING, FIRST_TIME},
    {MISBEHAVE_RETRY_ZERO, 202, "Retry-After", "0", WAITING, FOR_EVER},
    {MISBEHAVE_RETRY_MILLENNIUM, 202, "Retry-After", "Fri, 31 Dec 3026 23:59:59 GMT", WAITING,
     FOR_EVER},
    {MISBEHAVE_RETRY_TWICE, 202, "Retry-After", "3600", WAITING, FOR_EVER},
};

int misbehave_add(struct misbehave *misbehave, const char *name)
{
	for (size_t i = 0; i < MISBEHAVIOURS; i++) {
		if (strcmp(names[i], name) == 0) {
			misbehave->on[i] = true;
			return 0;
		}
	}
	return -1;
}

void misbehave_list(FILE *file)
{
	for (size_t i = 0; i < MISBEHAVIOURS; i++)
		fprintf(file, "%s%s", names[i], i + 1 == MISBEHAVIOURS ? "\n" : " ");
}

const struct misbehave misbehave_none;

const struct misbehave *misbehave_towards(struct misbehave *misbehave, enum issue_role role)
{
	if (misbehave->limited && role != misbehave->only && role != ISSUE_BOTH)
		return &misbehave_none;
	if (misbehave->times == 0)
		return misbehave;
	return misbehave->count++ < misbehave->times ? misbehave : &misbehave_none;
}

bool misbehaves(const struct misbehave *misbehave, enum misbehaviour which)
{
	return misbehave->on[which];
}

static bool is_over(const struct misbehave_answer *answer, bool again, int64_t age)
{
	if (answer->lasts == FOR_EVER)
		return false;
	return answer->lasts == FIRST_TIME ? again : age >= answer->lasts;
}

const struct misbehave_answer *misbehave_instead(const struct misbehave *misbehave,
						 const char *path, bool again, int64_t age)
{
	for (size_t i = 0; i < sizeof instead / sizeof instead[0]; i++) {
		const struct misbehave_answer *answer = &instead[i];

		if (!misbehaves(misbehave, answer->which) || is_over(answer, again, age))
			continue;
		if (answer->value && strcmp(answer->value, path) == 0)
			continue;
		return answer;
	}
	return NULL;
}
