package io.coppice.root.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coppice.pool.board.Death;
import io.coppice.pool.board.QuarantineReason;
import io.coppice.pool.plan.ChaosKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** {@code status --json}, format 1: keys are added, never renamed. */
final class StatusJson {
    private static final int FORMAT = 1;

    private StatusJson() {}

    static String render(final List<TreeStatus> statuses) {
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("format", FORMAT);
        final ArrayNode trees = root.putArray("trees");
        for (final TreeStatus status : statuses) {
            tree(trees.addObject(), status);
        }
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root);
        } catch (final IOException impossible) {
            throw new UncheckedIOException("a tree of plain values refuses nothing", impossible);
        }
    }

    private static void tree(final ObjectNode node, final TreeStatus status) {
        node.put("name", status.name());
        node.put("state", word(status.state()));
        node.putObject("root")
                .put("pid", status.rootPid())
                .put("epoch", status.rootEpoch())
                .put("uptimeMs", status.uptimeMs())
                .put("residentBytes", status.residentBytes());
        node.put("chaosKills", status.chaos().kills());
        node.put("chaosStops", status.chaos().stops());
        chaos(node, status.chaos().settings());
        if (status.upgrade() == null) {
            node.putNull("upgrade");
        } else {
            node.putObject("upgrade")
                    .put("daemon", status.upgrade().daemon())
                    .put("state", word(status.upgrade().state().name()));
        }
        node.put("allReadyMs", status.allReadyMs());
        final ArrayNode daemons = node.putArray("daemons");
        for (final TreeStatus.Daemon daemon : status.daemons()) {
            daemon(daemons.addObject(), daemon);
        }
        final ArrayNode groups = node.putArray("groups");
        for (final TreeStatus.Group group : status.groups()) {
            final ArrayNode members =
                    groups.addObject()
                            .put("name", group.name())
                            .put("with", group.with())
                            .putArray("daemons");
            group.daemons().forEach(members::add);
        }
    }

    private static void chaos(final ObjectNode node, final ChaosSettings settings) {
        if (settings == null) {
            node.putNull("chaos");
            return;
        }
        final ObjectNode chaos = node.putObject("chaos");
        chaos.put("periodMs", TimeUnit.NANOSECONDS.toMillis(settings.periodNs()));
        chaos.put("stopForMs", TimeUnit.NANOSECONDS.toMillis(settings.stopForNs()));
        final ArrayNode kinds = chaos.putArray("kinds");
        for (final ChaosKind kind : ChaosKind.values()) {
            if (settings.has(kind)) {
                kinds.add(kind.toString());
            }
        }
    }

    private static void daemon(final ObjectNode node, final TreeStatus.Daemon daemon) {
        node.put("name", daemon.name());
        node.put("state", word(daemon.state().name()));
        node.put("pid", daemon.pid());
        node.put("epoch", daemon.epoch());
        node.put("restarts", daemon.restarts());
        node.put("uptimeMs", daemon.uptimeMs());
        node.putObject("memory")
                .put("budgetBytes", daemon.budgetBytes())
                .put("usedBytes", daemon.usedBytes());
        node.putObject("progress")
                .put("done", daemon.progressDone())
                .put("total", daemon.progressTotal());
        final ObjectNode recovery = node.putObject("recovery");
        recovery.put("failed", daemon.recovery().failed())
                .put("limit", daemon.recovery().limit())
                .put("lastSetAside", word(daemon.recovery().last().name()));
        final ArrayNode kept = recovery.putArray("setAside");
        daemon.recovery().kept().forEach(file -> kept.add(file.toString()));
        if (daemon.deaths().reason() == QuarantineReason.NONE) {
            node.putNull("quarantine");
        } else {
            node.putObject("quarantine")
                    .put("reason", word(daemon.deaths().reason().name()))
                    .put("text", daemon.deaths().quarantine());
        }
        final ArrayNode deaths = node.putArray("deaths");
        for (final Death death : daemon.deaths().last()) {
            deaths.addObject()
                    .put("class", word(death.exitClass().name()))
                    .put("status", death.status())
                    .put("epoch", death.epoch())
                    .put("atMs", death.atMs());
        }
        if (daemon.standby() == null) {
            node.putNull("standby");
        } else {
            node.putObject("standby")
                    .put("pid", daemon.standby().pid())
                    .put("state", word(daemon.standby().state().name()))
                    .put("takeovers", daemon.standby().takeovers())
                    .put("deaths", daemon.standby().deaths());
        }
        final ArrayNode pools = node.putArray("pools");
        for (final TreeStatus.Pool pool : daemon.pools()) {
            pool(pools.addObject(), pool);
        }
        final ArrayNode rings = node.putArray("rings");
        for (final RingStatus ring : daemon.rings()) {
            RingJson.put(rings.addObject(), ring);
        }
        if (daemon.lastExit() == null) {
            node.putNull("lastExit");
        } else {
            node.putObject("lastExit")
                    .put("class", word(daemon.lastExit().exitClass().name()))
                    .put("status", daemon.lastExit().status())
                    .put("epoch", daemon.lastExit().epoch())
                    .put("atMs", daemon.lastExit().atMs());
        }
    }

    private static void pool(final ObjectNode node, final TreeStatus.Pool pool) {
        node.put("name", pool.name())
                .put("workers", pool.workers())
                .put("busy", pool.busy())
                .put("workersMax", pool.workersMax())
                .put("unfinished", pool.unfinished())
                .put("submitted", pool.submitted())
                .put("finished", pool.finished())
                .put("spawned", pool.spawned())
                .put("died", pool.died())
                .put("timedOut", pool.timedOut())
                .put("outOfMemory", pool.outOfMemory())
                .put("interrupted", pool.interrupted());
    }

    /** Returns a constant as JSON and people have it. */
    static String word(final String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
