package io.coppice.pool.schema;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Schemas as structs of {@link java.lang.foreign}, and back. A text is a sequence of bytes which
 * are named {@code utf8}, since layouts have no other place to say it.
 */
final class StructFields {
    private static final String UTF8 = "utf8";
    private static final String NAMELESS = "record";

    private StructFields() {}

    static MemoryLayout text(final int bytes) {
        return MemoryLayout.sequenceLayout(bytes, ValueLayout.JAVA_BYTE.withName(UTF8));
    }

    static RecordSchema schema(final StructLayout layout) {
        final String name = layout.name().orElse(NAMELESS);
        final List<RecordField> fields = new ArrayList<>();
        long offset = 0;
        for (final MemoryLayout member : layout.memberLayouts()) {
            if (offset + member.byteSize() > RecordSchemaLayout.RECORD_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "record \""
                                + name
                                + "\" has more than "
                                + RecordSchemaLayout.RECORD_BYTES_MAX
                                + " bytes");
            }
            if (!(member instanceof PaddingLayout)) {
                fields.add(field(name, member, (int) offset));
            }
            offset += member.byteSize();
        }
        return RecordSchemaBuilder.schema(name, offset, fields);
    }

    static StructLayout layout(final RecordSchema schema) {
        final List<MemoryLayout> members = new ArrayList<>();
        int end = 0;
        for (final RecordField field : schema.fields()) {
            pad(members, field.offset() - end);
            members.add(member(field).withName(field.name()));
            end = field.offset() + field.bytes();
        }
        pad(members, schema.bytes() - end);
        return MemoryLayout.structLayout(members.toArray(new MemoryLayout[0]))
                .withName(schema.name());
    }

    private static void pad(final List<MemoryLayout> members, final int bytes) {
        if (bytes > 0) {
            members.add(MemoryLayout.paddingLayout(bytes));
        }
    }

    private static MemoryLayout member(final RecordField field) {
        return switch (field.type()) {
            case LONG -> ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
            case INT -> ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
            case SHORT -> ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
            case BYTE -> ValueLayout.JAVA_BYTE;
            case DOUBLE -> ValueLayout.JAVA_DOUBLE.withOrder(ByteOrder.LITTLE_ENDIAN);
            case FLOAT -> ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
            case BOOLEAN -> ValueLayout.JAVA_BOOLEAN;
            case TEXT -> text(field.bytes());
            case BYTES -> MemoryLayout.sequenceLayout(field.bytes(), ValueLayout.JAVA_BYTE);
        };
    }

    private static RecordField field(
            final String record, final MemoryLayout member, final int offset) {
        final FieldType type = type(member);
        if (type == null) {
            throw new IllegalArgumentException(
                    "record \""
                            + record
                            + "\": "
                            + member
                            + " at offset "
                            + offset
                            + " is no little-endian long, int, short, byte, double, float or"
                            + " boolean, and no text or bytes");
        }
        if (member.name().isEmpty()) {
            throw new IllegalArgumentException(
                    "record \"" + record + "\": the member at offset " + offset + " has no name");
        }
        return type.field(member.name().get(), offset, (int) member.byteSize());
    }

    private static FieldType type(final MemoryLayout member) {
        if (member instanceof final SequenceLayout sequence) {
            final MemoryLayout element = sequence.elementLayout();
            if (!(element instanceof ValueLayout.OfByte)) {
                return null;
            }
            return element.name().orElse("").equals(UTF8) ? FieldType.TEXT : FieldType.BYTES;
        }
        if (!(member instanceof final ValueLayout value)
                || value.byteSize() > 1 && value.order() != ByteOrder.LITTLE_ENDIAN) {
            return null;
        }
        final Class<?> carrier = value.carrier();
        for (final FieldType type : FieldType.values()) {
            if (carrier.isPrimitive() && type.word().equals(carrier.getName())) {
                return type;
            }
        }
        return null;
    }
}
