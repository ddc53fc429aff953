/* SPDX-License-Identifier: MIT */
#include "tests/world/malicious/attacks.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* --- files --------------------------------------------------------------------------------- */

static bool reads(const char *path)
{
	char byte;
	int file = open(path, O_RDONLY | O_CLOEXEC);
	bool gained = file >= 0 && read(file, &byte, 1) == 1;

	if (file >= 0)
		close(file);
	return gained;
}

static bool lists(const char *path)
{
	DIR *folder = opendir(path);

	if (folder != NULL)
		closedir(folder);
	return folder != NULL;
}

static bool makes(const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT, 0666);

	if (file >= 0)
		close(file);
	return file >= 0;
}

static bool reads_of(pid_t pid, const char *what)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, what);
	return reads(path);
}

static bool shadow(const struct target *target)
{
	(void)target;
	return reads("/etc/shadow");
}

/* Their mode permits it to everybody. */
static bool other_files(const struct target *target)
{
	(void)target;
	return reads("/home/alice/open") || reads("/srv/open") || reads("/etc/certrenew-open") ||
	       lists("/home/alice") || lists("/tmp") || lists("/");
}

static bool journal(const struct target *target)
{
	(void)target;
	return lists("/var/lib/certrenew/journal") || reads("/var/lib/certrenew/journal/secret") ||
	       makes("/var/lib/certrenew/journal/forged");
}

static bool write_outside(const struct target *target)
{
	(void)target;
	return makes("/tmp/made") || makes("/var/tmp/made") || makes("/dev/shm/made") ||
	       makes("/run/certrenew/lock/made") || makes("/srv/own");
}

/* Where libraries look for modules that they load, in every later run as well. */
static bool stay(const struct target *target)
{
	(void)target;
	return mkdir("/var/lib/certrenew/home/.config", 0700) == 0 ||
	       makes("/var/lib/certrenew/home/made");
}

/* Names in our own folder for what is elsewhere, and things that are no files. */
static bool link_outside(const struct target *target)
{
	(void)target;
	return symlink("/etc/shadow", "/var/cache/certrenew/link") == 0 ||
	       link("/srv/own", "/var/cache/certrenew/hard") == 0 ||
	       mkfifo("/var/cache/certrenew/pipe", 0600) == 0;
}

static bool move_outside(const struct target *target)
{
	(void)target;
	return rename("/srv/own", "/var/cache/certrenew/moved") == 0 || unlink("/srv/own") == 0;
}

static bool shorten(const struct target *target)
{
	(void)target;
	return truncate("/srv/own", 0) == 0;
}

static bool environment(const struct target *target)
{
	(void)target;
	return getenv("SECRET") != NULL || getenv("XDG_RUNTIME_DIR") != NULL ||
	       getenv("LD_PRELOAD") != NULL;
}

static bool others_environment(const struct target *target)
{
	return reads_of(target->victim, "environ") || reads_of(getppid(), "environ") ||
	       reads_of(1, "environ");
}

static bool others_memory(const struct target *target)
{
	return reads_of(target->victim, "maps") || reads_of(target->victim, "mem") ||
	       reads_of(getppid(), "mem");
}

/* --- the network --------------------------------------------------------------------------- */

