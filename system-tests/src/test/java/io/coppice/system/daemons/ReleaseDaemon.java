package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.migrate.Change;
import io.coppice.pool.migrate.Migration;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.table.Table;
import java.util.function.UnaryOperator;

/**
 * Counts as {@link CounterDaemon} does. What sort of release it is of, a class says that is built
 * apart: it is asked "warmUp", "shape" and "open", and may do anything instead of answering.
 */
public final class ReleaseDaemon implements Daemon {
    /** The class that is another one in each release. */
    public static final String PART = "release.Part";

    private static final RecordSchema SMALL =
            RecordSchema.builder("account").longField("balance").build();
    private static final RecordSchema LARGE =
            RecordSchema.builder("account").longField("limit").longField("balance").build();

    private final CounterDaemon counter = new CounterDaemon();

    @Override
    public void warmUp() throws Exception {
        part("warmUp");
    }

    @Override
    public void open(final DaemonContext context) throws Exception {
        final boolean large = part("shape").equals("large");
        final Table accounts = context.structures().table("accounts", large ? LARGE : SMALL);
        counter.open(context);
        // Here a migration is committed.
        context.journal().begin();
        accounts.putLong(accounts.findOrInsert(context.epoch()), 0, 1);
        context.journal().commit();
        System.out.println("release " + part("open") + " serves");
    }

    @Override
    public boolean migrate(final Migration migration) throws Exception {
        if (migration.change() != Change.CHANGED) {
            return false;
        }
        migration.copyEach((key, before, after) -> true);
        return true;
    }

    @Override
    public int doWork() {
        return counter.doWork();
    }

    @SuppressWarnings("unchecked")
    private static String part(final String when) throws Exception {
        final Object part = Class.forName(PART).getDeclaredConstructor().newInstance();
        return ((UnaryOperator<String>) part).apply(when);
    }
}
