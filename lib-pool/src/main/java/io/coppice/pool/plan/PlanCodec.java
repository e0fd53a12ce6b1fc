package io.coppice.pool.plan;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The binary form of a {@link TreePlan}: fields in the order of the records, numbers big-endian as
 * {@link DataOutputStream} writes them, texts as length and UTF-8, lists and maps as count and
 * elements.
 */
public final class PlanCodec {
    /** Changes whenever the form does. */
    public static final int VERSION = 7;

    /** No list, map or text of a plan is longer; anything longer is damage. */
    private static final int LENGTH_MAX = 1 << 20;

    private PlanCodec() {}

    /** Returns the plan as bytes. */
    public static byte[] encode(final TreePlan plan) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(VERSION);
            text(out, plan.name());
            out.writeLong(plan.chaosPeriodNs());
            out.writeLong(plan.chaosSeed());
            out.writeInt(plan.daemons().size());
            for (final DaemonPlan daemon : plan.daemons()) {
                daemon(out, daemon);
            }
            out.writeInt(plan.groups().size());
            for (final GroupPlan group : plan.groups()) {
                text(out, group.name());
                out.writeByte(group.with().ordinal());
                numbers(out, group.members());
            }
            out.writeInt(plan.chaosKinds());
            out.writeLong(plan.chaosStopForNs());
        } catch (final IOException impossible) {
            throw new AssertionError("an array in memory refuses nothing", impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a plan.
     *
     * @throws IllegalArgumentException where the bytes are not a plan of this version
     */
    public static TreePlan decode(final byte[] bytes) {
        // Not a DataInputStream: that would link method handles, for which a starting process has
        // to
        // wait longer than for all the rest.
        final ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            final int version = in.getInt();
            if (version != VERSION) {
                throw new IllegalArgumentException(
                        "a plan of version " + version + ", not " + VERSION);
            }
            final String name = text(in);
            final long chaosPeriodNs = in.getLong();
            final long chaosSeed = in.getLong();
            final int count = count(in);
            final List<DaemonPlan> daemons = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                daemons.add(daemon(in));
            }
            final List<GroupPlan> groups = new ArrayList<>();
            for (int i = count(in); i > 0; i--) {
                groups.add(
                        new GroupPlan(text(in), choice(GroupStrategy.values(), in), numbers(in)));
            }
            return new TreePlan(
                    name,
                    chaosPeriodNs,
                    chaosSeed,
                    List.copyOf(daemons),
                    List.copyOf(groups),
                    in.getInt(),
                    in.getLong());
        } catch (final BufferUnderflowException damaged) {
            throw new IllegalArgumentException("the plan ends too early", damaged);
        }
    }

    private static void daemon(final DataOutputStream out, final DaemonPlan daemon)
            throws IOException {
        text(out, daemon.name());
        out.writeInt(daemon.slot());
        text(out, daemon.mainClass());
        out.writeLong(daemon.memoryBytes());
        out.writeLong(daemon.journalBytes());
        text(out, daemon.stateFolder());
        numbers(out, daemon.after());
        numbers(out, daemon.readers());
        out.writeBoolean(daemon.significant());
        out.writeByte(daemon.onCrash().ordinal());
        out.writeByte(daemon.onRootLoss().ordinal());
        out.writeByte(daemon.restart().policy().ordinal());
        out.writeLong(daemon.restart().backoffMinNs());
        out.writeLong(daemon.restart().backoffMaxNs());
        out.writeInt(daemon.restart().limit());
        out.writeLong(daemon.restart().withinNs());
        out.writeLong(daemon.restart().stableAfterNs());
        out.writeInt(daemon.restart().recoveryLimit());
        out.writeLong(daemon.dumpAfterNs());
        out.writeLong(daemon.killAfterNs());
        out.writeLong(daemon.startTimeoutNs());
        out.writeLong(daemon.stopTimeoutNs());
        out.writeLong(daemon.spinNs());
        out.writeInt(daemon.capacities().size());
        for (final Map.Entry<String, Long> capacity : daemon.capacities().entrySet()) {
            text(out, capacity.getKey());
            out.writeLong(capacity.getValue());
        }
        out.writeInt(daemon.settings().size());
        for (final Map.Entry<String, String> setting : daemon.settings().entrySet()) {
            text(out, setting.getKey());
            text(out, setting.getValue());
        }
        texts(out, daemon.command());
        out.writeInt(daemon.pools().size());
        for (final PoolPlan pool : daemon.pools()) {
            pool(out, pool);
        }
        out.writeInt(daemon.standby());
    }

    private static DaemonPlan daemon(final ByteBuffer in) {
        final String name = text(in);
        final int slot = in.getInt();
        final String mainClass = text(in);
        final long memoryBytes = in.getLong();
        final long journalBytes = in.getLong();
        final String stateFolder = text(in);
        final List<Integer> after = numbers(in);
        final List<Integer> readers = numbers(in);
        final boolean significant = in.get() != 0;
        final OnCrash onCrash = choice(OnCrash.values(), in);
        final OnRootLoss onRootLoss = choice(OnRootLoss.values(), in);
        final RestartPlan restart =
                new RestartPlan(
                        choice(RestartPolicy.values(), in),
                        in.getLong(),
                        in.getLong(),
                        in.getInt(),
                        in.getLong(),
                        in.getLong(),
                        in.getInt());
        final long dumpAfterNs = in.getLong();
        final long killAfterNs = in.getLong();
        final long startTimeoutNs = in.getLong();
        final long stopTimeoutNs = in.getLong();
        final long spinNs = in.getLong();
        final Map<String, Long> capacities = new LinkedHashMap<>();
        for (int i = count(in); i > 0; i--) {
            capacities.put(text(in), in.getLong());
        }
        final Map<String, String> settings = new LinkedHashMap<>();
        for (int i = count(in); i > 0; i--) {
            settings.put(text(in), text(in));
        }
        final List<String> command = texts(in);
        final List<PoolPlan> pools = new ArrayList<>();
        for (int i = count(in); i > 0; i--) {
            pools.add(pool(in));
        }
        return new DaemonPlan(
                name,
                slot,
                mainClass,
                memoryBytes,
                journalBytes,
                stateFolder,
                after,
                readers,
                significant,
                onCrash,
                onRootLoss,
                restart,
                dumpAfterNs,
                killAfterNs,
                startTimeoutNs,
                stopTimeoutNs,
                spinNs,
                capacities,
                settings,
                command,
                List.copyOf(pools),
                in.getInt());
    }

    private static void pool(final DataOutputStream out, final PoolPlan pool) throws IOException {
        text(out, pool.name());
        text(out, pool.className());
        out.writeInt(pool.workersMin());
        out.writeInt(pool.workersMax());
        out.writeInt(pool.firstSlot());
        out.writeInt(pool.requestBytes());
        out.writeInt(pool.replyBytes());
        out.writeLong(pool.journalBytes());
        out.writeInt(pool.queueCapacity());
        out.writeLong(pool.queueDeadlineNs());
        out.writeLong(pool.deadlineNs());
        out.writeInt(pool.attempts());
        out.writeInt(pool.reuse());
        texts(out, pool.command());
    }

    private static PoolPlan pool(final ByteBuffer in) {
        return new PoolPlan(
                text(in),
                text(in),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getLong(),
                in.getInt(),
                in.getLong(),
                in.getLong(),
                in.getInt(),
                in.getInt(),
                texts(in));
    }

    private static void text(final DataOutputStream out, final String text) throws IOException {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(final ByteBuffer in) {
        final byte[] bytes = new byte[count(in)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void texts(final DataOutputStream out, final List<String> texts)
            throws IOException {
        out.writeInt(texts.size());
        for (final String each : texts) {
            text(out, each);
        }
    }

    private static List<String> texts(final ByteBuffer in) {
        final List<String> texts = new ArrayList<>();
        for (int i = count(in); i > 0; i--) {
            texts.add(text(in));
        }
        return List.copyOf(texts);
    }

    private static void numbers(final DataOutputStream out, final List<Integer> numbers)
            throws IOException {
        out.writeInt(numbers.size());
        for (final Integer number : numbers) {
            out.writeInt(number);
        }
    }

    private static List<Integer> numbers(final ByteBuffer in) {
        final List<Integer> numbers = new ArrayList<>();
        for (int i = count(in); i > 0; i--) {
            numbers.add(in.getInt());
        }
        return List.copyOf(numbers);
    }

    private static <T> T choice(final T[] choices, final ByteBuffer in) {
        final int ordinal = Byte.toUnsignedInt(in.get());
        if (ordinal >= choices.length) {
            throw new IllegalArgumentException(
                    "the plan claims choice " + ordinal + " of " + choices.length);
        }
        return choices[ordinal];
    }

    private static int count(final ByteBuffer in) {
        final int count = in.getInt();
        // Each element takes a byte at least: nothing is made room for that cannot be there.
        if (count < 0 || count > LENGTH_MAX || count > in.remaining()) {
            throw new IllegalArgumentException("the plan claims a length of " + count);
        }
        return count;
    }
}
