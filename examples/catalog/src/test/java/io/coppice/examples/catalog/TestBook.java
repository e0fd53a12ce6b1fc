package io.coppice.examples.catalog;

import io.coppice.pool.Journal;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.Memory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A book on a plain arena, fed as the ring feeds it: each message with the reader's position. */
final class TestBook implements AutoCloseable {
    static final int RECORDS = 2;

    private static final int JOURNAL_BYTES = 16 * 1024;
    private static final int CURSOR = JOURNAL_BYTES;
    private static final int STATE = CURSOR + 64;
    private static final int TYPES = STATE + CatalogLayout.STATE_BYTES;
    private static final int TYPES_BYTES =
            CatalogLayout.MEDIA_TYPES_MAX * CatalogLayout.TYPE_ENTRY_BYTES;
    private static final int DOCUMENTS = TYPES + TYPES_BYTES;
    private static final int DOCUMENTS_BYTES = RECORDS * CatalogLayout.RECORD_BYTES;
    private static final int ARENA_BYTES = DOCUMENTS + DOCUMENTS_BYTES;

    private final Arena lifetime = Arena.ofShared();
    private final MemorySegment segment = lifetime.allocate(ARENA_BYTES, 64);
    private final Memory memory = Memory.of(segment);
    private final Path file;
    private final boolean isJournaled;
    private String summary;
    private long clockMs;

    TestBook(final Path file, final boolean isJournaled) {
        this.file = file;
        this.isJournaled = isJournaled;
    }

    /** Runs an incarnation: recovers, opens, and uses all messages not used yet. */
    void run(final List<Documents.Message> messages) {
        final Journal journal = new Journal(memory, 0, JOURNAL_BYTES);
        journal.recover();
        try (CatalogOutput output = CatalogOutput.open(file)) {
            final CatalogBook book =
                    new CatalogBook(
                            buffer(journal, STATE, CatalogLayout.STATE_BYTES),
                            buffer(journal, TYPES, TYPES_BYTES),
                            buffer(journal, DOCUMENTS, DOCUMENTS_BYTES),
                            output,
                            () -> clockMs,
                            text -> summary = text);
            book.open();
            while (used() < messages.size()) {
                final Documents.Message message = messages.get(used());
                journal.begin();
                book.onMessage(message.type(), message.payload(), 0);
                journal.deferLong(CURSOR, used() + 1L);
                journal.commit();
            }
        }
    }

    /** Undoes what was cut, as a successor does, without going on. */
    void recover() {
        new Journal(memory, 0, JOURNAL_BYTES).recover();
    }

    int used() {
        return (int) segment.get(ValueLayout.JAVA_LONG, CURSOR);
    }

    void startOver() {
        segment.set(ValueLayout.JAVA_LONG, CURSOR, 0);
    }

    void clockMs(final long now) {
        clockMs = now;
    }

    long word(final int offset) {
        return segment.get(ValueLayout.JAVA_LONG, STATE + offset);
    }

    String summary() {
        return summary;
    }

    String content() throws IOException {
        return Files.readString(file);
    }

    void content(final String text) throws IOException {
        Files.writeString(file, text);
    }

    UnsafeBuffer record(final int index) {
        final byte[] record = new byte[CatalogLayout.RECORD_BYTES];
        final int from = DOCUMENTS + index * CatalogLayout.RECORD_BYTES;
        return new UnsafeBuffer(Arrays.copyOfRange(image(), from, from + record.length));
    }

    /** Returns everything that counts, which is all but the journal. */
    byte[] state() {
        return Arrays.copyOfRange(image(), CURSOR, ARENA_BYTES);
    }

    byte[] image() {
        return segment.toArray(ValueLayout.JAVA_BYTE);
    }

    void image(final byte[] image) {
        MemorySegment.copy(image, 0, segment, ValueLayout.JAVA_BYTE, 0, image.length);
    }

    @Override
    public void close() {
        lifetime.close();
    }

    private MutableDirectBuffer buffer(final Journal journal, final int offset, final int bytes) {
        return isJournaled
                ? new JournaledBuffer(journal, memory, offset, bytes)
                : new UnsafeBuffer(memory.address() + offset, bytes);
    }
}
