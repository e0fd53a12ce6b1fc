package io.coppice.bench;

import io.coppice.examples.catalog.extract.DocumentExtractor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The catalogue without Coppice: threads of one JVM, each with an extractor of its own. A parser
 * that hangs, overflows the heap or crashes takes all of it along; that is what the difference
 * buys.
 */
public final class PlainCatalog {
    private final Path input;
    private final FileChannel output;
    private final List<Path> files;
    private final AtomicInteger next = new AtomicInteger();

    private PlainCatalog(final Path input, final FileChannel output) throws IOException {
        this.input = input;
        this.output = output;
        try (Stream<Path> all = Files.walk(input)) {
            this.files = all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /**
     * Catalogues a folder.
     *
     * @param args the folder, the file to write, the number of threads
     */
    public static void main(final String[] args)
            throws IOException, InterruptedException, ExecutionException {
        final int threads = Integer.parseInt(args[2]);
        try (FileChannel output =
                        FileChannel.open(
                                Path.of(args[1]),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE);
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            final PlainCatalog catalog = new PlainCatalog(Path.of(args[0]), output);
            final List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                workers.add(pool.submit(catalog::work));
            }
            for (final Future<?> worker : workers) {
                worker.get();
            }
            output.force(true);
        }
    }

    private Void work() throws IOException {
        final DocumentExtractor extractor = new DocumentExtractor();
        int number = next.getAndIncrement();
        while (number < files.size()) {
            write(line(extractor, files.get(number)));
            number = next.getAndIncrement();
        }
        return null;
    }

    private byte[] line(final DocumentExtractor extractor, final Path file) {
        final String path = input.relativize(file).toString();
        try {
            return PlainLine.ok(path, extractor.extract(file));
        } catch (final Exception failure) {
            return PlainLine.failed(path, DocumentExtractor.describe(failure));
        }
    }

    private void write(final byte[] line) throws IOException {
        final ByteBuffer rest = ByteBuffer.wrap(line);
        synchronized (output) {
            while (rest.hasRemaining()) {
                output.write(rest);
            }
        }
    }
}
