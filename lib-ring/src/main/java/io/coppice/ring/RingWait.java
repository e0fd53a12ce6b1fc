package io.coppice.ring;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * How long a reader looks for a ring that is not there before it says so. Allocates when it does.
 */
final class RingWait {
    private final Path writerFile;
    private final String writer;
    private final String ring;
    private long patienceNs = TimeUnit.SECONDS.toNanos(10);
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private boolean isWaiting;
    private long sinceNs;
    private String problem;

    RingWait(final Path writerFile, final String writer, final String ring) {
        this.writerFile = writerFile;
        this.writer = writer;
        this.ring = ring;
    }

    void setPatience(final long durationNs, final NanoClock other) {
        patienceNs = durationNs;
        clock = other;
    }

    /** The ring is there. */
    void end() {
        isWaiting = false;
        problem = null;
    }

    /**
     * The ring is not there.
     *
     * @param difference what a ring of the name has that this program cannot read, or null
     */
    void goOn(final String difference) {
        if (difference != null) {
            problem = "ring \"" + writer + "/" + ring + "\": " + difference;
            return;
        }
        final long nowNs = clock.nanoTime();
        if (!isWaiting) {
            isWaiting = true;
            sinceNs = nowNs;
        }
        if (problem == null && nowNs - sinceNs >= patienceNs) {
            problem = missing();
        }
    }

    /** Returns what is wrong, or null. */
    String problem() {
        return problem;
    }

    private String missing() {
        final List<String> there = new ArrayList<>();
        try {
            final Memory memory = MappedFile.readOnly(writerFile);
            if (ArenaFile.isComplete(memory)) {
                for (final Structure each : ArenaDirectory.list(memory)) {
                    if (each.kind() == StructureKind.RING) {
                        there.add(each.name().substring(RingLayout.structureName("").length()));
                    }
                }
            }
        } catch (final ArenaException unreadable) {
            return told("its directory cannot be read (" + unreadable.getMessage() + ")");
        }
        return told(
                there.isEmpty()
                        ? "it has no rings: have it open this one, or start it"
                        : "it has " + String.join(", ", there) + ": read one of these");
    }

    private String told(final String what) {
        return "ring \""
                + writer
                + "/"
                + ring
                + "\": \""
                + writer
                + "\" has not laid it out in "
                + TimeUnit.NANOSECONDS.toMillis(patienceNs)
                + " ms; "
                + what;
    }
}
