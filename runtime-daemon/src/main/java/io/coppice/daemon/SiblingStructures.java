package io.coppice.daemon;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.cell.CellReader;
import io.coppice.pool.cell.Counter;
import io.coppice.pool.document.DocumentReader;
import io.coppice.pool.log.RecordLogReader;
import io.coppice.pool.table.TableReader;
import io.coppice.pool.tree.SortedTableReader;
import java.nio.file.Path;

/**
 * The structures of another daemon, read in place over a mapping that the kernel lets nobody store
 * through. The daemon writes on meanwhile, may die and come back: what its readers return is what
 * was committed, see each of them.
 *
 * <p>{@link #attach} comes first, and again where {@link #isStale} says that the daemon began anew,
 * on a reset or a fresh arena, or moved its structures: readers that were made before go on with
 * the old memory, which nobody writes any more.
 *
 * <p>For the reading daemon's own thread. The methods that return readers throw {@link
 * ArenaException} where there is no such structure; they allocate.
 */
public final class SiblingStructures {
    private final String daemon;
    private final Path file;
    private Memory arena;
    private long generation;

    SiblingStructures(final String daemon, final Path file) {
        this.daemon = daemon;
        this.file = file;
    }

    /**
     * Looks at the daemon's arena as it is now.
     *
     * @return whether the daemon has laid everything out; else the readers are to be asked for
     *     later
     */
    public boolean attach() {
        arena = null;
        final Memory there;
        try {
            there = MappedFile.readOnly(file);
        } catch (final ArenaException beingReplaced) {
            return false;
        }
        if (!ArenaFile.isComplete(there)) {
            return false;
        }
        // Before the phase: a reset that comes between them is noticed by isStale().
        generation = there.getLongAcquire(ArenaLayout.GENERATION);
        if (there.getLongAcquire(ArenaLayout.PHASE) != ArenaLayout.PHASE_STATIC) {
            return false;
        }
        arena = there;
        return true;
    }

    /** Returns whether {@link #attach} has to be called, for the first time or again. */
    public boolean isStale() {
        return arena == null
                || arena.getLongAcquire(ArenaLayout.GENERATION) != generation
                || arena.getLongAcquire(ArenaLayout.SET_ASIDE) != 0;
    }

    /** Reads a hash table. */
    public TableReader table(final String name) {
        final Structure body = find(name, StructureKind.TABLE);
        return TableReader.attach(label(name), arena, body.offset(), body.bytes());
    }

    /** Reads a sorted table; only where a lock or an agreement keeps its writer out meanwhile. */
    public SortedTableReader sortedTable(final String name) {
        final Structure body = find(name, StructureKind.SORTED_TABLE);
        return SortedTableReader.attach(label(name), arena, body.offset(), body.bytes());
    }

    /** Reads a log, from the oldest record on. */
    public RecordLogReader log(final String name) {
        final Structure body = find(name, StructureKind.RECORD_LOG);
        return RecordLogReader.attach(label(name), arena, body.offset(), body.bytes());
    }

    /** Reads one value. */
    public CellReader cell(final String name) {
        final Structure place = find(name, StructureKind.CELL);
        return CellReader.attach(label(name), arena, place.offset(), place.bytes());
    }

    /** Reads a counter; to count in it is refused. */
    public Counter counter(final String name) {
        final Structure place = find(name, StructureKind.COUNTER);
        return Counter.attach(label(name), arena, place.offset(), place.bytes());
    }

    /** Reads documents, by the references that the daemon gives out. */
    public DocumentReader documents(final String name) {
        final Structure body = find(name, StructureKind.DOCUMENTS);
        return DocumentReader.attach(label(name), arena, body.offset(), body.bytes());
    }

    private Structure find(final String name, final StructureKind kind) {
        if (arena == null) {
            throw new IllegalStateException(
                    label(name) + ": attach() must have returned true before");
        }
        final Structure body = ArenaDirectory.findBody(arena, name);
        if (body == null) {
            throw new ArenaException(daemon + ": the arena has no structure \"" + name + "\"");
        }
        if (body.kind() != kind) {
            throw new ArenaException(label(name) + " is " + body.kind() + ", not " + kind);
        }
        return body;
    }

    private String label(final String name) {
        return daemon + "/" + name;
    }
}
