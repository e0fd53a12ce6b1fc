package io.coppice.pool.migrate;

/** Decides what becomes of structures that a build wants otherwise than they are. */
@FunctionalInterface
public interface Migrator {
    /**
     * Called once for each structure that differs, on the daemon's thread, while it opens.
     *
     * @return true where a method of the migration has said what becomes of it; false leaves things
     *     as they are: a structure that changed or is new is an error then, one that nobody asks
     *     for any more stays
     * @throws Exception where there is no way; nothing is changed then
     */
    boolean migrate(Migration migration) throws Exception;
}
