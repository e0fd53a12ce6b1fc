package io.coppice.root.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command lines of the tree's processes. Root is a small JVM: serial collector, tiny fixed
 * heap, one compiler tier. No process has a performance data file, since one that is truncated from
 * outside kills its JVM.
 */
final class JvmCommand {
    private static final String ROOT_MAIN = "io.coppice.root.loop.RootMain";
    private static final String DAEMON_MAIN = "io.coppice.daemon.DaemonMain";
    private static final String WORKER_MAIN = "io.coppice.txn.TransactionMain";

    private static final List<String> COMMON =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:-UsePerfData",
                    "-Xlog:aot*=off",
                    "-Xlog:cds*=off",
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "--enable-native-access=ALL-UNNAMED");

    /** As {@code bin/coppice} starts the command line. */
    private static final List<String> COMMAND_LINE = List.of("-XX:TieredStopAtLevel=1", "-Xmx64m");

    /**
     * What root's start leaves in the C library's heap, some 6 MiB, is given back after 10 s; while
     * nothing was freed a look costs next to nothing.
     */
    private static final List<String> ROOT =
            List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-Xms6m",
                    "-Xmx6m",
                    "-Xss512k",
                    "-XX:ReservedCodeCacheSize=6m",
                    "-XX:TrimNativeHeapInterval=10000",
                    "-XX:+ExitOnOutOfMemoryError");

    /**
     * A worker lives for some thousand tasks at most, too short for the optimising compiler to pay:
     * with it the catalogue takes half as long again. The other options are what Chronicle Bytes
     * asks for, should a transaction use it.
     */
    private static final List<String> WORKER =
            List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+ExitOnOutOfMemoryError",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                    "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");

    private final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private final Path crashFolder;

    JvmCommand(final Path crashFolder) {
        this.crashFolder = crashFolder;
    }

    List<String> root(final List<String> cacheOptions) {
        return command(
                "root",
                ROOT,
                cacheOptions,
                List.of(),
                System.getProperty("java.class.path"),
                ROOT_MAIN);
    }

    List<String> commandLine(final List<String> cacheOptions) {
        return command(
                "coppice",
                COMMAND_LINE,
                cacheOptions,
                List.of(),
                System.getProperty("java.class.path"),
                Coppice.class.getName());
    }

    List<String> daemon(
            final String name,
            final long heapBytes,
            final List<String> jvm,
            final List<Path> classpath,
            final List<String> cacheOptions) {
        return command(
                name,
                List.of("-Xmx" + heapBytes, "-XX:+ExitOnOutOfMemoryError"),
                cacheOptions,
                jvm,
                join(classpath),
                DAEMON_MAIN);
    }

    List<String> worker(
            final String name,
            final long heapBytes,
            final List<String> jvm,
            final List<Path> classpath,
            final List<String> cacheOptions) {
        final List<String> options = new ArrayList<>(WORKER);
        options.add("-Xmx" + heapBytes);
        return command(name, options, cacheOptions, jvm, join(classpath), WORKER_MAIN);
    }

    private List<String> command(
            final String name,
            final List<String> options,
            final List<String> cacheOptions,
            final List<String> userOptions,
            final String classpath,
            final String main) {
        final List<String> command = new ArrayList<>();
        command.add(java);
        command.addAll(COMMON);
        command.addAll(options);
        command.addAll(cacheOptions);
        command.add("-XX:ErrorFile=" + crashFolder.resolve(name + "-%p.log"));
        final String home = System.getProperty(Coppice.HOME_PROPERTY);
        if (home != null) {
            command.add("-D" + Coppice.HOME_PROPERTY + "=" + home);
        }
        command.addAll(userOptions);
        command.add("-cp");
        command.add(classpath);
        command.add(main);
        return command;
    }

    private static String join(final List<Path> classpath) {
        return String.join(File.pathSeparator, classpath.stream().map(Path::toString).toList());
    }
}
