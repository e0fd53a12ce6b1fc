package io.coppice.root.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tells whether a SIGKILL was the kernel's out-of-memory killer. The kernel does not say whom it
 * killed, only how many: for the control group that root and its children are in, and where that
 * cannot be read for the whole machine. A kill counted less than {@link #REMEMBERED_NS} ago goes to
 * the next process of the tree that ends by SIGKILL, and to one alone. So one of another process
 * may be blamed for a SIGKILL that somebody sent within that time; no other death is touched.
 *
 * <p>For root's thread. Allocates only when it is made.
 */
final class OutOfMemoryKills {
    /**
     * How long a kill waits for its death, in nanoseconds: a process with much memory takes its
     * time to end.
     */
    static final long REMEMBERED_NS = TimeUnit.SECONDS.toNanos(5);

    /** How often to look where nobody dies, in nanoseconds. */
    static final long LOOK_NS = TimeUnit.SECONDS.toNanos(1);

    private static final Path CONTROL_GROUPS = Path.of("/sys/fs/cgroup");
    private static final Path OWN_CONTROL_GROUP = Path.of("/proc/self/cgroup");
    private static final Path MACHINE = Path.of("/proc/vmstat");
    private static final String UNIFIED = "0::/";
    private static final byte[] KEY = "oom_kill ".getBytes(StandardCharsets.ISO_8859_1);
    private static final int DECIMAL = 10;

    /** More than either file has. */
    private static final int FILE_BYTES_MAX = 1 << 15;

    private final FileChannel file;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(FILE_BYTES_MAX);
    private long counted;
    private long unclaimed;
    private long unclaimedSinceNs;
    private long lookedNs;

    private OutOfMemoryKills(final FileChannel file, final long nowNs) {
        this.file = file;
        this.lookedNs = nowNs;
        this.counted = Math.max(0, read());
    }

    /** Counts in the control group of this process, or on the whole machine, or not at all. */
    static OutOfMemoryKills ofThisMachine(final long nowNs) {
        final List<Path> candidates = new ArrayList<>();
        try {
            for (final String line : Files.readAllLines(OWN_CONTROL_GROUP)) {
                if (line.startsWith(UNIFIED)) {
                    candidates.add(
                            CONTROL_GROUPS
                                    .resolve(line.substring(UNIFIED.length()))
                                    .resolve("memory.events"));
                }
            }
        } catch (final IOException notLinux) {
            // The next candidate, or none.
        }
        candidates.add(MACHINE);
        return of(candidates, nowNs);
    }

    /** Counts in the first of some files that has the line {@code oom_kill}. */
    static OutOfMemoryKills of(final List<Path> candidates, final long nowNs) {
        for (final Path candidate : candidates) {
            try {
                final OutOfMemoryKills kills =
                        new OutOfMemoryKills(
                                FileChannel.open(candidate, StandardOpenOption.READ), nowNs);
                if (kills.read() >= 0) {
                    return kills;
                }
                kills.file.close();
            } catch (final IOException missing) {
                // The next candidate, or none.
            }
        }
        return new OutOfMemoryKills(null, nowNs);
    }

    /** Returns whether there is anything to count by. */
    boolean isCounting() {
        return file != null;
    }

    /** Looks from time to time, so that an old kill is not taken for that of a death to come. */
    void refresh(final long nowNs) {
        if (nowNs - lookedNs >= LOOK_NS) {
            look(nowNs);
        }
    }

    /** Returns whether a process that ended by SIGKILL just now was killed for its memory. */
    boolean claim(final long nowNs) {
        look(nowNs);
        if (unclaimed == 0) {
            return false;
        }
        unclaimed--;
        return true;
    }

    private void look(final long nowNs) {
        lookedNs = nowNs;
        if (nowNs - unclaimedSinceNs > REMEMBERED_NS) {
            unclaimed = 0;
        }
        final long now = read();
        if (now > counted) {
            unclaimed += now - counted;
            unclaimedSinceNs = nowNs;
            counted = now;
        }
    }

    /** Returns the kernel's count, -1 where it has none. */
    private long read() {
        if (file == null) {
            return -1;
        }
        bytes.clear();
        try {
            while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {
                // A short read goes on where it stopped.
            }
        } catch (final IOException unreadable) {
            // As if the file ended here.
        }
        bytes.flip();
        for (int at = 0; at + KEY.length < bytes.limit(); at++) {
            if ((at == 0 || bytes.get(at - 1) == '\n') && isKeyAt(at)) {
                return number(at + KEY.length);
            }
        }
        return -1;
    }

    private boolean isKeyAt(final int at) {
        for (int i = 0; i < KEY.length; i++) {
            if (bytes.get(at + i) != KEY[i]) {
                return false;
            }
        }
        return true;
    }

    private long number(final int from) {
        long number = 0;
        for (int at = from; at < bytes.limit(); at++) {
            final int digit = bytes.get(at) - '0';
            if (digit < 0 || digit >= DECIMAL) {
                break;
            }
            number = number * DECIMAL + digit;
        }
        return number;
    }
}
