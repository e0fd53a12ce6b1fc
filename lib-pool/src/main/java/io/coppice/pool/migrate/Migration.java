package io.coppice.pool.migrate;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.schema.StructureHeader;

/**
 * One structure that an earlier build laid out otherwise than this one wants it, and what can be
 * done about it. Exactly one of {@link #copyByName}, {@link #copyEach}, {@link #copyBytes}, {@link
 * #startEmpty} and {@link #drop} says what becomes of it; after one that has thrown, another may.
 *
 * <p>Ordering. The new structure is filled where nothing committed leads, and the old one is not
 * stored to. The directory is switched to the new one by a later transaction, together with the
 * other migrations of the same opening; see {@code PendingDirectory}. So a death at any store
 * before that commit leaves the old structures, one after it leaves the new ones, and whatever is
 * thrown before it changes nothing.
 *
 * <p>For the daemon's thread, until {@link Migrator#migrate} returns. What is done for each record
 * allocates nothing.
 */
public final class Migration {
    private final MigrationSite site;
    private Structure newBody;
    private boolean settled;

    /** Made by the arena. */
    public Migration(final MigrationSite site) {
        this.site = site;
    }

    /** Returns the name of the structure. */
    public String name() {
        return site.name();
    }

    /** Returns how the structure differs. */
    public Change change() {
        if (site.oldBody() == null) {
            return Change.ADDED;
        }
        return site.newKind() == null ? Change.DROPPED : Change.CHANGED;
    }

    /** Returns what differs in one line, such as the error says where nothing is done about it. */
    public String difference() {
        return site.difference();
    }

    /** Returns what the structure was; null where it is new. */
    public StructureKind oldKind() {
        return site.oldBody() == null ? null : site.oldBody().kind();
    }

    /** Returns what the structure will be; null where nobody asks for it. */
    public StructureKind newKind() {
        return site.newKind();
    }

    /** Returns what the structure says of itself; null where it is new, or says nothing. */
    public StructureHeader oldHeader() {
        return site.oldHeader();
    }

    /** Returns what this build keeps in the structure; null where it does not say. */
    public StructureHeader newHeader() {
        return site.newHeader();
    }

    /**
     * Copies all records, field by field of the same name: new fields are zero, fields that are
     * gone are left behind. Keys and single values stay as they are. Of a log the newest records
     * that fit are kept, with their numbers. A region whose header says nothing of records is
     * copied byte by byte, and may not shrink.
     *
     * @throws ArenaException where a field would lose something, a record or a key does not fit, or
     *     what the structure was cannot be copied into what it is; nothing is changed
     */
    public void copyByName() throws Exception {
        begin(Change.CHANGED);
        fill(null);
        settled = true;
    }

    /**
     * Copies the records as {@link #copyByName} does, and has each looked at, completed or left out
     * on the way; a field that would lose something is left to that, and zero before. For tables,
     * sorted tables, and regions and logs of records with a schema, which keep all their records.
     *
     * @throws ArenaException where {@code copyByName} throws it
     * @throws Exception what {@code each} throws
     */
    public void copyEach(final RecordMigration each) throws Exception {
        begin(Change.CHANGED);
        fill(each);
        settled = true;
    }

    /**
     * Has all bytes of a region, below 2 GiB before and now, made by the daemon.
     *
     * @throws ArenaException where the structure is not a region now, or there is no room
     * @throws Exception what {@code bytes} throws
     */
    public void copyBytes(final BytesMigration bytes) throws Exception {
        begin(Change.CHANGED);
        if (site.newKind() != StructureKind.REGION) {
            throw refused("is a " + site.newKind() + ": copyBytes is for regions");
        }
        newBody = site.place().layOut();
        RegionFiller.fillBytes(site, newBody, bytes);
        settled = true;
    }

    /**
     * Begins with an empty structure: what an earlier build kept there is given up, as it is meant
     * to be, or there was none.
     *
     * @throws ArenaException where the arena has no room for it
     */
    public void startEmpty() {
        begin(null);
        if (site.newKind() == null) {
            throw refused("is asked for no more: drop() gives it up");
        }
        newBody = site.place().layOut();
        settled = true;
    }

    /** Gives up a structure that this build asks for no more, and the room that it takes. */
    public void drop() {
        begin(Change.DROPPED);
        settled = true;
    }

    /** Returns whether one of the methods has said what becomes of the structure. */
    public boolean isSettled() {
        return settled;
    }

    /** Returns the body of the new structure; null where there is none. */
    public Structure newBody() {
        return newBody;
    }

    private void begin(final Change wanted) {
        if (settled) {
            throw new IllegalStateException(
                    site.name() + ": it is settled already what becomes of it");
        }
        if (wanted != null && change() != wanted) {
            throw refused(
                    "is "
                            + change()
                            + (change() == Change.DROPPED
                                    ? ": drop() gives it up"
                                    : change() == Change.ADDED
                                            ? ": startEmpty() lays it out"
                                            : ": it cannot be dropped, this build asks for it"));
        }
    }

    private void fill(final RecordMigration each) throws Exception {
        final StructureKind kind = site.newKind();
        if (oldKind() != kind) {
            throw refused("was a " + oldKind() + " and is a " + kind + ": startEmpty() is left");
        }
        switch (kind) {
            case TABLE -> {
                newBody = site.place().layOut();
                new TableFiller(site, newBody, each).fill();
            }
            case SORTED_TABLE -> {
                newBody = site.place().layOut();
                new SortedTableFiller(site, newBody, each).fill();
            }
            case RECORD_LOG -> {
                newBody = site.place().layOut();
                new RecordLogFiller(site, newBody, each).fill();
            }
            case REGION -> {
                newBody = site.place().layOut();
                RegionFiller.fill(site, newBody, each);
            }
            case CELL, COUNTER -> {
                if (each != null) {
                    throw refused("has no records: copyByName() copies its value");
                }
                newBody = site.place().layOut();
                ValueFiller.fill(site, newBody);
            }
            default -> throw refused("is a " + kind + ", which cannot be copied: startEmpty()");
        }
    }

    private ArenaException refused(final String what) {
        return new ArenaException(site.name() + ": " + what);
    }
}
