package io.coppice.pool;

import java.util.ArrayList;
import java.util.List;

/**
 * Checks what must hold of a journal between any two stores of its writer: that recovery would go
 * through. Reads only, trusts nothing, never throws for what it finds; of a writer that lives it
 * may see two moments at once, and complain of that. Allocates.
 */
public final class JournalInvariants {
    private JournalInvariants() {}

    /** Returns what is wrong, one line each; nothing where the journal is sound. */
    public static List<String> check(final Memory arena, final Structure place) {
        final List<String> wrong = new ArrayList<>();
        final String who = "journal \"" + place.name() + "\": ";
        if (place.bytes() < JournalLayout.MIN_BYTES) {
            wrong.add(who + place.bytes() + " bytes");
            return wrong;
        }
        final Memory journal = arena.slice(place.offset(), place.bytes());
        final long capacity = (place.bytes() & -Long.BYTES) - JournalLayout.ENTRIES;
        final long state = journal.getLongAcquire(JournalLayout.STATE);
        require(
                state >= JournalLayout.IDLE && state <= JournalLayout.COMMITTED,
                wrong,
                who + "state " + state);
        final long used = journal.getLong(JournalLayout.USED_BYTES);
        final boolean usedFits = used >= 0 && used <= capacity && used % Long.BYTES == 0;
        require(usedFits, wrong, who + used + " bytes used of " + capacity);
        final long deferred = journal.getLong(JournalLayout.DEFERRED_COUNT);
        final boolean deferredFit =
                deferred >= 0 && deferred <= capacity / JournalLayout.DEFERRED_BYTES;
        require(deferredFit, wrong, who + deferred + " deferred stores in " + capacity + " bytes");
        // What counts in no state is left over from earlier transactions, and may be anything.
        if (state == JournalLayout.ACTIVE && usedFits) {
            checkEntries(arena, journal, used, who, wrong);
        } else if (state == JournalLayout.COMMITTED && deferredFit) {
            checkDeferred(arena, journal, deferred, who, wrong);
        }
        return wrong;
    }

    private static void checkEntries(
            final Memory arena,
            final Memory journal,
            final long used,
            final String who,
            final List<String> wrong) {
        final String fault = new UndoEntries(arena, journal).fault(used);
        if (fault != null) {
            wrong.add(who + fault);
        }
    }

    private static void checkDeferred(
            final Memory arena,
            final Memory journal,
            final long deferred,
            final String who,
            final List<String> wrong) {
        for (int i = 0; i < deferred; i++) {
            final long offset =
                    journal.getLong(
                            JournalLayout.deferred(journal.bytes(), i)
                                    + JournalLayout.DEFERRED_OFFSET);
            require(
                    offset >= 0 && offset <= arena.bytes() - Long.BYTES && offset % Long.BYTES == 0,
                    wrong,
                    who + "deferred store " + i + " is at offset " + offset);
        }
    }

    private static void require(
            final boolean holds, final List<String> wrong, final String message) {
        if (!holds) {
            wrong.add(message);
        }
    }
}
