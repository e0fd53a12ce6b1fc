package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.pool.board.Answer;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.Mailbox;
import io.coppice.pool.board.MailboxLayout;
import io.coppice.pool.board.TreeState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mailbox and a board in which a child has stored what it should not. */
class HostileMailboxTest {
    private static final int KILLED = 128 + 9;

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();
    private LoopTree tree;
    private Path mailbox;

    @BeforeEach
    void start() {
        tree = LoopTree.simulated(folder, os, LoopTree.daemon(1, true, List.of()));
        tree.startAll();
        mailbox = folder.resolve(Mailbox.FILE);
        // Request 1, in slot 0.
        assertEquals(Answer.WRONG_STATE, tree.ask(Command.RELEASE, 1));
    }

    @Test
    void oneThatIsEmptiedAsksForNothingAndItsNumbersBeginAnew() throws IOException {
        Files.write(mailbox, new byte[MailboxLayout.BYTES], StandardOpenOption.WRITE);
        tree.turn();
        assertEquals(TreeState.RUNNING, tree.treeState());
        assertEquals(0, tree.board.reader().answer(0), "an old answer is nobody's");
        assertEquals(Answer.ACCEPTED, tree.ask(Command.RESTART, 1));
        assertEquals(DaemonState.STOPPING, tree.state(1));
    }

    @Test
    void oneThatIsCutOffAsksForNothingAndGetsItsLengthAgain() throws IOException {
        try (FileChannel channel = FileChannel.open(mailbox, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        tree.turn();
        assertEquals(TreeState.RUNNING, tree.treeState());
        tree.beat(1);
        tree.turn(SECOND_NS);
        assertEquals(MailboxLayout.BYTES, Files.size(mailbox));
        assertEquals(Answer.ACCEPTED, tree.ask(Command.RESTART, 1));
    }

    @Test
    void aDaemonThatDiesUnderABoardOfNoiseIsStartedAgainAndTheBoardIsRight() throws IOException {
        final Path board = folder.resolve("board.new");
        final byte[] noise = new byte[(int) Files.size(board)];
        new Random(3).nextBytes(noise);
        Files.write(board, noise, StandardOpenOption.WRITE);
        tree.die(1, KILLED);
        tree.turn();
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertEquals(2, tree.daemons[0].epoch());
        assertEquals(1, tree.board.reader().word(1, BoardWord.RESTARTS));
        tree.turn(SECOND_NS);
        tree.board.publish();
        final Board shown = Board.open(folder);
        assertEquals(2, shown.word(1, BoardWord.EPOCH));
        assertEquals(1, shown.deaths(1).size());
        assertEquals("test", shown.plan().name());
    }
}
