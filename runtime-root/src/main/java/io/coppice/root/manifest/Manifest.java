package io.coppice.root.manifest;

import java.nio.file.Path;
import java.util.List;

/**
 * A manifest that passed every check. Immutable.
 *
 * @param tree name of the tree
 * @param classpath class path of every child: absolute, globs expanded, sorted within a glob
 * @param daemons the daemons in the order of the file, at least one
 * @param groups daemons that are started anew together; no daemon is in two
 * @param file the manifest file, absolute
 */
public record Manifest(
        String tree,
        List<Path> classpath,
        List<DaemonSpec> daemons,
        List<GroupSpec> groups,
        Path file) {
    /** Copies the lists, so that nobody can change them afterwards. */
    public Manifest {
        classpath = List.copyOf(classpath);
        daemons = List.copyOf(daemons);
        groups = List.copyOf(groups);
    }
}
