/* SPDX-License-Identifier: MIT */
#include "helper/desktop/face.h"

#include "helper/words/desktop.h"

static struct content *content_new(const char *summary)
{
	struct content *content = g_new0(struct content, 1);

	content->summary = g_strdup(summary);
	content->body = g_strdup("");
	content->progress = -1;
	return content;
}

static void add_line(struct content *content, const char *line)
{
	char *before = content->body;

	if (line[0] == '\0')
		return;
	content->body = g_strconcat(before, before[0] != '\0' ? "\n" : "", line, NULL);
	g_free(before);
}

static void add_outcome(struct content *content, const struct outcome *outcome)
{
	for (guint i = 0; i < outcome->lines->len; i++)
		add_line(content, g_ptr_array_index(outcome->lines, i));
}

void content_free(struct content *content)
{
	if (content == NULL)
		return;
	g_free(content->summary);
	g_free(content->body);
	g_free(content->without_actions);
	g_free(content);
}

struct content *content_copy(const struct content *content)
{
	struct content *copy = g_new0(struct content, 1);

	*copy = *content;
	copy->summary = g_strdup(content->summary);
	copy->body = g_strdup(content->body);
	copy->without_actions = g_strdup(content->without_actions);
	return copy;
}

/* The certificate that a question is about; NULL for a card without any. */
static const struct card_certificate *spoken_of(const struct card *card)
{
	const struct card_certificate *soonest = card_soonest(card);

	if (soonest != NULL || card->certificates->len == 0)
		return soonest;
	return g_ptr_array_index(card->certificates, 0);
}

static const char *heading_of(const struct card *card, char out[WORDS_MAX])
{
	const struct card_certificate *soonest = card_soonest(card);

	if (card->unfinished || soonest == NULL)
		return desktop_unfinished();
	return desktop_due(out, card_due_count(card), soonest->days, soonest->not_after);
}

struct content *face_question(const struct card *card, bool can_renew, bool with_details)
{
	const struct card_certificate *one = spoken_of(card);
	char text[WORDS_MAX], *details;
	struct content *content = content_new(heading_of(card, text));

	if (one != NULL && !with_details) {
		add_line(content, desktop_holder(text, one->cn, one->o));
		/* Again, as narrow bubbles cut the summary. */
		add_line(content, desktop_line_until(text, one->not_after));
	}
	if (with_details) {
		details = face_details(card);
		add_line(content, details);
		g_free(details);
	}
	content->question = true;
	content->can_renew = can_renew;
	content->critical = card_is_critical(card);
	content->stays = true;
	content->without_actions = g_strdup(desktop_how_to_renew());
	return content;
}

struct content *face_expired(const struct card *card)
{
	const struct card_certificate *one = card_expired(card);
	struct content *content;
	char text[WORDS_MAX];

	content = content_new(
	    desktop_expired(text, card_expired_count(card), one != NULL ? one->not_after : 0));
	if (one != NULL)
		add_line(content, desktop_holder(text, one->cn, one->o));
	add_line(content, words_failed(text, FAILURE_EXPIRED, 0));
	add_line(content, words_next(text, FAILURE_EXPIRED));
	content->critical = true;
	content->stays = true;
	return content;
}

struct content *face_reading(void)
{
	return content_new(desktop_reading());
}

struct content *face_progress(const struct progress *progress)
{
	struct content *content = content_new(desktop_renewing());

	add_line(content, progress->sentence);
	/* A step says so itself; a question in between does not. */
	if (!progress->removable &&
	    g_strstr_len(content->body, -1, desktop_do_not_remove()) == NULL)
		add_line(content, desktop_do_not_remove());
	content->stays = true;
	if (progress->of > 0)
		content->progress =
		    CLAMP(100 * (progress->number - 1) / progress->of + 50 / progress->of, 0, 100);
	return content;
}

struct content *face_outcome(const struct outcome *outcome)
{
	struct content *content;
	char text[WORDS_MAX];
	bool fine = false;

