package io.coppice.root.manifest;

import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.OnRootLoss;
import io.coppice.pool.plan.RestartPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads one daemon. */
final class DaemonReader {
    private final Errors errors;
    private final Consumer<Node> classNames;

    /**
     * Makes a reader for any number of daemons.
     *
     * @param errors takes the mistakes
     * @param classNames takes every well-formed class name, for the search in the class path
     */
    DaemonReader(final Errors errors, final Consumer<Node> classNames) {
        this.errors = errors;
        this.classNames = classNames;
    }

    /** The daemon; it is worth using only if no mistake was reported meanwhile. */
    DaemonSpec read(final String name, final Node node) {
        final Section daemon = new Section(node, Keys.DAEMON_KEYS, errors);
        final String mainClass = daemon.className(Keys.MAIN);
        if (!mainClass.isEmpty()) {
            classNames.accept(daemon.member(Keys.MAIN));
        }
        daemon.required("memory", "\"64 MiB\"");
        return new DaemonSpec(
                name,
                mainClass,
                daemon.size(
                        "memory",
                        ManifestLimits.MEMORY_BYTES_MIN,
                        ManifestLimits.MEMORY_BYTES_MIN,
                        ManifestLimits.MEMORY_BYTES_MAX),
                daemon.size(
                        "heap",
                        ManifestLimits.DAEMON_HEAP_BYTES_DEFAULT,
                        ManifestLimits.HEAP_BYTES_MIN,
                        ManifestLimits.HEAP_BYTES_MAX),
                daemon.size(
                        "journal",
                        ManifestLimits.DAEMON_JOURNAL_BYTES_DEFAULT,
                        ManifestLimits.JOURNAL_BYTES_MIN,
                        ManifestLimits.JOURNAL_BYTES_MAX),
                daemon.choice("storage", Storage.values(), Storage.MEMORY),
                daemon.integer("standby", 0, 0, ManifestLimits.STANDBY_MAX),
                capacities(daemon),
                daemon.daemonNames("after"),
                daemon.bool("significant"),
                daemon.daemonNames("readers"),
                daemon.choice("onCrash", OnCrash.values(), OnCrash.RESUME),
                daemon.choice("onRootLoss", OnRootLoss.values(), OnRootLoss.CONTINUE),
                restart(daemon),
                watchdog(daemon),
                daemon.durationNs("startTimeout", ManifestLimits.START_TIMEOUT_NS_DEFAULT),
                daemon.durationNs("stopTimeout", ManifestLimits.STOP_TIMEOUT_NS_DEFAULT),
                daemon.durationNs(
                        "spin", ManifestLimits.SPIN_NS_DEFAULT, 0, ManifestLimits.SPIN_NS_MAX),
                settings(daemon),
                daemon.jvmArguments(),
                transactions(daemon));
    }

    private Map<String, Long> capacities(final Section daemon) {
        final Map<String, Long> capacities = new LinkedHashMap<>();
        daemon.named(Keys.CAPACITIES, Section.KEY, Section.KEY_CURE, ManifestLimits.CAPACITIES_MAX)
                .forEach(
                        (name, value) ->
                                capacities.put(
                                        name,
                                        daemon.scalars()
                                                .integer(
                                                        value,
                                                        ManifestLimits.CAPACITY_MIN,
                                                        ManifestLimits.CAPACITY_MAX)));
        return capacities;
    }

    private Map<String, String> settings(final Section daemon) {
        final Map<String, String> settings = new LinkedHashMap<>();
        daemon.named(Keys.SETTINGS, Section.KEY, Section.KEY_CURE, ManifestLimits.SETTINGS_MAX)
                .forEach((name, value) -> settings.put(name, setting(value)));
        return settings;
    }

