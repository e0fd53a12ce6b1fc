package io.coppice.examples.catalog;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.daemon.DoNotRestartException;
import io.coppice.examples.catalog.extract.Extraction;
import io.coppice.ring.RingReader;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Keeps the catalogue: one line per file, written as results come, and a summary when the scan says
 * that there is no more.
 *
 * <p>Settings: {@code source}, the daemon to read from ({@code scan}); {@code output}, the file to
 * write ({@code catalog.jsonl} in the current folder). Capacity: {@code documents}, how many
 * records are kept in the arena.
 */
public final class CatalogDaemon implements Daemon {
    /** What the ring of results is called at the scan. */
    static final String RING = "results";

    private static final String DEFAULT_SOURCE = "scan";
    private static final String DEFAULT_OUTPUT = "catalog.jsonl";
    private static final String DOCUMENTS = "documents";
    private static final int MESSAGES_PER_CYCLE = 16;
    private static final int DOCUMENTS_MAX = Integer.MAX_VALUE / CatalogLayout.RECORD_BYTES;

    private RingReader ring;
    private CatalogOutput output;
    private CatalogBook book;

    /** Made by the runtime. */
    public CatalogDaemon() {}

    @Override
    public void open(final DaemonContext context) {
        final long capacity = context.capacity(DOCUMENTS);
        if (capacity < 1 || capacity > DOCUMENTS_MAX) {
            throw new DoNotRestartException(
                    context.name()
                            + ": capacities.documents is "
                            + capacity
                            + ": use 1 to "
                            + DOCUMENTS_MAX);
        }
        output = CatalogOutput.open(RawPath.ofText(context.setting("output", DEFAULT_OUTPUT)));
        book =
                new CatalogBook(
                        context.structures().region("catalog", CatalogLayout.STATE_BYTES),
                        context.structures()
                                .region(
                                        "mediaTypes",
                                        CatalogLayout.MEDIA_TYPES_MAX
                                                * CatalogLayout.TYPE_ENTRY_BYTES),
                        context.structures()
                                .region(DOCUMENTS, (int) capacity * CatalogLayout.RECORD_BYTES),
                        output,
                        System::currentTimeMillis,
                        context::summary);
        book.open();
        ring = context.ringReader(context.setting("source", DEFAULT_SOURCE), RING);
    }

    @Override
    public int doWork() {
        int work = 0;
        // One message each: the book needs the beginning of a run committed before its first line
        // cuts the file.
        while (work < MESSAGES_PER_CYCLE && ring.poll(this::onMessage, 1) > 0) {
            work++;
        }
        return work;
    }

    @Override
    public void onClose() {
        output.close();
    }

    @Override
    public void warmUp() {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final Extraction found = new Extraction("text/plain", 1, 1, "title", null, "en", "00");
        final int length = ExtractReply.encode(buffer, found);
        final UnsafeBuffer reply = new UnsafeBuffer(buffer.byteArray(), 0, length);
        final ExpandableArrayBuffer message = new ExpandableArrayBuffer();
        final byte[] path = "folder/name".getBytes(StandardCharsets.UTF_8);
        CatalogMessage.encodeDocument(
                message, DocumentOutcome.OK, 1, 0, path, reply, new UnsafeBuffer(0, 0));
        JsonLine.of(CatalogMessage.decodeDocument(message, 0));
    }

    private void onMessage(
            final int type, final DirectBuffer buffer, final int index, final int length) {
        book.onMessage(type, buffer, index);
    }
}
