package io.coppice.pool.migrate;

import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.schema.StructureHeader;

/**
 * Where a migration happens; made by the arena.
 *
 * @param arena all of it
 * @param journal of the daemon; no transaction is under way
 * @param name of the structure
 * @param difference what differs, one line for the operator
 * @param oldBody behind its header; null where the structure is new
 * @param oldHeader null where it has none
 * @param newKind what the build wants; null where it asks for the structure no more
 * @param newHeader null where it wants none
 * @param place finds one for the new structure
 */
public record MigrationSite(
        Memory arena,
        Journal journal,
        String name,
        String difference,
        Structure oldBody,
        StructureHeader oldHeader,
        StructureKind newKind,
        StructureHeader newHeader,
        Place place) {
    /** Finds the place of the new structure. */
    @FunctionalInterface
    public interface Place {
        /**
         * Lays the new structure out, empty, where nothing committed leads.
         *
         * @return its body
         * @throws io.coppice.pool.ArenaException where the arena has no room for it
         */
        Structure layOut();
    }
}
