package io.coppice.ring;

import io.coppice.pool.ArenaException;

/**
 * What a reader finds in a ring, or in its own cursor, cannot be. The message names the ring and
 * the place. Nothing was used; {@link RingReader#skip} gives up what is published.
 */
public final class DamagedRingException extends ArenaException {
    private static final long serialVersionUID = 1L;

    DamagedRingException(final String message) {
        super(message);
    }
}
