package io.coppice.root.manifest;

import java.util.regex.Pattern;

/**
 * The checks that a JSON schema cannot make. Each has a pattern of the problem it reports and a
 * sample that the schema takes and the parser refuses; every other check has to be in both.
 */
enum ParserOnly {
    CLASS_PATH_EXISTS(
            "\".*\" (does not exist|matches nothing: .*|matches no jar|matches \\d+ jars|is"
                    + " empty|is neither a jar nor a folder|cannot be read|has a \":\" in it)"
                    + " \\(.*\\)",
            ManifestFixture.scan("").replace("['", "['none.jar', '")),
    CLASS_EXISTS(
            "class \".*\" is not in the classpath",
            ManifestFixture.scan("").replace(ManifestFixture.DAEMON, "no.such.Daemon")),
    REFERENCE_EXISTS(
            "\".*\" is not a daemon of this manifest", ManifestFixture.scan("'after': ['none']")),
    MEMBER_OF_ONE_GROUP(
            "\".*\" is in the group \".*\" too",
            ManifestFixture.scan("")
                    .replaceFirst(
                            "'tree'",
                            "'groups': {'a': {'with': 'all', 'daemons': ['scan']}, 'b': {'with':"
                                    + " 'self', 'daemons': ['scan']}}, 'tree'")),
    READER_IS_ANOTHER("\".*\" names itself", ManifestFixture.scan("'readers': ['scan']")),
    NO_CYCLE("cycle: .*", ManifestFixture.scan("'after': ['scan']")),
    KEYS_STAND_ONCE(
            "\".*\" stands twice, on lines \\d+ and \\d+",
            ManifestFixture.scan("'standby': 0, 'standby': 1")),
    BACKOFF_AND_WORKERS_ASCEND(
            "\".*\" begins with the larger end",
            ManifestFixture.scan("'restart': {'backoff': '2 s .. 1 s'}")),
    WATCHDOG_ASCENDS(
            "dumpAfter .* is longer than killAfter .*",
            ManifestFixture.scan("'watchdog': {'killAfter': '1 s'}")),
    SETTINGS_FIT_IN_BYTES(
            "a setting of \\d+ bytes is too long",
            ManifestFixture.scan("'settings': {'a': '" + "\u00e4".repeat(4096) + "'}")),
    ARENA_HAS_ROOM(
            "\".*\" is too small: header, journals and slots take .*",
            ManifestFixture.scan("'memory': '2 MiB'").replace("'memory': '1 MiB', ", "")),
    MACHINE_HAS_MEMORY(
            ".* of memory in all \\(.*\\) is more than the .*",
            ManifestFixture.scan("'memory': '16 TiB'").replace("'memory': '1 MiB', ", ""));

    private final Pattern problem;
    private final String sample;

    ParserOnly(final String problem, final String sample) {
        this.problem = Pattern.compile(problem);
        this.sample = sample;
    }

    String sample() {
        return sample;
    }

    boolean reports(final ManifestError error) {
        return problem.matcher(error.problem()).matches();
    }

    static boolean isExempt(final ManifestError error) {
        for (final ParserOnly each : values()) {
            if (each.reports(error)) {
                return true;
            }
        }
        return false;
    }
}
