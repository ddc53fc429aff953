/* SPDX-License-Identifier: MIT */
/*
 * What no driver may do, from its first byte on: what reaches another process of this user, or
 * makes one, or reaches around the filter itself. Everything else is permitted until the card is
 * read. What only a privileged process could do is not listed: ours is none.
 */
#include <asm-generic/ioctls.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "helper/sandbox/filters/own_pid.h"
#include "helper/sandbox/filters/rules.h"

/* Newer than the kernel and the library that this is compiled with; the same everywhere. */
enum {
	CALL_FCHMODAT2 = 452,
	CALL_SETXATTRAT = 463,
	CALL_REMOVEXATTRAT = 466,
	CALL_FILE_SETATTR = 469,
};

const struct rule forbidden_before_driver[] = {
    /* Another program; another process. A thread is a clone with CLONE_THREAD. */
    CALL(execve),
    CALL(execveat),
    CALL(fork),
    CALL(vfork),
    CALL(clone, {HAS_NOT, 0, CLONE_THREAD}),
    CALL(unshare),
    CALL(setns),

    /* Signals to others, also those that the kernel sends for a file that became ready. */
    CALL(kill, {IS_NOT, 0, FILTER_OWN_PID}),
    CALL(tgkill, {IS_NOT, 0, FILTER_OWN_PID}),
    CALL(tkill),
    CALL(rt_sigqueueinfo, {IS_NOT, 0, FILTER_OWN_PID}),
    CALL(rt_tgsigqueueinfo, {IS_NOT, 0, FILTER_OWN_PID}),
    CALL(pidfd_open),
    CALL(pidfd_send_signal),
    CALL(pidfd_getfd),
    CALL(fcntl, {IS, 1, F_SETOWN}),
    CALL(fcntl, {IS, 1, F_SETOWN_EX}),
    CALL(fcntl, {IS, 1, F_SETSIG}),
    CALL(ioctl, {IS, 1, FIOSETOWN}),
    CALL(ioctl, {IS, 1, SIOCSPGRP}),

    /* The memory and limits of others. */
    CALL(ptrace),
    CALL(process_vm_readv),
    CALL(process_vm_writev),
    CALL(process_madvise),
    CALL(process_mrelease),
    CALL(kcmp),
    CALL(migrate_pages),
    CALL(move_pages),
    CALL(perf_event_open),
    CALL(prlimit64, {IS_NOT, 0, 0}),

    /* What would open this process to others again. */
    CALL(prctl, {IS, 0, PR_SET_DUMPABLE}),
    CALL(prctl, {IS, 0, PR_SET_PTRACER}),

    /* What does the work of other calls where no filter sees it, and parts of the kernel that have
     * no business with a card. */
    CALL(io_uring_setup),
    CALL(io_uring_enter),
    CALL(io_uring_register),
    CALL(bpf),
    CALL(userfaultfd),
    CALL(personality),
    CALL(add_key),
    CALL(request_key),
    CALL(keyctl),

    /* What Landlock's first version does not see, of any file of this user's: to shorten it by its
     * name, to open it for neither reading nor writing, and its owner, mode, times and attributes.
     * With a descriptor they are left: it was opened under Landlock (not one of O_PATH, with which
     * the kernel does none of it). */
    CALL(truncate),
    CALL(open, {HAS, 1, O_ACCMODE}),
    CALL(openat, {HAS, 2, O_ACCMODE}),
    CALL(chmod),
    CALL(fchmodat),
    NUMBERED(CALL_FCHMODAT2),
    CALL(chown),
    CALL(lchown),
    CALL(fchownat),
    CALL(utime),
    CALL(utimes),
    CALL(futimesat),
    CALL(utimensat, {IS_NOT, 1, 0}),
    CALL(setxattr),
    CALL(lsetxattr),
    NUMBERED(CALL_SETXATTRAT),
    CALL(removexattr),
    CALL(lremovexattr),
    NUMBERED(CALL_REMOVEXATTRAT),
    NUMBERED(CALL_FILE_SETATTR),

    /* To become somebody else: it would fail, and there is no innocent reason to try. */
    CALL(setuid),
    CALL(setreuid),
    CALL(setresuid),
    CALL(setfsuid),
    CALL(setgid),
    CALL(setregid),
    CALL(setresgid),
    CALL(setfsgid),
    CALL(setgroups),
    CALL(capset),

    /* check has no network; a driver that speaks to pcscd does so by a Unix socket. */
    ONLY(CHECK, socket, {IS_NOT, 0, AF_UNIX}),
};

const size_t forbidden_before_driver_count =
    sizeof(forbidden_before_driver) / sizeof(forbidden_before_driver[0]);
