package io.coppice.bench;

import org.agrona.collections.Long2LongHashMap;

/** Agrona's map of numbers on the heap: keys and numbers side by side in one array. */
final class LongMapGets extends GetWork {
    private final Long2LongHashMap numbers = new Long2LongHashMap(0);

    LongMapGets() {
        for (final long key : TransferWork.keys()) {
            numbers.put(key, number(key));
        }
    }

    @Override
    long get(final long key) {
        return numbers.get(key);
    }
}
