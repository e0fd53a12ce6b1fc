package io.coppice.pool.migrate;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Makes all of a region out of what it was. */
@FunctionalInterface
public interface BytesMigration {
    /**
     * Called once.
     *
     * @param before the old bytes
     * @param after the new bytes, all zeroes; a copy of this process
     * @throws Exception where there is no way; nothing is changed then
     */
    void migrate(DirectBuffer before, MutableDirectBuffer after) throws Exception;
}
