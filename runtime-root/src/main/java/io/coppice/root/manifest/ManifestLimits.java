package io.coppice.root.manifest;

import java.util.concurrent.TimeUnit;

/**
 * Every bound of the manifest format, in one place. {@code conf/manifest.schema.json} states the
 * same numbers, and a test compares them. All bounds are inclusive.
 */
public final class ManifestLimits {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long GIB = 1024 * MIB;
    private static final long TIB = 1024 * GIB;

    /** Largest manifest file in bytes: far above any real one, small enough to read whole. */
    public static final int FILE_BYTES_MAX = (int) MIB;

    /** Deepest nesting of objects and arrays; a correct manifest needs six levels. */
    public static final int DEPTH_MAX = 32;

    /** Names of trees, daemons and transaction pools; they become file names. */
    public static final String NAME_PATTERN = "^[a-z0-9][a-z0-9-]{0,30}$";

    /**
     * Names of settings and capacities; without dots, which separate the parts of {@code --set}.
     */
    public static final String KEY_PATTERN = "^[A-Za-z][A-Za-z0-9_-]{0,62}$";

    /** Names of classes, as {@code Class.forName} takes them. */
    public static final String CLASS_PATTERN =
            "^[A-Za-z_$][A-Za-z0-9_$]*(?:\\.[A-Za-z_$][A-Za-z0-9_$]*)*$";

    /** Class path entries: no control characters, and a glob in the last part only. */
    public static final String CLASSPATH_PATTERN =
            "^(?:[^*?\\u0000-\\u001f\\u007f]*/)?[^/\\u0000-\\u001f\\u007f]*$";

    /** JVM arguments: one word of the command line each, no control characters. */
    public static final String JVM_PATTERN = "^[^\\u0000-\\u001f\\u007f]+$";

    /** Longest class name in characters. */
    public static final int CLASS_CHARS_MAX = 255;

    /** Class path entries as written in the manifest. */
    public static final int CLASSPATH_ENTRIES_MAX = 256;

    /** Longest class path entry in characters; Linux ends paths at 4096 bytes. */
    public static final int CLASSPATH_CHARS_MAX = 4095;

    /** Jars that one glob may stand for. */
    public static final int GLOB_MATCHES_MAX = 1024;

    /** Daemons of one tree: slots of the board's process table. */
    public static final int DAEMONS_MAX = 64;

    /** Transaction pools of one daemon. */
    public static final int POOLS_MAX = 16;

    /** Arguments in one {@code jvm} list. */
    public static final int JVM_ARGUMENTS_MAX = 64;

    /** Longest JVM argument in characters. */
    public static final int JVM_CHARS_MAX = 1024;

    /** Settings of one daemon. */
    public static final int SETTINGS_MAX = 64;

    /** Longest setting value in UTF-8 bytes; it has to fit the board's frozen configuration. */
    public static final int SETTING_BYTES_MAX = 4096;

    /** Capacities of one daemon. */
    public static final int CAPACITIES_MAX = 64;

    /** Smallest capacity. */
    public static final long CAPACITY_MIN = 1;

    /** Largest capacity; the memory budget is what really bounds it. */
    public static final long CAPACITY_MAX = 1L << 40;

    /** Smallest arena in bytes. */
    public static final long MEMORY_BYTES_MIN = MIB;

    /** Largest arena in bytes. */
    public static final long MEMORY_BYTES_MAX = 16 * TIB;

    /** What an arena must have left, in bytes, for the structures of its daemon. */
    public static final long STRUCTURES_BYTES_MIN = 64 * KIB;

    /** Smallest Java heap in bytes; below it the JVM itself does not start. */
    public static final long HEAP_BYTES_MIN = 8 * MIB;

    /** Largest Java heap in bytes. */
    public static final long HEAP_BYTES_MAX = TIB;

    /** Java heap of a daemon, in bytes, where the manifest is silent. */
    public static final long DAEMON_HEAP_BYTES_DEFAULT = 64 * MIB;

    /** Java heap of a transaction process, in bytes, where the manifest is silent. */
    public static final long TRANSACTION_HEAP_BYTES_DEFAULT = 256 * MIB;

    /** Smallest undo journal in bytes. */
    public static final long JOURNAL_BYTES_MIN = 4 * KIB;

    /** Largest undo journal in bytes. */
    public static final long JOURNAL_BYTES_MAX = GIB;

    /** Undo journal of a daemon, in bytes, where the manifest is silent. */
    public static final long DAEMON_JOURNAL_BYTES_DEFAULT = 256 * KIB;

    /** Undo journal of a transaction slot, in bytes, where the manifest is silent. */
    public static final long TRANSACTION_JOURNAL_BYTES_DEFAULT = 64 * KIB;

    /** Smallest request or reply area in bytes: one cache line. */
    public static final long MESSAGE_BYTES_MIN = 64;

    /** Largest request or reply area in bytes. */
    public static final long MESSAGE_BYTES_MAX = GIB;

    /** Request area in bytes where the manifest is silent. */
    public static final long REQUEST_BYTES_DEFAULT = 4 * KIB;

