package io.coppice.log;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.Arena;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.Memory;
import io.coppice.pool.plan.DaemonPlan;
import java.nio.file.Path;

/** An arena that keeps a few log lines. */
final class LogArena {
    static final int LINES = 4;
    private static final long BYTES = 32 * 1024;

    private final DaemonPlan plan = TestPlans.daemon("scan", BYTES);
    private final Memory memory;
    private long epoch;

    LogArena(final Path folder) {
        memory =
                ArenaFile.create(OperatingSystem.current(), folder.resolve(plan.arenaFile()), plan);
    }

    Memory memory() {
        return memory;
    }

    /** Returns where the first slot begins. */
    long slots() {
        return ArenaDirectory.find(memory, LogLinesLayout.NAME).offset();
    }

    /** Opens the lines as the next incarnation of the daemon does. */
    LogLines open() {
        epoch++;
        final Arena arena = Arena.attach(memory, plan, epoch << 16 | 1);
        arena.recover();
        final LogLines lines = LogLines.open(arena, LINES);
        arena.seal();
        return lines;
    }
}
