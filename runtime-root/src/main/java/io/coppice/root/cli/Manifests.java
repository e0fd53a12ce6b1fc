package io.coppice.root.cli;

import io.coppice.root.loop.RunDirectory;
import io.coppice.root.loop.StateDirectory;
import io.coppice.root.manifest.LocalMachine;
import io.coppice.root.manifest.Manifest;
import io.coppice.root.manifest.ManifestException;
import io.coppice.root.manifest.ManifestParser;
import java.nio.file.Path;
import java.util.List;

/** Reads manifests for the commands. */
final class Manifests {
    private Manifests() {}

    static Manifest read(final Path file, final List<String> overrides) throws ManifestException {
        return new ManifestParser(
                        new LocalMachine(RunDirectory.base(), StateDirectory.base()),
                        PlanMaker::fixedBytes)
                .parse(file, overrides);
    }
}
