package io.coppice.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Writes one byte into a fifo without ever blocking: a full fifo rings already. */
final class LinuxDoorbell implements Doorbell {
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 04000;
    private static final int O_CLOEXEC = 02000000;

    private final MemorySegment oneByte = Arena.global().allocate(1);
    private final LinuxOperatingSystem os;
    private final SystemCallNumbers numbers;
    private final int descriptor;

    LinuxDoorbell(
            final LinuxOperatingSystem os, final SystemCallNumbers numbers, final Path doorbell) {
        this.os = os;
        this.numbers = numbers;
        // Opened for reading too, so that a supervisor that is away is neither an error to open nor
        // a SIGPIPE to write.
        this.descriptor = os.open(doorbell, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    }

    @Override
    public void ring() {
        SystemCall.succeeds(numbers.write(), descriptor, oneByte.address(), 1, 0);
    }

    @Override
    public void close() {
        os.close(descriptor);
    }
}
