package io.coppice.pool;

import io.coppice.pool.migrate.Migrator;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.schema.StructureHeader;
import java.util.HashSet;
import java.util.Set;

/**
 * A daemon's own arena, as the daemon sees it.
 *
 * <p>Life. {@link #attach} takes it over from the last incarnation, at once or, by {@link #prepare}
 * and {@link #own}, in two steps; {@link #recover} brings it to the last commit; {@link #structure}
 * lays out or finds the structures; {@link #seal} ends that phase, after which no structure is
 * added. What an earlier build laid out otherwise is an error, or is migrated, see {@link
 * #migrateWith}.
 *
 * <p>Ordering. A structure's entry is written whole before {@code entryCount} counts it (release).
 * The phase INIT is stored before the first structure, STATIC (release) after the last; a successor
 * that finds INIT starts over from zeroes, so a death between any two stores of the layout leaves
 * nothing half made. A {@link #reset} stores INIT first, clears, and stores EMPTY last, so that one
 * that is cut is made again, also where only fixed structures and cursors had to be cleared.
 *
 * <p>For the daemon's own thread.
 */
public final class Arena {
    private static final BodyLayout ZEROES = new ZeroesLayout();

    private final Memory memory;
    private final String daemon;
    private final Journal journal;
    private final ArenaMigrations migrations;
    private final Set<String> attached = new HashSet<>();
    private boolean laidOut;
    private boolean open = true;

    private Arena(final Memory memory, final DaemonPlan daemon) {
        this.memory = memory;
        this.daemon = daemon.name();
        final Structure place = ArenaPlan.fixedStructures(daemon).get(0);
        this.journal = new Journal(memory, place.offset(), place.bytes());
        this.migrations = new ArenaMigrations(memory, journal, daemon.name());
    }

    /**
     * Attaches as the daemon. The caller holds the death certificate of every earlier incarnation
     * and of its workers.
     *
     * @throws DamagedArenaException where the file is no arena, or not what root has checked
     * @throws ArenaException where it is of another format
     */
    public static Arena attach(final Memory memory, final DaemonPlan daemon, final long ownerWord) {
        final Arena arena = prepare(memory, daemon);
        arena.own(ownerWord);
        return arena;
    }

    /**
     * Does what can be done of {@link #attach} while another process is the daemon: compares what
     * never changes while the tree has this plan, and stores nothing. {@link #own} has to follow
     * before anything else is done with the arena.
     *
     * @throws DamagedArenaException where the file is no arena, or not what root has checked
     * @throws ArenaException where it is of another format
     */
    public static Arena prepare(final Memory memory, final DaemonPlan daemon) {
        requireFormat(memory, daemon.name());
        // Root has compared it with the same plan before it started anyone.
        final String difference = ArenaFile.difference(memory, daemon);
        if (difference != null) {
            throw new DamagedArenaException(daemon.arenaFile() + ": " + difference);
        }
        return new Arena(memory, daemon);
    }

    /**
     * Becomes the daemon. The caller holds the death certificate of every earlier incarnation and
     * of its workers.
     *
     * @throws DamagedArenaException where the last one has left no arena
     * @throws ArenaException where it is of another format by now
     */
    public void own(final long ownerWord) {
        requireFormat(memory, daemon);
        memory.putLongRelease(ArenaLayout.OWNER, ownerWord);
    }

    private static void requireFormat(final Memory memory, final String daemon) {
        if (!ArenaFile.isComplete(memory)) {
            throw new DamagedArenaException(
                    daemon
                            + DaemonPlan.ARENA_SUFFIX
                            + ": is not an arena, or its creation was cut");
        }
        // A build that was put in place of root's may know another format: that is no damage.
        final String format = ArenaFile.formatDifference(memory);
        if (format != null) {
            throw new ArenaException(daemon + DaemonPlan.ARENA_SUFFIX + ": " + format);
        }
    }

    /**
     * Rolls back what the last incarnation left half done; what it left half laid out is cleared.
     *
     * @return whether there is state of an earlier incarnation
     * @throws DamagedArenaException where the journal or the head is damaged
     */
    public boolean recover() {
        if (journal.recover()) {
            memory.putLong(ArenaLayout.ROLLBACKS, memory.getLong(ArenaLayout.ROLLBACKS) + 1);
        }
        final long phase = memory.getLongAcquire(ArenaLayout.PHASE);
        if (phase == ArenaLayout.PHASE_STATIC) {
            memory.putLong(ArenaLayout.RECOVERIES, memory.getLong(ArenaLayout.RECOVERIES) + 1);
            laidOut = true;
            return true;
        }
        if (phase == ArenaLayout.PHASE_INIT) {
            reset();
        } else if (phase != ArenaLayout.PHASE_EMPTY) {
            // Never cleared: what is damaged may still be of use to someone who looks at it.
            throw new DamagedArenaException(
                    daemon + ": the arena's phase " + phase + " is none of 0, 1, 2");
        }
        return false;
    }

