package io.coppice.bench;

import io.coppice.pool.Journal;
import io.coppice.pool.JournalFullException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How long a successor takes to undo what a death cut, at its worst. */
final class StateRecoveryBench implements Benchmark {
    private static final int ROUNDS = 20;
    private static final int ROUNDS_QUICK = 2;
    private static final long ARENA_BYTES = 1L << 30;

    /** What a daemon has where its manifest does not say, and a large one. */
    private static final long JOURNAL_BYTES = 256 << 10;

    private static final long LARGE_JOURNAL_BYTES = 16 << 20;
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
        return "A transaction was cut that had filled its journal with saves all over an arena of"
                + " 1 GiB. From before a new JVM maps the arena until Journal.recover() returns; the"
                + " start of the JVM is not in it, the linking of classes is, from a start cache as"
                + " daemons have. No baseline.";
    }

    @Override
    public List<Case> run(final Scratch scratch, final boolean quick) throws IOException {
        final Path cache = scratch.file("recovery.aot");
        final List<Case> cases = new ArrayList<>();
        for (final long journalBytes : new long[] {JOURNAL_BYTES, LARGE_JOURNAL_BYTES}) {
            final Path file = scratch.file("arena-" + journalBytes);
            final StateMemory state =
                    StateMemory.create(file, journalBytes, ARENA_BYTES - journalBytes);
            final String journal = "recovery, a journal of " + (journalBytes >> 10) + " KiB, ";
            final Case words = new Case(journal + "8-byte saves", Unit.MS);
            final Case pages = new Case(journal + "4 KiB saves", Unit.MS);
            if (!Files.exists(cache)) {
                recover(scratch, "-XX:AOTCacheOutput=" + cache, file, state, Long.BYTES);
            }
            final String cached = "-XX:AOTCache=" + cache;
            for (int round = 0; round < (quick ? ROUNDS_QUICK : ROUNDS); round++) {
                words.of(Case.COPPICE).addNs(recover(scratch, cached, file, state, Long.BYTES));
                pages.of(Case.COPPICE).addNs(recover(scratch, cached, file, state, PAGE_BYTES));
            }
            Files.delete(file);
            cases.add(words);
            cases.add(pages);
        }
        return cases;
    }

    /**
     * Fills the journal, has a successor recover, and looks at every range that was changed.
     *
     * @param cacheOption of the successor's JVM
     * @param saveBytes of each save
     * @return nanoseconds, as the successor saw them
     */
    private static long recover(
            final Scratch scratch,
            final String cacheOption,
            final Path file,
            final StateMemory state,
            final int saveBytes)
            throws IOException {
        final long saves = fill(state, saveBytes);
        final Path log = scratch.file("recovery.out");
        Commands.time(
                scratch,
                new ProcessBuilder(
                        Commands.java(),
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        cacheOption,
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        Commands.classPath(),
                        RecoveryChild.class.getName(),
                        file.toString(),
                        String.valueOf(state.offset())),
                log);
        requireUndone(state, saves, saveBytes);
        return Long.parseLong(Files.readString(log).strip());
    }

    /**
     * Leaves a full journal behind, as a death in the middle of a transaction would: nothing is
     * kept of the transaction but what is in the file.
     *
     * @return how many ranges were saved and changed
     */
    private static long fill(final StateMemory state, final int saveBytes) {
        final Journal journal = StateMemory.attach(state.memory(), state.offset()).journal();
        final FixedRandom places = new FixedRandom(SEED);
        journal.begin();
        long saves = 0;
        try {
            while (true) {
                final long place = place(state, places, saveBytes);
                journal.save(place, saveBytes);
                state.memory().putLong(place, CHANGED);
                saves++;
            }
        } catch (final JournalFullException full) {
            return saves;
        }
    }

    private static void requireUndone(
            final StateMemory state, final long saves, final int saveBytes) {
        final FixedRandom places = new FixedRandom(SEED);
        for (long save = 0; save < saves; save++) {
            final long place = place(state, places, saveBytes);
            if (state.memory().getLong(place) != 0) {
                throw new BenchFailure(
                        BenchFailure.BUG, "offset " + place + " is changed after the recovery");
            }
        }
    }

    private static long place(
            final StateMemory state, final FixedRandom places, final int saveBytes) {
        final int count = (int) ((ARENA_BYTES - state.offset()) / saveBytes);
        return state.offset() + (long) places.next(count) * saveBytes;
    }
}
