package io.coppice.root.loop;

import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PlanCodec;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.plan.TreePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes in requests for an upgrade. The new command lines come in a file beside the board, since a
 * slot of the mailbox holds numbers alone. Of that file nothing counts but the command lines of the
 * one daemon and of its pools; everything else is what the board says already. One upgrade in a
 * tree at a time: the board has one free place.
 *
 * <p>For root's thread. Allocates only while it takes in a request.
 */
final class Upgrades {
    /** A timeout that is longer, or negative, is none of ours. */
    private static final long TIMEOUT_NS_MAX = 24 * 3_600_000_000_000L;

    private final BoardWriter board;

    Upgrades(final BoardWriter board) {
        this.board = board;
    }

    /**
     * Begins an upgrade.
     *
     * @param timeoutNs until it is warm, 0 for the daemon's start timeout
     * @param writer pid in the file's name
     */
    Answer begin(
            final DaemonSlot daemon, final long timeoutNs, final long writer, final long nowNs) {
        if (board.reader().isUpgrading() || !mayUpgrade(daemon)) {
            return Answer.WRONG_STATE;
        }
        try {
            final TreePlan plan = read(daemon, writer);
            if (plan == null || timeoutNs < 0 || timeoutNs > TIMEOUT_NS_MAX) {
                return Answer.UNKNOWN;
            }
            final long mostNs = timeoutNs == 0 ? daemon.plan().startTimeoutNs() : timeoutNs;
            daemon.standby().upgrade(plan, mostNs, nowNs);
            if (isDown(daemon)) {
                // Nobody serves who could hand over: it is started by the new plan at once.
                daemon.standby().trial().onTurnCold(daemon.standby().nextEpoch(daemon.epoch()));
                daemon.on(DaemonEvent.RESTART, nowNs);
            }
            return Answer.ACCEPTED;
        } catch (final IOException | RuntimeException damaged) {
            System.err.println(
                    "root: the plan of an upgrade of "
                            + daemon.plan().name()
                            + " cannot be read: "
                            + damaged);
            return Answer.UNKNOWN;
        }
    }

    private static boolean mayUpgrade(final DaemonSlot daemon) {
        return !daemon.isEnding()
                && (isDown(daemon)
                        || daemon.state() == DaemonState.READY
                                && !daemon.standby().isHandingOver(daemon.epoch()));
    }

    private static boolean isDown(final DaemonSlot daemon) {
        return daemon.state() == DaemonState.BACKING_OFF
                || daemon.state() == DaemonState.QUARANTINED;
    }

    /** Returns the plan to try, or null where there is none or the board has no room for it. */
    private TreePlan read(final DaemonSlot daemon, final long writer) throws IOException {
        final Path file = board.folder().resolve(RunDirectory.PLAN + "-" + writer);
        // A child may have put a fifo there, on which root would wait, or a link to elsewhere.
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                || Files.size(file) > board.reader().planRoom()) {
            return null;
        }
        final TreePlan asked = PlanCodec.decode(Files.readAllBytes(file));
        final DaemonPlan wanted = asked.daemon(daemon.plan().name());
        final DaemonPlan current = daemon.plan();
        if (wanted == null
                || wanted.command().isEmpty()
                || wanted.pools().size() != current.pools().size()) {
            return null;
        }
        final List<PoolPlan> pools = new ArrayList<>();
        for (int i = 0; i < current.pools().size(); i++) {
            pools.add(current.pools().get(i).commanded(wanted.pools().get(i).command()));
        }
        final TreePlan plan =
                board.reader().plan().with(current.commanded(wanted.command(), List.copyOf(pools)));
        return BoardWriter.hasRoom(board.reader(), plan) ? plan : null;
    }
}
