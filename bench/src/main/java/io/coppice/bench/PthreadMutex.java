package io.coppice.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The C library's mutex between processes, in the same kind of memory. A plain one guarantees
 * nothing after a death: it stays taken. A robust one tells the next who takes it that its owner is
 * dead; what that owner had half done is there.
 */
final class PthreadMutex extends LockWork {
    /** More than any C library's mutex takes on Linux (40 bytes with glibc and musl). */
    private static final long MUTEX_BYTES = 128;

    /** More than any C library's attributes take (4 bytes with glibc and musl). */
    private static final long ATTRIBUTES_BYTES = 64;

    private static final int PROCESS_SHARED = 1;
    private static final int ROBUST = 1;

    private static final ValueLayout.OfInt NUMBER = ValueLayout.JAVA_INT;
    private static final MethodHandle LOCK =
            bind("pthread_mutex_lock", FunctionDescriptor.of(NUMBER, ValueLayout.ADDRESS));

    /** It never blocks, so the JVM need not be told that the thread is in native code. */
    private static final MethodHandle UNLOCK =
            bind(
                    "pthread_mutex_unlock",
                    FunctionDescriptor.of(NUMBER, ValueLayout.ADDRESS),
                    Linker.Option.critical(false));

    private final MemorySegment mutex;

    PthreadMutex(final Path folder, final boolean robust) throws IOException {
        final StateMemory state =
                StateMemory.create(folder.resolve("mutex"), JOURNAL_BYTES, MUTEX_BYTES);
        mutex = MemorySegment.ofAddress(state.memory().address() + state.offset());
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, Long.BYTES);
            call("pthread_mutexattr_init", attributes);
            call("pthread_mutexattr_setpshared", attributes, PROCESS_SHARED);
            if (robust) {
                call("pthread_mutexattr_setrobust", attributes, ROBUST);
            }
            call("pthread_mutex_init", mutex, attributes);
        }
    }

    @Override
    boolean lockAndUnlock() throws Exception {
        try {
            return (int) LOCK.invokeExact(mutex) == 0 && (int) UNLOCK.invokeExact(mutex) == 0;
        } catch (final Error | RuntimeException failure) {
            throw failure;
        } catch (final Throwable impossible) {
            throw new AssertionError("a native call declares no exception", impossible);
        }
    }

    /** Calls a function of the preparation, where time does not matter. */
    private static void call(final String name, final Object... arguments) {
        final MemoryLayout[] types = new MemoryLayout[arguments.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = arguments[i] instanceof Integer ? NUMBER : ValueLayout.ADDRESS;
        }
        final int result;
        try {
            result =
                    (int)
                            bind(name, FunctionDescriptor.of(NUMBER, types))
                                    .invokeWithArguments(arguments);
        } catch (final Error | RuntimeException failure) {
            throw failure;
        } catch (final Throwable impossible) {
            throw new AssertionError("a native call declares no exception", impossible);
        }
        if (result != 0) {
            throw new IllegalStateException(name + " failed with error " + result);
        }
    }

    @SuppressWarnings("restricted") // The native handles are what this class is for.
    private static MethodHandle bind(
            final String name, final FunctionDescriptor types, final Linker.Option... options) {
        final Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), types, options);
    }
}
