package io.coppice.root.cli;

import io.coppice.os.Errno;
import io.coppice.os.Signals;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.Death;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.QuarantineReason;
import io.coppice.pool.plan.DaemonPlan;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What a daemon has died of lately, and why it is quarantined.
 *
 * @param reason {@link QuarantineReason#NONE} where it is not quarantined
 * @param quarantine the reason in one line, empty where it is not quarantined
 * @param last the last deaths, the oldest first
 */
record DeathsStatus(QuarantineReason reason, String quarantine, List<Death> last) {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private static final double NS_PER_SECOND = 1e9;

    /** Deaths that the text shows. */
    private static final int TOLD = 3;

    static DeathsStatus read(final Board board, final DaemonPlan plan) {
        final QuarantineReason reason =
                board.state(plan.slot()) == DaemonState.QUARANTINED
                        ? QuarantineReason.of(board.word(plan.slot(), BoardWord.QUARANTINE))
                        : QuarantineReason.NONE;
        final List<Death> last = board.deaths(plan.slot());
        return new DeathsStatus(reason, quarantine(reason, plan, last), last);
    }

    private static String quarantine(
            final QuarantineReason reason, final DaemonPlan plan, final List<Death> last) {
        switch (reason) {
            case TOO_MANY_DEATHS:
                return plan.restart().limit()
                        + 1
                        + " deaths in "
                        + seconds(plan.restart().withinNs())
                        + ": "
                        + kinds(plan.restart().limit() + 1, last);
            case DO_NOT_RESTART:
                return "it asked not to be started again, by exit code 100";
            case POLICY_NEVER:
                return "it ended, and its restart policy is \"never\"";
            case RECOVERY_FAILED:
                return "its arena fails every recovery and cannot be set aside";
            default:
                return "";
        }
    }

    /** Returns how the deaths of a quarantine differ, of as many of them as the board still has. */
    private static String kinds(final int most, final List<Death> last) {
        final List<Death> counted = last.stream().filter(Death::counts).toList();
        final Map<String, Integer> kinds = new LinkedHashMap<>();
        for (final Death death :
                counted.subList(Math.max(0, counted.size() - most), counted.size())) {
            kinds.merge(words(death.exitClass(), death.status()), 1, Integer::sum);
        }
        final StringJoiner text = new StringJoiner(", ");
        kinds.forEach((kind, times) -> text.add(times == 1 ? kind : kind + " x " + times));
        return most > counted.size() ? "the last ones " + text : text.toString();
    }

    /** Returns the last deaths in one line, the newest first. */
    String line() {
        final StringJoiner text = new StringJoiner(", ", "last deaths: ", "");
        for (int i = last.size() - 1; i >= Math.max(0, last.size() - TOLD); i--) {
            final Death death = last.get(i);
            text.add(
                    CLOCK.format(Instant.ofEpochMilli(death.atMs()))
                            + " "
                            + words(death.exitClass(), death.status()));
        }
        return text.toString();
    }

    /** Returns an exit in words. */
    static String words(final ExitClass exitClass, final int status) {
        if (exitClass == ExitClass.UNKNOWN) {
            return "unknown (it died without a root whose child it was)";
        }
        final int signal = Signals.ofExitStatus(status);
        String how = signal == 0 ? "exit code " + status : Signals.name(signal);
        if (exitClass == ExitClass.SPAWN_FAILURE) {
            final Errno errno = Errno.of(status);
            how = errno != Errno.UNKNOWN ? errno.name() : "see log/root.log";
        }
        return exitClass.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " (" + how + ")";
    }

    private static String seconds(final long ns) {
        final double seconds = ns / NS_PER_SECOND;
        return seconds == Math.rint(seconds)
                ? (long) seconds + " s"
                : String.format(Locale.ROOT, "%.3f s", seconds);
    }
}
