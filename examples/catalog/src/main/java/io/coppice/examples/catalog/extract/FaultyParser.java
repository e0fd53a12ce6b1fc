package io.coppice.examples.catalog.extract;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.tika.exception.TikaException;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.xml.sax.ContentHandler;

/**
 * Stands in for a parser with native code: it does to its process what the second line of the document says.
 *
 * <p>The first line is {@code #coppice-fault}. The second is one of {@code crash}, {@code hang}, {@code exhaust}, {@code
 * recurse}, {@code exit} and {@code throw MESSAGE}.
 */
public final class FaultyParser implements Parser {
    /** The media type of documents that name a fault. */
    public static final MediaType MEDIA_TYPE = MediaType.application("x-coppice-fault");

    /** The exit code of {@code exit}. */
    public static final int EXIT_CODE = 7;

    @Serial private static final long serialVersionUID = 1L;
    private static final int LINE_BYTES_MAX = 4096;
    private static final int CHUNK_BYTES = 4 * 1024 * 1024;
    private static final long NEVER_MAPPED_ADDRESS = 8;

    /** Creates the parser. */
    public FaultyParser() {}

    @Override
    public Set<MediaType> getSupportedTypes(ParseContext context) {
        return Set.of(MEDIA_TYPE);
    }

    @Override
    public void parse(
            InputStream stream, ContentHandler handler, Metadata metadata, ParseContext context)
            throws IOException, TikaException {
        String[] order = secondLine(stream).strip().split(" ", 2);
        switch (order[0]) {
            case "crash" -> crash();
            case "hang" -> hang();
            case "exhaust" -> exhaust();
            case "recurse" -> recurse(0);
            case "exit" -> System.exit(EXIT_CODE);
            case "throw" -> throw new TikaException(order.length > 1 ? order[1] : "no reason given");
            default -> throw new TikaException("unknown fault '" + order[0] + "'");
        }
    }

    private static String secondLine(InputStream stream) throws IOException {
        byte[] head = stream.readNBytes(LINE_BYTES_MAX);
        String text = new String(head, StandardCharsets.UTF_8);
        return text.lines().skip(1).findFirst().orElse("");
    }

    /** Writes where nothing is mapped. The JVM takes the SIGSEGV for a bug and ends with SIGABRT. */
    @SuppressWarnings("restricted")
    private static void crash() {
        MemorySegment.ofAddress(NEVER_MAPPED_ADDRESS)
                .reinterpret(Long.BYTES)
                .set(ValueLayout.JAVA_LONG, 0, 1);
    }

    private static void hang() {
        while (true) {
            // An interrupt only wakes it up to sleep on: a parser that hangs does not listen.
            LockSupport.park();
            Thread.interrupted();
        }
    }

    private static void exhaust() {
        List<byte[]> kept = new ArrayList<>();
        while (true) {
            kept.add(new byte[CHUNK_BYTES]);
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }
}