static bool tcp(const struct target *target)
{
	const struct sockaddr_in address = {.sin_family = AF_INET,
					    .sin_port = htons((uint16_t)target->port),
					    .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int socket_ = socket(AF_INET, SOCK_STREAM, 0);

	return socket_ >= 0 &&
	       connect(socket_, (const struct sockaddr *)&address, sizeof(address)) == 0;
}

static bool udp6(const struct target *target)
{
	(void)target;
	return socket(AF_INET6, SOCK_DGRAM, 0) >= 0;
}

static bool packets(const struct target *target)
{
	(void)target;
	return socket(AF_VSOCK, SOCK_STREAM, 0) >= 0;
}

/* --- other processes ----------------------------------------------------------------------- */

static bool trace(const struct target *target)
{
	return ptrace(PTRACE_ATTACH, target->victim, NULL, NULL) == 0;
}

static bool vm_read(const struct target *target)
{
	char byte;
	const struct iovec here = {&byte, 1}, there = {(void *)vm_read, 1};

	return process_vm_readv(target->victim, &here, 1, &there, 1, 0) == 1;
}

static bool signal_victim(const struct target *target)
{
	return kill(target->victim, SIGTERM) == 0;
}

static bool signal_all(const struct target *target)
{
	(void)target;
	return kill(-1, SIGTERM) == 0;
}

static bool signal_thread(const struct target *target)
{
	return syscall(SYS_tgkill, target->victim, target->victim, SIGTERM) == 0;
}

static bool signal_queued(const struct target *target)
{
	const union sigval none = {0};

	return sigqueue(target->victim, SIGTERM, none) == 0;
}

static bool signal_by_handle(const struct target *target)
{
	long handle = syscall(SYS_pidfd_open, target->victim, 0);

	return handle >= 0 && syscall(SYS_pidfd_send_signal, handle, SIGTERM, NULL, 0) == 0;
}

/* The kernel sends a signal of our choice to whom we name when a pipe becomes readable. */
static bool signal_by_pipe(const struct target *target)
{
	int ends[2];

	return pipe(ends) == 0 && fcntl(ends[0], F_SETOWN, target->victim) == 0 &&
	       fcntl(ends[0], F_SETSIG, SIGKILL) == 0 && fcntl(ends[0], F_SETFL, O_ASYNC) == 0 &&
	       write(ends[1], "", 1) == 1;
}

/* As above, with an upper half of the command that the kernel does not look at. */
static bool signal_by_long_pipe(const struct target *target)
{
	int ends[2];

	return pipe(ends) == 0 &&
	       syscall(SYS_fcntl, ends[0], F_SETOWN | 1UL << 32, target->victim) == 0;
}

static bool starve(const struct target *target)
{
	const struct rlimit none = {0, 0};

	return prlimit(target->victim, RLIMIT_CPU, &none, NULL) == 0;
}

static bool new_process(const struct target *target)
{
	(void)target;
	return fork() >= 0;
}

static bool new_process_by_clone3(const struct target *target)
{
	const unsigned long arguments[11] = {[4] = SIGCHLD};
	long made = syscall(SYS_clone3, arguments, sizeof(arguments));

	(void)target;
	if (made == 0)
		_exit(0);
	return made > 0;
}

static bool run(const struct target *target)
{
	char *const arguments[] = {(char *)"sh", (char *)"-c", (char *)"touch /tmp/ran", NULL};

	(void)target;
	return execv("/bin/sh", arguments) == 0;
}

/* --- more rights --------------------------------------------------------------------------- */

static bool become_root(const struct target *target)
{
	(void)target;
	return setuid(0) == 0;
}

static bool new_world(const struct target *target)
{
	(void)target;
	return unshare(CLONE_NEWUSER) == 0;
}

static bool open_memory(const struct target *target)
{
	(void)target;
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0;
}

static bool rings(const struct target *target)
{
	char parameters[256] = {0};

	(void)target;
	return syscall(SYS_io_uring_setup, 4, parameters) >= 0;
}

static void handle(int number)
{
	(void)number;
}

/* With a handler of our own a forbidden call would only fail. */
static bool own_handler(const struct target *target)
{
	(void)signal(SIGSYS, handle);
	(void)kill(target->victim, SIGTERM);
	return true;
}

/* So that none comes that could be handled. */
static bool own_mask(const struct target *target)
{
	sigset_t all;

	sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, NULL);
	return kill(target->victim, SIGTERM) == 0;
}

static void *filter_and_wait(void *filtered)
{
	struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
	const struct sock_fprog program = {1, &allow};

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		abort();
	sem_post(filtered);
	for (;;)
		pause();
}

/* A thread whose filters are not those of the others takes none of theirs. */
static bool own_filter(const struct target *target)
{
	static sem_t filtered;
	pthread_t thread;

	(void)target;
	sem_init(&filtered, 0, 0);
	if (pthread_create(&thread, NULL, filter_and_wait, &filtered) != 0)
		abort();
	sem_wait(&filtered);
	return false;
}

/* From now on the kernel answers that a filter was loaded, and loads none. */
static bool silence_seccomp(const struct target *target)
{
	struct sock_filter lie_about_it[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {sizeof(lie_about_it) / sizeof(lie_about_it[0]),
					   lie_about_it};

	(void)target;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		abort();
	return false;
}

/* 32-bit calls have other numbers: 37 is kill. */
static bool other_numbers(const struct target *target)
{
#ifdef __x86_64__
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(37L), "b"((long)target->victim), "c"((long)SIGTERM)
			 : "memory");
	return result == 0;
#else
	return kill(target->victim, SIGTERM) == 0;
#endif
}

static const struct {
	const char *name;
	bool (*try)(const struct target *target);
} attacks[] = {
    {"shadow", shadow},
    {"other-files", other_files},
    {"journal", journal},
    {"write-outside", write_outside},
    {"stay", stay},
    {"link-outside", link_outside},
    {"move-outside", move_outside},
    {"shorten", shorten},
    {"environment", environment},
    {"others-environment", others_environment},
    {"others-memory", others_memory},
    {"tcp", tcp},
    {"udp6", udp6},
    {"packets", packets},
    {"trace", trace},
    {"vm-read", vm_read},
    {"signal", signal_victim},
    {"signal-all", signal_all},
    {"signal-thread", signal_thread},
    {"signal-queued", signal_queued},
    {"signal-by-handle", signal_by_handle},
    {"signal-by-pipe", signal_by_pipe},
    {"signal-by-long-pipe", signal_by_long_pipe},
    {"starve", starve},
    {"new-process", new_process},
    {"new-process-by-clone3", new_process_by_clone3},
    {"run", run},
    {"become-root", become_root},
    {"new-world", new_world},
    {"open-memory", open_memory},
    {"rings", rings},
    {"own-handler", own_handler},
    {"own-filter", own_filter},
    {"silence-seccomp", silence_seccomp},
    {"own-mask", own_mask},
    {"other-numbers", other_numbers},
};

bool attack(const char *name, const struct target *target)
{
	bool gained;

	if (strncmp(name, "lie-", 4) == 0)
		return lie(name + 4);
	if (tamper(name, &gained))
		return gained;
	for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++)
		if (strcmp(attacks[i].name, name) == 0)
			return attacks[i].try(target);
	fprintf(stderr, "no attack is called %s\n", name);
	abort();
}