    /** Clears everything but the head: the daemon starts from zeroes. */
    public void reset() {
        memory.putLongRelease(ArenaLayout.PHASE, ArenaLayout.PHASE_INIT);
        final long said = PendingDirectory.writtenBytes(memory);
        // What says nothing sensible must not keep anything from being cleared.
        final long allocated =
                said < ArenaLayout.FIXED_OFFSET || said > memory.bytes() ? memory.bytes() : said;
        memory.fill(ArenaLayout.CURSORS_OFFSET, ArenaLayout.CURSORS_BYTES, (byte) 0);
        memory.fill(ArenaLayout.FIXED_OFFSET, allocated - ArenaLayout.FIXED_OFFSET, (byte) 0);
        memory.putLong(ArenaLayout.PROGRESS_DONE, 0);
        memory.putLong(ArenaLayout.PROGRESS_TOTAL, 0);
        memory.putLongRelease(
                ArenaLayout.ENTRY_COUNT, memory.getLong(ArenaLayout.FIXED_ENTRY_COUNT));
        memory.putLong(ArenaLayout.GENERATION, memory.getLong(ArenaLayout.GENERATION) + 1);
        memory.putLong(ArenaLayout.WRITTEN_BYTES, 0);
        memory.putLongRelease(ArenaLayout.ALLOCATED_BYTES, structuresOffset());
        // Last, since it says that there is nothing left to clear.
        memory.putLongRelease(ArenaLayout.PHASE, ArenaLayout.PHASE_EMPTY);
        attached.clear();
        migrations.forget();
        laidOut = false;
    }

    /**
     * Has someone decide about structures that differ from what is asked for, or are asked for no
     * more, from now to {@link #seal}. What it decides stands as a whole: by one transaction, when
     * the arena is sealed, or just before the first one that begins earlier. Until then nothing is
     * changed.
     */
    public void migrateWith(final Migrator migrator) {
        migrations.setMigrator(migrator);
    }

    /**
     * Lays a structure out, zeroed, or finds it where an earlier incarnation did. Only before
     * {@link #seal}.
     *
     * @param name unique in the arena, at most 96 bytes
     * @param bytes that it takes; rounded up to a cache line where it lies
     * @throws ArenaException where the budget is used up, where what is there is another size or
     *     kind, where the name was asked for before, or after {@code seal}
     */
    public Structure structure(final String name, final StructureKind kind, final long bytes) {
        return obtain(name, kind, bytes, null, isBytes(kind) ? ZEROES : null);
    }

    /**
     * Lays a structure out, its body too, or finds it where an earlier incarnation did: either way
     * it is to be attached to. Only before {@link #seal}.
     *
     * @throws ArenaException where {@link #structure(String, StructureKind, long)} throws it, and
     *     where {@code layout} says what differs
     */
    public Structure structure(
            final String name,
            final StructureKind kind,
            final long bytes,
            final BodyLayout layout) {
        return obtain(name, kind, bytes, null, layout);
    }

    /**
     * Lays a structure out behind a header that says what is in it, or finds it where an earlier
     * incarnation did. Only before {@link #seal}.
     *
     * @param name unique in the arena, at most 96 bytes
     * @param header what this build keeps there
     * @return the body alone, zeroed where it is new
     * @throws ArenaException where {@link #structure(String, StructureKind, long)} throws it, and
     *     where what is there is laid out differently: the message says how
     */
    public Structure structure(
            final String name, final StructureKind kind, final StructureHeader header) {
        return obtain(name, kind, header.bytes(), header, isBytes(kind) ? ZEROES : null);
    }

    /**
     * Lays a structure out behind a header, its body too, or finds it where an earlier incarnation
     * did: either way it is to be attached to. Only before {@link #seal}.
     *
     * @return the body alone
     * @throws ArenaException where the same without a layout throws it, and where {@code layout}
     *     says what differs
     */
    public Structure structure(
            final String name,
            final StructureKind kind,
            final StructureHeader header,
            final BodyLayout layout) {
        return obtain(name, kind, header.bytes(), header, layout);
    }

    private Structure obtain(
            final String name,
            final StructureKind kind,
            final long bytes,
            final StructureHeader header,
            final BodyLayout layout) {
        requireNew(name, bytes);
        final Structure whole =
                laidOut
                        ? find(name, kind, bytes, header, layout)
                        : layOut(name, kind, bytes, header == null ? 0 : header.bodyOffset());
        if (!laidOut && header != null) {
            header.write(memory, whole.offset());
        }
        final Structure body = header == null ? whole : ArenaDirectory.body(whole, header);
        if (!laidOut && layout != null) {
            layout.layOut(memory, body.offset());
        }
        attached.add(name);
        return body;
    }

    /** Their users take zeroes for an empty one. */
    private static boolean isBytes(final StructureKind kind) {
        return kind == StructureKind.REGION
                || kind == StructureKind.RING
                || kind == StructureKind.LOG_LINES
                || kind == StructureKind.REQUESTS;
    }

