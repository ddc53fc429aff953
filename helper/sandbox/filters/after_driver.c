/* SPDX-License-Identifier: MIT */
/*
 * All that check and renew, OpenSSL, libcurl, glibc and the drivers that were tried (SoftHSM,
 * OpenSC with pcscd, p11-kit-proxy) do with a card: certrenew.conf(5) says the same to
 * administrators. What is not here ends the process.
 */
#include <asm-generic/ioctls.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <sched.h>
#include <sys/socket.h>

#include "helper/sandbox/filters/own_pid.h"
#include "helper/sandbox/filters/rules.h"

const struct rule permitted_after_driver[] = {
    /* Files, where Landlock lets them be opened. */
    CALL(open),
    CALL(openat),
    CALL(close),
    CALL(close_range),
    CALL(read),
    CALL(readv),
    CALL(pread64),
    CALL(write),
    CALL(writev),
    CALL(pwrite64),
    CALL(lseek),
    CALL(stat),
    CALL(lstat),
    CALL(fstat),
    CALL(newfstatat),
    CALL(statx),
    CALL(statfs),
    CALL(fstatfs),
    CALL(access),
    CALL(faccessat),
    CALL(faccessat2),
    CALL(readlink),
    CALL(readlinkat),
    CALL(getcwd),
    CALL(getdents64),
    CALL(mkdir),
    CALL(mkdirat),
    CALL(rmdir),
    CALL(unlink),
    CALL(unlinkat),
    CALL(rename),
    CALL(renameat),
    CALL(renameat2),
    CALL(ftruncate),
    CALL(fallocate),
    CALL(fsync),
    CALL(fdatasync),
    CALL(flock),
    CALL(fchmod),
    CALL(umask),
    CALL(utimensat, {IS_NULL, 1, 0}),
    CALL(dup),
    CALL(dup2),
    CALL(dup3),
    CALL(fcntl, {IS, 1, F_DUPFD}),
    CALL(fcntl, {IS, 1, F_DUPFD_CLOEXEC}),
    CALL(fcntl, {IS, 1, F_GETFD}),
    CALL(fcntl, {IS, 1, F_SETFD}),
    CALL(fcntl, {IS, 1, F_GETFL}),
    CALL(fcntl, {IS, 1, F_SETFL}),
    CALL(fcntl, {IS, 1, F_GETLK}),
    CALL(fcntl, {IS, 1, F_SETLK}),
    CALL(fcntl, {IS, 1, F_SETLKW}),
    CALL(fcntl, {IS, 1, F_OFD_GETLK}),
    CALL(fcntl, {IS, 1, F_OFD_SETLK}),
    CALL(fcntl, {IS, 1, F_OFD_SETLKW}),
    CALL(ioctl, {IS, 1, TCGETS}),
    CALL(ioctl, {IS, 1, FIONREAD}),
    CALL(ioctl, {IS, 1, FIONBIO}),
    CALL(ioctl, {IS, 1, FIOCLEX}),
    CALL(ioctl, {IS, 1, FIONCLEX}),

    /* Memory. */
    CALL(brk),
    CALL(mmap),
    CALL(munmap),
    CALL(mremap),
    CALL(mprotect),
    CALL(madvise),
    CALL(mlock),
    CALL(mlock2),
    CALL(munlock),
    CALL(msync),

    /* Threads of this process, and waiting. */
    CALL(clone, {IS, 0,
		 CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
		     CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID}),
    CALL(set_robust_list),
    CALL(set_tid_address),
    CALL(rseq),
    CALL(futex),
    CALL(membarrier),
    CALL(sched_yield),
    CALL(sched_getaffinity),
    CALL(exit),
    CALL(exit_group),
    CALL(restart_syscall),
    CALL(poll),
    CALL(ppoll),
    CALL(select),
    CALL(pselect6),
    CALL(epoll_create),
    CALL(epoll_create1),
    CALL(epoll_ctl),
    CALL(epoll_wait),
    CALL(epoll_pwait),
    CALL(eventfd2),
    CALL(pipe),
    CALL(pipe2),

    /* Time. Most of it is asked of the vDSO, not of the kernel. */
    CALL(clock_gettime),
    CALL(clock_getres),
    CALL(clock_nanosleep),
    CALL(nanosleep),
    CALL(gettimeofday),
    CALL(time),
    CALL(times),
    CALL(alarm),
    CALL(setitimer),

    /* Signals, to ourselves only: abort() is one. SIGSYS stays as it is (compile.c). */
    CALL(rt_sigaction),
    CALL(rt_sigprocmask),
    CALL(rt_sigreturn),
    CALL(rt_sigtimedwait),
    CALL(sigaltstack),
    CALL(kill, {IS, 0, FILTER_OWN_PID}),
    CALL(tgkill, {IS, 0, FILTER_OWN_PID}),

    /* Who and where we are. */
    CALL(getpid),
    CALL(gettid),
    CALL(getppid),
    CALL(getpgrp),
    CALL(getuid),
    CALL(geteuid),
    CALL(getgid),
    CALL(getegid),
    CALL(getresuid),
    CALL(getresgid),
    CALL(getgroups),
    CALL(uname),
    CALL(sysinfo),
    CALL(getrusage),
    CALL(getrlimit),
    CALL(prlimit64, {IS, 0, 0}, {IS_NULL, 2, 0}),
    CALL(getrandom),
    CALL(prctl, {IS, 0, PR_SET_NAME}),
    CALL(prctl, {IS, 0, PR_GET_NAME}),
    CALL(prctl, {IS, 0, PR_GET_DUMPABLE}),

    /* pcscd, the log, a name service's daemon. */
    CALL(socket, {IS, 0, AF_UNIX}),
    CALL(socketpair),
    CALL(connect),
    CALL(sendto),
    CALL(sendmsg),
    CALL(recvfrom),
    CALL(recvmsg),
    CALL(shutdown),
    CALL(getsockopt),
    CALL(setsockopt),
    CALL(getsockname),
    CALL(getpeername),

    /* The CA, and the resolver, which asks the kernel for this machine's addresses. */
    ONLY(RENEW, socket, {IS, 0, AF_INET}),
    ONLY(RENEW, socket, {IS, 0, AF_INET6}),
    ONLY(RENEW, socket, {IS, 0, AF_NETLINK}),
    ONLY(RENEW, bind),
    ONLY(RENEW, sendmmsg),
    ONLY(RENEW, recvmmsg),

    /* A write to the card that was begun outlives the helper. */
    ONLY(RENEW, prctl, {IS, 0, PR_SET_PDEATHSIG}),
};

const size_t permitted_after_driver_count =
    sizeof(permitted_after_driver) / sizeof(permitted_after_driver[0]);
