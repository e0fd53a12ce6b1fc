package io.coppice.pool;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The directory of an arena as the migrations of one opening will leave it, and where there is room
 * for what they make.
 *
 * <p>Ordering. A new structure gets a place that no entry leads to, neither one that stands nor one
 * that is to come. First {@code writtenBytes} covers the place (release), then what an earlier use
 * left there is cleared, then it is filled; none of this is journaled. A death up to here leaves
 * the directory as it was, and bytes in a place that nobody reads: the next use of it clears them,
 * and so does a reset, as far as {@code writtenBytes} says. {@link #commit} is one transaction that
 * defers every word of the directory that changes, so nobody ever sees one that is not committed: a
 * death before COMMITTED is stored leaves the old structures, all of them, one after it the new
 * ones, whose last words recovery stores. {@code generation} grows with it: who kept an offset from
 * before can tell. The new places are named by {@link Journal#touch}, for whoever replicates.
 *
 * <p>For the daemon's thread, while the arena is open.
 */
final class PendingDirectory {
    private static final int ENTRY_WORDS = ArenaLayout.ENTRY_BYTES / Long.BYTES;

    private final Memory memory;
    private final Journal journal;
    private final String daemon;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Structure> fresh = new ArrayList<>();
    private boolean changed;

    /** What an entry of the directory says. */
    private record Entry(Structure structure, long bodyOffset) {}

    /** Begins with the directory as it stands. */
    PendingDirectory(final Memory memory, final Journal journal, final String daemon) {
        this.memory = memory;
        this.journal = journal;
        this.daemon = daemon;
        read();
    }

    private void read() {
        entries.clear();
        fresh.clear();
        changed = false;
        final List<Structure> there = ArenaDirectory.list(memory);
        for (int i = 0; i < there.size(); i++) {
            final long at = ArenaLayout.entry(i) + ArenaLayout.ENTRY_BODY_OFFSET;
            entries.add(new Entry(there.get(i), memory.getLong(at)));
        }
    }

    /** Returns a structure that was made and is not committed yet, or null. */
    Structure findFresh(final String name) {
        for (final Structure structure : fresh) {
            if (structure.name().equals(name)) {
                return structure;
            }
        }
        return null;
    }

    /**
     * Finds a place and clears it.
     *
     * @throws ArenaException where there is none
     */
    Structure place(final String name, final StructureKind kind, final long bytes) {
        ArenaFile.nameBytes(name);
        if (indexOf(name) < 0 && entries.size() == ArenaLayout.DIRECTORY_ENTRIES) {
            throw new ArenaException(
                    name + ": more than " + ArenaLayout.DIRECTORY_ENTRIES + " structures");
        }
        final Structure structure = new Structure(name, kind, findRoom(name, bytes), bytes);
        final long end = structure.offset() + bytes;
        final long dirty = writtenBytes(memory);
        if (end > dirty) {
            memory.putLongRelease(ArenaLayout.WRITTEN_BYTES, end);
        }
        final long clear = Math.min(end, dirty) - structure.offset();
        if (clear > 0) {
            memory.fill(structure.offset(), clear, (byte) 0);
        }
        return structure;
    }

    /** Has the directory lead to a structure of {@link #place} once it is committed. */
    void put(final Structure structure, final long bodyOffset) {
        final int index = indexOf(structure.name());
        if (index < 0) {
            entries.add(new Entry(structure, bodyOffset));
        } else {
            entries.set(index, new Entry(structure, bodyOffset));
        }
        fresh.add(structure);
        changed = true;
    }

    /** Has the directory lead to a structure no more once it is committed. */
    void remove(final String name) {
        final Entry last = entries.remove(entries.size() - 1);
        if (!last.structure().name().equals(name)) {
            entries.set(indexOf(name), last);
        }
        changed = true;
    }

    /**
     * Makes all of it stand, as a transaction of its own.
     *
     * @throws ArenaException where the journal is too small; nothing is changed then
     */
    void commit() {
        if (!changed) {
            return;
        }
        final long allocated = memory.getLong(ArenaLayout.ALLOCATED_BYTES);
        final long end = end();
        if (end < allocated && writtenBytes(memory) > memory.getLong(ArenaLayout.WRITTEN_BYTES)) {
            memory.putLongRelease(ArenaLayout.WRITTEN_BYTES, allocated);
        }
        journal.begin();
        try {
            for (final Structure structure : fresh) {
                journal.touch(structure.offset(), structure.bytes());
            }
            // What covers more comes first, what covers less last: in between both fit.
            if (end > allocated) {
                journal.deferLong(ArenaLayout.ALLOCATED_BYTES, end);
            }
            for (int i = 0; i < entries.size(); i++) {
                deferEntry(i, entries.get(i));
            }
            if (entries.size() != memory.getLong(ArenaLayout.ENTRY_COUNT)) {
                journal.deferLong(ArenaLayout.ENTRY_COUNT, entries.size());
            }
            if (end < allocated) {
                journal.deferLong(ArenaLayout.ALLOCATED_BYTES, end);
            }
            journal.deferLong(ArenaLayout.GENERATION, memory.getLong(ArenaLayout.GENERATION) + 1);
        } catch (final JournalFullException full) {
            journal.rollback();
            throw new ArenaException(
                    daemon
                            + ": the journal is too small to switch to "
                            + fresh.size()
                            + " structures at once: "
                            + full.getMessage()
                            + "; raise \"journal\" in the manifest, or migrate fewer at once",
                    full);
        }
        journal.commit();
        read();
    }

    /** Returns where memory begins that nobody ever stored to. */
    static long writtenBytes(final Memory memory) {
        return Math.max(
                memory.getLong(ArenaLayout.WRITTEN_BYTES),
                memory.getLong(ArenaLayout.ALLOCATED_BYTES));
    }

    private void deferEntry(final int index, final Entry entry) {
        final long at = ArenaLayout.entry(index);
        final boolean isThere =
                index < memory.getLong(ArenaLayout.ENTRY_COUNT)
                        && ArenaFile.readEntry(memory, index).isLike(entry.structure())
                        && memory.getLong(at + ArenaLayout.ENTRY_BODY_OFFSET) == entry.bodyOffset();
        if (isThere) {
            return;
        }
        final ByteBuffer words = encode(entry);
        for (int i = 0; i < ENTRY_WORDS; i++) {
            final long offset = at + (long) i * Long.BYTES;
            final long word = words.getLong(i * Long.BYTES);
            if (memory.getLong(offset) != word) {
                journal.deferLong(offset, word);
            }
        }
    }

    private static ByteBuffer encode(final Entry entry) {
        final byte[] name = ArenaFile.nameBytes(entry.structure().name());
        return ByteBuffer.allocate(ArenaLayout.ENTRY_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(ArenaLayout.ENTRY_NAME_LENGTH, name.length)
                .putInt(ArenaLayout.ENTRY_KIND, entry.structure().kind().ordinal())
                .putLong(ArenaLayout.ENTRY_OFFSET, entry.structure().offset())
                .putLong(ArenaLayout.ENTRY_SIZE, entry.structure().bytes())
                .put(ArenaLayout.ENTRY_NAME, name)
                .putLong(ArenaLayout.ENTRY_BODY_OFFSET, entry.bodyOffset());
    }

    private int indexOf(final String name) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).structure().name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private long end() {
        long end = memory.getLong(ArenaLayout.STRUCTURES_OFFSET);
        for (final Entry entry : entries) {
            end = Math.max(end, endOf(entry.structure()));
        }
        return end;
    }

    /** The smallest gap that is large enough, so that large ones stay. */
    private long findRoom(final String name, final long bytes) {
        final List<Structure> taken = new ArrayList<>(ArenaDirectory.list(memory));
        taken.addAll(fresh);
        taken.sort(Comparator.comparingLong(Structure::offset));
        long best = -1;
        long bestBytes = Long.MAX_VALUE;
        long from = ArenaLayout.FIXED_OFFSET;
        for (final Structure structure : taken) {
            final long gap = structure.offset() - from;
            if (gap >= bytes && gap < bestBytes) {
                best = from;
                bestBytes = gap;
            }
            from = Math.max(from, endOf(structure));
        }
        final long tail = memory.bytes() - from;
        if (tail >= bytes && tail < bestBytes) {
            best = from;
        }
        if (best < 0) {
            throw noRoom(name, bytes, bytes - tail, taken);
        }
        return best;
    }

    private ArenaException noRoom(
            final String name, final long bytes, final long missing, final List<Structure> taken) {
        final BudgetSum sum = new BudgetSum().add("head", ArenaLayout.FIXED_OFFSET);
        long structures = 0;
        for (final Structure structure : taken) {
            structures += ArenaLayout.align(structure.bytes());
            sum.add(structure.name(), structure.bytes());
        }
        final long gaps =
                Math.max(0, memory.bytes() - ArenaLayout.FIXED_OFFSET - structures)
                        - (bytes - missing);
        if (gaps > 0) {
            sum.add("gaps that are too small", gaps);
        }
        return new ArenaException(
                sum.add("the new " + name, bytes)
                        .tooSmall(
                                memory.bytes(),
                                missing,
                                " to have the old and the new " + name + " at once"));
    }

    private static long endOf(final Structure structure) {
        return ArenaLayout.align(structure.offset() + structure.bytes());
    }
}
