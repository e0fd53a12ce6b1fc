package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.migrate.Change;
import io.coppice.pool.migrate.Migration;
import io.coppice.pool.schema.LongField;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.table.Table;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps accounts and says what they are worth. It stands for two builds: the setting {@code build}
 * says whether accounts have limits. With {@code migrates} the second one takes over what the first
 * left, and gives every account a limit; in the incarnation {@code stopsIn} it says that it is in
 * the middle of that, and goes no further.
 */
public final class BankDaemon implements Daemon {
    private static final RecordSchema ACCOUNT =
            RecordSchema.builder("account").longField("balance").build();
    private static final RecordSchema LIMITED =
            RecordSchema.builder("account").longField("limit").longField("balance").build();
    private static final int ACCOUNTS = 1000;

    private DaemonContext context;

    @Override
    public void open(final DaemonContext given) {
        context = given;
        final boolean limited = context.setting("build").equals("limited");
        final RecordSchema record = limited ? LIMITED : ACCOUNT;
        final Table accounts = context.structures().table("accounts", record);
        final LongField balance = record.longField("balance");
        if (!context.isRecovered()) {
            for (long key = 0; key < ACCOUNTS; key++) {
                context.journal().begin();
                accounts.putLong(accounts.insert(key), balance.offset(), key);
                context.journal().commit();
            }
        }
        long sum = 0;
        long limits = 0;
        for (long key = 0; key < ACCOUNTS; key++) {
            final long account = accounts.find(key);
            sum += accounts.getLong(account, balance.offset());
            limits += limited ? accounts.getLong(account, LIMITED.longField("limit").offset()) : 0;
        }
        System.out.println(
                context.setting("build")
                        + ": "
                        + accounts.size()
                        + " accounts, sum "
                        + sum
                        + ", limits "
                        + limits);
    }

    @Override
    public boolean migrate(final Migration migration) throws Exception {
        if (context.setting("migrates", "no").equals("no")
                || migration.change() != Change.CHANGED) {
            return false;
        }
        migration.copyEach(
                (key, before, after) -> {
                    if (key.getLong(0) == ACCOUNTS / 2) {
                        stopHere();
                    }
                    LIMITED.longField("limit").put(after, 0, 2);
                    return true;
                });
        return true;
    }

    private void stopHere() {
        System.out.println("in the middle, incarnation " + context.epoch());
        while (context.setting("stopsIn", "none").equals(Long.toString(context.epoch()))) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public int doWork() {
        return 0;
    }
}