    /**
     * Returns whether the structures are there already: {@link #structure} finds them, and what is
     * in them is to be attached to. Otherwise it makes them, and they are to be laid out.
     */
    public boolean isLaidOut() {
        return laidOut;
    }

    private void requireNew(final String name, final long bytes) {
        if (!open) {
            throw new ArenaException(
                    daemon
                            + ": structure \""
                            + name
                            + "\" was asked for after open(): lay everything out there");
        }
        if (bytes <= 0) {
            throw new ArenaException(
                    daemon + ": structure \"" + name + "\" of " + bytes + " bytes");
        }
        // The directory says it too while the arena is laid out, but not to a later incarnation,
        // which finds what it asks for.
        if (attached.contains(name)) {
            throw new ArenaException(daemon + ": structure \"" + name + "\" was laid out already");
        }
    }

    /** Has every structure asked for anew: whoever looked at the state before has done so. */
    public void askAgain() {
        attached.clear();
    }

    /**
     * Ends the layout; what was migrated stands.
     *
     * @throws ArenaException where that was refused; nothing is changed then
     */
    public void seal() {
        open = false;
        if (laidOut) {
            migrations.seal(attached);
        } else {
            memory.putLongRelease(ArenaLayout.PHASE, ArenaLayout.PHASE_STATIC);
            laidOut = true;
        }
    }

    /** Ends the use of the arena by this process: no transaction begins from now on. */
    public void close() {
        open = false;
        journal.close();
    }

    /** Returns whether structures may still be laid out or found. */
    public boolean isOpen() {
        return open;
    }

    /** Returns all of the arena. */
    public Memory memory() {
        return memory;
    }

    /** Returns the daemon's journal. */
    public Journal journal() {
        return journal;
    }

    /**
     * Returns the generation: unlike that of any earlier file of this name, and one more after each
     * reset.
     */
    public long generation() {
        return memory.getLong(ArenaLayout.GENERATION);
    }

    private Structure find(
            final String name,
            final StructureKind kind,
            final long bytes,
            final StructureHeader header,
            final BodyLayout layout) {
        final Structure fresh = migrations.findFresh(name);
        if (fresh != null && fresh.kind() == kind && fresh.bytes() == bytes) {
            return fresh;
        }
        final String difference;
        try {
            difference = LayoutDifference.of(memory, name, kind, bytes, header, layout);
        } catch (final DamagedArenaException damaged) {
            throw new DamagedArenaException(daemon + ": " + damaged.getMessage(), damaged);
        } catch (final ArenaException newer) {
            throw new ArenaException(daemon + ": " + newer.getMessage(), newer);
        }
        return difference == null
                ? ArenaDirectory.find(memory, name)
                : migrations.change(
                        new Structure(name, kind, 0, bytes), header, layout, difference);
    }

    private Structure layOut(
            final String name, final StructureKind kind, final long bytes, final long bodyOffset) {
        ArenaFile.nameBytes(name);
        if (memory.getLong(ArenaLayout.PHASE) == ArenaLayout.PHASE_EMPTY) {
            memory.putLongRelease(ArenaLayout.PHASE, ArenaLayout.PHASE_INIT);
        }
        if (ArenaDirectory.find(memory, name) != null) {
            throw new ArenaException(daemon + ": structure \"" + name + "\" was laid out already");
        }
        final int index = (int) memory.getLong(ArenaLayout.ENTRY_COUNT);
        if (index == ArenaLayout.DIRECTORY_ENTRIES) {
            throw new ArenaException(
                    daemon + ": more than " + ArenaLayout.DIRECTORY_ENTRIES + " structures");
        }
        final long offset = memory.getLong(ArenaLayout.ALLOCATED_BYTES);
        if (bytes > memory.bytes() - offset) {
            throw new ArenaException(overBudget(name, bytes));
        }
        final Structure structure = new Structure(name, kind, offset, bytes);
        memory.putLong(ArenaLayout.ALLOCATED_BYTES, ArenaLayout.align(offset + bytes));
        ArenaFile.writeEntry(memory, index, structure, bodyOffset);
        memory.putLongRelease(ArenaLayout.ENTRY_COUNT, index + 1L);
        return structure;
    }

    private String overBudget(final String name, final long bytes) {
        final BudgetSum sum = new BudgetSum().add("head", ArenaLayout.FIXED_OFFSET);
        for (final Structure structure : ArenaDirectory.list(memory)) {
            sum.add(structure.name(), structure.bytes());
        }
        final long missing = memory.getLong(ArenaLayout.ALLOCATED_BYTES) + bytes - memory.bytes();
        return daemon + ": " + sum.add(name, bytes).tooSmall(memory.bytes(), missing, "");
    }

    private long structuresOffset() {
        return memory.getLong(ArenaLayout.STRUCTURES_OFFSET);
    }
}
