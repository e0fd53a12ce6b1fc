package io.coppice.pool.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * Says how two schemas differ: in a few words, and field by field. Fields of the same name are the
 * same field; one of the same type at the same place under another name was renamed.
 */
final class SchemaDifference {
    /** An error is one line: more than so many fields are only counted. */
    private static final int SHOWN_MOST = 4;

    private SchemaDifference() {}

    /** Returns null where records mean the same; either schema may be null. */
    static String ofSize(final String subject, final RecordSchema there, final RecordSchema here) {
        if (there == null || here == null) {
            if (there == here) {
                return null;
            }
            return subject + " schema is " + (there == null ? "new" : "gone");
        }
        if (there.bytes() != here.bytes()) {
            return subject
                    + (there.bytes() < here.bytes() ? " grew" : " shrank")
                    + " from "
                    + there.bytes()
                    + " to "
                    + here.bytes()
                    + " bytes";
        }
        return differing(there, here).isEmpty()
                ? null
                : subject + " of " + here.bytes() + " bytes changed";
    }

    /** Returns "" where no field differs, or where either schema is null. */
    static String ofFields(final RecordSchema there, final RecordSchema here) {
        if (there == null || here == null) {
            return "";
        }
        final List<String> lines = differing(there, here);
        final int shown = lines.size() > SHOWN_MOST ? SHOWN_MOST - 1 : lines.size();
        final String text = String.join(", ", lines.subList(0, shown));
        return shown == lines.size() ? text : text + " and " + (lines.size() - shown) + " more";
    }

    private static List<String> differing(final RecordSchema there, final RecordSchema here) {
        final List<String> lines = new ArrayList<>();
        for (final RecordField now : here.fields()) {
            final RecordField before = there.find(now.name());
            if (before != null) {
                addChange(before, now, lines);
                continue;
            }
            final RecordField renamed = renamed(there, here, now);
            if (renamed == null) {
                lines.add(quoted(now) + " (" + place(now) + ") is new");
            } else {
                lines.add(quoted(renamed) + " is called \"" + now.name() + "\" now");
            }
        }
        for (final RecordField before : there.fields()) {
            if (here.find(before.name()) == null && renamed(here, there, before) == null) {
                lines.add(quoted(before) + " (" + place(before) + ") is gone");
            }
        }
        // Nothing but padding behind the last field can be left.
        if (lines.isEmpty() && there.bytes() != here.bytes()) {
            lines.add("only the padding differs");
        }
        return lines;
    }

    private static void addChange(
            final RecordField before, final RecordField now, final List<String> lines) {
        if (before.type() != now.type() || before.bytes() != now.bytes()) {
            lines.add(quoted(now) + " was " + place(before) + ", is " + place(now));
        } else if (before.offset() != now.offset()) {
            lines.add(quoted(now) + " moved from " + before.offset() + " to " + now.offset());
        }
    }

    /** Returns the field that lies where this one does and whose name the other side lost. */
    private static RecordField renamed(
            final RecordSchema from, final RecordSchema to, final RecordField field) {
        for (final RecordField other : from.fields()) {
            if (other.offset() == field.offset()
                    && other.type() == field.type()
                    && other.bytes() == field.bytes()
                    && to.find(other.name()) == null) {
                return other;
            }
        }
        return null;
    }

    private static String quoted(final RecordField field) {
        return "field \"" + field.name() + "\"";
    }

    private static String place(final RecordField field) {
        return field.typeText() + " at " + field.offset();
    }
}
