package io.coppice.pool;

import io.coppice.pool.block.BlockPoolInvariants;
import io.coppice.pool.cell.CellInvariants;
import io.coppice.pool.cell.CounterInvariants;
import io.coppice.pool.document.DocumentInvariants;
import io.coppice.pool.lock.LockInvariants;
import io.coppice.pool.log.RecordLogInvariants;
import io.coppice.pool.pipe.PipeInvariants;
import io.coppice.pool.table.TableInvariants;
import io.coppice.pool.task.PoolInvariants;
import io.coppice.pool.tree.SortedTableInvariants;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks what must hold of every arena between any two stores of its daemon, for {@code coppice
 * state verify} and for tests. Reads only, trusts nothing, never throws for what it finds; for any
 * process that maps the arena. Allocates.
 */
public final class ArenaInvariants {
    private ArenaInvariants() {}

    /** Returns what is wrong, one line each; nothing where the arena is sound. */
    public static List<String> check(final Memory arena) {
        final List<String> wrong = new ArrayList<>();
        if (!ArenaFile.isComplete(arena)) {
            wrong.add("head: is not an arena, or its creation was cut");
            return wrong;
        }
        checkHead(arena, wrong);
        final List<Structure> structures = checkDirectory(arena, wrong);
        for (final Structure structure : structures) {
            if (structure.kind() == StructureKind.JOURNAL) {
                wrong.addAll(JournalInvariants.check(arena, structure));
            } else {
                checkBody(arena, structure, wrong);
                if (structure.kind() == StructureKind.POOL) {
                    wrong.addAll(PoolInvariants.check(arena, structure));
                }
            }
        }
        checkCursors(arena, wrong);
        return wrong;
    }

    private static void checkHead(final Memory arena, final List<String> wrong) {
        final int version = arena.getInt(ArenaLayout.VERSION_OFFSET);
        require(version == ArenaLayout.FORMAT_VERSION, wrong, "head: format " + version);
        final long bytes = arena.getLong(ArenaLayout.ARENA_BYTES);
        require(
                bytes == arena.bytes(),
                wrong,
                "head: says " + bytes + " bytes, the file has " + arena.bytes());
        final long phase = arena.getLongAcquire(ArenaLayout.PHASE);
        require(
                phase >= ArenaLayout.PHASE_EMPTY && phase <= ArenaLayout.PHASE_STATIC,
                wrong,
                "head: phase " + phase + " is none of 0, 1, 2");
        final long generation = arena.getLong(ArenaLayout.GENERATION);
        require(generation > 0, wrong, "head: generation " + generation);
        final long allocated = arena.getLong(ArenaLayout.ALLOCATED_BYTES);
        final long first = arena.getLong(ArenaLayout.STRUCTURES_OFFSET);
        require(
                first >= ArenaLayout.FIXED_OFFSET
                        && first <= allocated
                        && allocated <= ArenaLayout.align(arena.bytes()),
                wrong,
                "head: structures from " + first + " to " + allocated + " of " + arena.bytes());
        require(
                phase != ArenaLayout.PHASE_EMPTY || allocated == first,
                wrong,
                "head: the phase is EMPTY, yet " + (allocated - first) + " bytes are laid out");
    }

