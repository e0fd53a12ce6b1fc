package io.coppice.system;

import java.util.List;
import java.util.stream.Stream;

/**
 * The steps of root's life at which the tests kill it, by what root does there. {@code STEP:1} is
 * the second time that root comes there.
 */
final class RootStepLists {
    /** Of a start beside daemons that live, and of their adoption. */
    static final List<String> START_AND_ADOPTION =
            List.of(
                    "LOCKED",
                    "PLAN_READ",
                    "EARLIER_SETTLED",
                    "ARENAS_LAID",
                    "BELLS_LAID",
                    "MAILBOX_LAID",
                    "DOORBELL_LAID",
                    "BOARD_LAID",
                    "BOARD_SHOWN",
                    "DAEMON_ADOPTED",
                    "DAEMON_ADOPTED:1",
                    "ADOPTED");

    /** Of a start beside nobody. */
    static final List<String> FIRST_START =
            List.of(
                    "LOCKED",
                    "PLAN_READ",
                    "EARLIER_SETTLED",
                    "ARENAS_LAID",
                    "BELLS_LAID",
                    "MAILBOX_LAID",
                    "DOORBELL_LAID",
                    "BOARD_LAID",
                    "BOARD_SHOWN",
                    "EPOCH_STORED",
                    "SPAWNED",
                    "START_TIME_STORED",
                    "PID_STORED",
                    "STARTING_STORED",
                    "READY_SEEN",
                    "READY_STORED",
                    "EPOCH_STORED:1",
                    "PID_STORED:1");

    /** Of the death of a daemon, and of the spawn that follows. */
    static final List<String> SPAWN_AND_DEATH =
            List.of(
                    "DEATH_SEEN",
                    "EXIT_STORED",
                    "PID_CLEARED",
                    "DEATH_JUDGED",
                    "RESTARTS_STORED",
                    "EPOCH_STORED",
                    "SPAWNED",
                    "START_TIME_STORED",
                    "PID_STORED",
                    "STARTING_STORED",
                    "DEATH_ANSWERED",
                    "READY_SEEN",
                    "READY_STORED");

    /** Of a recovery that fails. */
    static final List<String> FAILED_RECOVERY = List.of("RECOVERY_COUNTED");

    /** Of the death of a daemon whose standby goes on, and of the next standby. */
    static final List<String> TAKEOVER =
            List.of(
                    "DEATH_SEEN",
                    "EXIT_STORED",
                    "PID_CLEARED",
                    "DEATH_JUDGED",
                    "RESTARTS_STORED",
                    "TAKEOVER_EPOCH_STORED",
                    "TAKEOVER_PID_STORED",
                    "TAKEOVER_STORED",
                    "DEATH_ANSWERED",
                    "READY_SEEN",
                    "READY_STORED",
                    "STANDBY_EPOCH_STORED",
                    "STANDBY_SPAWNED",
                    "STANDBY_PID_STORED");

    /** Of an adoption, where a standby is what differs. */
    static final List<String> ADOPTION_BESIDE_A_STANDBY =
            List.of("BOARD_LAID", "DAEMON_ADOPTED:1", "ADOPTED");

    /** Of a stop in order. */
    static final List<String> STOP =
            List.of("STOP_STORED", "STOPPING_STORED", "TREE_STOPPED", "TREE_END_STORED");

    /** Of a stop in order, where a standby is what differs. */
    static final List<String> STOP_BESIDE_A_STANDBY = List.of("STOP_STORED", "STOPPING_STORED");

    /** Of a start by another plan than that of the daemons that live. */
    static final List<String> CHANGE_OF_PLAN = List.of("EARLIER_ASKED_TO_STOP");

    /** Of an upgrade whose new process serves. */
    static final List<String> UPGRADE =
            List.of(
                    "TRIAL_STORED",
                    "STANDBY_EPOCH_STORED",
                    "TRIAL_EPOCH_STORED",
                    "STANDBY_SPAWNED",
                    "STANDBY_PID_STORED",
                    "DEATH_SEEN",
                    "PID_CLEARED",
                    "PLAN_SWITCHED",
                    "TAKEOVER_EPOCH_STORED",
                    "TAKEOVER_PID_STORED",
                    "TAKEOVER_STORED",
                    "READY_SEEN",
                    "READY_STORED");

    /** Of an upgrade whose new process ends before it serves. */
    static final List<String> UPGRADE_TAKEN_BACK = List.of("PLAN_SWITCHED_BACK");

    /** Of a reload, before root begins anew. */
    static final List<String> RELOAD_BEFORE =
            List.of(
                    "RELOAD_CHECKED",
                    "RELOAD_ARENAS_MADE",
                    "RELOAD_STOPPED",
                    "RELOAD_ARENAS_FITTED",
                    "RELOAD_PLAN_PLACED");

    /** Of a reload, after it. */
    static final List<String> RELOAD_AFTER =
            List.of("RELOAD_BEGUN_ANEW", "RELOAD_PLAN_READ", "RELOAD_SETTLED", "RELOAD_ADOPTED");

    private RootStepLists() {}

    /** Returns the lists that are run on every build. */
    static List<List<String>> everyBuild() {
        return List.of(
                START_AND_ADOPTION,
                SPAWN_AND_DEATH,
                FAILED_RECOVERY,
                TAKEOVER,
                ADOPTION_BESIDE_A_STANDBY,
                STOP,
                STOP_BESIDE_A_STANDBY,
                CHANGE_OF_PLAN,
                UPGRADE,
                UPGRADE_TAKEN_BACK,
                RELOAD_BEFORE,
                RELOAD_AFTER);
    }

    /** Returns all lists. */
    static List<List<String>> all() {
        return Stream.concat(everyBuild().stream(), Stream.of(FIRST_START)).toList();
    }
}
