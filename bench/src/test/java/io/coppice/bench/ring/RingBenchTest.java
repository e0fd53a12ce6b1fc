package io.coppice.bench.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.bench.BenchFailure;
import io.coppice.bench.Case;
import io.coppice.bench.LeftOut;
import io.coppice.bench.NotRunException;
import io.coppice.bench.Scratch;
import io.coppice.bench.ring.RingBench.Effort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every medium carries some thousand messages, each of which is looked at. */
final class RingBenchTest {
    /** More than fit at once into what a medium may have on its way, so that writers wait too. */
    private static final Effort LITTLE = new Effort(1, 2, 20);

    @ParameterizedTest
    @EnumSource(Medium.class)
    void carriesEveryMessageOfItsFirstTraffic(final Medium medium) throws Exception {
        try (Scratch scratch = Scratch.create(Path.of("unused"))) {
            final Traffic traffic = first(medium);
            final RingGroup group = RingGroup.start(scratch, traffic, medium);
            group.awaitOpen();
            final long messages = traffic.messages() / LITTLE.part();
            for (int turn = 0; turn < 3; turn++) {
                final RingTurn result = group.turn(messages);
                assertEquals(messages, result.messages());
                assertTrue(medium.mayLose() || result.received() == messages, result::toString);
                assertTrue(result.received() > 0 && result.wholeNs() > 0, result::toString);
                if (traffic.isRoundTrip()) {
                    assertEquals(messages, group.times().getTotalCount());
                }
            }
            group.finish();
        }
    }

    @Test
    void givesEveryReaderEveryMessage() throws Exception {
        try (Scratch scratch = Scratch.create(Path.of("unused"))) {
            final RingGroup group = RingGroup.start(scratch, Traffic.MULTICAST, Medium.COPPICE);
            group.awaitOpen();
            assertEquals(5_000, group.turn(5_000).received());
            group.finish();
        }
    }

    @Test
    void leavesOutWhoCannotRunAndSaysWhy() throws Exception {
        try (Scratch scratch = Scratch.create(Path.of("unused"))) {
            // A file where a pipe should be.
            final Path folder = Files.createDirectories(scratch.file("ring-PARKED-PIPE"));
            Files.writeString(folder.resolve("there"), "in the way");
            final NotRunException reason =
                    assertThrows(
                            NotRunException.class,
                            () -> RingGroup.start(scratch, Traffic.PARKED, Medium.PIPE));
            assertTrue(reason.getMessage().contains("mkfifo"), reason.getMessage());
            final Case result =
                    RingBench.run(
                            scratch,
                            Traffic.PARKED,
                            List.of(Medium.COPPICE_PARKED, Medium.PIPE),
                            LITTLE);
            assertEquals(
                    List.of(new LeftOut(Traffic.PARKED.caseName(), "pipe", reason.getMessage())),
                    result.leftOut());
        }
    }

    @Test
    void failsWhereCoppiceCannotRun() throws Exception {
        try (Scratch scratch = Scratch.create(Path.of("unused"))) {
            final Path folder = Files.createDirectories(scratch.file("ring-BATCHES-COPPICE"));
            Files.createDirectories(folder.resolve("bells"));
            assertThrows(
                    BenchFailure.class,
                    () -> RingBench.run(scratch, Traffic.BATCHES, List.of(Medium.COPPICE), LITTLE));
        }
    }

    @Test
    void failsWhereAWrongMessageComes() throws Exception {
        try (Scratch scratch = Scratch.create(Path.of("unused"))) {
            final RingGroup group = RingGroup.start(scratch, Traffic.SINGLES, Medium.AGRONA);
            group.awaitOpen();
            final Path folder = scratch.file("ring-SINGLES-AGRONA");
            new AgronaEndpoint(new Seat(folder, 0, 1, false, 64, 1)).send(5, 1);
            final BenchFailure failure = assertThrows(BenchFailure.class, () -> group.turn(10));
            assertTrue(
                    failure.getMessage().endsWith("message 0 came as number 5"),
                    failure.getMessage());
            group.stop();
        }
    }

    @Test
    void saysThatAJvmIsGone() throws Exception {
        try (Scratch scratch = Scratch.create(Path.of("unused"))) {
            final RingGroup group = RingGroup.start(scratch, Traffic.SPINNING, Medium.WORDS);
            group.awaitOpen();
            group.stop();
            final NotRunException reason =
                    assertThrows(NotRunException.class, () -> group.turn(10));
            assertEquals("its JVM ended with 137", reason.getMessage());
        }
    }

    private static Traffic first(final Medium medium) {
        for (final Traffic traffic : Traffic.values()) {
            if (traffic.media().contains(medium)) {
                return traffic;
            }
        }
        throw new AssertionError(medium + " carries nothing");
    }
}
