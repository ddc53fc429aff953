/* SPDX-License-Identifier: MIT */
/* The account that reads the card and renews, the programs that it runs, and its folders. */
#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "helper/common/paths.h"
#include "helper/doctor/doctor.h"
#include "helper/supervisor/folders.h"

/* Bytes; a renewal takes some ten thousand. */
enum { ROOM_NEEDED = 1024 * 1024 };

static void check_programs(struct doctor *doctor)
{
	static const char *const programs[] = {PATH_CHECK, PATH_RENEW, PATH_LOOKUP, PATH_WINDOW};
	struct diagnosis *diagnosis = &doctor->diagnosis;
	int why;

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		why = as_account_access(doctor, programs[i], R_OK);
		if (why == 0 && strcmp(programs[i], PATH_WINDOW) != 0)
			why = as_account_access(doctor, programs[i], X_OK);
		if (why == EAGAIN) {
			diagnosis_add(diagnosis, DIAGNOSIS_UNCHECKED, "programs",
				      "Only root can try what the user %s may run.",
				      CERTRENEW_USER);
			return;
		}
		if (why != 0) {
			diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "programs",
				      "The user %s may not run %s: %s.", CERTRENEW_USER,
				      programs[i], strerror(why));
			diagnosis_mend(diagnosis,
				       "Install certrenew again, and make the folders above it "
				       "accessible for all.");
			return;
		}
	}
	diagnosis_add(diagnosis, DIAGNOSIS_OK, "programs", "The user %s may run them.",
		      CERTRENEW_USER);
}

/* A renewal that cannot be recorded is not begun. */
static bool has_room(struct diagnosis *diagnosis)
{
	static const char *const folders[] = {PATH_RUN, PATH_STATE, PATH_JOURNAL, PATH_CACHE};
	struct statvfs system;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (statvfs(folders[i], &system) < 0)
			continue;
		if ((system.f_flag & ST_RDONLY) != 0) {
			diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "folders",
				      "%s can only be read, and renewals are recorded there.",
				      folders[i]);
			diagnosis_mend(diagnosis, "Mount its file system for writing.");
			return false;
		}
		/* Some file systems have no number of blocks or files: 0 of 0. */
		if ((system.f_blocks > 0 && system.f_bavail * system.f_frsize < ROOM_NEEDED) ||
		    (system.f_files > 0 && system.f_favail == 0)) {
			diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "folders",
				      "The disk of %s is full, and renewals are recorded there.",
				      folders[i]);
			diagnosis_mend(diagnosis, "Make room: 'df -h %s', 'df -i %s'.", folders[i],
				       folders[i]);
			return false;
		}
	}
	return true;
}

void doctor_account(struct doctor *doctor)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;
	struct failure failure = {.code = FAILURE_NONE};

	if (child_account(&doctor->account, &failure) < 0) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "user",
			      "There is no user %s, who reads the card.", CERTRENEW_USER);
		diagnosis_mend(diagnosis, "Make it: 'systemd-sysusers'.");
		return;
	}
	doctor->has_account = true;
	diagnosis_add(diagnosis, DIAGNOSIS_OK, "user", "There is the user %s.", CERTRENEW_USER);
	check_programs(doctor);
	if (folders_check(doctor->account.uid, doctor->account.gid, &failure) < 0) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "folders", "%s.", failure.detail);
		diagnosis_mend(diagnosis, "Set it right: 'systemd-tmpfiles --create', and if that "
					  "does not help, move what is there away.");
		return;
	}
	if (has_room(diagnosis))
		diagnosis_add(diagnosis, DIAGNOSIS_OK, "folders",
			      "The folders under %s, %s and %s belong to whom they should.",
			      PATH_RUN, PATH_STATE, PATH_CACHE);
}
