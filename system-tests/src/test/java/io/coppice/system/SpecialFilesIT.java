package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What git cannot carry, catalogued: each name has exactly one line. Where the tests run as the
 * superuser, who may read everything, the tree is run as nobody.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class SpecialFilesIT {
    private static final Path MANIFEST = CoppiceCli.HOME.resolve("conf/catalog.json");
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final String[] AS_NOBODY = {
        SETPRIV.toString(), "--reuid", "65534", "--regid", "65534", "--clear-groups"
    };
    private static final String REFUSED = "failed NotADocumentException: ";
    private static final int LARGE_BYTES = 8 * 1024 * 1024;

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void everyNameHasExactlyOneLineWithItsOutcome() throws Exception {
        final Path input = Files.createDirectory(AREA.files().resolve("special"));
        Files.writeString(input.resolve("file.txt"), "hello");
        Files.writeString(input.resolve("new\nline.txt"), "hello");
        Files.writeString(Path.of(URI.create(input.toUri() + "caf%E9%FF.txt")), "hello");
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", input.resolve("fifo").toString()).start().waitFor());
        Files.createSymbolicLink(input.resolve("to-fifo"), Path.of("fifo"));
        Files.createSymbolicLink(input.resolve("to-file"), Path.of("file.txt"));
        Files.createSymbolicLink(input.resolve("to-folder"), input);
        Files.createSymbolicLink(input.resolve("dangling"), Path.of("nowhere"));
        Files.createSymbolicLink(input.resolve("loop-a"), Path.of("loop-b"));
        Files.createSymbolicLink(input.resolve("loop-b"), Path.of("loop-a"));
        final Path secret = Files.writeString(input.resolve("secret.txt"), "hello");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));

        final String ok = "ok text/plain 5";
        final Map<String, String> expected = new TreeMap<>();
        expected.put("file.txt", ok);
        expected.put("to-file", ok);
        expected.put("new\nline.txt", ok);
        expected.put("caf%E9%FF.txt", ok);
        expected.put("fifo", REFUSED + "a FIFO");
        expected.put("to-fifo", REFUSED + "symbolic link to a FIFO");
        expected.put("to-folder", REFUSED + "symbolic link to a directory is not followed");
        expected.put("dangling", REFUSED + "dangling symbolic link");
        expected.put("loop-a", REFUSED + "symbolic link cannot be resolved");
        expected.put("loop-b", REFUSED + "symbolic link cannot be resolved");
        final boolean asNobody = Files.isReadable(secret) && nobodyCanRun();
        if (asNobody || !Files.isReadable(secret)) {
            expected.put("secret.txt", "failed AccessDeniedException: permission denied");
        } else {
            Files.delete(secret);
        }
        assertEquals(expected, catalogue(input, asNobody, "special.jsonl"));
    }

    @Test
    void aFileThatChangesOrVanishesWhileItIsReadHasExactlyOneLine() throws Exception {
        final Path input = Files.createDirectory(AREA.files().resolve("restless"));
        Files.writeString(input.resolve("file.txt"), "hello");
        final Path changing = Files.write(input.resolve("changing.txt"), text(LARGE_BYTES));
        final Path vanishing = Files.write(input.resolve("vanishing.txt"), text(LARGE_BYTES));
        final AtomicBoolean over = new AtomicBoolean();
        final Thread restless =
                new Thread(
                        () -> {
                            int bytes = 0;
                            for (int turn = 0; !over.get(); turn++) {
                                bytes = (bytes + LARGE_BYTES / 3) % LARGE_BYTES;
                                rewrite(changing, bytes);
                                if (turn % 2 == 0) {
                                    remove(vanishing);
                                } else {
                                    rewrite(vanishing, bytes);
                                }
                            }
                        },
                        "restless");
        restless.start();
        final Map<String, String> found;
        try {
            found = catalogue(input, false, "restless.jsonl");
        } finally {
            over.set(true);
            restless.join();
        }
        assertEquals("ok text/plain 5", found.remove("file.txt"));
        // The one that comes and goes may be away when the folder is listed.
        found.remove("vanishing.txt");
        assertEquals(Set.of("changing.txt"), found.keySet());
    }

    /** Returns whether this process may become nobody, and nobody may use this checkout. */
    private static boolean nobodyCanRun() throws IOException, InterruptedException {
        if (!Files.isExecutable(SETPRIV)) {
            return false;
        }
        final List<String> command = new ArrayList<>(List.of(AS_NOBODY));
        command.addAll(List.of("test", "-r", MANIFEST.toString()));
        return new ProcessBuilder(command).start().waitFor() == 0;
    }

    private static Map<String, String> catalogue(
            final Path input, final boolean asNobody, final String output) throws IOException {
        // Nobody may write where caches are kept.
        final CoppiceCli cli = AREA.cli().with("COPPICE_AOT", "off");
        if (asNobody) {
            cli.through(AS_NOBODY);
            cli.with("HOME", AREA.files().toString());
        }
        final Path file = AREA.files().resolve(output);
        final TestTree tree = new TestTree(cli, AREA.runFolder(), "catalog", MANIFEST);
        final CoppiceCli.Result result =
                tree.start("--set", "scan.input=" + input, "--set", "catalog.output=" + file)
                        .await();
        assertEquals(0, result.exitCode(), result::toString);
        final Map<String, String> found = new TreeMap<>();
        for (final String line : Files.readAllLines(file)) {
            final JsonNode document = new ObjectMapper().readTree(line);
            final String path = document.get("path").asText();
            assertTrue(found.put(path, outcome(document)) == null, () -> "two lines for " + path);
        }
        return found;
    }

    private static String outcome(final JsonNode document) {
        final String outcome = document.get("outcome").asText();
        return outcome.equals("ok")
                ? "ok "
                        + document.get("mediaType").asText()
                        + " "
                        + document.get("textLength").asLong()
                : outcome + " " + document.get("detail").asText();
    }

    private static void rewrite(final Path file, final int bytes) {
        try {
            Files.write(file, text(bytes));
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private static void remove(final Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private static byte[] text(final int bytes) {
        return "so many words ".repeat(bytes / 14 + 1).getBytes(StandardCharsets.US_ASCII);
    }
}
