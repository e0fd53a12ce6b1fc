package io.coppice.root.cli;

import io.coppice.root.manifest.DaemonSpec;
import io.coppice.root.manifest.Manifest;
import io.coppice.root.manifest.TransactionSpec;
import java.util.List;

/**
 * The command lines of a tree's children: with their start caches where those are there, or as a
 * rehearsal that makes them.
 */
interface ChildCommands {
    /** Returns the command of a daemon. */
    List<String> daemon(Manifest manifest, DaemonSpec daemon);

    /** Returns the command of a pool's workers. */
    List<String> worker(Manifest manifest, DaemonSpec daemon, TransactionSpec pool);
}
