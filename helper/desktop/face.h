/* SPDX-License-Identifier: MIT */
/* What is shown for each state of affairs: from facts to a notification's texts. Pure. */
#ifndef CERTRENEW_DESKTOP_FACE_H
#define CERTRENEW_DESKTOP_FACE_H

#include "helper/desktop/card.h"
#include "helper/desktop/outcome.h"

struct content {
	char *summary, *body;
	char *without_actions; /* how to go on where the server has no buttons; NULL: nothing */
	bool question;	       /* Later and Details */
	bool can_renew;	       /* and Renew now */
	bool critical;
	bool stays;   /* until the person closes it */
	int progress; /* per cent; -1: no bar */
};

struct progress {
	const char *sentence; /* of the step, or of the keypad's question */
	int number, of;
	bool removable;
};

/* Plain texts; a card's names are cleaned and on one line. */
struct content *face_question(const struct card *card, bool can_renew, bool with_details);
struct content *face_expired(const struct card *card);
struct content *face_reading(void);
struct content *face_progress(const struct progress *progress);
struct content *face_outcome(const struct outcome *outcome);
/* Nobody answered the window in time. */
struct content *face_walked_away(const struct outcome *outcome);
/* No window can be shown here. */
struct content *face_unusable(const struct outcome *outcome);
struct content *face_nothing_due(int64_t renewable_from);
struct content *face_unreachable(void);

/* For the windows: all that is known of the card; whose it is, under the question. */
char *face_details(const struct card *card);
char *face_confirm(const struct card *card);

/* NULL is fine. */
void content_free(struct content *content);
struct content *content_copy(const struct content *content);

/*
 * What one server is given: without `has_body` all is in the summary; `has_markup`: the body is
 * escaped, as the server reads it as markup. Free with g_free.
 */
char *content_summary(const struct content *content, bool has_body, bool has_actions);
char *content_body(const struct content *content, bool has_actions, bool has_markup);

#endif
