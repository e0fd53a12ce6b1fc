package io.coppice.bench;

import org.agrona.collections.Long2ObjectHashMap;

/** Agrona's map of objects on the heap, each holding its number. */
final class ObjectMapGets extends GetWork {
    private final Long2ObjectHashMap<Account> accounts = new Long2ObjectHashMap<>();

    ObjectMapGets() {
        for (final long key : TransferWork.keys()) {
            accounts.put(key, new Account(number(key), 0));
        }
    }

    @Override
    long get(final long key) {
        return accounts.get(key).balance();
    }

    /** What a record of the table holds, as an object. */
    private record Account(long balance, long count) {}
}
