package io.coppice.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The manifest of a small tree, with the class path a service needs and no more. */
final class BenchManifest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> LIBRARIES =
            List.of(
                    "agrona-*.jar",
                    "lib-*.jar",
                    "runtime-txn-*.jar",
                    "runtime-daemon-*.jar",
                    "log4j-api-*.jar");

    private final String tree;
    private final ObjectNode whole = MAPPER.createObjectNode();
    private final ObjectNode daemons;

    BenchManifest(final Path home, final String tree) {
        this.tree = tree;
        whole.put("tree", tree);
        final Path built = home.resolve("bench").resolve("target");
        final ArrayNode classPath = whole.putArray("classpath");
        classPath.add(built.resolve("bench.jar").toString());
        for (final String library : LIBRARIES) {
            classPath.add(built.resolve("lib") + "/" + library);
        }
        this.daemons = whole.putObject("daemons");
    }

    String tree() {
        return tree;
    }

    /** Adds a daemon with a memory of 1 MiB and returns it, to be filled in further. */
    ObjectNode daemon(final String name, final Class<?> main) {
        return daemons.putObject(name)
                .put("main", main.getName())
                .put("memory", "1 MiB")
                .put("heap", "32 MiB");
    }

    /** Writes it down and returns the file. */
    Path write(final Scratch scratch) throws IOException {
        final Path file = scratch.file(tree + ".json");
        Files.writeString(file, whole.toPrettyString());
        return file;
    }
}
