package io.coppice.os;

/** Names of the Linux error numbers that the calls of this package can return. */
public enum Errno {
    EPERM(1, "operation not permitted"),
    ENOENT(2, "no such file or directory"),
    ESRCH(3, "no such process"),
    EINTR(4, "interrupted"),
    EIO(5, "input/output error"),
    ENXIO(6, "no reader"),
    EBADF(9, "bad file descriptor"),
    EAGAIN(11, "try again"),
    ENOMEM(12, "out of memory"),
    EACCES(13, "permission denied"),
    EFAULT(14, "bad address"),
    EEXIST(17, "file exists"),
    ENOTDIR(20, "not a directory"),
    EISDIR(21, "is a directory"),
    EINVAL(22, "invalid argument"),
    ENFILE(23, "too many open files in the system"),
    EMFILE(24, "too many open files in the process"),
    EFBIG(27, "file too large"),
    ENOSPC(28, "no space left on device"),
    EROFS(30, "read-only file system"),
    EPIPE(32, "broken pipe"),
    ENAMETOOLONG(36, "file name too long"),
    ENOSYS(38, "not supported by this kernel"),
    ELOOP(40, "too many symbolic links"),
    EOPNOTSUPP(95, "not supported by this file system"),
    ETIMEDOUT(110, "timed out"),
    EDQUOT(122, "disk quota exceeded"),
    /** Any number that this list does not name. */
    UNKNOWN(-1, "unknown error");

    private final int number;
    private final String meaning;

    Errno(final int number, final String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** Returns the kernel's number, or -1 for {@link #UNKNOWN}. */
    public int number() {
        return number;
    }

    /** Returns what the number means, in a few words. */
    public String meaning() {
        return meaning;
    }

    /** Returns the constant for a positive error number; {@link #UNKNOWN} where there is none. */
    public static Errno of(final int number) {
        for (final Errno errno : values()) {
            if (errno.number == number) {
                return errno;
            }
        }
        return UNKNOWN;
    }
}
