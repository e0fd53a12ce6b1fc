package io.coppice.system.daemons;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.JournaledBuffer;
import io.coppice.txn.Transaction;
import io.coppice.txn.TransactionContext;
import io.coppice.txn.TransactionFailedException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.Bytes;

/**
 * Does what its request says: {@code COMMAND} or {@code COMMAND:WORD}.
 *
 * <pre>
 *   ok WORD      replies with WORD        bytes WORD  the same, through Chronicle Bytes
 *   pid          replies with its pid     fail WORD   fails with that text
 *   throw WORD   throws                   kill        sends SIGKILL to itself
 *   halt N       ends with exit code N    segv        reads address 0
 *   exhaust      fills the heap           hang        never returns
 *   mark N, mark-kill N, mark-throw N     writes mark N, then returns, dies, throws
 *   meet N       waits until N tasks are at work at the same time
 *   wait         waits for the file "go"
 * </pre>
 */
public final class EchoTransaction implements Transaction {
    /** Setting that names the folder of {@code meet} and {@code wait}. */
    public static final String FOLDER = "folder";

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int BLOCK_BYTES = 1 << 20;

    @Override
    public void run(final TransactionContext context) throws Exception {
        final String request =
                context.request().getStringWithoutLengthUtf8(0, context.request().capacity());
        final int colon = request.indexOf(':');
        final String command = colon < 0 ? request : request.substring(0, colon);
        final String word = colon < 0 ? "" : request.substring(colon + 1);
        switch (command) {
            case "ok":
                reply(context, word);
                break;
            case "bytes":
                replyThroughBytes(context);
                break;
            case "pid":
                reply(context, Long.toString(ProcessHandle.current().pid()));
                break;
            case "fail":
                throw new TransactionFailedException(word, null);
            case "throw":
                throw new IllegalStateException(word);
            case "kill":
                die();
                break;
            case "halt":
                Runtime.getRuntime().halt(Integer.parseInt(word));
                break;
            case "segv":
                readAddressZero();
                break;
            case "exhaust":
                exhaust();
                break;
            case "hang":
                hang();
                break;
            case "mark":
                mark(context, word);
                break;
            case "mark-kill":
                mark(context, word);
                die();
                break;
            case "mark-throw":
                mark(context, word);
                throw new IllegalStateException("after the mark");
            case "meet":
                meet(context, Integer.parseInt(word));
                break;
            case "wait":
                arrive(context);
                awaitFile(folder(context).resolve("go"));
                reply(context, "went");
                break;
            default:
                throw new IllegalArgumentException("unknown command " + command);
        }
    }

    private static void reply(final TransactionContext context, final String text) {
        final byte[] bytes = text.getBytes(UTF_8);
        context.reply().putBytes(0, bytes);
        context.replyLength(bytes.length);
    }

    private static void replyThroughBytes(final TransactionContext context) {
        final Bytes<?> request = context.requestBytes();
        request.readSkip("bytes:".length());
        final Bytes<?> reply = context.replyBytes();
        reply.write(request);
        context.replyLength((int) reply.writePosition());
    }

    private static void mark(final TransactionContext context, final String number) {
        final JournaledBuffer marks = context.structures().region("marks");
        marks.putLong(Integer.parseInt(number) * Long.BYTES, 1);
    }

    private static void die() {
        OperatingSystem.current().signal(ProcessHandle.current().pid(), Signals.KILL);
        hang();
    }

    private static void hang() {
        while (true) {
            LockSupport.park();
        }
    }

    @SuppressWarnings("restricted") // That it may crash the JVM is the point.
    private static void readAddressZero() {
        MemorySegment.NULL.reinterpret(Long.BYTES).get(ValueLayout.JAVA_LONG, 0);
    }

    @SuppressWarnings("ModifiedButNotUsed") // Holding on to them is the point.
    private static void exhaust() {
        Object[] chain = {};
        while (true) {
            chain = new Object[] {chain, new byte[BLOCK_BYTES]};
        }
    }

    private static void meet(final TransactionContext context, final int count) throws IOException {
        arrive(context);
        while (arrived(folder(context)) < count) {
            LockSupport.parkNanos(LOOK_NS);
        }
        reply(context, "met");
    }

    private static void arrive(final TransactionContext context) throws IOException {
        Files.createFile(
                folder(context)
                        .resolve("at-" + context.taskId() + "-" + ProcessHandle.current().pid()));
    }

    private static long arrived(final Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("at-")).count();
        }
    }

    private static void awaitFile(final Path file) {
        while (!Files.exists(file)) {
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private static Path folder(final TransactionContext context) {
        return Path.of(context.setting(FOLDER));
    }
}
