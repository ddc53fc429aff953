/* SPDX-License-Identifier: MIT */
/* The CAs: whether each answers and is whom `trust` names, and whether our clocks agree. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper/common/paths.h"
#include "helper/doctor/doctor.h"
#include "helper/lookup/reach.h"

/* Seconds; what OCSP's and CMP's servers usually grant. */
enum { CLOCK_MAY_DIFFER = 300 };

/* As the account, if we are root: it must be able to read `trust`, too. */
static void become_lookup(const struct doctor *doctor, int output)
{
	char *const arguments[] = {(char *)PATH_LOOKUP, (char *)"reach", NULL};
	char *const environment[] = {(char *)"PATH=/usr/bin:/bin", (char *)"LANG=C.UTF-8", NULL};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0 && dup2(null, 0) >= 0 && dup2(null, 2) >= 0 && dup2(output, 1) >= 0 &&
	    (!doctor->is_root || child_drop(&doctor->account) == 0))
		execve(PATH_LOOKUP, arguments, environment);
	_exit(1);
}

/* Each call is bounded: lookup gives every CA its time-out. */
static size_t ask(const struct doctor *doctor, struct reach *answers, size_t most)
{
	size_t count = 0;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return 0;
	pid = fork();
	if (pid == 0)
		become_lookup(doctor, ends[1]);
	close(ends[1]);
	/* Written in one piece each, and so read. */
	while (pid > 0 && count < most &&
	       read(ends[0], &answers[count], sizeof(*answers)) == (ssize_t)sizeof(*answers)) {
		answers[count].detail[sizeof(answers->detail) - 1] = '\0';
		count++;
	}
	close(ends[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return count;
}

static void say_failed(struct diagnosis *diagnosis, const char *name, const struct reach *answer)
{
	diagnosis_add(diagnosis, DIAGNOSIS_WRONG, name, "%s: %s.",
		      answer->code == FAILURE_CA_UNTRUSTED
			  ? "It is not the one that trust vouches for"
		      : answer->code == FAILURE_ISSUED_UNTRUSTED
			  ? "It answers, and its own CAs are not under trust, so what it issues "
			    "is refused"
		      : answer->code == FAILURE_CA_GARBAGE ? "It answers, and not as EST does"
		      : answer->code == FAILURE_CONFIG	   ? "Its section is of no use"
		      : answer->code == FAILURE_CA_TIMEOUT ? "It does not answer in time"
							   : "It cannot be reached",
		      answer->detail);
	switch (answer->code) {
	case FAILURE_CA_UNTRUSTED:
		diagnosis_mend(diagnosis,
			       "Let trust name the CA of its TLS certificate, and url the name "
			       "that is in that; a wrong clock has the same effect.");
		break;
	case FAILURE_ISSUED_UNTRUSTED:
		diagnosis_mend(diagnosis,
			       "Add the CA that issues the cards' certificates to the file that "
			       "trust names, besides that of the TLS certificate.");
		break;
	case FAILURE_CA_GARBAGE:
		diagnosis_mend(diagnosis, "Correct url, or protocol; or tell whoever runs it.");
		break;
	case FAILURE_CONFIG:
		diagnosis_mend(diagnosis, "Correct the file that trust names, or the key.");
		break;
	case FAILURE_CA_REDIRECT:
		diagnosis_mend(diagnosis, "Let url name where it sends us, if that is the CA.");
		break;
	default:
		diagnosis_mend(diagnosis,
			       "Try url, name resolution, the firewall, and a proxy, which "
			       "environment names ([ca], https_proxy=URL).");
	}
}

static void say_status(struct diagnosis *diagnosis, const char *name, const struct config_ca *ca,
		       const struct reach *answer)
{
	bool est = ca->protocol == PROTOCOL_EST;

	if (answer->status >= 500) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, name,
			      "It answers at %s, and is in trouble itself (HTTP %d).", ca->url,
			      (int)answer->status);
		diagnosis_mend(diagnosis, "Tell whoever runs it; then try again.");
	} else if (answer->status == 404 ||
		   (est && answer->status != 200 && answer->status != 204 &&
		    answer->status != 401 && answer->status != 403)) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, name,
			      "It answers, and there is no %s at %s (HTTP %d).",
			      est ? "EST" : "CMP", ca->url, (int)answer->status);
		diagnosis_mend(diagnosis, "Correct the path in url, or protocol.");
	} else {
		diagnosis_add(diagnosis, DIAGNOSIS_OK, name, "It answers at %s%s.", ca->url,
			      strncmp(ca->url, "https:", 6) == 0
				  ? ", and trust vouches for it"
				  : "; what it says there is signed, and shown at a renewal");
	}
}

static void say_clock(struct diagnosis *diagnosis, const char *name, const struct reach *answer)
{
	long long minutes = llabs((long long)answer->ahead) / 60;

	if (!answer->dated)
		return;
	if (llabs((long long)answer->ahead) <= CLOCK_MAY_DIFFER) {
		diagnosis_add(diagnosis, DIAGNOSIS_OK, "clock", "It agrees with that of %s.", name);
		return;
	}
	diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "clock",
		      "This computer's clock is %lld minutes %s that of %s.", minutes,
		      answer->ahead > 0 ? "ahead of" : "behind", name);
	diagnosis_mend(diagnosis, "Have it set by the network: 'timedatectl set-ntp true'.");
}

static void say_one(struct diagnosis *diagnosis, const struct config_ca *ca,
		    const struct reach *answer)
{
	char name[DIAGNOSIS_NAME_MAX];

	snprintf(name, sizeof(name), "ca %s", ca->name);
	if (answer->code == FAILURE_CA_DENIED) {
		diagnosis_add(diagnosis, DIAGNOSIS_OK, name,
			      "It answers at %s, trust vouches for it, and it wants a card's "
			      "certificate before it says more.",
			      ca->url);
		return;
	}
	if (answer->code != FAILURE_NONE) {
		say_failed(diagnosis, name, answer);
		return;
	}
	say_status(diagnosis, name, ca, answer);
	say_clock(diagnosis, name, answer);
}

void doctor_network(struct doctor *doctor)
{
	size_t count, wanted = doctor->config == NULL ? 0 : doctor->config->ca_count;
	struct reach *answers;

	if (wanted == 0 || (doctor->is_root && !doctor->has_account)) {
		diagnosis_add(&doctor->diagnosis, DIAGNOSIS_UNCHECKED, "ca",
			      "None can be asked before the things above are in order.");
		return;
	}
	answers = calloc(wanted, sizeof(*answers));
	count = answers == NULL ? 0 : ask(doctor, answers, wanted);
	for (size_t i = 0; i < count; i++)
		say_one(&doctor->diagnosis, &doctor->config->cas[i], &answers[i]);
	if (count < wanted) {
		diagnosis_add(&doctor->diagnosis, DIAGNOSIS_WRONG, "ca",
			      "%s, which asks the certification authorities, does not run.",
			      PATH_LOOKUP);
		diagnosis_mend(&doctor->diagnosis, "Install certrenew again.");
	}
	free(answers);
}
