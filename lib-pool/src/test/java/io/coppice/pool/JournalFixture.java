package io.coppice.pool;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A journal and a state of random bytes behind it. */
abstract class JournalFixture {
    static final int JOURNAL = 64;
    static final int JOURNAL_BYTES = 4096;
    static final int STATE = JOURNAL + JOURNAL_BYTES;
    static final int STATE_BYTES = 4096;
    static final int ARENA_BYTES = STATE + STATE_BYTES;

    final TestArena arena = new TestArena(ARENA_BYTES);
    final Memory memory = arena.memory();
    final Journal journal = attach();
    final byte[] before = new byte[STATE_BYTES];

    @BeforeEach
    void fill() {
        new Random(11).nextBytes(before);
        arena.setImage(STATE, before);
        journal.recover();
    }

    @AfterEach
    void free() {
        arena.close();
    }

    byte[] state() {
        return arena.image(STATE, STATE_BYTES);
    }

    Journal attach() {
        return new Journal(memory, JOURNAL, JOURNAL_BYTES);
    }
}
