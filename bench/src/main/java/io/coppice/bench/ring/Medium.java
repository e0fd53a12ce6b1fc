package io.coppice.bench.ring;

import io.coppice.bench.Case;
import io.coppice.ring.RingMode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What carries the messages. A further one needs a constant here, an {@link Endpoint}, and its name
 * in the {@link Traffic} that it can carry.
 */
enum Medium {
    /** A lossless ring. */
    COPPICE(
            Case.COPPICE,
            Options.NONE,
            CoppiceEndpoint::layOut,
            seat -> new CoppiceEndpoint(seat, RingMode.LOSSLESS, false)),
    /** The same, with one reader where others have more. */
    COPPICE_ONE_READER(
            "coppice, 1 reader",
            Options.NONE,
            CoppiceEndpoint::layOut,
            seat -> new CoppiceEndpoint(seat, RingMode.LOSSLESS, false)),
    /** A ring whose writer never waits. */
    COPPICE_LATEST(
            "coppice, latest",
            Options.NONE,
            CoppiceEndpoint::layOut,
            seat -> new CoppiceEndpoint(seat, RingMode.LATEST, false)),
    /** A lossless ring whose reader sleeps on its bell. */
    COPPICE_PARKED(
            Case.COPPICE,
            Options.NONE,
            CoppiceEndpoint::layOut,
            seat -> new CoppiceEndpoint(seat, RingMode.LOSSLESS, true)),
    /** Two words, and nothing else. */
    WORDS(
            "bare words",
            Options.NONE,
            (folder, processes) -> WordEndpoint.layOut(folder),
            seat -> new WordEndpoint(seat, false)),
    /** Two words, and the kernel's wake-ups. */
    FUTEX(
            "bare futex",
            Options.NONE,
            (folder, processes) -> WordEndpoint.layOut(folder),
            seat -> new WordEndpoint(seat, true)),
    /** A ring for one writer and one reader. */
    AGRONA(
            "Agrona OneToOneRingBuffer",
            Options.NONE,
            (folder, processes) -> AgronaEndpoint.layOut(folder),
            AgronaEndpoint::new),
    /** A log of three terms, and a driver. */
    AERON("Aeron IPC", Options.AERON, Medium::nothing, AeronEndpoint::new),
    /** A log that keeps all. */
    CHRONICLE_QUEUE(
            "Chronicle Queue", Options.CHRONICLE_QUEUE, Medium::nothing, ChronicleEndpoint::new),
    /** A channel whose ends spin as long as they wait. */
    CHANNEL(
            Case.COPPICE,
            Options.NONE,
            Medium::nothing,
            seat -> StreamEndpoint.channel(seat, Options.LONG_SPIN_NS)),
    /** A channel whose ends sleep as soon as they wait. */
    CHANNEL_PARKED(
            "coppice, no spinning",
            Options.NONE,
            Medium::nothing,
            seat -> StreamEndpoint.channel(seat, 0)),
    /** Through the kernel. */
    UNIX_SOCKET("Unix socket", Options.NONE, Medium::nothing, StreamEndpoint::socket),
    /** Through the kernel. */
    PIPE(
            "pipe",
            Options.NONE,
            (folder, processes) -> StreamEndpoint.layOutPipes(folder),
            StreamEndpoint::pipe);

    /** How much may be on its way, where a medium lets that be chosen. */
    static final int CAPACITY_BYTES = 1 << 20;

    private final String label;

    // Written once, by the constructor, and never handed out for writing.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> options;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Preparation preparation;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Maker maker;

    Medium(
            final String label,
            final List<String> options,
            final Preparation preparation,
            final Maker maker) {
        this.label = label;
        this.options = options;
        this.preparation = preparation;
        this.maker = maker;
    }

    /** Returns what its row is called. */
    String label() {
        return label;
    }

    /** Returns what its JVMs need beside the options of all. */
    List<String> options() {
        return options;
    }

    /** Returns whether messages may be overtaken. */
    boolean mayLose() {
        return this == COPPICE_LATEST;
    }

    /** Returns whether a process has no busy thread but the one that sends and receives. */
    boolean isOneThread() {
        return this != AERON;
    }

    /** Returns whether this is Coppice, whose failure is no detail. */
    boolean isCoppice() {
        return label.startsWith(Case.COPPICE);
    }

    /** Returns how many processes there are beside the first. */
    int others(final Traffic traffic) {
        return this == COPPICE_ONE_READER ? 1 : traffic.others();
    }

    /**
     * Makes the files that must be there before any process starts.
     *
     * @param folder of its own, there and empty
     * @throws Exception whatever stands in the way
     */
    void layOut(final Path folder, final int processes) throws Exception {
        preparation.layOut(folder, processes);
    }

    /**
     * Makes one process's end; where a medium needs the other side for that, waits for it.
     *
     * @throws Exception whatever the medium throws
     */
    Endpoint open(final Seat seat) throws Exception {
        return maker.open(seat);
    }

    private static void nothing(final Path folder, final int processes) {
        // It makes its files by itself.
    }

    /** Makes files. */
    private interface Preparation {
        void layOut(Path folder, int processes) throws Exception;
    }

    /** Makes one process's end. */
    private interface Maker {
        Endpoint open(Seat seat) throws Exception;
    }

    /** Constants of the enum itself could not be used for its own values. */
    private static final class Options {
        static final List<String> NONE = List.of();

        static final long LONG_SPIN_NS = TimeUnit.SECONDS.toNanos(1);

        static final List<String> AERON =
                List.of(
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                        "--add-opens=java.base/java.util.zip=ALL-UNNAMED");

        static final List<String> CHRONICLE_QUEUE =
                List.of(
                        "--sun-misc-unsafe-memory-access=allow",
                        "--add-opens=java.base/java.io=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "--add-opens=java.base/java.util=ALL-UNNAMED",
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                        "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
                        "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                        "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
                        "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED");
    }
}
