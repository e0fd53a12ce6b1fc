package io.coppice.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lmdbjava.ByteBufferProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;

/**
 * LMDB in shared memory: integer keys, a writable map, never flushed. It guarantees what Coppice
 * does: a transfer stands as a whole or not at all, after the death of the process as well, and
 * readers in other processes see what is committed.
 */
final class LmdbTransfers extends TransferWork {
    private static final long MAP_BYTES = 64 << 20;
    private static final int BALANCE = 0;
    private static final int COUNT = 8;
    private static final int VALUE_BYTES = 16;

    private final Env<ByteBuffer> env;
    private final Dbi<ByteBuffer> accounts;
    private final ByteBuffer keyBuffer =
            ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
    private final ByteBuffer valueBuffer =
            ByteBuffer.allocateDirect(VALUE_BYTES).order(ByteOrder.nativeOrder());

    LmdbTransfers(final Path folder) throws IOException {
        final Path own = Files.createDirectories(folder.resolve("lmdb"));
        env =
                Env.create(ByteBufferProxy.PROXY_OPTIMAL)
                        .setMapSize(MAP_BYTES)
                        .setMaxDbs(1)
                        .open(
                                own.toFile(),
                                EnvFlags.MDB_WRITEMAP,
                                EnvFlags.MDB_NOSYNC,
                                EnvFlags.MDB_NOMETASYNC,
                                EnvFlags.MDB_NOMEMINIT);
        accounts = env.openDbi("accounts", DbiFlags.MDB_CREATE, DbiFlags.MDB_INTEGERKEY);
        try (Txn<ByteBuffer> txn = env.txnWrite()) {
            for (final long key : keys()) {
                put(txn, key, 0, 0);
            }
            txn.commit();
        }
    }

    @Override
    void transfer(final long from, final long to, final long amount) {
        try (Txn<ByteBuffer> txn = env.txnWrite()) {
            add(txn, from, -amount);
            add(txn, to, amount);
            txn.commit();
        }
    }

    private void add(final Txn<ByteBuffer> txn, final long key, final long amount) {
        final ByteBuffer value = get(txn, key);
        put(txn, key, value.getLong(BALANCE) + amount, value.getLong(COUNT) + 1);
    }

    private ByteBuffer get(final Txn<ByteBuffer> txn, final long key) {
        keyBuffer.putLong(0, key);
        return accounts.get(txn, keyBuffer).order(ByteOrder.nativeOrder());
    }

    private void put(
            final Txn<ByteBuffer> txn, final long key, final long balance, final long count) {
        keyBuffer.putLong(0, key);
        valueBuffer.putLong(BALANCE, balance).putLong(COUNT, count);
        accounts.put(txn, keyBuffer, valueBuffer);
    }

    @Override
    long balance(final long key) {
        return field(key, BALANCE);
    }

    @Override
    long count(final long key) {
        return field(key, COUNT);
    }

    private long field(final long key, final int field) {
        try (Txn<ByteBuffer> txn = env.txnRead()) {
            return get(txn, key).getLong(field);
        }
    }
}