    private String setting(final Node value) {
        if (!value.is(Node.Kind.STRING)
                && !value.is(Node.Kind.NUMBER)
                && !value.is(Node.Kind.BOOLEAN)) {
            errors.add(
                    value,
                    Quoted.value(value) + " is not a setting",
                    "write a string, a number or a boolean");
        }
        final int chars = value.text().codePointCount(0, value.text().length());
        final int bytes = value.text().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > ManifestLimits.SETTING_BYTES_MAX) {
            // Two spellings, because the schema can count characters and not bytes.
            errors.add(
                    value,
                    chars > ManifestLimits.SETTING_BYTES_MAX
                            ? "a setting of " + chars + " characters is too long"
                            : "a setting of " + bytes + " bytes is too long",
                    "write at most "
                            + ManifestLimits.SETTING_BYTES_MAX
                            + " bytes, or put it into a file and name that");
        }
        return value.text();
    }

    private RestartSpec restart(final Section daemon) {
        final Section restart = new Section(daemon.object(Keys.RESTART), Keys.RESTART_KEYS, errors);
        final Ranges.Range backoff = Ranges.backoff(restart, errors);
        return new RestartSpec(
                restart.choice("policy", RestartPolicy.values(), RestartPolicy.ALWAYS),
                backoff.min(),
                backoff.max(),
                restart.integer(
                        "limit",
                        ManifestLimits.RESTARTS_DEFAULT,
                        ManifestLimits.RESTARTS_MIN,
                        ManifestLimits.RESTARTS_MAX),
                restart.durationNs("within", ManifestLimits.WITHIN_NS_DEFAULT),
                restart.durationNs("stableAfter", ManifestLimits.STABLE_AFTER_NS_DEFAULT),
                daemon.integer(
                        "recoveryLimit",
                        ManifestLimits.RECOVERIES_DEFAULT,
                        0,
                        ManifestLimits.RECOVERIES_MAX));
    }

    private WatchdogSpec watchdog(final Section daemon) {
        final Section watchdog =
                new Section(daemon.object(Keys.WATCHDOG), Keys.WATCHDOG_KEYS, errors);
        final int errorsBefore = errors.count();
        final long dumpAfterNs =
                watchdog.durationNs("dumpAfter", ManifestLimits.DUMP_AFTER_NS_DEFAULT);
        final long killAfterNs =
                watchdog.durationNs("killAfter", ManifestLimits.KILL_AFTER_NS_DEFAULT);
        if (dumpAfterNs > killAfterNs && errors.count() == errorsBefore) {
            errors.add(
                    watchdog.node(),
                    "dumpAfter "
                            + shown(watchdog, "dumpAfter", dumpAfterNs)
                            + " is longer than killAfter "
                            + shown(watchdog, "killAfter", killAfterNs),
                    "lower dumpAfter or raise killAfter");
        }
        return new WatchdogSpec(dumpAfterNs, killAfterNs);
    }

    private static String shown(final Section section, final String key, final long durationNs) {
        final String text = Durations.format(durationNs);
        return section.member(key) == null ? text + " (the default)" : text;
    }

    private List<TransactionSpec> transactions(final Section daemon) {
        final List<TransactionSpec> transactions = new ArrayList<>();
        daemon.named(Keys.TRANSACTIONS, Section.NAME, Section.NAME_CURE, ManifestLimits.POOLS_MAX)
                .forEach(
                        (name, node) -> {
                            if (daemon.isObject(node, name)) {
                                transactions.add(transaction(name, node));
                            }
                        });
        return transactions;
    }

    private TransactionSpec transaction(final String name, final Node node) {
        final Section pool = new Section(node, Keys.TRANSACTION_KEYS, errors);
        final String className = pool.className("class");
        if (!className.isEmpty()) {
            classNames.accept(pool.member("class"));
        }
        final Ranges.Range workers = Ranges.workers(pool, errors);
        return new TransactionSpec(
                name,
                className,
                Math.toIntExact(workers.min()),
                Math.toIntExact(workers.max()),
                message(pool, "request", ManifestLimits.REQUEST_BYTES_DEFAULT),
                message(pool, "reply", ManifestLimits.REPLY_BYTES_DEFAULT),
                pool.size(
                        "journal",
                        ManifestLimits.TRANSACTION_JOURNAL_BYTES_DEFAULT,
                        ManifestLimits.JOURNAL_BYTES_MIN,
                        ManifestLimits.JOURNAL_BYTES_MAX),
                pool.integer(
                        "queue",
                        ManifestLimits.QUEUE_DEFAULT,
                        ManifestLimits.QUEUE_MIN,
                        ManifestLimits.QUEUE_MAX),
                pool.durationNs("queueDeadline", ManifestLimits.QUEUE_DEADLINE_NS_DEFAULT),
                pool.durationNs("deadline", ManifestLimits.DEADLINE_NS_DEFAULT),
                pool.integer(
                        "attempts",
                        ManifestLimits.ATTEMPTS_DEFAULT,
                        ManifestLimits.ATTEMPTS_MIN,
                        ManifestLimits.ATTEMPTS_MAX),
                pool.integer(
                        "reuse",
                        ManifestLimits.REUSE_DEFAULT,
                        ManifestLimits.REUSE_MIN,
                        ManifestLimits.REUSE_MAX),
                pool.size(
                        "heap",
                        ManifestLimits.TRANSACTION_HEAP_BYTES_DEFAULT,
                        ManifestLimits.HEAP_BYTES_MIN,
                        ManifestLimits.HEAP_BYTES_MAX),
                pool.jvmArguments());
    }

    private static long message(final Section pool, final String key, final long defaultBytes) {
        return pool.size(
                key,
                defaultBytes,
                ManifestLimits.MESSAGE_BYTES_MIN,
                ManifestLimits.MESSAGE_BYTES_MAX);
    }
}
