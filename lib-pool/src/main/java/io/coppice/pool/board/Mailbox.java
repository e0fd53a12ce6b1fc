package io.coppice.pool.board;

import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The mailbox as commands see it; root reads it by {@link MailboxReader}. */
public final class Mailbox {
    /** Name of the file in the tree's run directory. */
    public static final String FILE = "mailbox";

    private static final long REQUEST_MAX = 1L << 50;

    /**
     * A file lock excludes other processes; a second one of the same JVM is an exception, so
     * threads need this too.
     */
    private static final Object POSTING = new Object();

    private final Path file;
    private final Memory memory;

    private Mailbox(final Path file, final Memory memory) {
        this.file = file;
        this.memory = memory;
    }

    /** Maps the file. */
    public static Mailbox open(final Path runDirectory) {
        final Path file = runDirectory.resolve(FILE);
        return new Mailbox(file, MappedFile.writable(file));
    }

    /**
     * Writes a request; the caller then rings root's doorbell and reads the answer from the board.
     * Allocates.
     *
     * @param arguments that the command takes, at most {@link MailboxLayout#ARGUMENTS_MAX}; CHAOS:
     *     period in nanoseconds (0 ends it), mask of kinds, length of a stop in nanoseconds, seed;
     *     UPGRADE: timeout in nanoseconds until it is warm (0 for the daemon's own), pid in the
     *     name of the file with the plan
     * @return {slot, request number}
     */
    public long[] post(final Command command, final int daemon, final long... arguments) {
        synchronized (POSTING) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                // Given back when the channel closes.
                channel.lock();
                return write(command, daemon, arguments);
            } catch (final IOException refused) {
                throw new UncheckedIOException(file + ": " + refused.getMessage(), refused);
            }
        }
    }

    private long[] write(final Command command, final int daemon, final long... arguments) {
        long last = 0;
        int oldest = 0;
        for (int slot = 0; slot < MailboxLayout.SLOTS; slot++) {
            last = Math.max(last, credibleRequest(slot));
            if (credibleRequest(slot) < credibleRequest(oldest)) {
                oldest = slot;
            }
        }
        final long request = last % REQUEST_MAX + 1;
        final long at = (long) oldest * MailboxLayout.SLOT_BYTES;
        memory.putLong(at + MailboxLayout.COMMAND, command.ordinal());
        memory.putLong(at + MailboxLayout.DAEMON, daemon);
        for (int i = 0; i < MailboxLayout.ARGUMENTS_MAX; i++) {
            memory.putLong(
                    at + MailboxLayout.ARGUMENTS + (long) i * Long.BYTES,
                    i < arguments.length ? arguments[i] : 0);
        }
        memory.putLongRelease(at + MailboxLayout.REQUEST, request);
        return new long[] {oldest, request};
    }

    /**
     * A number nobody can have given out must not be counted on from for ever; its slot is the
     * first to be used again.
     */
    private long credibleRequest(final int slot) {
        final long request =
                memory.getLongAcquire(
                        (long) slot * MailboxLayout.SLOT_BYTES + MailboxLayout.REQUEST);
        return request >= 0 && request <= REQUEST_MAX ? request : 0;
    }
}
