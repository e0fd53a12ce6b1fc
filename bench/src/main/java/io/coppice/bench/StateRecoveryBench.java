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
            if (!Files.exists(cache)) {
                recover(scratch, "-XX:AOTCacheOutput=" + cache, file, state, Saves.PAGES);
            }
            final List<Case> ofThis = new ArrayList<>();
            for (final Saves saves : Saves.values()) {
                ofThis.add(
                        new Case(
                                "recovery, "
                                        + (journalBytes >> 10)
                                        + " KiB journal, "
                                        + saves.label,
                                Unit.MS));
            }
            for (int round = 0; round < (quick ? ROUNDS_QUICK : ROUNDS); round++) {
                for (final Saves saves : Saves.values()) {
                    ofThis.get(saves.ordinal())
                            .of(Case.COPPICE)
                            .addNs(recover(scratch, "-XX:AOTCache=" + cache, file, state, saves));
                }
            }
            Files.delete(file);
            cases.addAll(ofThis);
        }
        return cases;
    }

    /**
     * Fills the journal, has a successor recover, and looks at every range that was changed.
     *
     * @param cacheOption of the successor's JVM
     * @return nanoseconds, as the successor saw them
     */
    private static long recover(
            final Scratch scratch,
            final String cacheOption,
            final Path file,
            final StateMemory state,
            final Saves kind)
            throws IOException {
        final long saves = fill(state, kind);
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
        requireUndone(state, saves, kind);
        // A JVM that makes a cache says so in the lines that follow.
        return Long.parseLong(Files.readAllLines(log).get(0));
    }

    /**
     * Leaves a full journal behind, as a death in the middle of a transaction would: nothing is
     * kept of the transaction but what is in the file.
     *
     * @return how many ranges were saved and changed
     */
    private static long fill(final StateMemory state, final Saves kind) {
        final Journal journal = StateMemory.attach(state.memory(), state.offset()).journal();
        final Places places = new Places(state, kind);
        journal.begin();
        long saves = 0;
        try {
            while (true) {
                final long place = places.next();
                journal.save(place, kind.bytes);
                state.memory().putLong(place, CHANGED);
                saves++;
            }
        } catch (final JournalFullException full) {
            return saves;
        }
    }

    private static void requireUndone(final StateMemory state, final long saves, final Saves kind) {
        final Places places = new Places(state, kind);
        for (long save = 0; save < saves; save++) {
            final long place = places.next();
            if (state.memory().getLong(place) != 0) {
                throw new BenchFailure(
                        BenchFailure.BUG, "offset " + place + " is changed after the recovery");
            }
        }
    }

    /** What the transaction saved before it was cut. */
    private enum Saves {
        NEIGHBOURS("8-byte saves in order", Long.BYTES),
        WORDS("8-byte saves all over", Long.BYTES),
        PAGES("4 KiB saves all over", PAGE_BYTES);

        private final String label;
        private final int bytes;

        Saves(final String label, final int bytes) {
            this.label = label;
            this.bytes = bytes;
        }
    }

    /** Where the saves are, the same in every pass. */
    private static final class Places {
        private final FixedRandom random = new FixedRandom(SEED);
        private final long first;
        private final Saves kind;
        private long passed;

        Places(final StateMemory state, final Saves kind) {
            this.first = state.offset();
            this.kind = kind;
        }

        long next() {
            final int count = (int) ((ARENA_BYTES - first) / kind.bytes);
            final long index = kind == Saves.NEIGHBOURS ? passed++ : random.next(count);
            return first + index * kind.bytes;
        }
    }
}
