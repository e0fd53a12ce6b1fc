package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

final class StateSubjectTest {
    @TempDir private Path folder;

    /** Those left out want options that this JVM does not have; StateProcessTest has them. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CHRONICLE_MAP", "LMDB"})
    void hasTheRightStateAfterItsOperations(final StateSubject subject) throws Exception {
        final StateWork work = subject.make(folder);
        work.run(StateBench.TRANSACTION_STORES);
        work.run(3 * StateBench.TRANSACTION_STORES);
        work.verify();
    }

    @Test
    void comesFirstInItsCaseWhereItIsCoppices() {
        final Map<String, String> first = new HashMap<>();
        final Set<String> rows = new HashSet<>();
        for (final StateSubject subject : StateSubject.values()) {
            first.putIfAbsent(subject.caseName(), subject.label());
            rows.add(subject.caseName() + "/" + subject.label());
            assertEquals(0, subject.operations() % StateBench.TRANSACTION_STORES);
        }
        assertEquals(Set.of(Case.COPPICE), new HashSet<>(first.values()));
        assertEquals(StateSubject.values().length, rows.size());
        assertFalse(StateSubject.TABLE.isBaseline());
    }

    @Test
    void isCaughtWhereItLosesMoney() throws Exception {
        final Map<Long, long[]> accounts = new HashMap<>();
        final TransferWork thief =
                new TransferWork() {
                    @Override
                    void transfer(final long from, final long to, final long amount) {
                        accounts.computeIfAbsent(from, key -> new long[2])[0] -= amount;
                    }

                    @Override
                    long balance(final long key) {
                        return accounts.getOrDefault(key, new long[2])[0];
                    }

                    @Override
                    long count(final long key) {
                        return accounts.getOrDefault(key, new long[2])[1];
                    }
                };
        thief.verify();
        thief.run(1);
        assertThrows(BenchFailure.class, thief::verify);
    }
}
