package io.coppice.pool.schema;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What holds of every schema, whether somebody declares it or it is read out of an arena. A text is
 * put together only where something is wrong: the first one of a process links method handles, for
 * which a starting daemon would wait.
 */
final class SchemaRules {
    private SchemaRules() {}

    /** Returns what is wrong, in one line, or null where all is well. */
    static String broken(final String name, final int bytes, final List<RecordField> fields) {
        if (!isName(name)) {
            return "record \"" + shown(name) + "\": " + nameRule();
        }
        if (bytes <= 0 || bytes > RecordSchemaLayout.RECORD_BYTES_MAX || bytes % Long.BYTES != 0) {
            return who(name)
                    + bytes
                    + " bytes are no multiple of 8 up to "
                    + RecordSchemaLayout.RECORD_BYTES_MAX;
        }
        if (fields.isEmpty() || fields.size() > RecordSchemaLayout.FIELDS_MAX) {
            return who(name)
                    + fields.size()
                    + " fields; a record has 1 to "
                    + RecordSchemaLayout.FIELDS_MAX;
        }
        final Set<String> names = new HashSet<>();
        int end = 0;
        for (final RecordField field : fields) {
            if (!isName(field.name())) {
                return who(name) + "field \"" + shown(field.name()) + "\": " + nameRule();
            }
            final String broken = brokenField(field, end, bytes);
            if (broken != null) {
                return who(name) + "field \"" + field.name() + "\" " + broken;
            }
            if (!names.add(field.name())) {
                return who(name) + "field \"" + field.name() + "\" is there twice";
            }
            end = field.offset() + field.bytes();
        }
        return null;
    }

    private static String brokenField(final RecordField field, final int end, final int bytes) {
        if (field.bytes() <= 0) {
            return place(field) + "takes no room";
        }
        if (field.offset() < end) {
            return place(field) + "begins before " + end + ", where the field before it ends";
        }
        if (field.bytes() > bytes || field.offset() > bytes - field.bytes()) {
            return place(field) + "ends beyond the " + bytes + " bytes of the record";
        }
        if (field.offset() % field.type().alignment() != 0) {
            return place(field) + "is not aligned to " + field.type().alignment();
        }
        return null;
    }

    private static String who(final String name) {
        return "record \"" + name + "\": ";
    }

    private static String place(final RecordField field) {
        return "(" + field.typeText() + " at " + field.offset() + ") ";
    }

    /** Names are printed as they are, and {@code name=value} must be told apart by them. */
    private static boolean isName(final String name) {
        // A character takes at least one byte, so a name that is far too long is not even encoded.
        if (name.isEmpty()
                || name.length() > RecordSchemaLayout.NAME_BYTES_MAX
                || name.getBytes(StandardCharsets.UTF_8).length
                        > RecordSchemaLayout.NAME_BYTES_MAX) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            final char c = name.charAt(i);
            if (c <= ' ' || Character.isISOControl(c) || "\"\\=/\ufffd".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static String nameRule() {
        return "a name has 1 to "
                + RecordSchemaLayout.NAME_BYTES_MAX
                + " bytes of UTF-8 and no blank, control, \", \\, = or /";
    }

    /** What is refused for its characters must not reach a terminal with them. */
    private static String shown(final String name) {
        final int length = Math.min(name.length(), RecordSchemaLayout.NAME_BYTES_MAX);
        final StringBuilder shown = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            final char c = name.charAt(i);
            shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return shown.toString();
    }
}
