/* SPDX-License-Identifier: MIT */
#include "helper/doctor/diagnosis.h"

#include <stdarg.h>
#include <stdio.h>

#include "helper/command/json.h"
#include "helper/common/utf8.h"

/* As programs and as people read them. */
static const char *const result_names[] = {
    [DIAGNOSIS_OK] = "ok",
    [DIAGNOSIS_WRONG] = "wrong",
    [DIAGNOSIS_UNCHECKED] = "unchecked",
};

static void put(char out[DIAGNOSIS_TEXT_MAX], const char *format, va_list values)
{
	char text[DIAGNOSIS_TEXT_MAX];

	vsnprintf(text, sizeof(text), format, values);
	utf8_clean_line(text, out, DIAGNOSIS_TEXT_MAX);
}

void diagnosis_add(struct diagnosis *diagnosis, enum diagnosis_result result, const char *name,
		   const char *format, ...)
{
	struct diagnosis_item *item;
	va_list values;

	if (diagnosis->count == DIAGNOSIS_ITEMS_MAX && result == DIAGNOSIS_WRONG)
		diagnosis->count--;
	if (diagnosis->count == DIAGNOSIS_ITEMS_MAX)
		return;
	item = &diagnosis->items[diagnosis->count++];
	*item = (struct diagnosis_item){.result = result};
	utf8_clean_line(name, item->name, sizeof(item->name));
	va_start(values, format);
	put(item->found, format, values);
	va_end(values);
}

void diagnosis_mend(struct diagnosis *diagnosis, const char *format, ...)
{
	va_list values;

	if (diagnosis->count == 0)
		return;
	va_start(values, format);
	put(diagnosis->items[diagnosis->count - 1].mend, format, values);
	va_end(values);
}

size_t diagnosis_count_wrong(const struct diagnosis *diagnosis)
{
	size_t wrong = 0;

	for (size_t i = 0; i < diagnosis->count; i++)
		wrong += diagnosis->items[i].result == DIAGNOSIS_WRONG;
	return wrong;
}

void diagnosis_print(const struct diagnosis *diagnosis)
{
	size_t wrong = diagnosis_count_wrong(diagnosis);

	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct diagnosis_item *item = &diagnosis->items[i];

		printf("%-9s  %s: %s%s%s\n", result_names[item->result], item->name, item->found,
		       item->mend[0] != '\0' ? " " : "", item->mend);
	}
	if (wrong == 0)
		puts("Everything that was checked is in order.");
	else
		printf("%zu of %zu %s wrong.\n", wrong, diagnosis->count,
		       wrong == 1 ? "is" : "are");
}

void diagnosis_print_json(const struct diagnosis *diagnosis)
{
	printf("{\"wrong\": %zu, \"checks\": [", diagnosis_count_wrong(diagnosis));
	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct diagnosis_item *item = &diagnosis->items[i];

		printf("%s\n  {\"name\": ", i == 0 ? "" : ",");
		json_text(item->name);
		json_member("result", result_names[item->result]);
		json_member("found", item->found);
		json_member("mend", item->mend[0] != '\0' ? item->mend : NULL);
		putchar('}');
	}
	printf("\n]}\n");
}
