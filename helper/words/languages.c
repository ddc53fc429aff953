/* SPDX-License-Identifier: MIT */
#include "helper/words/languages.h"

/* CATALOGUES is the folder of the compiled catalogues; the Makefile gives it. */
#define CATALOGUE(name)                                                                      \
	__asm__(".pushsection .rodata\n"                                                     \
		".globl catalogue_" #name ", catalogue_" #name "_end\n"                      \
		".hidden catalogue_" #name ", catalogue_" #name "_end\n"                     \
		"catalogue_" #name ":\n"                                                     \
		".incbin \"" CATALOGUES "/" #name ".mo\"\n"                                  \
		"catalogue_" #name "_end:\n"                                                 \
		".byte 0\n"                                                                  \
		".popsection\n");                                                            \
	extern const unsigned char catalogue_##name[] __attribute__((visibility("hidden"))); \
	extern const unsigned char catalogue_##name##_end[] __attribute__((visibility("hidden")))

CATALOGUE(pt);
CATALOGUE(zh_TW);

/* Traditional Chinese, wherever it is written. */
static const char *const chinese_names[] = {"zh_TW",	  "zh_HK",	"zh_MO",      "zh_Hant",
					    "zh_Hant_TW", "zh_Hant_HK", "zh_Hant_MO", NULL};

static const char *const portuguese_names[] = {"pt",	"pt_PT", "pt_BR", "pt_MO", "pt_AO", "pt_MZ",
					       "pt_CV", "pt_GW", "pt_ST", "pt_TL", NULL};

static unsigned always_one_form(unsigned long n)
{
	(void)n;
	return 0;
}

static unsigned one_or_more(unsigned long n)
{
	return n != 1;
}

const struct language languages[] = {
    {
	.name = "pt",
	.names = portuguese_names,
	.start = catalogue_pt,
	.end = catalogue_pt_end,
	.form = one_or_more,
	.plural_forms = "nplurals=2; plural=(n != 1);",
	.gap = " ",
	.console = true,
    },
    {
	.name = "zh_TW",
	.names = chinese_names,
	.start = catalogue_zh_TW,
	.end = catalogue_zh_TW_end,
	.form = always_one_form,
	.plural_forms = "nplurals=1; plural=0;",
	.gap = "",
	.console = false,
    },
};

const size_t languages_count = sizeof(languages) / sizeof(languages[0]);
