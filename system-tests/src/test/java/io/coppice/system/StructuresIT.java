package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.system.daemons.AuditDaemon;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.ShelfDaemon;
import io.coppice.system.daemons.ShelfTransaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A structure of every kind in one arena, written by workers that are killed. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class StructuresIT {
    private static final String WHOLE =
            "items 300, names 300, events 300, sum 45150, mean 150.5, note of %d bytes, blocks 300,"
                    + " in use 300, document blocks 300, newest says true, every task began true";

    private static final List<String> SHELF =
            List.of(
                    "'significant': true, 'restart': {'policy': 'on-failure'}",
                    "'capacities': {'items': 400, 'names': 400, 'events': 65536, 'blocks': 400,"
                            + " 'documents': 700}",
                    "'transactions': {'work': {'class': '"
                            + ShelfTransaction.class.getName()
                            + "', 'workers': '2..2', 'request': '64 B', 'reply': '64 B',"
                            + " 'deadline': '2 min', 'queueDeadline': '5 min', 'attempts': 3}}");

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void locksBlocksAndTablesSurviveTheDeathsOfThoseWhoHoldThem() throws IOException {
        final TestTree tree = new TestTree(AREA, shelf("killed"));
        final CoppiceCli.Result result = ChaosForATime.run(tree, "--chaos", "40ms", "--seed", "5");
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(
                result.stdout().contains(String.format(WHOLE, 4))
                        || result.stdout().contains(String.format(WHOLE, 3)),
                result::toString);
        assertTrue(result.stdout().toString().contains("; chaos killed "), result::toString);
    }

    @Test
    void stateShowsExportsAndImportsEveryKind() throws IOException {
        final TestTree tree = new TestTree(AREA, shelf("shelf"));
        assertEquals(0, tree.start("--detach").await().exitCode());
        tree.awaitDeath(tree.rootPid());

        assertEquals(List.of("shelf/shelf: sound"), done(tree, "verify", "shelf"));
        final String fill = String.join("\n", done(tree, "ls", "shelf/shelf"));
        assertMatches("  items +table +\\S+ \\S+ +300 +300 +400  item of 16 bytes.*", fill);
        assertMatches("  names +sorted-table +\\S+ \\S+ +300 +300 +400  name of .*", fill);
        assertMatches("  events +record-log .*", fill);
        assertMatches("  sum +cell +\\S+ \\S+ +45150 +- +-  -", fill);
        assertMatches("  mean +cell +\\S+ \\S+ +150.5 +- +-  -", fill);
        assertMatches("  runs +counter +\\S+ \\S+ +300 +- +-  -", fill);
        assertMatches("  blocks +block-pool +\\S+ \\S+ +300 +300 +400  -", fill);
        assertMatches("  writing +lock +\\S+ \\S+ +free +- +-  -", fill);
        assertMatches("  reading +read-write-lock +\\S+ \\S+ +free +- +-  -", fill);

        assertEquals(
                List.of("number=17 says=\"no. 17\""), done(tree, "get", "shelf/shelf/names/n17"));
        assertEquals(List.of("{\"value\":45150}"), done(tree, "get", "shelf/shelf/sum", "--json"));
        assertEquals(300, done(tree, "export", "shelf/shelf/events").size());
        final List<String> documents = done(tree, "export", "shelf/shelf/documents");
        assertEquals(300, documents.size());
        final String newest = done(tree, "get", "shelf/shelf/newest").get(0);
        final String sheet = done(tree, "get", "shelf/shelf/documents/" + newest).get(0);
        assertTrue(sheet.matches("\\{\"number\":\\d+,\"says\":\\{\"loud\":\"NO. \\d+\"}}"), sheet);
        assertTrue(
                documents.contains("{\"$key\":" + newest + ",\"document\":" + sheet + "}"),
                documents::toString);
        importsWhatItExported(tree);
        refusesWhatIsNoRecord(tree);
        assertEquals(List.of("shelf/shelf: sound"), done(tree, "verify", "shelf"));
        assertEquals(0, tree.cli().run("clean", "shelf").exitCode());
    }

    private static void importsWhatItExported(final TestTree tree) throws IOException {
        final List<String> names = done(tree, "export", "shelf/shelf/names");
        assertEquals(300, names.size());
        assertEquals("{\"$key\":\"n1\",\"number\":1,\"says\":\"no. 1\"}", names.get(0));
        final Path lines =
                Files.write(
                        AREA.files().resolve("names.jsonl"),
                        List.of(
                                "{\"$key\":\"n1\",\"number\":-1,\"says\":\"changed\"}",
                                "",
                                "{\"$keyHex\":\"ff00\",\"number\":2}"));
        assertEquals(
                List.of("shelf/shelf/names: 2 records stored"),
                done(tree, "import", "shelf/shelf/names", lines.toString()));
        final List<String> changed = done(tree, "export", "shelf/shelf/names");
        assertEquals(301, changed.size());
        assertEquals("{\"$key\":\"n1\",\"number\":-1,\"says\":\"changed\"}", changed.get(0));
        assertEquals("{\"$keyHex\":\"ff00\",\"number\":2,\"says\":\"\"}", changed.get(300));

        final Path items = AREA.files().resolve("items.jsonl");
        Files.write(items, done(tree, "export", "shelf/shelf/items"));
        assertEquals(
                List.of("shelf/shelf/items: 300 records stored"),
                done(tree, "import", "shelf/shelf/items", items.toString()));
        assertEquals(
                Files.readAllLines(items).stream().sorted().toList(),
                done(tree, "export", "shelf/shelf/items").stream().sorted().toList());
    }

    private static void refusesWhatIsNoRecord(final TestTree tree) throws IOException {
        final Path lines =
                Files.write(
                        AREA.files().resolve("bad.jsonl"),
                        List.of("{\"$key\":1,\"square\":1}", "{\"$key\":2,\"squares\":4}"));
        final CoppiceCli.Result refused =
                tree.cli().run("state", "import", "shelf/shelf/items", lines.toString());
        assertEquals(65, refused.exitCode(), refused::toString);
        assertTrue(
                refused.stderr()
                        .toString()
                        .contains(
                                "line 2: there is no field \"squares\": a record is item of 16"
                                        + " bytes: square, block; 1 records before it are stored"),
                refused::toString);
    }

    @Test
    void nothingIsImportedIntoATreeThatRuns() {
        final TestTree tree =
                new TestTree(AREA, new TestManifest("busy").daemon("counter", CounterDaemon.class))
                        .up();
        final CoppiceCli.Result refused = tree.cli().run("state", "import", "busy/counter/words");
        assertEquals(75, refused.exitCode(), refused::toString);
        assertTrue(refused.stderr().toString().contains("stop it first"), refused::toString);
        tree.stop();
    }

    @Test
    void aSiblingReadsEverythingInPlaceWhileItsWritersAreKilled() {
        final TestManifest manifest =
                shelf("audited", "'readers': ['audit']")
                        .daemon(
                                "audit",
                                AuditDaemon.class,
                                "'significant': true, 'restart': {'policy': 'on-failure'}");
        final TestTree tree = new TestTree(AREA, manifest);
        final CoppiceCli.Result result = ChaosForATime.run(tree, "--chaos", "300ms", "--seed", "8");
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(
                result.stdout().contains("audit: 300 events, newest is a document: true"),
                result::toString);
    }

    private static TestManifest shelf(final String name, final String... members) {
        final TestManifest manifest = new TestManifest(name);
        final List<String> all = new ArrayList<>(List.of(members));
        all.addAll(SHELF);
        return manifest.daemon("shelf", ShelfDaemon.class, all.toArray(String[]::new));
    }

    private static List<String> done(final TestTree tree, final String... arguments) {
        final String[] state = new String[arguments.length + 1];
        state[0] = "state";
        System.arraycopy(arguments, 0, state, 1, arguments.length);
        final CoppiceCli.Result result = tree.cli().run(state);
        assertEquals(0, result.exitCode(), result::toString);
        return result.stdout();
    }

    private static void assertMatches(final String pattern, final String lines) {
        assertTrue(
                lines.lines().anyMatch(line -> line.matches(pattern)),
                () -> pattern + " matches none of\n" + lines);
    }
}
