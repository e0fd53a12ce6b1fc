package io.coppice.root.loop;

import static io.coppice.root.loop.StandbyAction.BACK_OFF;
import static io.coppice.root.loop.StandbyAction.FREE;
import static io.coppice.root.loop.StandbyAction.IGNORE;
import static io.coppice.root.loop.StandbyAction.KILL;
import static io.coppice.root.loop.StandbyAction.REPLACE;
import static io.coppice.root.loop.StandbyAction.REST;
import static io.coppice.root.loop.StandbyAction.SPAWN;
import static io.coppice.root.loop.StandbyAction.TAKE_OVER;

import io.coppice.pool.board.StandbyState;

/**
 * The state table of standbys, as {@link Supervision} is that of daemons. Total; a row is an event,
 * a column a state. In TAKING_OVER the process is the daemon's, and what happens to it is an event
 * of the daemon.
 */
final class StandbySupervision {
    private static final StandbyAction[][] TABLE = {
        //                     NONE      STARTING   WARM       TAKING_OVER
        /* WANTED          */ {SPAWN, IGNORE, IGNORE, IGNORE},
        /* SPAWN_FAILED    */ {BACK_OFF, IGNORE, IGNORE, IGNORE},
        /* BECAME_WARM     */ {IGNORE, REST, IGNORE, IGNORE},
        /* START_TIMED_OUT */ {IGNORE, KILL, IGNORE, IGNORE},
        /* TURN            */ {IGNORE, TAKE_OVER, TAKE_OVER, IGNORE},
        /* DAEMON_SERVES   */ {IGNORE, IGNORE, IGNORE, FREE},
        /* UNWANTED        */ {IGNORE, KILL, KILL, FREE},
        /* DIED            */ {IGNORE, REPLACE, REPLACE, IGNORE},
    };

    static {
        if (TABLE.length != StandbyEvent.values().length) {
            throw new AssertionError("an event has no row");
        }
        for (final StandbyAction[] row : TABLE) {
            if (row.length != StandbyState.values().length) {
                throw new AssertionError("a state has no column");
            }
        }
    }

    private StandbySupervision() {}

    static StandbyAction action(final StandbyState state, final StandbyEvent event) {
        return TABLE[event.ordinal()][state.ordinal()];
    }
}
