package io.coppice.bench;

import io.coppice.txn.Transaction;
import io.coppice.txn.TransactionContext;

/** Gives the request back as the reply. */
public final class EchoTransaction implements Transaction {
    /** Made by the runtime. */
    public EchoTransaction() {}

    @Override
    public void run(final TransactionContext context) {
        final int length = context.request().capacity();
        context.reply().putBytes(0, context.request(), 0, length);
        context.replyLength(length);
    }
}
