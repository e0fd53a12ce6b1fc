package io.coppice.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code execve(2)} needs to begin this process anew: its arguments and its environment, byte
 * by byte as the kernel keeps them, since neither need be text in any encoding.
 *
 * <p>The kernel ends all other threads of the process, keeps its pid and its start time, and gives
 * both to the calling thread. Handlers of signals are gone; the mask of the calling thread stays,
 * and every JVM sets it anew. Record locks would stay with their descriptors, but those are closed:
 * else each new beginning would have more of them.
 */
final class ProcessImage {
    private static final int FIRST_OF_OURS = 3;
    private static final int CLOSE_RANGE_CLOEXEC = 4;

    private final byte[] arguments;
    private final byte[] environment;

    private ProcessImage(final byte[] arguments, final byte[] environment) {
        this.arguments = arguments;
        this.environment = environment;
    }

    static ProcessImage ofThisProcess() {
        try {
            return new ProcessImage(
                    Files.readAllBytes(Path.of("/proc/self/cmdline")),
                    Files.readAllBytes(Path.of("/proc/self/environ")));
        } catch (final IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Returns only where the kernel refuses, by an exception. */
    void execute(final SystemCallNumbers numbers) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment argv = strings(arena, arguments);
            final MemorySegment envp = strings(arena, environment);
            final MemorySegment program =
                    MemorySegment.ofAddress(argv.get(ValueLayout.JAVA_LONG, 0));
            // A kernel before 5.11 does not know this: then those that the JDK has not marked leak.
            SystemCall.call(
                    numbers.closeRange(),
                    FIRST_OF_OURS,
                    Integer.toUnsignedLong(-1),
                    CLOSE_RANGE_CLOEXEC,
                    0);
            final long result =
                    SystemCall.call(
                            numbers.execve(), program.address(), argv.address(), envp.address(), 0);
            LinuxOperatingSystem.check(result, "execve", program());
        }
    }

    private String program() {
        int end = 0;
        while (end < arguments.length && arguments[end] != 0) {
            end++;
        }
        return new String(arguments, 0, end, StandardCharsets.UTF_8);
    }

    /** Returns a null-terminated array of pointers to the strings of a block. */
    private static MemorySegment strings(final Arena arena, final byte[] block) {
        final List<Integer> starts = new ArrayList<>();
        for (int i = 0; i < block.length; i++) {
            if (i == 0 || block[i - 1] == 0) {
                starts.add(i);
            }
        }
        // One zero more than there is: a block that was cut still ends its last string.
        final MemorySegment bytes = arena.allocate(block.length + 1L);
        MemorySegment.copy(block, 0, bytes, ValueLayout.JAVA_BYTE, 0, block.length);
        final MemorySegment pointers = arena.allocate(ValueLayout.JAVA_LONG, starts.size() + 1L);
        for (int i = 0; i < starts.size(); i++) {
            pointers.setAtIndex(ValueLayout.JAVA_LONG, i, bytes.address() + starts.get(i));
        }
        return pointers;
    }
}