	if (outcome->renewed > 0 && outcome->failed == 0 && outcome->waiting == 0) {
		content =
		    content_new(desktop_renewed(text, outcome->renewed, outcome->new_not_after));
		fine = true;
	} else if (outcome->renewed > 0) {
		content = content_new(desktop_partly_renewed());
	} else if (outcome->waiting > 0 && outcome->failed == 0) {
		content = content_new(desktop_waiting());
	} else if (outcome->code == FAILURE_NOTHING_DUE) {
		content = content_new(desktop_nothing_due());
	} else {
		content = content_new(desktop_not_renewed());
	}
	add_outcome(content, outcome);
	content->stays = !fine;
	if (fine)
		content->progress = 100;
	return content;
}

struct content *face_walked_away(const struct outcome *outcome)
{
	struct content *content = content_new(desktop_not_renewed());
	char text[WORDS_MAX];

	add_line(content, desktop_nobody_answered());
	add_outcome(content, outcome);
	if (outcome_is_empty(outcome))
		add_line(content, words_card_state(text, CARD_AS_BEFORE));
	content->stays = true;
	return content;
}

struct content *face_unusable(const struct outcome *outcome)
{
	struct content *content = content_new(desktop_not_renewed());

	add_line(content, desktop_no_window());
	add_line(content, desktop_in_terminal());
	/* What was cancelled by us needs no word, what is left of a renewal does. */
	if (outcome->code != FAILURE_CANCELLED)
		add_outcome(content, outcome);
	content->stays = true;
	return content;
}

struct content *face_nothing_due(int64_t renewable_from)
{
	struct content *content = content_new(desktop_nothing_due());
	char text[WORDS_MAX];

	if (renewable_from > 0)
		add_line(content, desktop_renewable_from(text, renewable_from));
	return content;
}

struct content *face_unreachable(void)
{
	struct content *content = content_new(desktop_unreachable());
	char text[WORDS_MAX];

	add_line(content, desktop_unreachable_next(text));
	content->stays = true;
	return content;
}

static void append(GString *out, const char *line)
{
	if (out->len > 0)
		g_string_append_c(out, '\n');
	g_string_append(out, line);
}

char *face_details(const struct card *card)
{
	GString *out = g_string_new(NULL);
	const struct card_certificate *one = NULL;
	char text[WORDS_MAX];

	if (card->certificates->len > 0)
		one = g_ptr_array_index(card->certificates, 0);
	if (one != NULL && one->cn[0] != '\0')
		append(out, desktop_line_holder(text, one->cn));
	if (one != NULL && one->o[0] != '\0')
		append(out, desktop_line_organisation(text, one->o));
	if (one != NULL)
		append(out, desktop_line_issuer(text, one->issuer));
	append(out, desktop_line_card(text, card->label));
	for (guint i = 0; i < card->certificates->len; i++) {
		one = g_ptr_array_index(card->certificates, i);
		append(out,
		       desktop_line_validity(text, one->role, one->not_before, one->not_after));
	}
	return g_string_free(out, FALSE);
}

char *face_confirm(const struct card *card)
{
	const struct card_certificate *one = spoken_of(card);
	char heading[WORDS_MAX], text[WORDS_MAX];
	GString *out = g_string_new(heading_of(card, heading));

	append(out, "");
	if (one != NULL && one->cn[0] != '\0')
		append(out, desktop_line_holder(text, one->cn));
	if (one != NULL && one->o[0] != '\0')
		append(out, desktop_line_organisation(text, one->o));
	append(out, desktop_line_card(text, card->label));
	if (one != NULL)
		append(out, desktop_line_until(text, one->not_after));
	return g_string_free(out, FALSE);
}

static char *body_of(const struct content *content, bool has_actions)
{
	bool hint = !has_actions && content->without_actions != NULL;

	return g_strconcat(content->body, hint && content->body[0] != '\0' ? "\n" : "",
			   hint ? content->without_actions : "", NULL);
}

char *content_summary(const struct content *content, bool has_body, bool has_actions)
{
	char *body, *summary;

	if (has_body)
		return g_strdup(content->summary);
	body = body_of(content, has_actions);
	summary = g_strconcat(content->summary, body[0] != '\0' ? "\n" : "", body, NULL);
	g_free(body);
	return summary;
}

char *content_body(const struct content *content, bool has_actions, bool has_markup)
{
	char *body = body_of(content, has_actions), *escaped;

	if (!has_markup)
		return body;
	escaped = g_markup_escape_text(body, -1);
	g_free(body);
	return escaped;
}
