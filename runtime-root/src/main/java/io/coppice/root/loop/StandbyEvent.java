package io.coppice.root.loop;

/** What can happen to a standby. */
enum StandbyEvent {
    /** The daemon is ready and has none, and the delay before the next one is over. */
    WANTED,
    /** The system started no process. */
    SPAWN_FAILED,
    /** It says that it is warm. */
    BECAME_WARM,
    /** It was not warm in time. */
    START_TIMED_OUT,
    /** Its daemon died, or has handed over, and it goes on. */
    TURN,
    /** The daemon is ready: where the standby has its place, it has come to serve. */
    DAEMON_SERVES,
    /** Its daemon is stopped, has finished or is not to go on; or an upgrade is late. */
    UNWANTED,
    /** It died before it was its turn. */
    DIED
}
