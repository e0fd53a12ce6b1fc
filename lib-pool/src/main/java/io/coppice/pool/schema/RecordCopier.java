package io.coppice.pool.schema;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Copies records of one schema into records of another, field by field of the same name, for a
 * migration. What a field holds survives exactly, or there is no copier: integers may become wider,
 * a float a double, an integer a floating-point number that holds all its values, and texts and
 * bytes may get more room (bytes are filled up with zeroes at their end). New fields and gaps are
 * zeroed; fields that are gone are left behind, see {@link #dropped}.
 *
 * <p>Immutable, for any thread. A copy allocates nothing.
 */
public final class RecordCopier {
    private final int fromBytes;
    private final int toBytes;
    private final RecordField[] sources;
    private final RecordField[] targets;
    private final List<String> dropped;
    private final List<String> added;

    private RecordCopier(
            final RecordSchema from,
            final RecordSchema to,
            final List<RecordField> sources,
            final List<RecordField> targets) {
        this.fromBytes = from.bytes();
        this.toBytes = to.bytes();
        this.sources = sources.toArray(new RecordField[0]);
        this.targets = targets.toArray(new RecordField[0]);
        this.dropped = missing(from, to);
        this.added = missing(to, from);
    }

    static RecordCopier of(
            final RecordSchema from, final RecordSchema to, final boolean leavingOut) {
        final List<RecordField> sources = new ArrayList<>();
        final List<RecordField> targets = new ArrayList<>();
        for (final RecordField target : to.fields()) {
            final RecordField source = from.find(target.name());
            if (source != null) {
                final String loss = loss(source, target);
                if (loss != null && leavingOut) {
                    continue;
                }
                if (loss != null) {
                    throw new IllegalArgumentException(
                            "record \""
                                    + to.name()
                                    + "\": field \""
                                    + target.name()
                                    + "\" cannot be copied: "
                                    + loss);
                }
                sources.add(source);
                targets.add(target);
            }
        }
        return new RecordCopier(from, to, sources, targets);
    }

    /** Returns the names of the fields whose content is left behind. */
    public List<String> dropped() {
        return dropped;
    }

    /** Returns the names of the fields that begin as zeroes. */
    public List<String> added() {
        return added;
    }

    /**
     * Copies the record at {@code fromIndex}, which must not overlap the one at {@code toIndex}.
     *
     * @throws IndexOutOfBoundsException where either is not within its buffer; nothing is stored
     */
    public void copy(
            final DirectBuffer from,
            final int fromIndex,
            final MutableDirectBuffer to,
            final int toIndex) {
        from.boundsCheck(fromIndex, fromBytes);
        to.boundsCheck(toIndex, toBytes);
        to.setMemory(toIndex, toBytes, (byte) 0);
        for (int i = 0; i < sources.length; i++) {
            copy(sources[i], from, fromIndex, targets[i], to, toIndex);
        }
    }

    private static void copy(
            final RecordField source,
            final DirectBuffer from,
            final int fromIndex,
            final RecordField target,
            final MutableDirectBuffer to,
            final int toIndex) {
        final int at = toIndex + target.offset();
        if (source.type() == target.type()) {
            to.putBytes(at, from, fromIndex + source.offset(), source.bytes());
        } else if (source.type() == FieldType.FLOAT) {
            to.putDouble(at, from.getFloat(fromIndex + source.offset()));
        } else {
            putInteger(integer(source, from, fromIndex), target.type(), to, at);
        }
    }

    private static long integer(
            final RecordField source, final DirectBuffer from, final int fromIndex) {
        final int at = fromIndex + source.offset();
        return switch (source.type()) {
            case BYTE -> from.getByte(at);
            case SHORT -> from.getShort(at);
            case INT -> from.getInt(at);
            default -> throw new AssertionError(source.type());
        };
    }

    private static void putInteger(
            final long value, final FieldType type, final MutableDirectBuffer to, final int at) {
        switch (type) {
            case LONG -> to.putLong(at, value);
            case INT -> to.putInt(at, (int) value);
            case SHORT -> to.putShort(at, (short) value);
            case DOUBLE -> to.putDouble(at, (double) value);
            case FLOAT -> to.putFloat(at, (float) value);
            default -> throw new AssertionError(type);
        }
    }

    /** Returns why a field cannot be copied, or null where it can. */
    private static String loss(final RecordField source, final RecordField target) {
        final FieldType from = source.type();
        final FieldType to = target.type();
        if (from == to) {
            return source.bytes() <= target.bytes()
                    ? null
                    : source.typeText() + " would be cut to " + target.bytes();
        }
        if (integerBits(from) > 0 && integerBits(to) > 0) {
            return integerBits(from) < integerBits(to)
                    ? null
                    : from.word() + " is wider than " + to.word();
        }
        if (integerBits(from) > 0 && exactBits(to) > 0) {
            return integerBits(from) <= exactBits(to)
                    ? null
                    : to.word() + " does not hold every " + from.word();
        }
        if (from == FieldType.FLOAT && to == FieldType.DOUBLE) {
            return null;
        }
        if (from == FieldType.DOUBLE && to == FieldType.FLOAT) {
            return "double is wider than float";
        }
        return source.typeText() + " does not become " + target.typeText();
    }

    private static int integerBits(final FieldType type) {
        return switch (type) {
            case LONG, INT, SHORT, BYTE -> type.bytes() * Byte.SIZE;
            default -> 0;
        };
    }

    /** Returns how wide an integer may be whose every value a floating-point type holds. */
    private static int exactBits(final FieldType type) {
        return switch (type) {
            case DOUBLE -> Double.PRECISION;
            case FLOAT -> Float.PRECISION;
            default -> 0;
        };
    }

    private static List<String> missing(final RecordSchema has, final RecordSchema lacks) {
        final List<String> names = new ArrayList<>();
        for (final RecordField field : has.fields()) {
            if (lacks.find(field.name()) == null) {
                names.add(field.name());
            }
        }
        return List.copyOf(names);
    }
}
