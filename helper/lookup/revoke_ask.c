/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helper/command/terminal.h"
#include "helper/common/answer.h"
#include "helper/lookup/choose.h"
#include "helper/lookup/reasons.h"
#include "helper/lookup/revoke.h"
#include "helper/words/language.h"
#include "helper/words/words.h"

enum { TRIES = 3, LINE_LENGTH = 64 };

bool revoke_ask_whom(struct found_query *query, char *line, size_t size)
{
	if (!choose_can_ask() ||
	    terminal_read(_("Whose certificate? (e-mail address or name) "), line, size, true) <
		0 ||
	    line[strspn(line, " ")] == '\0')
		return false;
	if (strchr(line, '@') != NULL)
		query->email = line;
	else
		query->name = line;
	return true;
}

static bool show_agreement(const struct config_revocation *settings)
{
	if (settings->agreement[0] == '\0')
		return false;
	printf(_("By revoking it you accept the relying-party agreement: %s\n"),
	       settings->agreement);
	return true;
}

static bool ask_yes(const char *question)
{
	char line[LINE_LENGTH];

	fflush(stdout);
	return choose_can_ask() && terminal_read(question, line, sizeof(line), true) == 0 &&
	       answer_means(words_yes(), line);
}

bool revoke_ask_consent(const struct config_revocation *settings, bool accepted)
{
	bool has_agreement = show_agreement(settings);

	puts(words_final());
	return accepted ||
	       ask_yes(has_agreement ? _("Do you accept the agreement and revoke it? (yes / no) ")
				     : _("Revoke it? (yes / no) "));
}

bool revoke_ask_agreement(const struct config_revocation *settings, bool accepted)
{
	return !show_agreement(settings) || accepted ||
	       ask_yes(_("Do you accept the agreement? (yes / no) "));
}

/* Those of a person, the likeliest first; `suspend` marks what only some CAs permit. */
static const struct {
	int reason;
	bool suspend;
} offered[] = {{1, false}, {4, false}, {5, false}, {3, false}, {9, false}, {0, false}, {6, true}};

enum { OFFERED = sizeof(offered) / sizeof(offered[0]) };

int revoke_ask_reason(const struct config_revocation *settings)
{
	int shown[OFFERED], count = 0;
	char line[LINE_LENGTH], *end;
	long number;

	if (!choose_can_ask())
		return -1;
	puts(_("Why is it to be revoked?"));
	for (int i = 0; i < OFFERED; i++) {
		if (offered[i].suspend && !settings->suspend)
			continue;
		shown[count++] = offered[i].reason;
		printf("%4d  %s\n", count, reason_words(offered[i].reason));
	}
	fflush(stdout);
	for (int i = 0; i < TRIES; i++) {
		if (terminal_read(_("The number of the reason: "), line, sizeof(line), true) < 0 ||
		    line[0] == '\0')
			return -1;
		number = strtol(line, &end, 10);
		if (*end == '\0' && number >= 1 && number <= count)
			return shown[number - 1];
	}
	return -1;
}
