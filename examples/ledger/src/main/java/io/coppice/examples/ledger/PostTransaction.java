package io.coppice.examples.ledger;

import io.coppice.pool.lock.LockSet;
import io.coppice.pool.lock.RobustLock;
import io.coppice.txn.Transaction;
import io.coppice.txn.TransactionContext;
import io.coppice.txn.TransactionFailedException;
import io.coppice.txn.TransactionStructures;
import org.agrona.DirectBuffer;

/**
 * Posts a batch of lines: all of them or, where this process dies, none. One worker at a time has
 * the books, up to its commit; another reads its request meanwhile. The request is the lines with
 * their ends; the reply is {@link BatchReply}.
 */
public final class PostTransaction implements Transaction {
    /** Longer than the deadline of a batch, which ends a worker that keeps the books to itself. */
    private static final long LOCK_NS = 60_000_000_000L;

    private final TransferLine line = new TransferLine();
    private Books books;
    private RobustLock lock;
    private LockSet locks;

    /** Made by the runtime. */
    public PostTransaction() {}

    @Override
    public void open(final TransactionContext context) {
        final TransactionStructures structures = context.structures();
        books = new Books(structures.table(Books.ACCOUNTS), structures.table(Books.TRANSFERS));
        lock = structures.lock(Books.LOCK);
        locks = structures.locks();
    }

    @Override
    public void run(final TransactionContext context) throws TransactionFailedException {
        if (!lock.tryLock(locks, LOCK_NS)) {
            throw new TransactionFailedException("the books were locked for too long", null);
        }
        final DirectBuffer request = context.request();
        long posted = 0;
        long duplicates = 0;
        long rejected = 0;
        int start = 0;
        for (int i = 0; i < request.capacity(); i++) {
            if (request.getByte(i) != '\n') {
                continue;
            }
            if (!line.read(request, start, i - start)) {
                rejected++;
            } else if (books.post(line)) {
                posted++;
            } else {
                duplicates++;
            }
            start = i + 1;
        }
        BatchReply.write(context.reply(), posted, duplicates, rejected);
        context.replyLength(BatchReply.BYTES);
    }
}
