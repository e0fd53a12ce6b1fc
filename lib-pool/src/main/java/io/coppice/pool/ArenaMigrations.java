package io.coppice.pool;

import io.coppice.pool.migrate.Migration;
import io.coppice.pool.migrate.MigrationSite;
import io.coppice.pool.migrate.Migrator;
import io.coppice.pool.schema.StructureHeader;
import java.util.List;
import java.util.Set;

/**
 * Has a migrator say what becomes of structures that differ, and the directory switched to what it
 * made: when the arena is sealed, or before the first transaction that the daemon begins while it
 * opens, since that may store into the new structures and into others. For the daemon's thread.
 */
final class ArenaMigrations {
    private final Memory memory;
    private final Journal journal;
    private final String daemon;
    private Migrator migrator;
    private PendingDirectory directory;

    ArenaMigrations(final Memory memory, final Journal journal, final String daemon) {
        this.memory = memory;
        this.journal = journal;
        this.daemon = daemon;
    }

    void setMigrator(final Migrator newMigrator) {
        migrator = newMigrator;
    }

    /** Returns a structure that was migrated and asked for again, or null. */
    Structure findFresh(final String name) {
        return directory == null ? null : directory.findFresh(name);
    }

    /**
     * Settles what becomes of a structure.
     *
     * @param wanted its name, kind and size; the offset means nothing
     * @param header that this build wants, or null
     * @param layout of its body; null where that is not known, so that nothing can be done
     * @param difference one line for the operator
     * @return the new structure, header and all
     * @throws ArenaException with that line where nothing was done about it
     */
    Structure change(
            final Structure wanted,
            final StructureHeader header,
            final BodyLayout layout,
            final String difference) {
        final Structure old = ArenaDirectory.find(memory, wanted.name());
        if (migrator == null || layout == null || old != null && !canMove(old.kind())) {
            throw new ArenaException(daemon + ": " + difference);
        }
        requireNothingUnderWay(wanted.name());
        final Structure[] made = new Structure[1];
        final Migration migration =
                new Migration(
                        site(
                                wanted.name(),
                                old,
                                difference,
                                wanted.kind(),
                                header,
                                () -> {
                                    made[0] = layOut(wanted, header, layout);
                                    return body(made[0], header);
                                }));
        if (!ask(migration)) {
            throw new ArenaException(daemon + ": " + difference);
        }
        pending().put(made[0], header == null ? 0 : header.bodyOffset());
        return made[0];
    }

    /** Asks about what nobody has asked for, then makes everything stand. */
    void seal(final Set<String> askedFor) {
        if (migrator != null) {
            final List<Structure> there = ArenaDirectory.list(memory);
            for (final Structure structure : there) {
                if (!isFixed(structure.kind()) && !askedFor.contains(structure.name())) {
                    drop(structure);
                }
            }
        }
        commit();
        migrator = null;
        directory = null;
    }

    /** Forgets what was made: the arena was reset. */
    void forget() {
        directory = null;
        journal.beforeNextBegin(null);
    }

    private void drop(final Structure structure) {
        final String difference =
                structure.name() + ": this build does not ask for it; it keeps its room";
        final Migration migration =
                new Migration(site(structure.name(), structure, difference, null, null, null));
        requireNothingUnderWay(structure.name());
        if (ask(migration)) {
            pending().remove(structure.name());
        }
    }

    private MigrationSite site(
            final String name,
            final Structure old,
            final String difference,
            final StructureKind kind,
            final StructureHeader header,
            final MigrationSite.Place place) {
        final StructureHeader there = old == null ? null : ArenaDirectory.header(memory, name);
        return new MigrationSite(
                memory,
                journal,
                name,
                difference,
                old == null ? null : body(old, there),
                there,
                kind,
                header,
                place);
    }

    private Structure layOut(
            final Structure wanted, final StructureHeader header, final BodyLayout layout) {
        final Structure whole = pending().place(wanted.name(), wanted.kind(), wanted.bytes());
        if (header != null) {
            header.write(memory, whole.offset());
        }
        layout.layOut(memory, body(whole, header).offset());
        return whole;
    }

    private boolean ask(final Migration migration) {
        final boolean done;
        try {
            done = migrator.migrate(migration);
        } catch (final ArenaException told) {
            throw new ArenaException(daemon + ": " + told.getMessage(), told);
        } catch (final Exception failed) {
            final String why =
                    failed.getMessage() == null ? failed.toString() : failed.getMessage();
            throw new ArenaException(
                    daemon + ": " + migration.name() + ": migrate(...) failed: " + why, failed);
        }
        if (done != migration.isSettled()) {
            throw new ArenaException(
                    daemon
                            + ": "
                            + migration.name()
                            + (done
                                    ? ": migrate(...) returned true and did nothing: copy it, startEmpty()"
                                            + " or drop()"
                                    : ": migrate(...) returned false and did something about it"));
        }
        return done;
    }

    private void requireNothingUnderWay(final String name) {
        if (journal.isActive()) {
            throw new IllegalStateException(
                    daemon
                            + ": "
                            + name
                            + ": is to be migrated, and a transaction is under way: lay everything"
                            + " out before open() begins one");
        }
    }

    private PendingDirectory pending() {
        if (directory == null) {
            directory = new PendingDirectory(memory, journal, daemon);
        }
        journal.beforeNextBegin(this::commit);
        return directory;
    }

    private void commit() {
        journal.beforeNextBegin(null);
        if (directory != null) {
            directory.commit();
        }
    }

    /** Journal and pools are root's; readers in other processes would not leave a ring's place. */
    private static boolean canMove(final StructureKind kind) {
        return !isFixed(kind) && kind != StructureKind.RING;
    }

    private static boolean isFixed(final StructureKind kind) {
        return kind == StructureKind.JOURNAL || kind == StructureKind.POOL;
    }

    private static Structure body(final Structure whole, final StructureHeader header) {
        return header == null ? whole : ArenaDirectory.body(whole, header);
    }
}
