package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * The steps of root's own life, in order; behind each of them root may be killed, and the next root
 * finds the tree whole. Tests have it killed there, as the kernel would: by SIGKILL and with
 * nothing run afterwards.
 */
enum RootStep {
    // Every start.
    LOCKED,
    PLAN_READ,
    EARLIER_ASKED_TO_STOP,
    EARLIER_SETTLED,
    ARENAS_LAID,
    BELLS_LAID,
    MAILBOX_LAID,
    DOORBELL_LAID,
    BOARD_LAID,
    BOARD_SHOWN,
    // Adoption.
    DAEMON_ADOPTED,
    ADOPTED,
    // The spawn of a daemon.
    EPOCH_STORED,
    SPAWNED,
    START_TIME_STORED,
    PID_STORED,
    STARTING_STORED,
    READY_SEEN,
    READY_STORED,
    // The death of a daemon.
    DEATH_SEEN,
    EXIT_STORED,
    PID_CLEARED,
    RECOVERY_COUNTED,
    DEATH_JUDGED,
    RESTARTS_STORED,
    DEATH_ANSWERED,
    // The spawn of a standby, and a takeover by it.
    STANDBY_EPOCH_STORED,
    STANDBY_SPAWNED,
    STANDBY_PID_STORED,
    TAKEOVER_EPOCH_STORED,
    TAKEOVER_PID_STORED,
    TAKEOVER_STORED,
    // An upgrade.
    TRIAL_STORED,
    TRIAL_EPOCH_STORED,
    PLAN_SWITCHED,
    PLAN_SWITCHED_BACK,
    // A stop in order.
    STOP_STORED,
    STOPPING_STORED,
    TREE_STOPPED,
    TREE_END_STORED,
    // A reload: before root begins anew, and after it; what comes between are steps of every start.
    RELOAD_CHECKED,
    RELOAD_ARENAS_MADE,
    RELOAD_STOPPED,
    RELOAD_ARENAS_FITTED,
    RELOAD_PLAN_PLACED,
    RELOAD_BEGUN_ANEW,
    RELOAD_PLAN_READ,
    RELOAD_SETTLED,
    RELOAD_ADOPTED;

    /**
     * Name of the step after which root is killed, and how often it is let pass: {@code STEP:1}.
     */
    static final String PROPERTY = "coppice.root.killAt";

    private static final String[] WHERE = System.getProperty(PROPERTY, "").split(":", 2);
    private static final RootStep FATAL =
            WHERE[0].isEmpty() ? null : valueOf(WHERE[0].toUpperCase(Locale.ROOT));

    /** Behind which step the turn fails, once, as where a store to the board throws; for tests. */
    static RootStep broken;

    private static int passes = WHERE.length > 1 ? Integer.parseInt(WHERE[1]) : 0;

    /** Takes note that root has come so far; for its thread. */
    void reached() {
        if (this == FATAL && passes-- == 0) {
            die();
        }
        if (this == broken) {
            broken = null;
            throw new InternalError("a test has the turn fail behind " + this);
        }
    }

    private static void die() {
        OperatingSystem.current().signal(ProcessHandle.current().pid(), Signals.KILL);
        while (true) {
            // The signal is on its way; nothing may be done meanwhile.
            LockSupport.park();
        }
    }
}
