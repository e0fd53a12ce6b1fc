package io.coppice.root.manifest;

import static io.coppice.root.manifest.ManifestFixture.DAEMON;
import static io.coppice.root.manifest.ManifestFixture.REQUIRED;
import static io.coppice.root.manifest.ManifestFixture.TRANSACTION;
import static io.coppice.root.manifest.ManifestFixture.extract;
import static io.coppice.root.manifest.ManifestFixture.manifest;
import static io.coppice.root.manifest.ManifestFixture.scan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One whole line per kind of mistake that values of a manifest can have. */
final class ManifestErrorLinesTest {
    private static final String SIZE_UNITS = " (units: B, KiB, MiB, GiB, TiB)";
    private static final String DURATION_UNITS = " (units: ns, us, ms, s, min, h, d)";
    private static final String NAME_CURE =
            "; use 1 to 31 of a-z, 0-9 and \"-\", beginning with a letter or digit";

    @TempDir Path temp;
    private ManifestFixture fixture;

    @BeforeEach
    void makeFixture() {
        fixture = new ManifestFixture(temp);
    }

    @Test
    void reportsAllMistakesOfAFileInItsOrder() {
        final String bad =
                "{'daemons': {'scan': {'memory': '64 MB', 'hepa': '8 MiB', 'standby': 2}},"
                        + " 'tree': 'A', 'classpath': ['none']}";
        assertEquals(
                List.of(
                        "m.json: $.daemons.scan: \"main\" is missing; add \"main\":"
                                + " \"com.example.Main\"",
                        "m.json: $.daemons.scan.memory: \"64 MB\" is not a size; write it as"
                                + " \"64 MiB\""
                                + SIZE_UNITS,
                        "m.json: $.daemons.scan.hepa: unknown key \"hepa\"; did you mean \"heap\"?",
                        "m.json: $.daemons.scan.standby: 2 is out of range; write 0 to 1",
                        "m.json: $.tree: \"A\" is not a name" + NAME_CURE,
                        "m.json: $.classpath[0]: \"none\" does not exist (none); build it, or"
                                + " correct the path"),
                fixture.errors(bad));
    }

    @Test
    void putsEveryMistakeOnALineOfTheExceptionsMessage() {
        final ManifestException refused =
                org.junit.jupiter.api.Assertions.assertThrows(
                        ManifestException.class,
                        () -> fixture.parse(scan("'standby': 2, 'heap': 1")));
        assertEquals(2, refused.getMessage().lines().count());
        assertEquals(
                refused.getMessage(),
                refused.errors().stream()
                        .map(ManifestError::line)
                        .collect(Collectors.joining("\n")));
    }

    @Test
    void rejectsUnknownKeyAndSuggestsNearest() {
        assertLine(
                "$.daemons.scan.memroy: unknown key \"memroy\"; did you mean \"memory\"?",
                scan("'memroy': 1"));
        assertLine(
                "$.daemons.scan.restart.limits: unknown key \"limits\"; did you mean \"limit\"?",
                scan("'restart': {'limits': 1}"));
    }

    @Test
    void rejectsUnknownKeyFarFromAllAndListsTheKnown() {
        assertLine(
                "$.daemons.scan.watchdog.xyzzy: unknown key \"xyzzy\"; remove it; known here:"
                        + " dumpAfter, killAfter",
                scan("'watchdog': {'xyzzy': 1}"));
    }

    @Test
    void rejectsSchemaReferenceBelowTheRoot() {
        assertTrue(
                fixture.errors(scan("'$schema': 'x'"))
                        .get(0)
                        .startsWith("m.json: $.daemons.scan.$schema: unknown key \"$schema\"; "));
    }