    /** Reply area in bytes where the manifest is silent. */
    public static final long REPLY_BYTES_DEFAULT = 64 * KIB;

    /** Standby processes of a daemon: none or one. */
    public static final long STANDBY_MAX = 1;

    /** Fewest workers of a pool. */
    public static final long WORKERS_MIN = 1;

    /** Most workers of a pool. */
    public static final long WORKERS_MAX = 32;

    /** Workers of a pool, least and most, where the manifest is silent. */
    public static final long WORKERS_DEFAULT = 1;

    /** Shortest queue of a pool, in tasks. */
    public static final long QUEUE_MIN = 1;

    /** Longest queue of a pool, in tasks. */
    public static final long QUEUE_MAX = 65_536;

    /** Queue of a pool, in tasks, where the manifest is silent. */
    public static final long QUEUE_DEFAULT = 256;

    /** Fewest attempts at one task. */
    public static final long ATTEMPTS_MIN = 1;

    /** Most attempts at one task. */
    public static final long ATTEMPTS_MAX = 100;

    /** Attempts at one task where the manifest is silent. */
    public static final long ATTEMPTS_DEFAULT = 2;

    /** Fewest tasks that one worker process runs before it is replaced. */
    public static final long REUSE_MIN = 1;

    /** Most tasks that one worker process runs before it is replaced. */
    public static final long REUSE_MAX = 1_000_000_000;

    /** Tasks that one worker process runs before it is replaced, where the manifest is silent. */
    public static final long REUSE_DEFAULT = 1000;

    /** Fewest restarts in the restart budget; who wants none writes the policy {@code never}. */
    public static final long RESTARTS_MIN = 1;

    /**
     * Most restarts in the restart budget. Root keeps the time of each of them, 8 bytes in a heap
     * of 6 MiB, for up to 64 daemons and more. Who wants a daemon started again for ever writes a
     * short {@code within}: deaths beyond 1000 in a second do not happen.
     */
    public static final long RESTARTS_MAX = 1000;

    /** Restart budget where the manifest is silent. */
    public static final long RESTARTS_DEFAULT = 5;

    /** Most recoveries that may fail in a row; 0 is for who wants no arena set aside. */
    public static final long RECOVERIES_MAX = 1000;

    /** Recoveries that may fail in a row where the manifest is silent. */
    public static final long RECOVERIES_DEFAULT = 3;

    /**
     * Shortest duration, but for spins, in a manifest, in nanoseconds: below it root's loop cannot
     * keep time.
     */
    public static final long DURATION_NS_MIN = TimeUnit.MILLISECONDS.toNanos(1);

    /** How long a daemon looks for work before it sleeps, in nanoseconds. */
    public static final long SPIN_NS_DEFAULT = TimeUnit.MICROSECONDS.toNanos(20);

    /** Longest look for work before a sleep, in nanoseconds; beyond it a core is only warmed. */
    public static final long SPIN_NS_MAX = TimeUnit.MILLISECONDS.toNanos(10);

    /** Longest duration anywhere else in a manifest, in nanoseconds. */
    public static final long DURATION_NS_MAX = TimeUnit.DAYS.toNanos(30);

    /** First wait before a restart, in nanoseconds, where the manifest is silent. */
    public static final long BACKOFF_MIN_NS_DEFAULT = TimeUnit.MILLISECONDS.toNanos(50);

    /** Longest wait before a restart, in nanoseconds, where the manifest is silent. */
    public static final long BACKOFF_MAX_NS_DEFAULT = TimeUnit.SECONDS.toNanos(10);

    /** Time over which restarts are counted, in nanoseconds, where the manifest is silent. */
    public static final long WITHIN_NS_DEFAULT = TimeUnit.SECONDS.toNanos(60);

    /**
     * Time of being ready that forgets the restarts, in nanoseconds, where the manifest is silent.
     */
    public static final long STABLE_AFTER_NS_DEFAULT = TimeUnit.SECONDS.toNanos(10);

    /** Silence before a thread dump, in nanoseconds, where the manifest is silent. */
    public static final long DUMP_AFTER_NS_DEFAULT = TimeUnit.SECONDS.toNanos(10);

    /** Silence before a kill, in nanoseconds, where the manifest is silent. */
    public static final long KILL_AFTER_NS_DEFAULT = TimeUnit.SECONDS.toNanos(30);

    /** Time for a daemon to become ready, in nanoseconds, where the manifest is silent. */
    public static final long START_TIMEOUT_NS_DEFAULT = TimeUnit.SECONDS.toNanos(30);

    /** Time for a daemon to stop by itself, in nanoseconds, where the manifest is silent. */
    public static final long STOP_TIMEOUT_NS_DEFAULT = TimeUnit.SECONDS.toNanos(5);

    /** Time a task may wait, in nanoseconds, where the manifest is silent. */
    public static final long QUEUE_DEADLINE_NS_DEFAULT = TimeUnit.SECONDS.toNanos(60);

    /** Time a task may run, in nanoseconds, where the manifest is silent. */
    public static final long DEADLINE_NS_DEFAULT = TimeUnit.SECONDS.toNanos(10);

    private ManifestLimits() {}
}
