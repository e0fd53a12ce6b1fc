package io.coppice.root.loop;

/** What root does about an event of a standby. */
enum StandbyAction {
    /** Nothing: the event means nothing in this state. */
    IGNORE,
    /** Start a process; the state becomes STARTING, or stays where the system refuses. */
    SPAWN,
    /** Wait before the next one is started, for twice as long each time in a row. */
    BACK_OFF,
    /** The state becomes WARM. */
    REST,
    /** Make its process the daemon's; the state becomes TAKING_OVER. */
    TAKE_OVER,
    /** Its place is free for the next one; the state becomes NONE. */
    FREE,
    /** Kill the process; its death is an event of its own. */
    KILL,
    /** As after a failed start: the state becomes NONE, and the next one is started later. */
    REPLACE
}
