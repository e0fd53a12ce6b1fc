package io.coppice.pool.board;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailboxTest {
    @TempDir Path folder;

    private MailboxReader reader;
    private Mailbox mailbox;

    @BeforeEach
    void create() {
        reader = MailboxReader.create(OperatingSystem.current(), folder);
        mailbox = Mailbox.open(folder);
    }

    @Test
    void carriesARequest() {
        reader.load();
        for (int slot = 0; slot < MailboxLayout.SLOTS; slot++) {
            assertEquals(0, reader.request(slot));
        }
        final long[] posted = Mailbox.open(folder).post(Command.RESTART, 5);
        final int slot = (int) posted[0];
        assertEquals(1, posted[1]);
        reader.load();
        assertEquals(1, reader.request(slot));
        assertEquals(Command.RESTART, reader.command(slot));
        assertEquals(5, reader.daemon(slot));
    }

    @Test
    void carriesArgumentsAndNoneOfAnEarlierCommand() {
        for (int posts = 0; posts < 2 * MailboxLayout.SLOTS; posts++) {
            final boolean full = posts < MailboxLayout.SLOTS;
            final long[] posted =
                    full
                            ? mailbox.post(Command.CHAOS, 0, 5, -6, 7, Long.MIN_VALUE)
                            : mailbox.post(Command.CHAOS, 0, 9);
            reader.load();
            final long[] read = new long[MailboxLayout.ARGUMENTS_MAX];
            for (int i = 0; i < read.length; i++) {
                read[i] = reader.argument((int) posted[0], i);
            }
            assertArrayEquals(
                    full ? new long[] {5, -6, 7, Long.MIN_VALUE} : new long[] {9, 0, 0, 0}, read);
        }
    }

    @Test
    void belongsToItsOwnerAlone() throws IOException {
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve(Mailbox.FILE))));
    }

    @Test
    void sixteenPostersAtOnceEachHaveASlot() throws InterruptedException, ExecutionException {
        final List<Callable<long[]>> posters = new ArrayList<>();
        for (int i = 0; i < MailboxLayout.SLOTS; i++) {
            final int daemon = i;
            posters.add(() -> Mailbox.open(folder).post(Command.RELEASE, daemon));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(MailboxLayout.SLOTS)) {
            final Set<Long> slots = new HashSet<>();
            final Set<Long> requests = new HashSet<>();
            final List<Future<long[]>> posted = threads.invokeAll(posters);
            reader.load();
            for (int i = 0; i < posted.size(); i++) {
                final long[] each = posted.get(i).get();
                assertTrue(slots.add(each[0]) && requests.add(each[1]));
                assertEquals(i, reader.daemon((int) each[0]));
                assertEquals(each[1], reader.request((int) each[0]));
            }
        }
    }

    @Test
    void theOldestRequestMakesRoom() {
        final long[] first = mailbox.post(Command.STOP, 0);
        for (int i = 1; i < MailboxLayout.SLOTS; i++) {
            assertNotEquals(first[0], mailbox.post(Command.STOP, 0)[0]);
        }
        assertEquals(first[0], mailbox.post(Command.STOP, 0)[0]);
    }

    @Test
    void garbageGivesNoCommandAndNoNumberTwice() {
        final Memory memory = MappedFile.writable(folder.resolve(Mailbox.FILE));
        for (final long garbage :
                new long[] {
                    -1, Long.MIN_VALUE, Long.MAX_VALUE, Command.values().length, 1L << 32
                }) {
            memory.putLong(MailboxLayout.COMMAND, garbage);
            reader.load();
            assertNull(reader.command(0), "command " + garbage);
            memory.putLong(MailboxLayout.REQUEST, garbage);
            final Set<Long> numbers = new HashSet<>();
            for (int i = 0; i < 3 * MailboxLayout.SLOTS; i++) {
                final long number = mailbox.post(Command.STOP, 0)[1];
                assertTrue(number > 0 && numbers.add(number), number + " after " + garbage);
            }
        }
    }
}
