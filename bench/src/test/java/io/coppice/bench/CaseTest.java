package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.HdrHistogram.Histogram;
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

        assertEquals(new Row("work", "coppice", Unit.MS, 1, 2, 3, 3, 3, 3, null), row);
    }

    @Test
    void dropsWhoDoesNotRunHereAndKeepsTheReason() {
        final Case work = new Case("work", Unit.MS);
        work.of(Case.COPPICE).add(6);
        work.of("other").add(2);

        work.leaveOut("other", "no such thing");

        assertEquals(List.of("coppice"), work.rows().stream().map(Row::subject).toList());
        assertEquals("not run: work, other: no such thing", work.leftOut().get(0).line());
    }

    @Test
    void keepsWholeDistributionsBesideTheirRows() {
        final Case work = new Case("work", Unit.US);
        final Histogram times = Distribution.newHistogram();
        Distribution.record(times, 2_000);
        work.distribution(Case.COPPICE).add(times);
        work.distribution("other").add(times);

        assertEquals(1.0, work.rows().get(1).ratio());
        assertEquals(
                List.of("coppice", "other"), work.curves().stream().map(Curve::subject).toList());
    }

    @Test
    void comparesFiguresWithWhatIsAimedAt() {
        final Case work =
                new Case("work", Unit.MS)
                        .aim("coppice", 50, 2)
                        .aim("coppice", 100, 2)
                        .aimOver("coppice", "other", 2.5)
                        .aimOver("coppice", "nobody", 1)
                        .aim("nobody", 50, 1);
        work.of(Case.COPPICE).add(1);
        work.of(Case.COPPICE).add(2);
        work.of(Case.COPPICE).add(3);
        work.of("other").add(0.5);

        assertEquals(
                List.of(
                        new Aim("work", "coppice", "p50", "ms", 2, 2),
                        new Aim("work", "coppice", "max", "ms", 3, 2),
                        new Aim("work", "coppice", "p50 over other", "times", 4, 2.5)),
                work.aims());
        assertEquals(List.of(true, false, false), work.aims().stream().map(Aim::isMet).toList());
    }

    @Test
    void refusesACaseThatCoppiceDidNotRun() {
        final Case work = new Case("work", Unit.MS);
        work.of("other").add(2);
        assertThrows(IllegalStateException.class, work::rows);
    }
}
