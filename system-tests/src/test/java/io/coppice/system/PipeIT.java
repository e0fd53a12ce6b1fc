package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.system.daemons.PipeDaemon;
import io.coppice.system.daemons.PipeTransaction;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages between a daemon and two workers, all of which are killed. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class PipeIT {
    private static final String WHOLE =
            "offered 600, received 600, each once 600, jobs left false, transactions failed true";

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void eachMessageArrivesOnceWhoeverDies() {
        final TestTree tree = new TestTree(AREA, pipes("killed-pipes"));
        final CoppiceCli.Result result = ChaosForATime.run(tree, "--chaos", "40ms", "--seed", "7");
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(result.stdout().contains(WHOLE), result::toString);
        assertTrue(result.stdout().toString().contains("; chaos killed "), result::toString);
    }

    @Test
    void stateShowsPipes() {
        final TestTree tree = new TestTree(AREA, pipes("pipes"));
        assertEquals(0, tree.start("--detach").await().exitCode());
        tree.awaitDeath(tree.rootPid());

        assertEquals(List.of("pipes/pipes: sound"), done(tree, "verify", "pipes"));
        final List<String> fill = done(tree, "ls", "pipes/pipes");
        assertTrue(
                fill.stream()
                        .anyMatch(line -> line.matches("  jobs +pipe +\\S+ \\S+ +0 +- +64  -")),
                fill::toString);
        assertEquals(
                List.of(
                        "{\"ready\":0,\"offered\":0,\"polled\":0,\"capacity\":64,"
                                + "\"messageBytesMax\":8}"),
                done(tree, "get", "pipes/pipes/jobs", "--json"));
        assertEquals(
                List.of(
                        "0 messages of 9 ready, 0 offered and 0 polled by transactions under way, of"
                                + " at most 8 bytes each"),
                done(tree, "get", "pipes/pipes/answers"));
        assertEquals(0, tree.cli().run("clean", "pipes").exitCode());
    }

    private static TestManifest pipes(final String name) {
        return new TestManifest(name)
                .daemon(
                        "pipes",
                        PipeDaemon.class,
                        "'significant': true, 'restart': {'policy': 'on-failure'}",
                        "'capacities': {'jobs': 64, 'answers': 9}",
                        "'transactions': {'work': {'class': '"
                                + PipeTransaction.class.getName()
                                + "', 'workers': '2..2', 'request': '64 B', 'reply': '64 B',"
                                + " 'deadline': '2 min', 'queueDeadline': '5 min', 'attempts': 3}}");
    }

    private static List<String> done(final TestTree tree, final String... arguments) {
        final String[] state = new String[arguments.length + 1];
        state[0] = "state";
        System.arraycopy(arguments, 0, state, 1, arguments.length);
        final CoppiceCli.Result result = tree.cli().run(state);
        assertEquals(0, result.exitCode(), result::toString);
        return result.stdout();
    }
}
