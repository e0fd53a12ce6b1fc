package io.coppice.bench;

import java.io.IOException;
import java.nio.file.Path;
import net.openhft.chronicle.core.io.Closeable;
import net.openhft.chronicle.core.values.LongValue;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.values.Values;

/**
 * Chronicle Map over a file in shared memory, changed in place through flyweights, both accounts
 * locked for the whole transfer. It guarantees that other threads and processes that lock see a
 * transfer as a whole; nothing is undone, so a death between its stores leaves half of it.
 */
final class ChronicleMapTransfers extends TransferWork {
    private final ChronicleMap<LongValue, ChronicleAccount> accounts;
    private final LongValue fromKey = Values.newHeapInstance(LongValue.class);
    private final LongValue toKey = Values.newHeapInstance(LongValue.class);
    private final ChronicleAccount from = Values.newNativeReference(ChronicleAccount.class);
    private final ChronicleAccount to = Values.newNativeReference(ChronicleAccount.class);

    ChronicleMapTransfers(final Path folder) throws IOException {
        accounts =
                ChronicleMap.of(LongValue.class, ChronicleAccount.class)
                        .name("accounts")
                        .entries(ACCOUNTS)
                        .createPersistedTo(folder.resolve("accounts.cm").toFile());
        final ChronicleAccount empty = Values.newHeapInstance(ChronicleAccount.class);
        for (final long key : keys()) {
            fromKey.setValue(key);
            accounts.put(fromKey, empty);
        }
    }

    // The contexts are the locks: nothing is asked of them but to be held.
    @SuppressWarnings("try")
    @Override
    void transfer(final long fromAccount, final long toAccount, final long amount) {
        fromKey.setValue(fromAccount);
        toKey.setValue(toAccount);
        try (Closeable first = accounts.acquireContext(fromKey, from);
                Closeable second = accounts.acquireContext(toKey, to)) {
            from.setBalance(from.getBalance() - amount);
            from.setCount(from.getCount() + 1);
            to.setBalance(to.getBalance() + amount);
            to.setCount(to.getCount() + 1);
        }
    }

    @Override
    long balance(final long key) {
        fromKey.setValue(key);
        return accounts.getUsing(fromKey, from).getBalance();
    }

    @Override
    long count(final long key) {
        fromKey.setValue(key);
        return accounts.getUsing(fromKey, from).getCount();
    }
}