    @Test
    void rejectsMissingKeys() {
        assertEquals(
                List.of(
                        "m.json: $: \"tree\" is missing; add \"tree\": \"main\"",
                        "m.json: $: \"classpath\" is missing; add \"classpath\": [\"lib/*\"]",
                        "m.json: $: \"daemons\" is missing; add \"daemons\": { \"main\": { ... }"
                                + " }"),
                fixture.errors("{}"));
        assertLine(
                "$.daemons.scan: \"memory\" is missing; add \"memory\": \"64 MiB\"",
                manifest("'scan': {'main': '" + DAEMON + "'}"));
        assertLine(
                "$.daemons.scan.transactions.extract: \"class\" is missing; add \"class\":"
                        + " \"com.example.Main\"",
                scan("'transactions': {'extract': {}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'heap': true|heap: true is not a size; write one such as \"64 MiB\"" + SIZE_UNITS,
                "'heap': null|heap: null is not a size; write one such as \"64 MiB\"" + SIZE_UNITS,
                "'heap': 8388608.5|heap: 8388608.5 is not a number of bytes; write \"8 MiB\" to"
                        + " \"1 TiB\"",
                "'stopTimeout': 5|stopTimeout: 5 has no unit; add one, for example \"5 ms\""
                        + DURATION_UNITS,
                "'stopTimeout': []|stopTimeout: an array is not a duration; write one such as"
                        + " \"10 s\""
                        + DURATION_UNITS,
                "'spin': '11 ms'|spin: \"11 ms\" is out of range; write \"0 ns\" to \"10 ms\"",
                "'spin': 20|spin: 20 has no unit; add one, for example \"20 ms\"" + DURATION_UNITS,
                "'standby': '1'|standby: \"1\" is not a whole number; write 0 to 1",
                "'standby': 0.5|standby: 0.5 is not a whole number; write 0 to 1",
                "'standby': true|standby: true is not a whole number; write 0 to 1",
                "'significant': 'yes'|significant: \"yes\" is not a boolean; write true or false",
                "'significant': 1|significant: 1 is not a boolean; write true or false",
                "'after': 'scan'|after: \"scan\" is not an array; write \"after\": [\"name\"]",
                "'after': [5]|after[0]: 5 is not a string; write one such as \"name\"",
                "'jvm': [null]|jvm[0]: null is not a string; write one such as \"-Xss512k\"",
                "'jvm': ['']|jvm[0]: \"\" is not a JVM argument; write 1 to 1024 characters"
                        + " without control characters",
                "'restart': 5|restart: 5 is not an object; write \"restart\": { ... }",
                "'settings': []|settings: an array is not an object; write \"settings\": { ... }",
                "'settings': {'a': {}}|settings.a: an object is not a setting; write a string, a"
                        + " number or a boolean",
                "'settings': {'a': null}|settings.a: null is not a setting; write a string, a"
                        + " number or a boolean",
                "'capacities': {'a': 0}|capacities.a: 0 is out of range; write 1 to 1099511627776",
                "'onCrash': 'resum'|onCrash: \"resum\" is not one of resume, reset, ask; did you"
                        + " mean \"resume\"?",
                "'onCrash': 'explode'|onCrash: \"explode\" is not one of resume, reset, ask; write"
                        + " one of them",
                "'storage': 'tape'|storage: \"tape\" is not one of memory, disk; write one of them",
                "'onRootLoss': 1|onRootLoss: 1 is not one of continue, stop; write one of them",
                "'restart': {'policy': 'ALWAYS'}|restart.policy: \"ALWAYS\" is not one of always,"
                        + " on-failure, never; did you mean \"always\"?",
                "'restart': {'limit': 0}|restart.limit: 0 is out of range; write 1 to 1000",
                "'restart': {'limit': 1e99999999999}|restart.limit: 1e99999999999 is not a whole"
                        + " number; write 1 to 1000",
                "'restart': {'within': '0 s'}|restart.within: \"0 s\" is out of range; write"
                        + " \"1 ms\" to \"30 d\"",
                "'restart': {'backoff': '1 s'}|restart.backoff: \"1 s\" is not a range of"
                        + " durations; write the least and the most, such as \"50 ms .. 10 s\"",
                "'restart': {'backoff': '1 s .. 5'}|restart.backoff: \"5\" has no unit; add one,"
                        + " for example \"5 ms\""
                        + DURATION_UNITS,
                "'restart': {'backoff': '2 s .. 1 s'}|restart.backoff: \"2 s .. 1 s\" begins with"
                        + " the larger end; write \"1 s .. 2 s\"",
                "'watchdog': {'killAfter': '5 s'}|watchdog: dumpAfter 10 s (the default) is longer"
                        + " than killAfter 5 s; lower dumpAfter or raise killAfter",
                "'journal': '2 GiB'|journal: \"2 GiB\" is out of range; write \"4 KiB\" to"
                        + " \"1 GiB\"",
                "'heap': '1 B'|heap: \"1 B\" is out of range; write \"8 MiB\" to \"1 TiB\"",
                "'heap': -1|heap: -1 is out of range; write \"8 MiB\" to \"1 TiB\""
            })
    void rejectsBadDaemonValue(final String member, final String line) {
        assertLine("$.daemons.scan." + line, scan(member));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'workers': '2..1'|workers: \"2..1\" begins with the larger end; write \"1..2\"",
                "'workers': '0..1'|workers: \"0..1\" is out of range; write 1 to 32",
                "'workers': 33|workers: 33 is out of range; write 1 to 32",
                "'workers': 'two'|workers: \"two\" is not a number of workers; write the least and"
                        + " the most, such as \"1..2\", or one number without quotes",
                "'queue': 65537|queue: 65537 is out of range; write 1 to 65536",
                "'attempts': 101|attempts: 101 is out of range; write 1 to 100",
                "'deadline': '5 m'|deadline: \"5 m\" is not a duration; write it as \"5 min\""
                        + DURATION_UNITS
            })
    void rejectsBadTransactionValue(final String member, final String line) {
        assertLine("$.daemons.scan.transactions.extract." + line, extract(member));
    }

