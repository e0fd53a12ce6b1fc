package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CaseTest {
    @Test
    void dividesCoppicesMedianByEachBaselines() {
        final Case work = new Case("work", Unit.MS);
        work.of("other").add(2);
        work.of("slow").add(12);
        work.of(Case.COPPICE).add(6);

        final List<Row> rows = work.rows();

        assertEquals(List.of("coppice", "other", "slow"), rows.stream().map(Row::subject).toList());
        assertNull(rows.get(0).ratio());
        assertEquals(3.0, rows.get(1).ratio());
        assertEquals(0.5, rows.get(2).ratio());
    }

    @Test
    void keepsTheSamplesOfASubjectTogether() {
        final Case work = new Case("work", Unit.MS);
        work.of(Case.COPPICE).add(1);
        work.of(Case.COPPICE).add(2);
        work.of(Case.COPPICE).add(3);

        final Row row = work.rows().get(0);

        assertEquals(new Row("work", "coppice", Unit.MS, 2, 3, 3, 3, null), row);
    }

    @Test
    void refusesACaseThatCoppiceDidNotRun() {
        final Case work = new Case("work", Unit.MS);
        work.of("other").add(2);
        assertThrows(IllegalStateException.class, work::rows);
    }
}
