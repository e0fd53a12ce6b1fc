package io.coppice.bench;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A supervisor that one would use instead, with a {@link PeerService} that is killed. */
final class Peer {
    private static final long PATIENCE_S = 20;

    /** Who makes it wait for more than a second after its last start is not asked to. */
    private static final long REST_NS = TimeUnit.MILLISECONDS.toNanos(1_300);

    private final Kind kind;
    private final ServiceLines lines;
    private final Process supervisor;
    private ServiceLines.Began last;

    private Peer(final Kind kind, final ServiceLines lines, final Process supervisor) {
        this.kind = kind;
        this.lines = lines;
        this.supervisor = supervisor;
    }

    /** Which supervisors there are. */
    enum Kind {
        /** No supervisor has less to do. */
        LOOP("fork, exec and wait alone", null, 0),
        RUNIT("runit", "runsv", REST_NS),
        S6("s6, with readiness", "s6-supervise", REST_NS),
        SUPERVISORD("supervisord", "supervisord", REST_NS);

        private final String label;
        private final String program;
        private final long restNs;

        Kind(final String label, final String program, final long restNs) {
            this.label = label;
            this.program = program;
            this.restNs = restNs;
        }

        String label() {
            return label;
        }

        /** Lays out its files and returns the command that runs it. */
        private List<String> prepare(
                final Path folder, final PeerService service, final Path fifo, final Path found)
                throws IOException {
            final Path run = folder.resolve("run");
            switch (this) {
                case LOOP:
                    return service.command(fifo, "supervise");
                case RUNIT:
                    PeerService.script(run, shell(service.command(fifo, "plain")));
                    return List.of(found.toString(), folder.toString());
                case S6:
                    PeerService.script(run, shell(service.command(fifo, "ready")));
                    Files.writeString(folder.resolve("notification-fd"), "3\n");
                    return List.of(found.toString(), folder.toString());
                default:
                    final Path file = folder.resolve("supervisord.conf");
                    Files.writeString(file, configuration(folder, service.command(fifo, "plain")));
                    return List.of(found.toString(), "-c", file.toString());
            }
        }

        private static String shell(final List<String> command) {
            return "#!/bin/sh\nexec " + String.join(" ", command) + "\n";
        }

        private static String configuration(final Path folder, final List<String> command) {
            return """
            [supervisord]
            nodaemon=true
            logfile=%1$s/supervisord.log
            pidfile=%1$s/supervisord.pid
            childlogdir=%1$s
            [program:service]
            command=%2$s
            autorestart=true
            startsecs=0
            """
                    .formatted(folder, String.join(" ", command));
        }
    }

    /**
     * Starts a supervisor, and waits for its service.
     *
     * @throws NotRunException where it is not installed or does not start one
     */
    static Peer start(final Scratch scratch, final PeerService service, final Kind kind)
            throws IOException, NotRunException {
        final Path found = kind.program == null ? null : OnPath.find(kind.program);
        if (kind.program != null && found == null) {
            throw new NotRunException("there is no " + kind.program + " on PATH");
        }
        final Path folder = scratch.file("peer-" + kind.name().toLowerCase(Locale.ROOT));
        Files.createDirectories(folder);
        final Path fifo = folder.resolve("fifo");
        final ServiceLines lines = ServiceLines.open(scratch, fifo);
        final Process supervisor =
                scratch.start(
                        new ProcessBuilder(kind.prepare(folder, service, fifo, found))
                                .redirectInput(Redirect.from(new File("/dev/null")))
                                .redirectErrorStream(true)
                                .redirectOutput(folder.resolve("out").toFile()));
        final Peer peer = new Peer(kind, lines, supervisor);
        peer.last = peer.await();
        return peer;
    }

    long servicePid() {
        return last.pid();
    }

    Kind kind() {
        return kind;
    }

    /**
     * Kills the service and returns how long it took until the next one began, in nanoseconds.
     *
     * @throws NotRunException where none did
     */
    long killToBegunNs() throws NotRunException {
        while (System.nanoTime() - last.beganNs() < kind.restNs) {
            LockSupport.parkNanos(kind.restNs - (System.nanoTime() - last.beganNs()));
        }
        final ServiceLines.Began later = lines.next(0);
        last = later == null ? last : later;
        final long start = System.nanoTime();
        if (!OperatingSystem.current().signal(last.pid(), Signals.KILL)) {
            throw new NotRunException("its service died before it was killed");
        }
        last = await();
        return last.beganNs() - start;
    }

    private ServiceLines.Began await() throws NotRunException {
        final ServiceLines.Began next = lines.next(PATIENCE_S);
        if (next == null) {
            throw new NotRunException("it did not start its service in " + PATIENCE_S + " s");
        }
        return next;
    }

    /** Ends the supervisor, then its service. */
    void stop() {
        Scratch.endWithDescendants(supervisor);
    }
}
