package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every class file of every module keeps the rules of {@link ArchitectureRules}. */
final class ArchitectureTest {
    /** Fewer classes than this in any module mean that this test looks in the wrong place. */
    private static final int MINIMUM_CLASSES = 5;

    private static final Path HOME = Path.of(System.getProperty("coppice.home"));

    @TestFactory
    Stream<DynamicTest> everyModuleKeepsTheRules() {
        return Arrays.stream(Module.values())
                .map(module -> DynamicTest.dynamicTest(module.folder(), () -> check(module)));
    }

    @Test
    void everyModuleOfTheBuildIsKnownHere() throws IOException {
        Set<String> built =
                Pattern.compile("<module>([^<]+)</module>")
                        .matcher(Files.readString(HOME.resolve("pom.xml")))
                        .results()
                        .map(match -> match.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> known =
                Arrays.stream(Module.values())
                        .map(Module::folder)
                        .collect(Collectors.toCollection(TreeSet::new));
        known.add("system-tests");
        assertEquals(known, built);
    }

    private static void check(Module module) throws IOException {
        List<Path> classFiles = files(module.classes(HOME), ".class");
        List<String> violations = new ArrayList<>();
        for (Path file : classFiles) {
            violations.addAll(
                    ArchitectureRules.violations(
                            ClassFacts.read(module, Files.readAllBytes(file))));
        }
        long sources =
                files(module.sources(HOME), ".java").stream()
                        .filter(source -> !source.endsWith("package-info.java"))
                        .count();
        assertAll(
                () -> assertEquals("", String.join("\n", violations)),
                () ->
                        assertTrue(
                                classFiles.size() >= Math.max(MINIMUM_CLASSES, sources),
                                () ->
                                        "saw %d classes of %d sources; is %s compiled?"
                                                .formatted(
                                                        classFiles.size(),
                                                        sources,
                                                        module.folder())));
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> path.toString().endsWith(suffix)).sorted().toList();
        }
    }
}
