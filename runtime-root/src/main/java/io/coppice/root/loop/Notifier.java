package io.coppice.root.loop;

import io.coppice.os.LocalDatagramSocket;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.TreeState;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * Tells the service manager how the tree does, by systemd's protocol: a datagram of lines to the
 * socket that {@code NOTIFY_SOCKET} names. Root says MAINPID, READY, RELOADING, STOPPING, STATUS
 * and, from its loop alone, WATCHDOG: a loop that hangs falls silent.
 *
 * <p>What could not be sent is sent later; nothing waits for it. A step allocates nothing. For
 * root's thread, before and in its loop.
 */
public final class Notifier {
    /** Where the service manager listens: a path, or an abstract name behind an {@code @}. */
    public static final String SOCKET_VARIABLE = "NOTIFY_SOCKET";

    private static final String WATCHDOG_VARIABLE = "WATCHDOG_USEC";
    private static final String WATCHDOG_PID_VARIABLE = "WATCHDOG_PID";

    /** How long to wait after a datagram that was refused, in nanoseconds. */
    static final long RETRY_NS = 100_000_000L;

    /** How often the line may change while the tree's own state does not, in nanoseconds. */
    static final long STATUS_NS = 200_000_000L;

    private static final long NS_PER_US = 1000;
    private static final long WATCHDOG_US_MAX = Long.MAX_VALUE / NS_PER_US;
    private static final int COUNT_BITS = 8;
    private static final int DIGITS_MAX = 19;
    private static final byte[][] STATES = states();
    private static final byte[] STATUS = bytes("STATUS=");
    private static final byte[] OF = bytes(" of ");
    private static final byte[] READY_DAEMONS = bytes(" daemons ready");
    private static final byte[] QUARANTINED = bytes(" quarantined");
    private static final byte[] ENDED = bytes(" ended");
    private static final byte[] COMMA = bytes(", ");
    private static final byte[] MAIN_PID = bytes("MAINPID=");
    private static final byte[] READY = bytes("READY=1\n");
    private static final byte[] RELOADING = bytes("RELOADING=1\nMONOTONIC_USEC=");
    private static final byte[] STOPPING = bytes("STOPPING=1\n");
    private static final byte[] WATCHDOG = bytes("WATCHDOG=1\n");

    private final LocalDatagramSocket socket;
    private final long mainPid;
    private final long watchdogPeriodNs;
    private final byte[] message = new byte[LocalDatagramSocket.BYTES_MAX];
    private final byte[] digits = new byte[DIGITS_MAX];
    private int length;
    private boolean mainPidSaid;
    private boolean readySaid;
    private boolean stoppingSaid;
    private boolean reloading;
    private long reloadingNs;
    private boolean reloadingSaid;
    private long statusSaid = -1;
    private long statusNs;
    private long watchdogNs;
    private boolean watchdogSaid;
    private boolean refused;
    private long refusedNs;

    /**
     * @param socket null where nobody is to be told
     * @param mainPid of the process that the service manager is to watch, 0 to leave that alone
     * @param watchdogPeriodNs how often it wants to hear, 0 for never
     */
    Notifier(final LocalDatagramSocket socket, final long mainPid, final long watchdogPeriodNs) {
        this.socket = socket;
        this.mainPid = mainPid;
        this.watchdogPeriodNs = watchdogPeriodNs;
        this.mainPidSaid = mainPid == 0;
    }

    /**
     * Returns a notifier for what the environment names, a silent one where it names nothing.
     *
     * <p>{@code WATCHDOG_PID} is the console's, which has given its place to the process that calls
     * itself the main one, and is not looked at.
     *
     * @param mainPid as the constructor
     */
    static Notifier ofEnvironment(final Map<String, String> environment, final long mainPid) {
        final String address = environment.getOrDefault(SOCKET_VARIABLE, "");
        final LocalDatagramSocket socket =
                address.isEmpty() ? null : LocalDatagramSocket.to(address);
        if (socket == null && !address.isEmpty()) {
            System.err.println(
                    "root: "
                            + SOCKET_VARIABLE
                            + "="
                            + address
                            + " is neither a path nor an abstract name; the service manager is told nothing");
        }
        return new Notifier(socket, mainPid, periodNs(environment.get(WATCHDOG_VARIABLE)));
    }

    /** Returns a notifier that tells nobody anything. */
    static Notifier silent() {
        return new Notifier(null, 0, 0);
    }

    /** Takes what is for root alone out of the environment of a process that it starts. */
    public static void hideFrom(final Map<String, String> environment) {
        environment.remove(SOCKET_VARIABLE);
        environment.remove(WATCHDOG_VARIABLE);
        environment.remove(WATCHDOG_PID_VARIABLE);
    }

    /** Half of what was asked for, as the protocol advises. */
    private static long periodNs(final String microseconds) {
        try {
            final long us = microseconds == null ? 0 : Long.parseLong(microseconds);
            return us < 0 || us > WATCHDOG_US_MAX ? 0 : us * NS_PER_US / 2;
        } catch (final NumberFormatException notOne) {
            return 0;
        }
    }

    /**
     * Says which process is the main one, at once: whoever started root may end before the first
     * turn.
     */
    void introduce(final long nowNs) {
        if (socket != null && !mainPidSaid) {
            length = 0;
            appendMainPid();
            send(nowNs);
            mainPidSaid = !refused;
        }
    }

