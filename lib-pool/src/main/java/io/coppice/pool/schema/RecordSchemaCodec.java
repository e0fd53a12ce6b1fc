package io.coppice.pool.schema;

import static io.coppice.pool.schema.RecordSchemaLayout.ENCODED_BYTES_MAX;
import static io.coppice.pool.schema.RecordSchemaLayout.FIELDS;
import static io.coppice.pool.schema.RecordSchemaLayout.FIELDS_MAX;
import static io.coppice.pool.schema.RecordSchemaLayout.FIELD_BYTES;
import static io.coppice.pool.schema.RecordSchemaLayout.FIELD_COUNT;
import static io.coppice.pool.schema.RecordSchemaLayout.FIELD_NAME;
import static io.coppice.pool.schema.RecordSchemaLayout.FIELD_NAME_LENGTH;
import static io.coppice.pool.schema.RecordSchemaLayout.FIELD_OFFSET;
import static io.coppice.pool.schema.RecordSchemaLayout.FIELD_RESERVED;
import static io.coppice.pool.schema.RecordSchemaLayout.FIELD_TYPE;
import static io.coppice.pool.schema.RecordSchemaLayout.NAME_LENGTH;
import static io.coppice.pool.schema.RecordSchemaLayout.RECORD_BYTES;
import static io.coppice.pool.schema.RecordSchemaLayout.VERSION;
import static io.coppice.pool.schema.RecordSchemaLayout.VERSION_OFFSET;

import io.coppice.pool.ArenaException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The form of {@link RecordSchemaLayout}, to and fro. The same schema is always the same bytes. */
final class RecordSchemaCodec {
    private static final int BYTE_MASK = 0xff;
    private static final int SHORT_MASK = 0xffff;

    private RecordSchemaCodec() {}

    static byte[] encode(final String name, final int recordBytes, final List<RecordField> fields) {
        final ByteBuffer out =
                ByteBuffer.allocate(ENCODED_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
        final byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        out.put((byte) VERSION).put((byte) nameBytes.length).putShort((short) fields.size());
        out.putInt(recordBytes);
        for (final RecordField field : fields) {
            final byte[] fieldName = field.name().getBytes(StandardCharsets.UTF_8);
            out.put((byte) field.type().ordinal()).put((byte) fieldName.length).putShort((short) 0);
            out.putInt(field.offset()).putInt(field.bytes()).put(fieldName);
        }
        out.put(nameBytes);
        final byte[] encoded = new byte[out.position()];
        out.get(0, encoded);
        return encoded;
    }

    /** Returns the hash of an encoding without the record's own name. */
    static long fingerprint(final byte[] encoded) {
        final int nameLength = encoded[NAME_LENGTH] & BYTE_MASK;
        final byte[] nameless = Arrays.copyOf(encoded, encoded.length - nameLength);
        nameless[NAME_LENGTH] = 0;
        return Fnv1a.add(Fnv1a.BASIS, nameless, 0, nameless.length);
    }

    /**
     * Reads a schema that may be anything.
     *
     * @throws ArenaException where the bytes are not a schema of this version
     */
    static RecordSchema decode(final byte[] bytes) {
        if (bytes.length < FIELDS || bytes.length > ENCODED_BYTES_MAX) {
            throw damaged(bytes.length + " bytes are none");
        }
        final ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        final int version = in.get(VERSION_OFFSET) & BYTE_MASK;
        if (version != VERSION) {
            throw damaged("is of version " + version + ", this program knows " + VERSION);
        }
        final int count = in.getShort(FIELD_COUNT) & SHORT_MASK;
        if (count > FIELDS_MAX) {
            throw damaged("claims " + count + " fields");
        }
        final List<RecordField> fields = new ArrayList<>(count);
        int at = FIELDS;
        for (int i = 0; i < count; i++) {
            final RecordField field = field(in, at, i);
            fields.add(field);
            at += FIELD_NAME + (in.get(at + FIELD_NAME_LENGTH) & BYTE_MASK);
        }
        final int nameLength = in.get(NAME_LENGTH) & BYTE_MASK;
        if (bytes.length != at + nameLength) {
            throw damaged("has " + bytes.length + " bytes, not " + (at + nameLength));
        }
        final String name = new String(bytes, at, nameLength, StandardCharsets.UTF_8);
        final int recordBytes = in.getInt(RECORD_BYTES);
        final String broken = SchemaRules.broken(name, recordBytes, fields);
        if (broken != null) {
            throw damaged(broken);
        }
        final RecordSchema schema = new RecordSchema(name, recordBytes, fields);
        // Two encodings of one schema would have two fingerprints.
        if (!Arrays.equals(schema.encode(), bytes)) {
            throw damaged("is not in its one form");
        }
        return schema;
    }

    private static RecordField field(final ByteBuffer in, final int at, final int index) {
        if (at > in.limit() - FIELD_NAME) {
            throw damaged("ends in field " + index);
        }
        final int code = in.get(at + FIELD_TYPE) & BYTE_MASK;
        final FieldType type = FieldType.ofCode(code);
        if (type == null || in.getShort(at + FIELD_RESERVED) != 0) {
            throw damaged("field " + index + " is of no known type: " + code);
        }
        final int nameLength = in.get(at + FIELD_NAME_LENGTH) & BYTE_MASK;
        if (nameLength > in.limit() - at - FIELD_NAME) {
            throw damaged("ends in the name of field " + index);
        }
        final int bytes = in.getInt(at + FIELD_BYTES);
        if (type.bytes() != 0 && type.bytes() != bytes) {
            throw damaged("field " + index + " is a " + type.word() + " of " + bytes + " bytes");
        }
        final byte[] name = new byte[nameLength];
        in.get(at + FIELD_NAME, name);
        return type.field(
                new String(name, StandardCharsets.UTF_8), in.getInt(at + FIELD_OFFSET), bytes);
    }

    private static ArenaException damaged(final String what) {
        return new ArenaException("schema: " + what);
    }
}
