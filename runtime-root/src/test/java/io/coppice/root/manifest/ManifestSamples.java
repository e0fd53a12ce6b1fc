package io.coppice.root.manifest;

/** Manifests that tests share, spelled with single quotes. */
final class ManifestSamples {
    /** Every key there is, none at its default. */
    static final String FULL =
            """
            {
              '$schema': 'manifest.schema.json',
              'tree': 'full',
              'classpath': ['CLASSES'],
              'daemons': {
                'base': { 'main': 'DAEMON', 'memory': 1048576 },
                'scan': {
                  'main': 'DAEMON',
                  'memory': '64 MiB',
                  'heap': '16MiB',
                  'journal': '8 KiB',
                  'standby': 1,
                  'capacities': { 'zebras': 200000, 'ants': 1 },
                  'after': ['base'],
                  'significant': true,
                  'readers': ['base'],
                  'onCrash': 'ask',
                  'onRootLoss': 'stop',
                  'storage': 'disk',
                  'recoveryLimit': 4,
                  'restart': {
                    'policy': 'on-failure',
                    'backoff': '20 ms .. 5 min',
                    'limit': 7,
                    'within': '1 h',
                    'stableAfter': '2 d'
                  },
                  'watchdog': { 'dumpAfter': '3 s', 'killAfter': '4 s' },
                  'startTimeout': '20 s',
                  'stopTimeout': '6 s',
                  'spin': '0 us',
                  'settings': { 'input': '/usr/share/doc', 'depth': 1.50, 'links': true },
                  'jvm': ['-Xss512k'],
                  'transactions': {
                    'extract': {
                      'class': 'TRANSACTION',
                      'workers': '1..2',
                      'request': '8 KiB',
                      'reply': '128 KiB',
                      'journal': '4 KiB',
                      'queue': 17,
                      'queueDeadline': '61 s',
                      'deadline': '11 s',
                      'attempts': 3,
                      'reuse': 1001,
                      'heap': '64 MiB',
                      'jvm': ['-Xint', '-ea']
                    }
                  }
                }
              },
              'groups': { 'pair': { 'daemons': ['base', 'scan'], 'with': 'rest' } }
            }
            """
                    .replace("CLASSES", ManifestFixture.TEST_CLASSES.toString())
                    .replace("DAEMON", ManifestFixture.DAEMON)
                    .replace("TRANSACTION", ManifestFixture.TRANSACTION);

    private ManifestSamples() {}
}
