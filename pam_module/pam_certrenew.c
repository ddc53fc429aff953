/* SPDX-License-Identifier: MIT */
/*
 * The PAM module. It runs as root inside login, gdm or whatever signs people in, so it reads no
 * card and speaks to no network: it starts certrenew-helper, shows its sentences, passes on the
 * answers, and gives up in time. It changes nothing of the host that it does not put back.
 */
#include <stdlib.h>

#include <security/pam_modules.h>

#include "helper/common/clock.h"
#include "helper/common/paths.h"
#include "pam_module/alarm.h"
#include "pam_module/exchange.h"
#include "pam_module/login.h"
#include "pam_module/module_log.h"
#include "pam_module/options.h"
#include "pam_module/require.h"

static const char remembered_name[] = "certrenew_account";

/* What the account stage leaves to the session of the same PAM handle: say it once. */
struct remembered {
	bool nothing_due;
	bool unanswered; /* the login has already waited for nothing, and shall not again */
	char *told;	 /* may be NULL */
};

static void forget(pam_handle_t *pamh, void *data, int error_status)
{
	struct remembered *remembered = data;

	(void)pamh;
	(void)error_status;
	free(remembered->told);
	free(remembered);
}

static void remember(pam_handle_t *pamh, struct findings *findings, int result)
{
	struct remembered *remembered = calloc(1, sizeof(*remembered));

	if (remembered == NULL)
		return;
	remembered->nothing_due = result == 0 && findings->certificates > 0 &&
				  findings->code == 0 && findings->due == 0 &&
				  findings->expired == 0;
	remembered->unanswered = result == -FAILURE_TIMEOUT || findings->code == FAILURE_TIMEOUT;
	remembered->told = findings->told;
	findings->told = NULL;
	if (pam_set_data(pamh, remembered_name, remembered, forget) != PAM_SUCCESS)
		forget(pamh, remembered, 0);
}

static const struct remembered *recall(pam_handle_t *pamh)
{
	static const struct remembered nothing;
	const void *data = NULL;

	return pam_get_data(pamh, remembered_name, &data) == PAM_SUCCESS && data != NULL ? data
											 : &nothing;
}

static void report(pam_handle_t *pamh, int result, const struct failure *failure)
{
	if (result == -FAILURE_TIMEOUT && alarm_spare() == 0)
		module_log(pamh, EVENT_LOGIN_LIMIT,
			   "the login's own time limit is near: it goes on, "
			   "certrenew-helper finishes without it");
	else if (result == -FAILURE_TIMEOUT)
		module_log(pamh, EVENT_LOGIN_NOT_ANSWERED,
			   "certrenew-helper did not answer in time; the login goes on");
	else if (result < 0)
		module_log(pamh, EVENT_LOGIN_GOES_ON, "%s; the login goes on", failure->detail);
}

/* Whether there is anything to start at all; *ret_login is filled in either case. */
static bool counts(pam_handle_t *pamh, const struct options *options, struct login *ret_login)
{
	const char *refusal;

	login_read(pamh, ret_login);
	refusal = login_refusal(ret_login);
	if (refusal == NULL && !login_is_of_person(pamh, ret_login))
		refusal = "root, or nobody known";
	if (refusal != NULL && options->debug)
		module_log(pamh, EVENT_NOTHING_TO_DO, "nothing to do: %s", refusal);
	return refusal == NULL;
}

static bool is_required(const struct options *options)
{
	if (options->prompt != NULL)
		return options_prompt_is(options, "require");
	return require_may_be_in_force(options->config != NULL ? options->config : PATH_CONFIG);
}

int pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct exchange exchange = {
	    .pamh = pamh,
	    .start = clock_now(),
	    .action = REQUEST_ACCOUNT,
	    .silent = (flags & PAM_SILENT) != 0,
	};
	struct findings findings = {0};
	struct failure failure = {0};
	struct options options;
	struct login login;
	bool expired;
	int result;

	options_read(pamh, argc, argv, &options);
	if (!is_required(&options) || !counts(pamh, &options, &login))
		return PAM_IGNORE;
	exchange.options = &options;
	exchange.login = &login;
	result = exchange_run(&exchange, &findings, &failure);
	report(pamh, result, &failure);
	if (options.debug)
		module_log(pamh, EVENT_LOGIN_CHECKED, "checked: %s, %d due, %d expired",
			   findings.checked ? "yes" : "no", (int)findings.due,
			   (int)findings.expired);
	/* The helper checks at this stage only where `require` is in force. */
	expired = findings.checked && findings.expired > 0;
	remember(pamh, &findings, result);
	free(findings.told);
	return expired ? PAM_ACCT_EXPIRED : PAM_IGNORE;
}

/* A session that cannot be talked to: its findings are kept for the desktop's agent. */
static bool is_detached(const struct exchange *exchange)
{
	return exchange->silent || login_is_graphical(exchange->login) || alarm_spare() == 0;
}

static void talk(struct exchange *exchange)
{
	const struct remembered *remembered = recall(exchange->pamh);
	struct findings findings = {0};
	struct failure failure = {0};
	int result;

	if (remembered->nothing_due)
		return;
	if (is_detached(exchange)) {
		result = exchange_detached(exchange, &failure);
	} else if (!remembered->unanswered) {
		exchange->told = remembered->told;
		result = exchange_run(exchange, &findings, &failure);
	} else {
		return;
	}
	report(exchange->pamh, result, &failure);
	free(findings.told);
}

/*
 * Always success: whatever happens here is no reason to turn a person away, and in a stack
 * whose only session module this is, PAM_IGNORE would do just that.
 */
int pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct exchange exchange = {
	    .pamh = pamh,
	    .start = clock_now(),
	    .action = REQUEST_LOGIN,
	    .silent = (flags & PAM_SILENT) != 0,
	};
	struct options options;
	struct login login;

	options_read(pamh, argc, argv, &options);
	if (options_prompt_is(&options, "off") || !counts(pamh, &options, &login))
		return PAM_SUCCESS;
	exchange.options = &options;
	exchange.login = &login;
	talk(&exchange);
	return PAM_SUCCESS;
}

int pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}

/* Present because a profile may name the module in every stack, and silent there. */
int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_IGNORE;
}

int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_IGNORE;
}

int pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_IGNORE;
}
