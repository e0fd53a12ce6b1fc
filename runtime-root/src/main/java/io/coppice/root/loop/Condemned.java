package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.ProcessRecord;
import io.coppice.os.ProcessTree;
import io.coppice.os.Signals;
import java.util.ArrayList;
import java.util.List;

/**
 * Processes that were found to have no right to live, and are killed together: only after a look,
 * since whose parent is dead is nobody's child any more.
 *
 * <p>Nobody is killed by its pid alone: a pidfd is opened, and the start time looked at again.
 *
 * <p>For root's thread. Allocates.
 */
final class Condemned {
    /** Processes that are killed at once: a storm must not fill root's small heap. */
    private static final int MOST = 512;

    private final OperatingSystem os;
    private final ProcessTree tree;
    private final List<ProcessRecord> processes = new ArrayList<>();
    private final long self = ProcessHandle.current().pid();

    Condemned(final OperatingSystem os, final ProcessTree tree) {
        this.os = os;
        this.tree = tree;
    }

    /** Adds one; kills them all where they are many. */
    void add(final ProcessRecord process) {
        processes.add(process);
        if (processes.size() == MOST) {
            kill();
        }
    }

    boolean isEmpty() {
        return processes.isEmpty();
    }

    /**
     * Kills them. The group of each too, at once: who forks faster than one can look dies only in
     * this way.
     */
    void kill() {
        final ProcessRecord root = tree.process(self);
        for (final ProcessRecord process : processes) {
            if (tree.signal(process.pid(), process.startTime(), Signals.KILL)
                    && root != null
                    && process.session() != root.session()) {
                os.signalGroup(process.group(), Signals.KILL);
            }
        }
        processes.clear();
    }
}
