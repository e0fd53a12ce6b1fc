package io.coppice.root.cli;

import io.coppice.root.manifest.DaemonSpec;
import io.coppice.root.manifest.Manifest;
import io.coppice.root.manifest.TransactionSpec;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines that use the start caches that are there. */
final class CachedCommands implements ChildCommands {
    private final JvmCommand jvm;
    private final StartCaches caches;

    CachedCommands(final JvmCommand jvm, final StartCaches caches) {
        this.jvm = jvm;
        this.caches = caches;
    }

    List<String> root() {
        return jvm.root(StartCaches.use(rootCache()));
    }

    @Override
    public List<String> daemon(final Manifest manifest, final DaemonSpec daemon) {
        return jvm.daemon(
                daemon.name(),
                daemon.heapBytes(),
                daemon.jvm(),
                manifest.classpath(),
                StartCaches.use(daemonCache(manifest, daemon)));
    }

    @Override
    public List<String> worker(
            final Manifest manifest, final DaemonSpec daemon, final TransactionSpec pool) {
        return jvm.worker(
                daemon.name() + "-" + pool.name(),
                pool.heapBytes(),
                pool.jvm(),
                manifest.classpath(),
                StartCaches.use(workerCache(manifest, pool)));
    }

    Path rootCache() {
        return caches.isOff() ? null : caches.file("root", List.of(), ownClasspath());
    }

    Path commandLineCache() {
        return caches.isOff() ? null : caches.file("cli", List.of(), ownClasspath());
    }

    Path daemonCache(final Manifest manifest, final DaemonSpec daemon) {
        return caches.isOff()
                ? null
                : caches.file(
                        "daemon", options(daemon.mainClass(), daemon.jvm()), manifest.classpath());
    }

    Path workerCache(final Manifest manifest, final TransactionSpec pool) {
        return caches.isOff()
                ? null
                : caches.file(
                        "worker", options(pool.className(), pool.jvm()), manifest.classpath());
    }

    static List<Path> ownClasspath() {
        final List<Path> classpath = new ArrayList<>();
        for (final String entry :
                System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            classpath.add(Path.of(entry));
        }
        return classpath;
    }

    private static List<String> options(final String className, final List<String> jvmOptions) {
        final List<String> options = new ArrayList<>(jvmOptions);
        options.add(className);
        return options;
    }
}
