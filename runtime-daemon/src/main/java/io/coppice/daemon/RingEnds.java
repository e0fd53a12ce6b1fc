package io.coppice.daemon;

import io.coppice.ring.RingReader;
import io.coppice.ring.request.Replier;
import io.coppice.ring.request.Requester;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.logging.log4j.LogManager;

/**
 * The ends of other daemons' rings that a daemon has opened: what is wrong with them goes to its
 * log, each line once. For the daemon's own thread; allocates only where there is something to
 * print.
 */
final class RingEnds {
    private final List<RingReader> readers = new ArrayList<>();
    private final List<Requester> requesters = new ArrayList<>();
    private final List<Replier> repliers = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    RingReader add(final RingReader reader) {
        readers.add(reader);
        return reader;
    }

    Requester add(final Requester requester) {
        requesters.add(requester);
        return requester;
    }

    Replier add(final Replier replier) {
        repliers.add(replier);
        return replier;
    }

    /** Forgets all: they are opened anew. */
    void clear() {
        readers.clear();
        requesters.clear();
        repliers.clear();
    }

    /** Returns how long no deadline of a request passes, at most {@code longestNs}. */
    long quietNs(final long longestNs) {
        long quietNs = longestNs;
        for (int i = 0; i < requesters.size(); i++) {
            quietNs = requesters.get(i).quietNs(quietNs);
        }
        return quietNs;
    }

    /** Prints what is wrong and was not printed before. */
    void tell() {
        for (int i = 0; i < readers.size(); i++) {
            tell(readers.get(i).problem());
        }
        for (int i = 0; i < requesters.size(); i++) {
            tell(requesters.get(i).problem());
        }
        for (int i = 0; i < repliers.size(); i++) {
            tell(repliers.get(i).problem());
        }
    }

    private void tell(final String problem) {
        if (problem == null) {
            return;
        }
        for (int i = 0; i < told.size(); i++) {
            if (Objects.equals(told.get(i), problem)) {
                return;
            }
        }
        told.add(problem);
        // Only here, so that a daemon whose rings are right does not load a logger for it.
        LogManager.getLogger(RingEnds.class).warn(problem);
    }
}
