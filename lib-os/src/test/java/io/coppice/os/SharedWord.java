package io.coppice.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The first four bytes of a mapped file. */
final class SharedWord {
    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment segment;

    private SharedWord(final MemorySegment segment) {
        this.segment = segment;
    }

    static SharedWord map(final Path file) {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            return new SharedWord(
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, 64, Arena.global()));
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    long address() {
        return segment.address();
    }

    int get() {
        return (int) WORD.getVolatile(segment, 0L);
    }

    void set(final int value) {
        WORD.setVolatile(segment, 0L, value);
    }

    void awaitValue(final OperatingSystem os, final int value, final long timeoutNs) {
        for (int now = get(); now != value; now = get()) {
            os.futexWait(address(), now, timeoutNs);
        }
    }
}
