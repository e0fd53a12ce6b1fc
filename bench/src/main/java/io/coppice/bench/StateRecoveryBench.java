package io.coppice.bench;

import io.coppice.pool.Journal;
import io.coppice.pool.JournalFullException;
import io.coppice.pool.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How long a successor takes to undo what a death cut, at its worst. */
final class StateRecoveryBench implements Benchmark {
    private static final int ROUNDS = 20;
    private static final int ROUNDS_QUICK = 2;
    private static final long ARENA_BYTES = 1L << 30;
    private static final long JOURNAL_BYTES = 16 << 20;
    private static final int PAGE_BYTES = 4096;
    private static final long SEED = 0x5EED_0005L;

    /** A wrong value of a word, before anybody recovers; all words are 0 otherwise. */
    private static final long CHANGED = -1;

    @Override
    public String name() {
        return "recovery";
    }

    @Override
    public String note() {
        return "A transaction was cut that had filled a journal of 16 MiB with saves all over an"
                + " arena of 1 GiB. From before a new JVM maps the arena until Journal.recover()"
                + " returns; the start of the JVM is not in it, the loading of classes is. No"
                + " baseline.";
    }

    @Override
    public List<Case> run(final Scratch scratch, final boolean quick) throws IOException {
        final Path file = scratch.file("arena");
        final StateMemory state =
                StateMemory.create(file, JOURNAL_BYTES, ARENA_BYTES - JOURNAL_BYTES);
        final Case words = new Case("recovery, 8-byte saves", Unit.MS);
        final Case pages = new Case("recovery, 4 KiB saves", Unit.MS);
        for (int round = 0; round < (quick ? ROUNDS_QUICK : ROUNDS); round++) {
            words.of(Case.COPPICE).addNs(recover(scratch, file, state, Long.BYTES));
            pages.of(Case.COPPICE).addNs(recover(scratch, file, state, PAGE_BYTES));
        }
        return List.of(words, pages);
    }

    /**
     * Fills the journal, has a successor recover, and looks at every range that was changed.
     *
     * @param saveBytes of each save
     * @return nanoseconds, as the successor saw them
     */
    private static long recover(
            final Scratch scratch, final Path file, final StateMemory state, final int saveBytes)
            throws IOException {
        final long saves = fill(state, saveBytes);
        final Path log = scratch.file("recovery.out");
        Commands.time(
                scratch,
                new ProcessBuilder(
                        Commands.java(),
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        Commands.classPath(),
                        RecoveryChild.class.getName(),
                        file.toString(),
                        String.valueOf(JOURNAL_BYTES)),
                log);
        requireUndone(state.memory(), saves, saveBytes);
        return Long.parseLong(Files.readString(log).strip());
    }

    /**
     * Leaves a full journal behind, as a death in the middle of a transaction would: nothing is
     * kept of the transaction but what is in the file.
     *
     * @return how many ranges were saved and changed
     */
    private static long fill(final StateMemory state, final int saveBytes) {
        final Journal journal = StateMemory.attach(state.memory(), JOURNAL_BYTES).journal();
        final FixedRandom places = new FixedRandom(SEED);
        journal.begin();
        long saves = 0;
        try {
            while (true) {
                final long place = place(places, saveBytes);
                journal.save(place, saveBytes);
                state.memory().putLong(place, CHANGED);
                saves++;
            }
        } catch (final JournalFullException full) {
            return saves;
        }
    }

    private static void requireUndone(final Memory memory, final long saves, final int saveBytes) {
        final FixedRandom places = new FixedRandom(SEED);
        for (long save = 0; save < saves; save++) {
            final long place = place(places, saveBytes);
            if (memory.getLong(place) != 0) {
                throw new BenchFailure(
                        BenchFailure.BUG, "offset " + place + " is changed after the recovery");
            }
        }
    }

    private static long place(final FixedRandom places, final int saveBytes) {
        final int count = (int) ((ARENA_BYTES - JOURNAL_BYTES) / saveBytes);
        return JOURNAL_BYTES + (long) places.next(count) * saveBytes;
    }
}
