/* SPDX-License-Identifier: MIT */
/*
 * certrenew-doctor: what `certrenew doctor` does. It looks whether everything that certrenew needs
 * is there, and says what is not and how to mend it; it mends nothing itself. Root sees all of it;
 * an ordinary user as much as is theirs to see. In English (diagnosis.h).
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper/command/exit.h"
#include "helper/common/log.h"
#include "helper/doctor/doctor.h"
#include "helper/words/language.h"

static int usage(FILE *out, int result)
{
	fputs(_("Usage: certrenew doctor [--json]\n"
		"\n"
		"Looks whether everything that a renewal needs is there, and says what to do\n"
		"about what is not. For the administrator: an ordinary user sees less of it.\n"
		"\n"
		"  --json   for programs\n"
		"\n"
		"Exit status: 0 nothing is wrong, 1 something is wrong, 3 error.\n"),
	      out);
	return result;
}

static void look(struct doctor *doctor)
{
	doctor_account(doctor);
	doctor_configuration(doctor);
	doctor_socket(doctor);
	doctor_card(doctor);
	doctor_reader(doctor);
	doctor_network(doctor);
	doctor_login(doctor);
	doctor_desktop(doctor);
}

int main(int count, char *arguments[])
{
	static const struct option table[] = {
	    {"json", no_argument, NULL, 'j'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	static struct doctor doctor;
	bool json = false;
	int option;

	log_open("certrenew-doctor");
	language_choose(language_of_environment(), false);
	while ((option = getopt_long(count, arguments, "", table, NULL)) != -1) {
		if (option == 'h')
			return usage(stdout, EXIT_FINE);
		if (option != 'j')
			return usage(stderr, EXIT_ERROR);
		json = true;
	}
	/* The first is 'doctor' itself. */
	if (optind + 1 != count)
		return usage(stderr, EXIT_ERROR);
	doctor.is_root = geteuid() == 0;
	look(&doctor);
	if (json)
		diagnosis_print_json(&doctor.diagnosis);
	else
		diagnosis_print(&doctor.diagnosis);
	config_free(doctor.config);
	return diagnosis_count_wrong(&doctor.diagnosis) > 0 ? EXIT_DUE : EXIT_FINE;
}
