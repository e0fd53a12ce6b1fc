package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Root is killed at each numbered step of its own life and run again: the tree is whole each time.
 * The counters fail loudly where a transaction shows half.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class RootStepsIT {
    private static final long SOME = 3;

    @RegisterExtension static final TestArea AREA = new TestArea();

    private final SteppedTree stepped = new SteppedTree(AREA);

    @Test
    void ofASpawnAndOfADeath() {
        stepped.begin("respawn");
        for (final String step : RootStepLists.SPAWN_AND_DEATH) {
            final long bystander = stepped.tree().pid("still");
            final long epoch = stepped.tree().epoch("counter");
            final long restarts = stepped.tree().restarts("counter");
            final long seen = stepped.tree().progress("counter");
            final Process root = stepped.root("-Dcoppice.root.killAt=" + step);
            stepped.awaitRoot(root);
            stepped.tree().killDaemon("counter");
            stepped.assertKilled(root, step);

            stepped.assertWhole(step, bystander);
            assertTrue(stepped.tree().epoch("counter") > epoch, step);
            assertTrue(
                    stepped.tree().epoch("counter") <= epoch + 2,
                    step + ": at most the lost spawn");
            assertEquals(
                    restarts + 1,
                    stepped.tree().restarts("counter"),
                    step + ": one death, counted once");
            stepped.tree().awaitProgress("counter", seen + SOME);
        }
        stepped.tree().up();
        stepped.tree().stop();
    }

    @Test
    void ofAStartAndOfAnAdoption() {
        stepped.begin("adopt");
        for (final String step : RootStepLists.START_AND_ADOPTION) {
            final long bystander = stepped.tree().pid("still");
            final long counter = stepped.tree().pid("counter");
            final long seen = stepped.tree().progress("counter");
            stepped.assertKilled(stepped.root("-Dcoppice.root.killAt=" + step), step);

            stepped.assertWhole(step, bystander);
            assertEquals(counter, stepped.tree().pid("counter"), step);
            assertEquals(1, stepped.tree().epoch("counter"), step);
            stepped.tree().awaitProgress("counter", seen + SOME);
        }
        stepped.tree().up();
        stepped.tree().stop();
    }

    @Test
    void ofAStop() {
        stepped.begin("stopping");
        for (final String step : RootStepLists.STOP) {
            final long seen = stepped.tree().progress("counter");
            final Process root = stepped.root("-Dcoppice.root.killAt=" + step);
            stepped.awaitRoot(root);
            OperatingSystem.current().signal(root.pid(), Signals.TERM);
            stepped.assertKilled(root, step);

            stepped.assertWhole(step, 0);
            assertEquals(
                    0, stepped.tree().restarts("counter"), step + ": it did not die of itself");
            stepped.tree().awaitProgress("counter", seen + SOME);
        }
        stepped.tree().up();
        stepped.tree().stop();
    }

    @Test
    void ofAChangeOfThePlan() {
        stepped.begin("change");
        final long bystander = stepped.tree().pid("still");
        final long seen = stepped.tree().progress("counter");
        final Path changed =
                SteppedTree.manifest("change", "'settings': {'until': '0'}").write(AREA.files());
        final CoppiceCli.Result result =
                AREA.cli()
                        .with(
                                "JDK_JAVA_OPTIONS",
                                "-Dcoppice.root.killAt=" + RootStepLists.CHANGE_OF_PLAN.get(0))
                        .run("run", changed.toString());
        assertEquals(71, result.exitCode(), result::toString);
        stepped.tree().up();
        assertEquals(bystander, stepped.tree().pid("still"));
        assertEquals(2, stepped.tree().epoch("counter"));
        assertEquals(0, stepped.tree().restarts("counter"), "it did not die of itself");
        assertEquals(
                List.of(stepped.tree().pid("counter"), bystander).stream().sorted().toList(),
                stepped.daemons());
        stepped.tree().awaitProgress("counter", seen + SOME);
        stepped.tree().stop();
    }

    @Test
    @Tag("nightly")
    void ofAFirstStart() {
        for (final String step : RootStepLists.FIRST_START) {
            stepped.begin("first");
            stepped.tree().up();
            stepped.tree().stop();
            assertEquals(0, stepped.tree().cli().run("clean", "first").exitCode());
            assertTrue(stepped.tree().folder().resolve("log").toFile().mkdirs());
            stepped.assertKilled(stepped.root("-Dcoppice.root.killAt=" + step), step);
            stepped.assertWhole(step, 0);
            stepped.tree().up();
            stepped.tree().stop();
            assertEquals(0, stepped.tree().cli().run("clean", "first").exitCode());
        }
    }
}
