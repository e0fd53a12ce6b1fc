package io.coppice.pool.board;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.MappedFile;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.Plans;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeathHistoryTest {
    @TempDir Path folder;

    private BoardWriter writer;
    private Board board;

    @BeforeEach
    void create() throws IOException {
        writer = board();
        board = Board.open(folder);
    }

    @Test
    void showsTheNewestOfEachDaemonAndNoneOfAnother() {
        assertEquals(List.of(), board.deaths(1));
        final List<Death> all = new ArrayList<>();
        for (int death = 1; death <= 40; death++) {
            final ExitClass exit = ExitClass.values()[1 + death % (ExitClass.values().length - 1)];
            writer.addDeath(1, 1_000L + death, death, exit, death);
            all.add(new Death(1_000L + death, death, exit, death));

            final int from = Math.max(0, all.size() - DeathHistoryLayout.SHOWN);
            assertEquals(all.subList(from, all.size()), board.deaths(1));
            assertEquals(List.of(), board.deaths(2));
        }
        assertEquals(Plans.tree(daemons()), board.plan());
    }

    @Test
    void theNextRootGoesOnWithIt() throws IOException {
        for (int death = 1; death <= 10; death++) {
            writer.addDeath(2, death, death, ExitClass.SIGNAL, 137);
        }
        final List<Death> earlier = board.deaths(2);

        final BoardWriter next = board();
        next.deaths(2, earlier);
        next.addDeath(2, 11, 11, ExitClass.SPAWN_FAILURE, 12);

        final List<Death> expected = new ArrayList<>(earlier.subList(1, earlier.size()));
        expected.add(new Death(11, 11, ExitClass.SPAWN_FAILURE, 12));
        assertEquals(expected, Board.open(folder).deaths(2));
        assertEquals(earlier, board.deaths(2), "the earlier board stands");
    }

    @Test
    void aBoardWithoutHistoriesOrWithADamagedOffsetHasNone() {
        writer.addDeath(1, 1, 1, ExitClass.CODE, 1);
        for (final long offset : new long[] {0, -1, 8, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40}) {
            MappedFile.writable(folder.resolve(Board.FILE))
                    .putLong(BoardLayout.DEATHS_OFFSET, offset);
            for (int slot = 1; slot <= 2; slot++) {
                assertEquals(List.of(), board.deaths(slot), "" + offset);
            }
        }
    }

    private BoardWriter board() throws IOException {
        final BoardWriter created =
                BoardWriter.create(OperatingSystem.current(), folder, Plans.tree(daemons()));
        created.publish();
        return created;
    }

    private static DaemonPlan[] daemons() {
        return new DaemonPlan[] {
            Plans.daemon("catalog", 1, 1 << 20), Plans.daemon("scan", 2, 1 << 20)
        };
    }
}