    @Test
    void rejectsNameWithSlash() {
        assertLine(
                "$.daemons[\"a/b\"]: \"a/b\" is not a name" + NAME_CURE,
                manifest("'a/b': {" + REQUIRED + "}"));
        assertLine(
                "$.daemons.scan.transactions[\"../x\"]: \"../x\" is not a name" + NAME_CURE,
                scan("'transactions': {'../x': {'class': '" + TRANSACTION + "'}}"));
    }

    @Test
    void rejectsNameOfASettingWithDot() {
        assertLine(
                "$.daemons.scan.settings[\"a.b\"]: \"a.b\" is not a name; use 1 to 63 of A-Z, a-z,"
                        + " 0-9, \"_\" and \"-\", beginning with a letter",
                scan("'settings': {'a.b': 1}"));
    }

    @Test
    void keepsControlCharactersOfNamesAndValuesOnOneLine() {
        assertLine(
                "$.daemons[\"a\\u0000\\nb\\u001b\"]: \"a\\u0000\\nb\\u001b\" is not a name"
                        + NAME_CURE,
                manifest("'a\\u0000\\nb\\u001b': {" + REQUIRED + "}"));
        assertLine(
                "$.daemons.scan.heap: \"8\\u2028MiB\\u202e\" is not a size; write a whole number"
                        + " and a unit, for example \"64 MiB\""
                        + SIZE_UNITS,
                scan("'heap': '8\u2028MiB\u202e'"));
        assertLine("$.tree: \"t\\n\" is not a name" + NAME_CURE, scan("").replace("'t'", "'t\\n'"));
    }

    @Test
    void cutsLongValues() {
        assertLine(
                "$.daemons.scan.onCrash: \""
                        + "x".repeat(60)
                        + "...\" is not one of resume, reset, ask; write one of them",
                scan("'onCrash': '" + "x".repeat(100_000) + "'"));
    }

