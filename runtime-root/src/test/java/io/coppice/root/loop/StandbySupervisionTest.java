package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.StandbyState;
import io.coppice.pool.plan.RestartPolicy;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds the table of standbys to a second one, written down independently of the first, and each
 * cell to what root does then: the state on the board, the process, the signals.
 */
class StandbySupervisionTest {
    private static final String EXPECTED =
            """
            event            NONE      STARTING   WARM       TAKING_OVER
            WANTED           SPAWN     IGNORE     IGNORE     IGNORE
            SPAWN_FAILED     BACK_OFF  IGNORE     IGNORE     IGNORE
            BECAME_WARM      IGNORE    REST       IGNORE     IGNORE
            START_TIMED_OUT  IGNORE    KILL       IGNORE     IGNORE
            TURN             IGNORE    TAKE_OVER  TAKE_OVER  IGNORE
            DAEMON_SERVES    IGNORE    IGNORE     IGNORE     FREE
            UNWANTED         IGNORE    KILL       KILL       FREE
            DIED             IGNORE    REPLACE    REPLACE    IGNORE
            """;

    private static final List<List<String>> ROWS =
            EXPECTED.lines().map(line -> List.of(line.trim().split(" +"))).toList();

    /** Those whose process is the standby's. */
    private static final Set<StandbyState> WITH_PROCESS =
            EnumSet.of(StandbyState.STARTING, StandbyState.WARM);

    @TempDir Path folder;

    private SimulatedSystem os;
    private LoopTree tree;

    @Test
    void everyCellIsWhatTheSecondTableSays() {
        int cells = 0;
        for (final List<String> row : ROWS.subList(1, ROWS.size())) {
            final StandbyEvent event = StandbyEvent.valueOf(row.get(0));
            for (int column = 1; column < row.size(); column++) {
                final StandbyState state = StandbyState.valueOf(ROWS.get(0).get(column));
                assertEquals(
                        StandbyAction.valueOf(row.get(column)),
                        StandbySupervision.action(state, event),
                        state + " " + event);
                cells++;
            }
        }
        assertEquals(StandbyEvent.values().length * StandbyState.values().length, cells);
    }

    @Test
    void everyActionIsTakenSomewhere() {
        final Set<StandbyAction> taken =
                Stream.of(StandbyState.values())
                        .flatMap(
                                state ->
                                        Stream.of(StandbyEvent.values())
                                                .map(
                                                        event ->
                                                                StandbySupervision.action(
                                                                        state, event)))
                        .collect(Collectors.toSet());

        assertEquals(EnumSet.allOf(StandbyAction.class), taken);
    }

    @Test
    void aStandbyHasAnEndInEveryStateAndNobodyIsKilledWhereThereIsNone() {
        for (final StandbyState state : StandbyState.values()) {
            final StandbyAction unwanted = StandbySupervision.action(state, StandbyEvent.UNWANTED);
            assertEquals(
                    WITH_PROCESS.contains(state), unwanted == StandbyAction.KILL, state.name());
            assertEquals(
                    WITH_PROCESS.contains(state),
                    StandbySupervision.action(state, StandbyEvent.DIED) == StandbyAction.REPLACE,
                    state.name());
            for (final StandbyEvent event : StandbyEvent.values()) {
                final StandbyAction action = StandbySupervision.action(state, event);
                final String where = state + " " + event;
                assertTrue(action != StandbyAction.SPAWN || state == StandbyState.NONE, where);
                assertTrue(
                        action != StandbyAction.KILL && action != StandbyAction.TAKE_OVER
                                || WITH_PROCESS.contains(state),
                        where);
            }
        }
    }

    @Test
    void everyCellDoesWhatItSays() {
        int cells = 0;
        for (final StandbyState state : StandbyState.values()) {
            for (final StandbyEvent event : StandbyEvent.values()) {
                reach(state);
                check(state, event);
                cells++;
            }
        }
        assertEquals(StandbyState.values().length * StandbyEvent.values().length, cells);
    }

    private void check(final StandbyState state, final StandbyEvent event) {
        final String where = state + " " + event;
        final StandbyAction action = StandbySupervision.action(state, event);
        final int signals = os.signals.size();
        final long pid = word(BoardWord.STANDBY_PID);
        final long takeovers = word(BoardWord.TAKEOVERS);
        final long deaths = word(BoardWord.STANDBY_DEATHS);

        standby().on(event, tree.nowNs);

        assertEquals(after(action, state), StandbyState.of(word(BoardWord.STANDBY_STATE)), where);
        assertEquals(
                action == StandbyAction.KILL ? List.of("SIGKILL " + pid) : List.of(),
                os.signals.subList(signals, os.signals.size()),
                where);
        assertEquals(
                takeovers + (action == StandbyAction.TAKE_OVER ? 1 : 0),
                word(BoardWord.TAKEOVERS),
                where);
        assertEquals(
                deaths + (action == StandbyAction.REPLACE ? 1 : 0),
                word(BoardWord.STANDBY_DEATHS),
                where);
        if (action == StandbyAction.SPAWN) {
            assertTrue(standby().lives(), where);
            assertEquals(tree.standby(1).pid(), word(BoardWord.STANDBY_PID), where);
        }
        if (action == StandbyAction.TAKE_OVER) {
            assertEquals(pid, word(BoardWord.PID), where);
            assertEquals(standby().epoch(), word(BoardWord.EPOCH), where);
            assertEquals(0, word(BoardWord.STANDBY_PID), where);
        }
        if (action == StandbyAction.BACK_OFF || action == StandbyAction.REPLACE) {
            assertFalse(standby().lives(), where);
            assertEquals(0, word(BoardWord.STANDBY_PID), where);
            // By the delay the next one comes later than now.
            standby().step(standby().epoch(), tree.nowNs);
            assertFalse(standby().lives(), where);
            standby().step(standby().epoch(), tree.nowNs + SECOND_NS);
            assertTrue(standby().lives(), where);
        }
    }

    private static StandbyState after(final StandbyAction action, final StandbyState state) {
        switch (action) {
            case SPAWN:
                return StandbyState.STARTING;
            case REST:
                return StandbyState.WARM;
            case TAKE_OVER:
                return StandbyState.TAKING_OVER;
            case FREE:
            case REPLACE:
                return StandbyState.NONE;
            default:
                return state;
        }
    }

    private void reach(final StandbyState state) {
        os = new SimulatedSystem();
        tree =
                LoopTree.simulated(
                        folder,
                        os,
                        LoopTree.withStandby(
                                LoopTree.daemon(1, true, List.of()), RestartPolicy.ON_FAILURE));
        tree.startAll();
        tree.turn();
        if (state == StandbyState.NONE) {
            // One that has died; the next one is not due yet.
            tree.dieStandby(1, 1);
            tree.turn();
        }
        if (state == StandbyState.WARM || state == StandbyState.TAKING_OVER) {
            tree.sayWarm(1);
            tree.turn();
        }
        if (state == StandbyState.TAKING_OVER) {
            tree.die(1, 1);
            tree.turn();
        }
        assertEquals(state, StandbyState.of(word(BoardWord.STANDBY_STATE)));
    }

    private StandbySlot standby() {
        return tree.daemons[0].standby();
    }

    private long word(final BoardWord word) {
        return tree.board.reader().word(1, word);
    }
}
