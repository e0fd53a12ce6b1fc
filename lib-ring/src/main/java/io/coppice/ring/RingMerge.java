package io.coppice.ring;

import io.coppice.pool.Journal;
import org.agrona.DirectBuffer;

/**
 * Reads many rings as one: a message of each in turn, in one transaction, so that what they change
 * together stands or falls with all their positions. A poll looks at each ring once; from then on a
 * message costs the same however many rings there are. Messages of one ring stay in order, those of
 * different rings have none.
 *
 * <p>For the daemon's own thread; allocates what its readers do.
 */
public final class RingMerge {
    private final RingReader[] readers;
    private final Journal journal;
    private final Turn turn = new Turn();

    /** Indices of the readers that may have more, in their order. */
    private final int[] ready;

    /** Indices of the readers that take part in the transaction. */
    private final int[] taking;

    private int first;

    /** Hands messages on with the index of their ring. */
    private static final class Turn implements MessageHandler {
        private MergeHandler handler;
        private int source;

        @Override
        public void onMessage(
                final int type, final DirectBuffer buffer, final int index, final int length) {
            handler.onMessage(source, type, buffer, index, length);
        }
    }

    /**
     * Makes one of readers, which are not to be polled by themselves between its polls.
     *
     * @param readers all of one daemon; their indices are the sources
     * @throws IllegalArgumentException where there is none, or they are of different daemons
     */
    public RingMerge(final RingReader... readers) {
        if (readers.length == 0) {
            throw new IllegalArgumentException("a merge of no rings");
        }
        for (final RingReader reader : readers) {
            if (!reader.journal().equals(readers[0].journal())) {
                throw new IllegalArgumentException(
                        "a merge of readers with different journals: all must be of one daemon");
            }
        }
        this.readers = readers.clone();
        this.journal = readers[0].journal();
        this.ready = new int[readers.length];
        this.taking = new int[readers.length];
    }

    /**
     * Hands messages to a handler, all in one transaction.
     *
     * @param limit of messages; what they change, and three words for each ring, must fit the
     *     journal
     * @return how many there were
     * @throws io.coppice.pool.ArenaException where {@link RingReader#poll} throws it
     */
    public int poll(final MergeHandler handler, final int limit) {
        int count = 0;
        for (int i = 0; i < readers.length; i++) {
            final int source = (first + i) % readers.length;
            if (readers[source].prepare()) {
                taking[count] = source;
                ready[count++] = source;
            }
        }
        if (count == 0) {
            return 0;
        }
        journal.begin();
        try {
            turn.handler = handler;
            final int messages = read(count, limit);
            boolean isWhole = true;
            for (int i = 0; i < count; i++) {
                // Each of them is asked: those that were cut off have to begin again.
                isWhole &= readers[taking[i]].defer();
            }
            if (!isWhole) {
                return 0;
            }
            journal.commit();
            for (int i = 0; i < count; i++) {
                readers[taking[i]].committed();
            }
            return messages;
        } finally {
            turn.handler = null;
            if (journal.isActive()) {
                journal.rollback();
            }
        }
    }

    /** Takes a message of each in turn; the next poll begins behind the last one served. */
    private int read(final int among, final int limit) {
        int messages = 0;
        int left = among;
        while (left > 0 && messages < limit) {
            int kept = 0;
            for (int i = 0; i < left && messages < limit; i++) {
                turn.source = ready[i];
                final RingReader reader = readers[turn.source];
                final int taken = reader.read(turn, 1);
                messages += taken;
                first = (turn.source + 1) % readers.length;
                if (taken > 0 && reader.hasMore()) {
                    ready[kept++] = turn.source;
                }
            }
            left = kept;
        }
        return messages;
    }
}
