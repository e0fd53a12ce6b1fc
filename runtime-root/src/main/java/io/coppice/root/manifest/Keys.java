package io.coppice.root.manifest;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The keys that each object of a manifest may have. Sections and overrides read the same tables.
 */
final class Keys {
    /**
     * What stands behind a key; an override needs it to know whether to write a number, a boolean
     * or a string.
     */
    enum Form {
        TEXT,
        SIZE,
        DURATION,
        INTEGER,
        WORKERS,
        BOOLEAN,
        LIST,
        OBJECT;

        /**
         * Whether {@code --set DAEMON.KEY=} of a daemon's own key means this key and not a setting.
         */
        boolean isScalar() {
            return this != LIST && this != OBJECT;
        }
    }

    static final String MAIN = "main";
    static final String SETTINGS = "settings";
    static final String CAPACITIES = "capacities";
    static final String RESTART = "restart";
    static final String WATCHDOG = "watchdog";
    static final String TRANSACTIONS = "transactions";
    static final String GROUPS = "groups";

    static final Map<String, Form> ROOT_KEYS = new LinkedHashMap<>();
    static final Map<String, Form> GROUP_KEYS = new LinkedHashMap<>();
    static final Map<String, Form> DAEMON_KEYS = new LinkedHashMap<>();
    static final Map<String, Form> RESTART_KEYS = new LinkedHashMap<>();
    static final Map<String, Form> WATCHDOG_KEYS = new LinkedHashMap<>();
    static final Map<String, Form> TRANSACTION_KEYS = new LinkedHashMap<>();

    static {
        ROOT_KEYS.put("$schema", Form.TEXT);
        ROOT_KEYS.put("tree", Form.TEXT);
        ROOT_KEYS.put("classpath", Form.LIST);
        ROOT_KEYS.put("daemons", Form.OBJECT);
        ROOT_KEYS.put(GROUPS, Form.OBJECT);

        GROUP_KEYS.put("daemons", Form.LIST);
        GROUP_KEYS.put("with", Form.TEXT);

        DAEMON_KEYS.put(MAIN, Form.TEXT);
        DAEMON_KEYS.put("memory", Form.SIZE);
        DAEMON_KEYS.put("heap", Form.SIZE);
        DAEMON_KEYS.put("journal", Form.SIZE);
        DAEMON_KEYS.put("standby", Form.INTEGER);
        DAEMON_KEYS.put(CAPACITIES, Form.OBJECT);
        DAEMON_KEYS.put("after", Form.LIST);
        DAEMON_KEYS.put("significant", Form.BOOLEAN);
        DAEMON_KEYS.put("readers", Form.LIST);
        DAEMON_KEYS.put("onCrash", Form.TEXT);
        DAEMON_KEYS.put("onRootLoss", Form.TEXT);
        DAEMON_KEYS.put("storage", Form.TEXT);
        DAEMON_KEYS.put("recoveryLimit", Form.INTEGER);
        DAEMON_KEYS.put(RESTART, Form.OBJECT);
        DAEMON_KEYS.put(WATCHDOG, Form.OBJECT);
        DAEMON_KEYS.put("startTimeout", Form.DURATION);
        DAEMON_KEYS.put("stopTimeout", Form.DURATION);
        DAEMON_KEYS.put("spin", Form.DURATION);
        DAEMON_KEYS.put(SETTINGS, Form.OBJECT);
        DAEMON_KEYS.put("jvm", Form.LIST);
        DAEMON_KEYS.put(TRANSACTIONS, Form.OBJECT);

        RESTART_KEYS.put("policy", Form.TEXT);
        RESTART_KEYS.put("backoff", Form.TEXT);
        RESTART_KEYS.put("limit", Form.INTEGER);
        RESTART_KEYS.put("within", Form.DURATION);
        RESTART_KEYS.put("stableAfter", Form.DURATION);

        WATCHDOG_KEYS.put("dumpAfter", Form.DURATION);
        WATCHDOG_KEYS.put("killAfter", Form.DURATION);

        TRANSACTION_KEYS.put("class", Form.TEXT);
        TRANSACTION_KEYS.put("workers", Form.WORKERS);
        TRANSACTION_KEYS.put("request", Form.SIZE);
        TRANSACTION_KEYS.put("reply", Form.SIZE);
        TRANSACTION_KEYS.put("journal", Form.SIZE);
        TRANSACTION_KEYS.put("queue", Form.INTEGER);
        TRANSACTION_KEYS.put("queueDeadline", Form.DURATION);
        TRANSACTION_KEYS.put("deadline", Form.DURATION);
        TRANSACTION_KEYS.put("attempts", Form.INTEGER);
        TRANSACTION_KEYS.put("reuse", Form.INTEGER);
        TRANSACTION_KEYS.put("heap", Form.SIZE);
        TRANSACTION_KEYS.put("jvm", Form.LIST);
    }

    private Keys() {}
}
