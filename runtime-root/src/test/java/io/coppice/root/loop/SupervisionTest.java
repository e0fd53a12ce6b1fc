package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.DaemonState;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the table to a second one, written down independently of the first. */
class SupervisionTest {
    private static final String EXPECTED =
            """
            event                WAITING  STARTING        READY           STOPPING    BACKING_OFF  QUARANTINED  DONE
            PREREQUISITES_READY  SPAWN    IGNORE          IGNORE          IGNORE      IGNORE       IGNORE       IGNORE
            SPAWN_FAILED         BACK_OFF IGNORE         IGNORE          IGNORE      IGNORE       IGNORE       IGNORE
            BECAME_READY         IGNORE   SERVE           IGNORE          IGNORE      IGNORE       IGNORE       IGNORE
            DIED_RESTART_NOW     IGNORE   WAIT            WAIT            AFTER_STOP  IGNORE       IGNORE       IGNORE
            DIED_RESTART_LATER   IGNORE   BACK_OFF        BACK_OFF        AFTER_STOP  IGNORE       IGNORE       IGNORE
            DIED_FOR_GOOD        IGNORE   QUARANTINE      QUARANTINE      AFTER_STOP  IGNORE       IGNORE       IGNORE
            DIED_FINISHED        IGNORE   FINISH          FINISH          AFTER_STOP  IGNORE       IGNORE       IGNORE
            TAKEN_OVER           IGNORE   TAKE_OVER       TAKE_OVER       IGNORE      IGNORE       IGNORE       IGNORE
            DELAY_OVER           IGNORE   IGNORE          IGNORE          IGNORE      WAIT         IGNORE       IGNORE
            START_TIMED_OUT      IGNORE   KILL            IGNORE          IGNORE      IGNORE       IGNORE       IGNORE
            HEART_STOPPED        IGNORE   IGNORE          KILL            IGNORE      IGNORE       IGNORE       IGNORE
            STOP_TIMED_OUT       IGNORE   IGNORE          IGNORE          KILL        IGNORE       IGNORE       IGNORE
            STOP                 FINISH   ASK_TO_STOP     ASK_TO_STOP     IGNORE      FINISH       FINISH       IGNORE
            GROUP_STOPS          IGNORE   ASK_TO_RESTART  ASK_TO_RESTART  IGNORE      IGNORE       IGNORE       IGNORE
            RESTART              REFUSE   ASK_TO_RESTART  ASK_TO_RESTART  REFUSE      WAIT         WAIT         WAIT
            RELEASE              REFUSE   REFUSE          REFUSE          REFUSE      REFUSE       WAIT         REFUSE
            HANDOVER             REFUSE   REFUSE          ASK_TO_HAND_OVER  REFUSE    REFUSE       REFUSE       REFUSE
            """;

    private static final List<List<String>> ROWS =
            EXPECTED.lines().map(line -> List.of(line.trim().split(" +"))).toList();

    private static final Set<DaemonState> WITH_PROCESS =
            EnumSet.of(DaemonState.STARTING, DaemonState.READY, DaemonState.STOPPING);

    @Test
    void everyCellIsWhatTheSecondTableSays() {
        int cells = 0;
        for (final List<String> row : ROWS.subList(1, ROWS.size())) {
            final DaemonEvent event = DaemonEvent.valueOf(row.get(0));
            for (int column = 1; column < row.size(); column++) {
                final DaemonState state = DaemonState.valueOf(ROWS.get(0).get(column));
                assertEquals(
                        DaemonAction.valueOf(row.get(column)),
                        Supervision.action(state, event),
                        state + " " + event);
                cells++;
            }
        }
        assertEquals(DaemonEvent.values().length * DaemonState.values().length, cells);
    }

    @Test
    void everyActionIsTakenSomewhere() {
        final Set<DaemonAction> taken =
                Stream.of(DaemonState.values())
                        .flatMap(
                                state ->
                                        Stream.of(DaemonEvent.values())
                                                .map(event -> Supervision.action(state, event)))
                        .collect(Collectors.toSet());

        assertEquals(EnumSet.allOf(DaemonAction.class), taken);
    }

    @Test
    void everyDeathLeavesEveryStateThatHasAProcess() {
        for (final DaemonState state : DaemonState.values()) {
            for (final DaemonEvent event : DaemonEvent.values()) {
                if (event.name().startsWith("DIED_")) {
                    assertEquals(
                            WITH_PROCESS.contains(state),
                            leaves(Supervision.action(state, event)),
                            state + " " + event);
                }
            }
        }
    }

    @Test
    void onlyAWaitingDaemonIsSpawnedAndOnlyAProcessIsKilledOrAsked() {
        for (final DaemonState state : DaemonState.values()) {
            for (final DaemonEvent event : DaemonEvent.values()) {
                final DaemonAction action = Supervision.action(state, event);
                final String where = state + " " + event;
                assertTrue(action != DaemonAction.SPAWN || state == DaemonState.WAITING, where);
                if (action == DaemonAction.KILL
                        || action == DaemonAction.ASK_TO_STOP
                        || action == DaemonAction.ASK_TO_HAND_OVER
                        || action == DaemonAction.TAKE_OVER
                        || action == DaemonAction.ASK_TO_RESTART) {
                    assertTrue(WITH_PROCESS.contains(state), where);
                }
            }
        }
    }

    @Test
    void aStopEndsEveryStateAndSomebodyCanStartEveryEndedOneAgain() {
        for (final DaemonState state : DaemonState.values()) {
            final DaemonAction stop = Supervision.action(state, DaemonEvent.STOP);
            assertTrue(
                    leaves(stop) || state == DaemonState.STOPPING || state == DaemonState.DONE,
                    state.name());
        }
        for (final DaemonState ended : EnumSet.of(DaemonState.QUARANTINED, DaemonState.DONE)) {
            final Set<DaemonEvent> waysOut =
                    Stream.of(DaemonEvent.values())
                            .filter(event -> leaves(Supervision.action(ended, event)))
                            .collect(Collectors.toSet());
            assertEquals(
                    ended == DaemonState.DONE
                            ? EnumSet.of(DaemonEvent.RESTART)
                            : EnumSet.of(
                                    DaemonEvent.RESTART, DaemonEvent.RELEASE, DaemonEvent.STOP),
                    waysOut);
        }
    }

    private static boolean leaves(final DaemonAction action) {
        return action != DaemonAction.IGNORE
                && action != DaemonAction.REFUSE
                && action != DaemonAction.ASK_TO_HAND_OVER
                && action != DaemonAction.KILL;
    }
}