    private static List<Structure> checkDirectory(final Memory arena, final List<String> wrong) {
        final List<Structure> structures = new ArrayList<>();
        final long count = arena.getLongAcquire(ArenaLayout.ENTRY_COUNT);
        final long fixed = arena.getLong(ArenaLayout.FIXED_ENTRY_COUNT);
        if (fixed < 1 || fixed > count || count > ArenaLayout.DIRECTORY_ENTRIES) {
            wrong.add("directory: " + count + " entries, " + fixed + " of them fixed");
            return structures;
        }
        if (isSwitchUnderWay(arena)) {
            return structures;
        }
        final Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            final Structure structure;
            try {
                structure = ArenaFile.readEntry(arena, i);
            } catch (final ArenaException damaged) {
                wrong.add("directory: " + damaged.getMessage());
                continue;
            }
            structures.add(structure);
            checkHeader(arena, i, structure, wrong);
            final String who = "structure \"" + structure.name() + "\" at " + structure.offset();
            require(names.add(structure.name()), wrong, who + ": the name is there twice");
            require(
                    structure.offset() % ArenaLayout.ALIGNMENT == 0,
                    wrong,
                    who + ": is not aligned");
        }
        final long end = checkPlaces(structures, wrong);
        final long allocated = arena.getLong(ArenaLayout.ALLOCATED_BYTES);
        require(
                end <= allocated,
                wrong,
                "directory: structures end at " + end + ", allocated are " + allocated);
        require(
                !structures.isEmpty() && structures.get(0).kind() == StructureKind.JOURNAL,
                wrong,
                "directory: the first structure is not the journal");
        return structures;
    }

    /** Migrations put structures into gaps, so they need not lie in the order of their entries. */
    private static long checkPlaces(final List<Structure> structures, final List<String> wrong) {
        final List<Structure> places = new ArrayList<>(structures);
        places.sort(Comparator.comparingLong(Structure::offset));
        long end = ArenaLayout.FIXED_OFFSET;
        for (final Structure structure : places) {
            require(
                    structure.offset() >= end,
                    wrong,
                    "structure \""
                            + structure.name()
                            + "\" at "
                            + structure.offset()
                            + ": overlaps what ends at "
                            + end);
            end = Math.max(end, ArenaLayout.align(structure.offset() + structure.bytes()));
        }
        return end;
    }

    /**
     * Returns whether a commit that changes the directory was cut, so that an entry may be half old
     * and half new until recovery stores the rest.
     */
    private static boolean isSwitchUnderWay(final Memory arena) {
        final Structure journal;
        try {
            journal = ArenaFile.readEntry(arena, 0);
        } catch (final ArenaException damaged) {
            // Said below, where all entries are looked at.
            return false;
        }
        final long bytes = journal.bytes();
        if (journal.kind() != StructureKind.JOURNAL
                || bytes < JournalLayout.MIN_BYTES
                || arena.getLongAcquire(journal.offset() + JournalLayout.STATE)
                        != JournalLayout.COMMITTED) {
            return false;
        }
        final long most = (bytes - JournalLayout.ENTRIES) / JournalLayout.DEFERRED_BYTES;
        final long count = arena.getLong(journal.offset() + JournalLayout.DEFERRED_COUNT);
        for (int i = 0; i < Math.min(count, most); i++) {
            final long at =
                    arena.getLong(
                            journal.offset()
                                    + JournalLayout.deferred(bytes, i)
                                    + JournalLayout.DEFERRED_OFFSET);
            if (at == ArenaLayout.ENTRY_COUNT
                    || at >= ArenaLayout.DIRECTORY_OFFSET && at < ArenaLayout.FIXED_OFFSET) {
                return true;
            }
        }
        return false;
    }

    private static void checkHeader(
            final Memory arena,
            final int index,
            final Structure structure,
            final List<String> wrong) {
        // While the arena is laid out, the entry is there before the header.
        if (arena.getLong(ArenaLayout.PHASE) != ArenaLayout.PHASE_STATIC) {
            return;
        }
        try {
            ArenaDirectory.header(arena, index, structure);
        } catch (final ArenaException damaged) {
            wrong.add("structure " + damaged.getMessage());
        }
    }

    /** What is being laid out has no invariants yet. */
    private static void checkBody(
            final Memory arena, final Structure structure, final List<String> wrong) {
        if (arena.getLong(ArenaLayout.PHASE) != ArenaLayout.PHASE_STATIC) {
            return;
        }
        final Structure body;
        try {
            body = ArenaDirectory.findBody(arena, structure.name());
        } catch (final ArenaException damaged) {
            // Said already, of the header.
            return;
        }
        for (final String line : bodyFaults(arena, body)) {
            wrong.add("structure \"" + structure.name() + "\": " + line);
        }
    }

    private static List<String> bodyFaults(final Memory arena, final Structure body) {
        final long at = body.offset();
        final long bytes = body.bytes();
        return switch (body.kind()) {
            case TABLE -> TableInvariants.check(arena, at, bytes);
            case SORTED_TABLE -> SortedTableInvariants.check(arena, at, bytes);
            case RECORD_LOG -> RecordLogInvariants.check(arena, at, bytes);
            case CELL -> CellInvariants.check(arena, at, bytes);
            case COUNTER -> CounterInvariants.check(arena, at, bytes);
            case BLOCK_POOL -> BlockPoolInvariants.check(arena, at, bytes);
            case LOCK -> LockInvariants.check(arena, at, bytes);
            case READ_WRITE_LOCK -> LockInvariants.checkReadWrite(arena, at, bytes);
            case DOCUMENTS -> {
                final List<String> faults =
                        new ArrayList<>(BlockPoolInvariants.check(arena, at, bytes));
                faults.addAll(DocumentInvariants.check(arena, at, bytes));
                yield faults;
            }
            case PIPE -> PipeInvariants.check(arena, at, bytes);
            case JOURNAL, POOL, REGION, RING, LOG_LINES, REQUESTS -> List.of();
        };
    }

    private static void checkCursors(final Memory arena, final List<String> wrong) {
        final Set<Long> keys = new HashSet<>();
        for (int i = 0; i < ArenaLayout.CURSORS; i++) {
            final long key = arena.getLongAcquire(ArenaLayout.cursor(i) + ArenaLayout.CURSOR_KEY);
            final long position =
                    arena.getLong(ArenaLayout.cursor(i) + ArenaLayout.CURSOR_POSITION);
            require(key == 0 || keys.add(key), wrong, "cursor " + i + ": its key is there twice");
            require(position >= 0, wrong, "cursor " + i + ": position " + position);
        }
    }

    private static void require(
            final boolean holds, final List<String> wrong, final String message) {
        if (!holds) {
            wrong.add(message);
        }
    }
}
