package io.coppice.daemon;

import io.coppice.pool.JournaledBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Stands for a daemon when a start cache is made: it uses the runtime as daemons do, calls {@link
 * Daemon#warmUp} of the class it stands for, and has each pool do the same.
 */
public final class RehearsalDaemon implements Daemon {
    private static final String STANDS_FOR = "rehearses";
    private static final String STANDS_FOR_BYTES = "rehearsesBytes";
    private static final int REGION_BYTES = 4096;
    private static final int ROUNDS = 100;

    private final List<TransactionPool> pools = new ArrayList<>();
    private DaemonContext context;

    @Override
    public void open(final DaemonContext daemonContext) throws Exception {
        context = daemonContext;
        final JournaledBuffer region = context.structures().region("rehearsal", REGION_BYTES);
        for (int i = 0; i < ROUNDS; i++) {
            context.journal().begin();
            region.putLong(0, i);
            context.journal().commit();
        }
        new StructureRehearsal().run();
        context.warmUp(
                Incarnation.instance(context.setting(STANDS_FOR)),
                Long.parseLong(context.setting(STANDS_FOR_BYTES)));
        for (final String pool : context.poolNames()) {
            final byte[] request =
                    context.setting(STANDS_FOR + "." + pool).getBytes(StandardCharsets.UTF_8);
            context.journal().begin();
            context.pool(pool).submit(new UnsafeBuffer(request), 0, request.length);
            context.journal().commit();
            pools.add(context.pool(pool));
        }
    }

    @Override
    public int doWork() {
        int unfinished = 0;
        for (final TransactionPool pool : pools) {
            pool.poll(result -> {}, 1);
            unfinished += pool.unfinished();
        }
        if (unfinished == 0) {
            context.finish();
        }
        return 0;
    }
}
