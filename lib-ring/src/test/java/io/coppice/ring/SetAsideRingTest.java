package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the living end of a ring does where root has set the arena of the other end aside. */
class SetAsideRingTest {
    @TempDir Path folder;

    private final UnsafeBuffer message = new UnsafeBuffer(new byte[100]);
    private TestTree tree;
    private Arena writerArena;
    private RingWriter writer;
    private RingReader reader;

    @BeforeEach
    void open() {
        tree = TestTree.create(folder, 1);
        openWriter();
        openReader();
    }

    @Test
    void aReaderLeavesTheOldFileAndReadsTheFreshOneFromItsBeginning() throws IOException {
        send(1, 2, 3);
        assertEquals(List.of(1, 2), poll(2));
        tree.setAside(TestTree.writerPlan());
        assertEquals(List.of(), poll(9), "what nobody has read was set aside too");
        assertEquals(0, reader.backlogBytes());

        openWriter();
        assertEquals(List.of(), poll(9));
        send(4, 5);
        assertEquals(List.of(4, 5), poll(9));
        assertTrue(writer.isDrained());
        send(6);
        openReader();
        assertEquals(List.of(6), poll(9), "its position is one of the fresh ring");
    }

    @Test
    void aWriterIsNotHeldBackForeverByTheCursorOfAnArenaThatWasSetAside() throws IOException {
        int sent = 0;
        while (offer(sent)) {
            sent++;
        }
        tree.setAside(TestTree.readerPlan(0));
        assertFalse(offer(99), "until the reader is there again it needs what it has not read");
        openReader();
        for (int type = 0; type < sent; type++) {
            assertEquals(List.of(type), poll(1), "nothing that is kept is missed");
        }
        assertTrue(offer(99));
        assertEquals(List.of(99), poll(1));
        for (int round = 0; round < 100; round++) {
            assertTrue(offer(round));
            assertEquals(List.of(round), poll(1));
        }
    }

    @Test
    void aReaderOutlivesADamagedDirectoryAndAStrayMark() {
        final Memory damaged = MappedFile.writable(tree.writerFile());
        send(1);
        damaged.putInt(8192, 0);
        openReader();
        assertEquals(List.of(), poll(9));
        damaged.putInt(8192, "journal".length());
        assertEquals(List.of(1), poll(9));

        send(2);
        damaged.putLong(ArenaLayout.SET_ASIDE, 4711);
        assertEquals(List.of(), poll(9));
        damaged.putLong(ArenaLayout.SET_ASIDE, 0);
        assertEquals(List.of(2), poll(9));
    }

    private void openWriter() {
        writerArena = tree.attach(TestTree.writerPlan());
        writer = tree.writer(writerArena);
        writerArena.seal();
    }

    private void openReader() {
        reader = tree.reader(tree.attach(TestTree.readerPlan(0)));
    }

    private void send(final int... types) {
        for (final int type : types) {
            assertTrue(offer(type));
        }
    }

    private boolean offer(final int type) {
        writerArena.journal().begin();
        final boolean done = writer.offer(type, message, 0, message.capacity());
        writerArena.journal().commit();
        return done;
    }

    private List<Integer> poll(final int limit) {
        final List<Integer> types = new ArrayList<>();
        reader.poll((type, buffer, index, length) -> types.add(type), limit);
        return types;
    }
}
