package io.coppice.pool.migrate;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Makes one record of a new layout out of one of the old. */
@FunctionalInterface
public interface RecordMigration {
    /**
     * Called for each record. The buffers are the same in each call, and are copies: what is stored
     * into them is nowhere else.
     *
     * @param key of the record, as many bytes as it has; the 8 of a 64-bit number, of the index in
     *     a region, or of the number in a log
     * @param before the old record
     * @param after the new record, where the fields that have a field of the same name before hold
     *     what that held, if the new type holds all its values; the others are zeroes
     * @return whether the new structure gets the record
     * @throws Exception where there is no new record; nothing is changed then
     */
    boolean migrate(DirectBuffer key, DirectBuffer before, MutableDirectBuffer after)
            throws Exception;
}