    /** Says that the manifest is read anew. Until {@link #reloaded} nobody is told READY. */
    void reloading(final long nowNs) {
        reloading = true;
        reloadingSaid = false;
        reloadingNs = nowNs;
    }

    /** Says that what {@link #reloading} began is done, well or not. */
    void reloaded() {
        reloading = false;
        readySaid = false;
    }

    /** Returns how long until there is something to be said again, in nanoseconds. */
    long untilNextNs(final long nowNs) {
        if (socket == null || watchdogPeriodNs == 0) {
            return Long.MAX_VALUE;
        }
        final long dueNs = watchdogSaid ? watchdogNs + watchdogPeriodNs - nowNs : 0;
        // Before the next try a step says nothing, whatever is due.
        final long retryNs = refused ? refusedNs + RETRY_NS - nowNs : 0;
        return Math.max(0, Math.max(dueNs, retryNs));
    }

    /**
     * Says what has changed.
     *
     * @param allReady whether every daemon was ready once
     */
    void step(
            final TreeState tree,
            final boolean allReady,
            final DaemonSlot[] daemons,
            final long nowNs) {
        if (socket == null || refused && nowNs - refusedNs < RETRY_NS) {
            return;
        }
        length = 0;
        if (!mainPidSaid) {
            appendMainPid();
        }
        final boolean saysReloading = reloading && !reloadingSaid;
        if (saysReloading) {
            append(RELOADING);
            append(reloadingNs / NS_PER_US);
            append((byte) '\n');
        }
        final boolean saysReady = allReady && !readySaid && !reloading;
        if (saysReady) {
            append(READY);
        }
        final boolean saysStopping = tree == TreeState.STOPPING && !stoppingSaid;
        if (saysStopping) {
            append(STOPPING);
        }
        final long status = status(tree, daemons);
        final boolean saysStatus = isNews(status, nowNs);
        if (saysStatus) {
            appendStatus(status, daemons.length);
        }
        final boolean saysWatchdog =
                watchdogPeriodNs > 0 && (!watchdogSaid || nowNs - watchdogNs >= watchdogPeriodNs);
        if (saysWatchdog) {
            append(WATCHDOG);
        }
        if (length == 0) {
            return;
        }
        send(nowNs);
        if (refused) {
            return;
        }
        mainPidSaid = true;
        reloadingSaid |= saysReloading;
        readySaid |= saysReady;
        stoppingSaid |= saysStopping;
        if (saysStatus) {
            statusSaid = status;
            statusNs = nowNs;
        }
        if (saysWatchdog) {
            watchdogSaid = true;
            watchdogNs = nowNs;
        }
    }

    private void send(final long nowNs) {
        refused = !socket.send(message, length);
        refusedNs = nowNs;
    }

    /** Returns the tree's state and three counts in one word; a manifest has 64 daemons at most. */
    private static long status(final TreeState tree, final DaemonSlot[] daemons) {
        long ready = 0;
        long quarantined = 0;
        long ended = 0;
        for (final DaemonSlot daemon : daemons) {
            final DaemonState state = daemon.state();
            ready += state == DaemonState.READY ? 1 : 0;
            quarantined += state == DaemonState.QUARANTINED ? 1 : 0;
            ended += state == DaemonState.DONE ? 1 : 0;
        }
        return ((tree.ordinal() << COUNT_BITS | ready) << COUNT_BITS | quarantined) << COUNT_BITS
                | ended;
    }

    private boolean isNews(final long status, final long nowNs) {
        final int tree = 3 * COUNT_BITS;
        return status != statusSaid
                && (statusSaid < 0
                        || status >>> tree != statusSaid >>> tree
                        || nowNs - statusNs >= STATUS_NS);
    }

    private void appendStatus(final long status, final int daemons) {
        append(STATUS);
        append(STATES[(int) (status >>> 3 * COUNT_BITS)]);
        append(count(status, 2));
        append(OF);
        append(daemons);
        append(READY_DAEMONS);
        appendWhereAny(count(status, 1), QUARANTINED);
        appendWhereAny(count(status, 0), ENDED);
        append((byte) '\n');
    }

    private static long count(final long status, final int place) {
        return status >>> place * COUNT_BITS & (1 << COUNT_BITS) - 1;
    }

    private void appendWhereAny(final long count, final byte[] what) {
        if (count > 0) {
            append(COMMA);
            append(count);
            append(what);
        }
    }

    private void appendMainPid() {
        append(MAIN_PID);
        append(mainPid);
        append((byte) '\n');
    }

    private void append(final byte[] text) {
        System.arraycopy(text, 0, message, length, text.length);
        length += text.length;
    }

    private void append(final byte character) {
        message[length++] = character;
    }

    /** Appends a number that is not negative. */
    private void append(final long number) {
        int at = DIGITS_MAX;
        long rest = number;
        do {
            digits[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        System.arraycopy(digits, at, message, length, DIGITS_MAX - at);
        length += DIGITS_MAX - at;
    }

    private static byte[][] states() {
        final TreeState[] all = TreeState.values();
        final byte[][] names = new byte[all.length][];
        for (final TreeState state : all) {
            names[state.ordinal()] = bytes(state.name().toLowerCase(Locale.ROOT) + ": ");
        }
        return names;
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
