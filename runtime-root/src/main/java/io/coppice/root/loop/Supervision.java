package io.coppice.root.loop;

import static io.coppice.root.loop.DaemonAction.AFTER_STOP;
import static io.coppice.root.loop.DaemonAction.ASK_TO_HAND_OVER;
import static io.coppice.root.loop.DaemonAction.ASK_TO_RESTART;
import static io.coppice.root.loop.DaemonAction.ASK_TO_STOP;
import static io.coppice.root.loop.DaemonAction.BACK_OFF;
import static io.coppice.root.loop.DaemonAction.FINISH;
import static io.coppice.root.loop.DaemonAction.IGNORE;
import static io.coppice.root.loop.DaemonAction.KILL;
import static io.coppice.root.loop.DaemonAction.QUARANTINE;
import static io.coppice.root.loop.DaemonAction.REFUSE;
import static io.coppice.root.loop.DaemonAction.SERVE;
import static io.coppice.root.loop.DaemonAction.SPAWN;
import static io.coppice.root.loop.DaemonAction.TAKE_OVER;
import static io.coppice.root.loop.DaemonAction.WAIT;

import io.coppice.pool.board.DaemonState;

/**
 * The state table: what root does about each event in each state. Total; a row is an event, a
 * column a state.
 */
final class Supervision {
    private static final DaemonAction[][] TABLE = {
        //                          WAITING  STARTING         READY            STOPPING
        // BACKING_OFF  QUARANTINED  DONE
        /* PREREQUISITES_READY */ {SPAWN, IGNORE, IGNORE, IGNORE, IGNORE, IGNORE, IGNORE},
        /* SPAWN_FAILED        */ {BACK_OFF, IGNORE, IGNORE, IGNORE, IGNORE, IGNORE, IGNORE},
        /* BECAME_READY        */ {IGNORE, SERVE, IGNORE, IGNORE, IGNORE, IGNORE, IGNORE},
        /* DIED_RESTART_NOW    */ {IGNORE, WAIT, WAIT, AFTER_STOP, IGNORE, IGNORE, IGNORE},
        /* DIED_RESTART_LATER  */ {IGNORE, BACK_OFF, BACK_OFF, AFTER_STOP, IGNORE, IGNORE, IGNORE},
        /* DIED_FOR_GOOD       */ {
            IGNORE, QUARANTINE, QUARANTINE, AFTER_STOP, IGNORE, IGNORE, IGNORE
        },
        /* DIED_FINISHED       */ {IGNORE, FINISH, FINISH, AFTER_STOP, IGNORE, IGNORE, IGNORE},
        /* TAKEN_OVER          */ {IGNORE, TAKE_OVER, TAKE_OVER, IGNORE, IGNORE, IGNORE, IGNORE},
        /* DELAY_OVER          */ {IGNORE, IGNORE, IGNORE, IGNORE, WAIT, IGNORE, IGNORE},
        /* START_TIMED_OUT     */ {IGNORE, KILL, IGNORE, IGNORE, IGNORE, IGNORE, IGNORE},
        /* HEART_STOPPED       */ {IGNORE, IGNORE, KILL, IGNORE, IGNORE, IGNORE, IGNORE},
        /* STOP_TIMED_OUT      */ {IGNORE, IGNORE, IGNORE, KILL, IGNORE, IGNORE, IGNORE},
        /* STOP                */ {
            FINISH, ASK_TO_STOP, ASK_TO_STOP, IGNORE, FINISH, FINISH, IGNORE
        },
        /* GROUP_STOPS         */ {
            IGNORE, ASK_TO_RESTART, ASK_TO_RESTART, IGNORE, IGNORE, IGNORE, IGNORE
        },
        /* RESTART             */ {
            REFUSE, ASK_TO_RESTART, ASK_TO_RESTART, REFUSE, WAIT, WAIT, WAIT
        },
        /* RELEASE             */ {REFUSE, REFUSE, REFUSE, REFUSE, REFUSE, WAIT, REFUSE},
        /* HANDOVER            */ {
            REFUSE, REFUSE, ASK_TO_HAND_OVER, REFUSE, REFUSE, REFUSE, REFUSE
        },
    };

    static {
        if (TABLE.length != DaemonEvent.values().length) {
            throw new AssertionError("an event has no row");
        }
        for (final DaemonAction[] row : TABLE) {
            if (row.length != DaemonState.values().length) {
                throw new AssertionError("a state has no column");
            }
        }
    }

    private Supervision() {}

    static DaemonAction action(final DaemonState state, final DaemonEvent event) {
        return TABLE[event.ordinal()][state.ordinal()];
    }
}
