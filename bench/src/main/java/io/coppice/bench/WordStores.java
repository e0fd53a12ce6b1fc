package io.coppice.bench;

import io.coppice.pool.Memory;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Stores of 8 bytes all over 64 MiB, in order or at random: with the journal in transactions of
 * {@link StateBench#TRANSACTION_STORES}, or plain, to the same places.
 */
final class WordStores implements StateWork {
    private static final long JOURNAL_BYTES = 1 << 16;
    private static final int REGION_BYTES = 64 << 20;
    private static final int WORDS = REGION_BYTES / Long.BYTES;
    private static final long SEED = 0x5EED_0001L;

    private final StateMemory state;
    private final boolean journaled;
    private final boolean random;
    private final FixedRandom places = new FixedRandom(SEED);
    private long stores;
    private long lastPlace;

    WordStores(final Path folder, final boolean journaled, final boolean random)
            throws IOException {
        this.state = StateMemory.create(folder.resolve("words"), JOURNAL_BYTES, REGION_BYTES);
        this.journaled = journaled;
        this.random = random;
    }

    @Override
    public void run(final int operations) {
        for (int done = 0; done < operations; done += StateBench.TRANSACTION_STORES) {
            if (journaled) {
                storeJournaled();
            } else {
                storePlain();
            }
        }
    }

    private void storeJournaled() {
        state.journal().begin();
        for (int i = 0; i < StateBench.TRANSACTION_STORES; i++) {
            state.journal().putLong(nextPlace(), ++stores);
        }
        state.journal().commit();
    }

    private void storePlain() {
        final Memory memory = state.memory();
        for (int i = 0; i < StateBench.TRANSACTION_STORES; i++) {
            memory.putLong(nextPlace(), ++stores);
        }
    }

    private long nextPlace() {
        final long word = random ? places.next(WORDS) : stores & WORDS - 1;
        lastPlace = state.offset() + word * Long.BYTES;
        return lastPlace;
    }

    @Override
    public void verify() {
        final long last = state.memory().getLong(lastPlace);
        final long commits = state.journal().commits();
        if (last != stores || commits != (journaled ? stores / StateBench.TRANSACTION_STORES : 0)) {
            throw new BenchFailure(
                    BenchFailure.BUG,
                    "after " + stores + " stores the last is " + last + ", commits " + commits);
        }
    }
}
