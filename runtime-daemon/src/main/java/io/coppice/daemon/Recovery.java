package io.coppice.daemon;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Memory;
import io.coppice.pool.RecoveryWord;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;

/**
 * Brings an arena to the last commit before any user code runs. Each step is idempotent, so a death
 * in here means that the next incarnation does the same again.
 */
final class Recovery {
    private Recovery() {}

    /** User code that fails in here says nothing against the arena; root is told which is which. */
    static void run(
            final DaemonPlan plan,
            final long epoch,
            final Daemon daemon,
            final Arena arena,
            final DaemonContext context)
            throws Exception {
        for (final TransactionPool pool : context.pools()) {
            pool.certifyWorkers();
        }
        final Memory memory = arena.memory();
        memory.putLongRelease(ArenaLayout.RECOVERY, RecoveryWord.begun(epoch));
        boolean earlierState = arena.recover();
        for (final TransactionPool pool : context.pools()) {
            pool.recoverWorkers();
        }
        memory.putLongRelease(ArenaLayout.RECOVERY, RecoveryWord.done(epoch));
        if (earlierState) {
            context.recovered(true);
            final boolean resume =
                    plan.onCrash() == OnCrash.RESUME
                            || plan.onCrash() == OnCrash.ASK && daemon.recover(context);
            if (!resume) {
                arena.reset();
                earlierState = false;
            }
            context.structures().askAgain();
        }
        context.recovered(earlierState);
        memory.putLongRelease(ArenaLayout.RECOVERY, RecoveryWord.begun(epoch));
        for (final TransactionPool pool : context.pools()) {
            pool.recover();
        }
        memory.putLongRelease(ArenaLayout.RECOVERY, RecoveryWord.done(epoch));
    }
}
