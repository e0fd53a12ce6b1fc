package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class StateProcessTest {
    @ParameterizedTest
    @EnumSource(names = {"TABLE", "CHRONICLE_MAP", "LMDB"})
    void keepsTheSamplesThatCount(final StateSubject subject) throws Exception {
        try (Scratch scratch = Scratch.create(Path.of("unused"))) {
            final StateProcess process = StateProcess.start(scratch, subject);
            process.awaitReady();
            process.measure(1, false);
            process.measure(2, true);
            process.finish();
            assertEquals(2, process.meansNs().size());
            assertTrue(process.meansNs().stream().allMatch(ns -> ns > 0));
        }
    }

    @Test
    void saysWhyASubjectDoesNotRun() throws Exception {
        try (Scratch scratch = Scratch.create(Path.of("unused"))) {
            // A file where its folder should be.
            Files.writeString(scratch.file("state-TABLE"), "in the way");
            final StateProcess process = StateProcess.start(scratch, StateSubject.TABLE);
            final NotRunException reason = assertThrows(NotRunException.class, process::awaitReady);
            assertTrue(reason.getMessage().contains("state-TABLE"), reason.getMessage());
        }
    }

    @Test
    void saysThatAJvmIsGone() throws Exception {
        try (Scratch scratch = Scratch.create(Path.of("unused"))) {
            final StateProcess process =
                    StateProcess.start(scratch, StateSubject.JOURNALED_IN_ORDER);
            process.awaitReady();
            process.stop();
            final NotRunException reason =
                    assertThrows(NotRunException.class, () -> process.measure(1, true));
            assertEquals("its JVM ended with 137", reason.getMessage());
        }
    }
}
