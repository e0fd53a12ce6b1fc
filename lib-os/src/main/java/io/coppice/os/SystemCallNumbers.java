package io.coppice.os;

/**
 * Numbers of the system calls in use, per architecture.
 *
 * <p>Going through {@code syscall(2)} needs one native handle of one shape for all of them; binding
 * a handle costs some 20 ms of a JVM's start, which is most of what a respawn may take.
 */
record SystemCallNumbers(
        int futex,
        int pidfdOpen,
        int kill,
        int getppid,
        int setsid,
        int prctl,
        int ppoll,
        int fallocate,
        int openat,
        int close,
        int read,
        int write,
        int mknodat,
        int gettid,
        int setRobustList,
        int waitid,
        int pidfdSendSignal,
        int execve,
        int closeRange,
        int schedSetattr,
        int schedGetattr) {
    private static final SystemCallNumbers X86_64 =
            new SystemCallNumbers(
                    202, 434, 62, 110, 112, 157, 271, 285, 257, 3, 0, 1, 259, 186, 273, 247, 424,
                    59, 436, 314, 315);
    private static final SystemCallNumbers AARCH64 =
            new SystemCallNumbers(
                    98, 434, 129, 173, 157, 167, 73, 47, 56, 57, 63, 64, 33, 178, 99, 95, 424, 221,
                    436, 274, 275);

    /**
     * Returns the numbers for a value of {@code os.arch}, or null for an architecture that is not
     * known.
     */
    static SystemCallNumbers forArchitecture(final String architecture) {
        if ("amd64".equals(architecture) || "x86_64".equals(architecture)) {
            return X86_64;
        }
        return "aarch64".equals(architecture) ? AARCH64 : null;
    }
}
