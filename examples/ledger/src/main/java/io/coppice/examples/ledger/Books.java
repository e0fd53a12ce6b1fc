package io.coppice.examples.ledger;

import io.coppice.pool.schema.LongField;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.table.Table;

/**
 * Accounts and transfers. All stores belong to the caller's transaction. For the writer of the two
 * tables.
 */
final class Books {
    /** Name of the table of accounts, by number. */
    static final String ACCOUNTS = "accounts";

    /** Name of the table of transfers that are posted, by id. */
    static final String TRANSFERS = "transfers";

    /** Name of the lock that a writer of both tables holds. */
    static final String LOCK = "books";

    static final RecordSchema ACCOUNT =
            RecordSchema.builder("account")
                    .longField("balanceCents")
                    .longField("paid")
                    .longField("received")
                    .build();

    static final RecordSchema TRANSFER =
            RecordSchema.builder("transfer")
                    .longField("from")
                    .longField("to")
                    .longField("cents")
                    .build();

    private static final LongField BALANCE_CENTS = ACCOUNT.longField("balanceCents");
    private static final LongField PAID = ACCOUNT.longField("paid");
    private static final LongField RECEIVED = ACCOUNT.longField("received");
    private static final LongField FROM = TRANSFER.longField("from");
    private static final LongField TO = TRANSFER.longField("to");
    private static final LongField CENTS = TRANSFER.longField("cents");

    private final Table accounts;
    private final Table transfers;

    Books(final Table accounts, final Table transfers) {
        this.accounts = accounts;
        this.transfers = transfers;
    }

    /** Posts a transfer, once: returns false where it was posted before. */
    boolean post(final TransferLine line) {
        if (transfers.find(line.id()) != Table.NONE) {
            return false;
        }
        final long transfer = transfers.insert(line.id());
        transfers.putLong(transfer, FROM.offset(), line.from());
        transfers.putLong(transfer, TO.offset(), line.to());
        transfers.putLong(transfer, CENTS.offset(), line.cents());
        move(line.from(), PAID, -line.cents());
        move(line.to(), RECEIVED, line.cents());
        return true;
    }

    private void move(final long account, final LongField count, final long cents) {
        final long record = accounts.findOrInsert(account);
        accounts.putLong(
                record,
                BALANCE_CENTS.offset(),
                accounts.getLong(record, BALANCE_CENTS.offset()) + cents);
        accounts.putLong(record, count.offset(), accounts.getLong(record, count.offset()) + 1);
    }

    /** Returns the number of accounts. */
    long accounts() {
        return accounts.size();
    }

    /** Returns the number of transfers. */
    long transfers() {
        return transfers.size();
    }

    /** Returns the sum of all balances, which double entry keeps at 0. */
    long trialBalanceCents() {
        long sum = 0;
        for (long record = accounts.next(Table.NONE);
                record != Table.NONE;
                record = accounts.next(record)) {
            sum += accounts.getLong(record, BALANCE_CENTS.offset());
        }
        return sum;
    }

    /** Shows each account to a visitor, in no order. */
    void forEachBalance(final BalanceVisitor visitor) {
        for (long record = accounts.next(Table.NONE);
                record != Table.NONE;
                record = accounts.next(record)) {
            visitor.onBalance(
                    accounts.longKey(record), accounts.getLong(record, BALANCE_CENTS.offset()));
        }
    }

    /** Is shown accounts. */
    @FunctionalInterface
    interface BalanceVisitor {
        void onBalance(long account, long cents);
    }
}
