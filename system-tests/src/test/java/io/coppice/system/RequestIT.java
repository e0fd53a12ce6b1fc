package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.system.daemons.AnsweringDaemon;
import io.coppice.system.daemons.AskingDaemon;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two daemons that ask and answer while both are killed. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class RequestIT {
    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void everyRequestHasOneOutcomeWhoeverDies() {
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("requests")
                                .daemon(
                                        "asking",
                                        AskingDaemon.class,
                                        "'significant': true, 'readers': ['answering']",
                                        "'restart': {'policy': 'on-failure'}, 'spin': '50 us'")
                                .daemon(
                                        "answering",
                                        AnsweringDaemon.class,
                                        "'readers': ['asking'], 'spin': '0 us'"));
        final CoppiceCli.Result result =
                ChaosForATime.run(tree, "--chaos", "1500ms", "--seed", "11");
        assertEquals(0, result.exitCode(), result::toString);
        final String all = AskingDaemon.NUMBERS + "";
        assertTrue(
                result.stdout().stream()
                        .anyMatch(
                                line ->
                                        line.matches(
                                                "mortal: asked "
                                                        + all
                                                        + ", replied \\d+, expired \\d+,"
                                                        + " cancelled \\d+, one outcome each"
                                                        + " true")),
                result::toString);
        assertTrue(
                result.stdout()
                        .contains(
                                "durable: asked "
                                        + all
                                        + ", replied "
                                        + all
                                        + ", expired 0, cancelled 0, one outcome each true"),
                result::toString);
        assertTrue(result.stdout().toString().contains("; chaos killed "), result::toString);
    }
}
