package io.coppice.bench;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The floor of a takeover by robust mutex: a C program with as many threads and as much memory as a
 * small JVM has owns one, another one waits for it with the turns on the processor that a standby
 * asks for, and takes the time when it has it. What is slow here is the kernel's, or the machine's.
 *
 * <p>One more C program makes both of them anew for each round and kills; they end with it.
 */
final class MutexHeir {
    /** What its row is called. */
    static final String SUBJECT = "robust mutex, C program";

    private static final String C =
            """
            #define _GNU_SOURCE
            #include <errno.h>
            #include <pthread.h>
            #include <signal.h>
            #include <stdint.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <sys/mman.h>
            #include <sys/prctl.h>
            #include <sys/syscall.h>
            #include <sys/wait.h>
            #include <time.h>
            #include <unistd.h>

            enum { THREADS = 13, MEMORY_BYTES = 48 << 20, ROUND_S = 60 };
            static const long REST_NS = 20000000;
            static const uint64_t TURN_NS = 400000;

            struct shared {
                pthread_mutex_t mutex;
                int is_owned;
                int is_awaited;
                long long got_ns;
            };

            struct attributes {
                uint32_t size, policy;
                uint64_t flags;
                int32_t nice;
                uint32_t priority;
                uint64_t runtime, deadline, period;
            };

            static long long now(void) {
                struct timespec t;
                clock_gettime(CLOCK_MONOTONIC, &t);
                return t.tv_sec * 1000000000LL + t.tv_nsec;
            }

            static void rest(void) {
                struct timespec t = {0, REST_NS};
                nanosleep(&t, NULL);
            }

            static void *idle(void *unused) {
                for (;;) {
                    pause();
                }
                return unused;
            }

            static void own(struct shared *shared) {
                char *memory = malloc(MEMORY_BYTES);
                if (memory == NULL) {
                    _exit(1);
                }
                memset(memory, 1, MEMORY_BYTES);
                for (int i = 0; i < THREADS; i++) {
                    pthread_t thread;
                    if (pthread_create(&thread, NULL, idle, memory) != 0) {
                        _exit(1);
                    }
                }
                if (pthread_mutex_lock(&shared->mutex) != 0) {
                    _exit(1);
                }
                __atomic_store_n(&shared->is_owned, 1, __ATOMIC_RELEASE);
                idle(memory);
            }

            static void inherit(struct shared *shared) {
                struct attributes turns = {sizeof turns, 0, 0, 0, 0, TURN_NS, 0, 0};
                syscall(SYS_sched_setattr, 0, &turns, 0);
                __atomic_store_n(&shared->is_awaited, 1, __ATOMIC_RELEASE);
                int result = pthread_mutex_lock(&shared->mutex);
                shared->got_ns = now();
                _exit(result == EOWNERDEAD ? 0 : 1);
            }

            static pid_t child(void (*run)(struct shared *), struct shared *shared) {
                pid_t pid = fork();
                if (pid == 0) {
                    prctl(PR_SET_PDEATHSIG, SIGKILL);
                    run(shared);
                }
                return pid;
            }

            static void await(int *word) {
                while (!__atomic_load_n(word, __ATOMIC_ACQUIRE)) {
                    rest();
                }
                rest();
            }

            int main(void) {
                struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
                pthread_mutexattr_t robust;
                if (shared == MAP_FAILED || pthread_mutexattr_init(&robust) != 0
                    || pthread_mutexattr_setpshared(&robust, PTHREAD_PROCESS_SHARED) != 0
                    || pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST) != 0) {
                    return 1;
                }
                while (getchar() != EOF) {
                    /* A child that failed would be waited for without end. */
                    alarm(ROUND_S);
                    memset(shared, 0, sizeof *shared);
                    pthread_mutex_init(&shared->mutex, &robust);
                    pid_t owner = child(own, shared);
                    if (owner < 0) {
                        return 1;
                    }
                    await(&shared->is_owned);
                    pid_t heir = child(inherit, shared);
                    if (heir < 0) {
                        return 1;
                    }
                    await(&shared->is_awaited);
                    long long start_ns = now();
                    kill(owner, SIGKILL);
                    rest();
                    int status;
                    if (waitpid(heir, &status, 0) != heir || status != 0
                        || waitpid(owner, &status, 0) != owner) {
                        return 1;
                    }
                    printf("%lld\\n", shared->got_ns - start_ns);
                    fflush(stdout);
                    alarm(0);
                }
                return 0;
            }
            """;

    private MutexHeir() {}

    /**
     * Compiles and starts it.
     *
     * @throws NotRunException where there is no C compiler
     */
    static SelfTimed start(final Scratch scratch) throws IOException, NotRunException {
        final Path program = CProgram.compile(scratch, "heir", C);
        if (program == null) {
            throw new NotRunException("there is no cc on PATH, or it refuses");
        }
        return new SelfTimed(SUBJECT, scratch.start(new ProcessBuilder(program.toString())));
    }
}
