package io.coppice.root.cli;

import com.fasterxml.jackson.databind.node.TextNode;
import io.coppice.pool.schema.RecordPrinter;
import io.coppice.pool.schema.RecordSchema;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.agrona.DirectBuffer;

/** How keys of records are written in the command line and in JSON lines. */
final class StateKeys {
    /** A key in a JSON line: a number, or text. */
    static final String KEY = "$key";

    /** A key of bytes that are no text, as hexadecimal digits. */
    static final String KEY_HEX = "$keyHex";

    private StateKeys() {}

    /** Returns the number that a key is. */
    static long number(final String name, final String key) {
        try {
            return Long.parseLong(key);
        } catch (final NumberFormatException wrong) {
            throw new CommandFailure(
                    ExitStatus.USAGE, name + ": the keys are numbers, and \"" + key + "\" is none");
        }
    }

    static CommandFailure missing(final String name, final String key) {
        return new CommandFailure(
                ExitStatus.NO_SUCH_TREE, name + " has no record with the key " + key);
    }

    /** Returns the printer of records, or refuses those that say nothing of their fields. */
    static RecordPrinter printer(final String name, final RecordSchema schema) {
        if (schema == null) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    name
                            + " keeps records without a schema, so they cannot be printed by name;"
                            + " \"coppice state ls\" shows which have one");
        }
        return new RecordPrinter(schema);
    }

    /** Returns a record as a JSON object that begins with its key, a number. */
    static String line(final long key, final String fields) {
        return withKey(KEY, Long.toString(key), fields);
    }

    /** Returns a record as a JSON object that begins with its key, of bytes. */
    static String line(
            final DirectBuffer key, final int index, final int length, final String fields) {
        final byte[] bytes = new byte[length];
        key.getBytes(index, bytes);
        try {
            final String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return withKey(KEY, new TextNode(text).toString(), fields);
        } catch (final CharacterCodingException noText) {
            return withKey(KEY_HEX, "\"" + HexFormat.of().formatHex(bytes) + "\"", fields);
        }
    }

    private static String withKey(final String which, final String key, final String fields) {
        final String rest = fields.length() == 2 ? "}" : "," + fields.substring(1);
        return "{\"" + which + "\":" + key + rest;
    }
}
