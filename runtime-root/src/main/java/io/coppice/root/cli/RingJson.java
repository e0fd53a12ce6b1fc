package io.coppice.root.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coppice.ring.RingGlance;

/**
 * A ring in {@code status --json}. What cannot be said is null; of a ring that is not whole only
 * {@code name} and {@code bytes} are there.
 */
final class RingJson {
    private RingJson() {}

    static void put(final ObjectNode node, final RingStatus ring) {
        node.put("name", ring.name()).put("bytes", ring.bytes());
        final RingGlance glance = ring.glance();
        if (glance == null) {
            return;
        }
        node.put("mode", StatusJson.word(glance.mode().name()))
                .put("capacityBytes", glance.capacityBytes())
                .put("messages", glance.messages());
        if (ring.messagesPerSecond() < 0) {
            node.putNull("messagesPerSecond");
        } else {
            node.put("messagesPerSecond", ring.messagesPerSecond());
        }
        node.put("fillPercent", glance.fillPercent());
        final int slowest = glance.slowest();
        node.put("slowestReader", slowest < 0 ? null : ring.readers().get(slowest));
        node.put("lost", glance.lost()).put("cutOffs", glance.cutOffs());
        if (glance.cutOffs() == 0) {
            node.putNull("lastCutOff");
        } else {
            node.putObject("lastCutOff")
                    .put("reader", ring.lastCutOff())
                    .put("reason", StatusJson.word(glance.cutOffReason().name()));
        }
        final ArrayNode readers = node.putArray("readers");
        for (int i = 0; i < ring.readers().size(); i++) {
            reader(readers.addObject(), ring.readers().get(i), glance.readers().get(i));
        }
    }

    private static void reader(
            final ObjectNode node, final String name, final RingGlance.Reader reader) {
        node.put("name", name)
                .put("state", StatusJson.word(reader.standing().name()))
                .put("behindBytes", reader.behindBytes());
        if (reader.behindMessages() == RingGlance.UNKNOWN) {
            node.putNull("behindMessages");
        } else {
            node.put("behindMessages", reader.behindMessages());
        }
        node.put("lost", reader.lost());
    }
}
