package io.coppice.bench.ring;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The control file as both sides use it; the order of its stores: {@link ControlLayout}. */
final class Control {
    private static final String FILE = "control";

    private final Memory memory;
    private final OperatingSystem os = OperatingSystem.current();

    private Control(final Memory memory) {
        this.memory = memory;
    }

    /** Makes the file. */
    static Control create(final Path folder, final int processes) throws IOException {
        Files.write(folder.resolve(FILE), new byte[ControlLayout.bytes(processes)]);
        return open(folder);
    }

    /** Maps the file that is there. */
    static Control open(final Path folder) {
        return new Control(MappedFile.writable(folder.resolve(FILE)));
    }

    /** Has every process make a turn, or end. */
    void go(final int turn, final long messages) {
        memory.putLong(ControlLayout.MESSAGES, messages);
        memory.putIntVolatile(ControlLayout.GO, turn);
        os.futexWake(memory.address() + ControlLayout.GO, Integer.MAX_VALUE);
    }

    /** Returns the turn to be made, after at most a while where it is still the last one. */
    int awaitGo(final int last, final long timeoutNs) {
        if (memory.getIntVolatile(ControlLayout.GO) == last) {
            os.futexWait(memory.address() + ControlLayout.GO, last, timeoutNs);
        }
        return memory.getIntVolatile(ControlLayout.GO);
    }

    long messages() {
        return memory.getLong(ControlLayout.MESSAGES);
    }

    int done() {
        return memory.getIntVolatile(ControlLayout.DONE);
    }

    /** Waits until a process has finished something since {@code seen} was read, or a while. */
    void awaitDone(final int seen, final long timeoutNs) {
        os.futexWait(memory.address() + ControlLayout.DONE, seen, timeoutNs);
    }

    /** Tells the bench that this process's line has changed. */
    void countDone() {
        memory.addInt(ControlLayout.DONE, 1);
        os.futexWake(memory.address() + ControlLayout.DONE, 1);
    }

    long word(final int process, final int word) {
        return memory.getLongVolatile(place(process, word));
    }

    void putWord(final int process, final int word, final long value) {
        memory.putLongVolatile(place(process, word), value);
    }

    private static long place(final int process, final int word) {
        return ControlLayout.LINES + (long) process * ControlLayout.LINE_BYTES + word;
    }
}
