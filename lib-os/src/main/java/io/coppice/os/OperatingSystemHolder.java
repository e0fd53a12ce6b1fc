package io.coppice.os;

/** Chooses once per process. */
final class OperatingSystemHolder {
    static final OperatingSystem CURRENT = choose();

    private OperatingSystemHolder() {}

    private static OperatingSystem choose() {
        final boolean portable =
                "portable".equals(System.getProperty(OperatingSystem.SELECT_PROPERTY));
        final SystemCallNumbers numbers =
                SystemCallNumbers.forArchitecture(System.getProperty("os.arch"));
        if (portable || numbers == null || !"Linux".equals(System.getProperty("os.name"))) {
            return new PortableOperatingSystem();
        }
        return new LinuxOperatingSystem(numbers);
    }
}
