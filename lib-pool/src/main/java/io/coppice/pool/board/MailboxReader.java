package io.coppice.pool.board;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.FileWindow;
import java.nio.file.Path;

/**
 * The mailbox as root sees it. A load has no order within, so a request that one load shows is to
 * be read from the next. For one thread; loading allocates nothing.
 */
public final class MailboxReader {
    private final FileWindow window;

    private MailboxReader(final FileWindow window) {
        this.window = window;
    }

    /** Creates the file, readable and writable by its owner alone. */
    public static MailboxReader create(final OperatingSystem os, final Path runDirectory) {
        final Path file = runDirectory.resolve(Mailbox.FILE);
        os.preallocate(file, MailboxLayout.BYTES);
        return new MailboxReader(FileWindow.open(file, MailboxLayout.BYTES));
    }

    /** Looks at the file; what the other methods say is of this moment. */
    public void load() {
        window.load(0);
    }

    /** Returns the number of the request in a slot, 0 for none. */
    public long request(final int slot) {
        return window.getLong(slot * MailboxLayout.SLOT_BYTES + MailboxLayout.REQUEST);
    }

    /** Returns the command in a slot, or null where it is none. */
    public Command command(final int slot) {
        return Command.of(window.getLong(slot * MailboxLayout.SLOT_BYTES + MailboxLayout.COMMAND));
    }

    /** Returns the daemon that the command in a slot is about, unchecked. */
    public long daemon(final int slot) {
        return window.getLong(slot * MailboxLayout.SLOT_BYTES + MailboxLayout.DAEMON);
    }

    /** Returns the timeout of the command in a slot in nanoseconds, unchecked. */
    public long timeoutNs(final int slot) {
        return window.getLong(slot * MailboxLayout.SLOT_BYTES + MailboxLayout.TIMEOUT_NS);
    }

    /** Returns the pid of who wrote the command in a slot, unchecked. */
    public long writer(final int slot) {
        return window.getLong(slot * MailboxLayout.SLOT_BYTES + MailboxLayout.WRITER);
    }
}
