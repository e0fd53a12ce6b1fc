package io.coppice.examples.ledger;

import io.coppice.txn.Transaction;
import io.coppice.txn.TransactionContext;
import org.agrona.DirectBuffer;

/**
 * Posts a batch of lines: all of them or, where this process dies, none. The request is the lines
 * with their ends; the reply is {@link BatchReply}.
 */
public final class PostTransaction implements Transaction {
    private final TransferLine line = new TransferLine();
    private Books books;

    /** Made by the runtime. */
    public PostTransaction() {}

    @Override
    public void run(final TransactionContext context) {
        if (books == null) {
            books = new Books(context.table(Books.ACCOUNTS), context.table(Books.TRANSFERS));
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
