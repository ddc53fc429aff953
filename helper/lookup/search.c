/* SPDX-License-Identifier: MIT */
#include "helper/lookup/search.h"

#include <stdio.h>

#include "helper/command/exit.h"
#include "helper/command/json.h"
#include "helper/common/log.h"
#include "helper/lookup/choose.h"
#include "helper/lookup/members.h"
#include "helper/lookup/phrases.h"
#include "helper/lookup/save.h"
#include "helper/words/language.h"

static const char *cut_name(enum directory_cut cut)
{
	switch (cut) {
	case DIRECTORY_CUT_BY_SERVER:
		return "server";
	case DIRECTORY_CUT_BY_LIMIT:
		return "limit";
	case DIRECTORY_WHOLE:
		break;
	}
	return NULL;
}

static void print_json(const struct found *found, enum failure_code code)
{
	const struct directory_result *directory = &found->directory;

	printf("{\"error\": ");
	json_text(json_error_name(code));
	json_member("cut", cut_name(directory->cut));
	printf(", \"unreadable\": %zu, \"certificates\": [", directory->unreadable);
	for (size_t i = 0; i < directory->count; i++) {
		printf("%s\n  {", i == 0 ? "" : ",");
		members_of_certificate(directory->entries[i].certificate);
		json_member("name", directory->entries[i].name);
		json_member("email", directory->entries[i].email);
		members_of_standing(&found->standings[i]);
		putchar('}');
	}
	printf("%s]}\n", directory->count > 0 ? "\n" : "");
}

static void show(const struct found *found)
{
	int chosen = found->directory.count == 1 ? 0 : -1;

	choose_list(found, found->directory.count > 1 && choose_can_ask());
	if (found->directory.count > 1 && choose_can_ask())
		chosen = choose_one(found, _("Details of which one? (a number, Enter: none) "));
	if (chosen < 0)
		return;
	putchar('\n');
	choose_details(&found->directory.entries[chosen], &found->standings[chosen]);
}

static int save(const struct found *found, const char *path)
{
	struct failure failure;

	if (save_certificates(&found->directory, path, &failure) < 0) {
		fprintf(stderr, _("The certificates were not saved: %s\n"), failure.detail);
		return EXIT_ERROR;
	}
	return EXIT_FINE;
}

static int fail_search(const struct config *config, const struct failure *failure)
{
	log_failure(EVENT_SEARCH_FAILED, "search", failure);
	fprintf(stderr, "%s\n", phrase_search_failed(&config->directory, failure->code));
	return EXIT_ERROR;
}

int search(const struct config *config, const struct search_options *options)
{
	struct found found = {.standings = NULL};
	struct failure failure = {.code = FAILURE_NONE};
	int r = found_search(config, &options->query, &found, &failure), result = EXIT_FINE;

	if (options->json)
		print_json(&found, (enum failure_code) - r);
	if (r < 0)
		return fail_search(config, &failure);
	if (!options->json && found.directory.count > 0)
		show(&found);
	if (found.directory.count == 0) {
		if (!options->json)
			printf("%s\n", found.directory.cut == DIRECTORY_WHOLE
					   ? _("No such certificate is in the directory.")
					   : _("No such certificate is in the part of the list "
					       "that the directory gives."));
		result = EXIT_DUE;
	} else if (options->save != NULL) {
		result = save(&found, options->save);
	}
	found_clear(&found);
	return result;
}

void search_failed(enum failure_code code)
{
	static const struct found none;

	print_json(&none, code);
}
