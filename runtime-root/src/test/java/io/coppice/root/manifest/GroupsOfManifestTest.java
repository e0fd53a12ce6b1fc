package io.coppice.root.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.coppice.pool.plan.GroupStrategy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupsOfManifestTest {
    @TempDir Path folder;

    @Test
    void aGroupHasItsDaemonsInOrderAndSaysWhoComesAfterWhom() throws ManifestException {
        final List<GroupSpec> groups =
                parse(
                                "'line': {'with': 'rest', 'daemons': ['c', 'a']}, 'x': {'with': 'self', 'daemons': ['b']}")
                        .groups();
        assertEquals(
                List.of(
                        new GroupSpec("line", GroupStrategy.REST, List.of("c", "a")),
                        new GroupSpec("x", GroupStrategy.SELF, List.of("b"))),
                groups);
        assertEquals("c", groups.get(0).before("a"));
        assertNull(groups.get(0).before("c"));
        assertNull(groups.get(0).before("b"));
        assertNull(new GroupSpec("y", GroupStrategy.SELF, List.of("a", "b")).before("b"));
    }

    @Test
    void everyMistakeHasItsPlaceAndItsCure() {
        assertErrors(
                "'line': {'with': 'most', 'daemons': ['a', 'bb']}, 'other': {'with': 'all', 'daemons': ['a']}",
                "$.groups.line.with: \"most\" is not one of self, rest, all; write one of them",
                "$.groups.line.daemons[1]: \"bb\" is not a daemon of this manifest; did you mean \"b\"?",
                "$.groups.other.daemons[0]: \"a\" is in the group \"line\" too; a daemon is in one group at most: remove it from one of them");
        assertErrors(
                "'line': {}",
                "$.groups.line: \"with\" is missing; add \"with\": \"rest\"",
                "$.groups.line: \"daemons\" is missing; add \"daemons\": [\"first\", \"second\"]");
        assertErrors(
                "'line': {'with': 'all', 'daemons': []}",
                "$.groups.line.daemons: is empty; name the daemons of the group, in their order");
        assertErrors(
                "'line': {'with': 'all', 'daemons': ['a', 'a']}",
                "$.groups.line.daemons[1]: \"a\" is listed twice; remove one of them");
    }

    @Test
    void theOrderOfAGroupMustNotContradictAnAfter() {
        assertErrors(
                "'line': {'with': 'rest', 'daemons': ['d', 'a']}",
                "$.daemons.a: cycle: a -> d -> a; remove one of them from an \"after\", or change the order in a group");
    }

    private void assertErrors(final String groups, final String... lines) {
        try {
            parse(groups);
        } catch (final ManifestException refused) {
            assertEquals(
                    List.of(lines),
                    refused.errors().stream()
                            .map(
                                    error ->
                                            error.jsonPath()
                                                    + ": "
                                                    + error.problem()
                                                    + "; "
                                                    + error.cure())
                            .toList());
            return;
        }
        throw new AssertionError("taken: " + groups);
    }

    private Manifest parse(final String groups) throws ManifestException {
        final String daemon = "{'main': '" + ManifestFixture.DAEMON + "', 'memory': '1 MiB'";
        return new ManifestFixture(folder)
                .parse(
                        "{'tree': 't', 'classpath': ['"
                                + ManifestFixture.TEST_CLASSES
                                + "'], 'daemons': {'a': "
                                + daemon
                                + "}, 'b': "
                                + daemon
                                + "}, 'c': "
                                + daemon
                                + "}, 'd': "
                                + daemon
                                + ", 'after': ['a']}}, 'groups': {"
                                + groups
                                + "}}");
    }
}