    @Test
    void rejectsDuplicateKeysWithBothLines() {
        assertLine(
                "$.daemons.scan: \"scan\" stands twice, on lines 1 and 2; rename or remove one of"
                        + " them",
                manifest("'scan': {" + REQUIRED + "},\n'scan': {" + REQUIRED + "}"));
    }

    @Test
    void rejectsTreeWithoutDaemons() {
        assertLine("$.daemons: is empty; declare at least one daemon", manifest(""));
    }

    @Test
    void rejectsMoreDaemonsThanTheBoardHasSlots() {
        final String daemons =
                IntStream.rangeClosed(0, ManifestLimits.DAEMONS_MAX)
                        .mapToObj(index -> "'d" + index + "': {" + REQUIRED + "}")
                        .collect(Collectors.joining(", "));
        assertLine("$.daemons: has 65 entries; write at most 64 of them", manifest(daemons));
    }

    @Test
    void rejectsDaemonThatIsNoObject() {
        assertLine(
                "$.daemons.scan: 5 is not an object; write \"scan\": { ... }",
                manifest("'scan': 5"));
    }

    @Test
    void rejectsSettingThatIsTooLong() {
        assertLine(
                "$.daemons.scan.settings.a: a setting of 4098 bytes is too long; write at most 4096"
                        + " bytes, or put it into a file and name that",
                scan("'settings': {'a': '" + "\u00e4".repeat(2049) + "'}"));
    }

    @Test
    void rejectsCyclesInAfter() {
        assertLine(
                "$.daemons.a.after: cycle: a -> b -> c -> a; remove one of them from an \"after\"",
                manifest(
                        daemon("a", "'after': ['b']")
                                + daemon("b", "'after': ['c']")
                                + daemon("c", "'after': ['a']")
                                + last("d", "'after': ['a']")));
        assertLine(
                "$.daemons.scan.after: cycle: scan -> scan; remove one of them from an \"after\"",
                scan("'after': ['scan']"));
    }

    @Test
    void acceptsDiamondInAfter() throws ManifestException {
        final Manifest taken =
                fixture.parse(
                        manifest(
                                daemon("a", "'after': ['b', 'c']")
                                        + daemon("b", "'after': ['d']")
                                        + daemon("c", "'after': ['d']")
                                        + last("d", "'significant': true")));
        assertEquals(4, taken.daemons().size());
    }

    @Test
    void rejectsReferencesToWhatIsNoDaemon() {
        assertLine(
                "$.daemons.scan.after[0]: \"catalgo\" is not a daemon of this manifest; did you"
                        + " mean \"catalog\"?",
                manifest(daemon("catalog", "'standby': 0") + last("scan", "'after': ['catalgo']")));
        assertLine(
                "$.daemons.scan.readers[0]: \"xyzzy\" is not a daemon of this manifest; name one"
                        + " of: catalog, scan",
                manifest(daemon("catalog", "'standby': 0") + last("scan", "'readers': ['xyzzy']")));
    }

    @Test
    void rejectsReaderNamingItself() {
        assertLine(
                "$.daemons.scan.readers[0]: \"scan\" names itself; remove it: a daemon always"
                        + " reads its own arena",
                scan("'readers': ['scan']"));
    }

    @Test
    void rejectsReferenceListedTwice() {
        assertLine(
                "$.daemons.scan.after[1]: \"a\" is listed twice; remove one of them",
                manifest(daemon("a", "'standby': 0") + last("scan", "'after': ['a', 'a']")));
    }

    private void assertLine(final String expected, final String bad) {
        assertEquals(List.of("m.json: " + expected), fixture.errors(bad));
    }

    private static String daemon(final String name, final String more) {
        return last(name, more) + ", ";
    }

    private static String last(final String name, final String more) {
        return "'" + name + "': {" + REQUIRED + ", " + more + "}";
    }
}
