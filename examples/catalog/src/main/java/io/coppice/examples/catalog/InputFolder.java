package io.coppice.examples.catalog;

import io.coppice.daemon.DoNotRestartException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which folder is catalogued. */
final class InputFolder {
    /** What is catalogued where the manifest names nothing. */
    static final String DEFAULT = "/usr/share/doc";

    /** Where Coppice is installed. */
    static final String HOME_PROPERTY = "coppice.home";

    /** What is catalogued where the default is missing, below {@link #HOME_PROPERTY}. */
    static final String SHIPPED = "examples/catalog/documents";

    private InputFolder() {}

    /**
     * Returns the absolute bytes of the folder.
     *
     * @param setting of the manifest
     * @throws IllegalArgumentException one line, where there is no such folder or it cannot be
     *     listed
     */
    static byte[] of(final String setting) {
        final String home = System.getProperty(HOME_PROPERTY);
        final boolean useShipped =
                setting.equals(DEFAULT) && !Files.exists(Path.of(DEFAULT)) && home != null;
        final Path folder = useShipped ? Path.of(home).resolve(SHIPPED) : RawPath.ofText(setting);
        final String reason = reasonAgainst(folder);
        if (reason != null) {
            throw new DoNotRestartException(
                    "the input "
                            + PathText.of(RawPath.absoluteBytes(folder))
                            + " "
                            + reason
                            + ": name a folder in the setting \"input\"");
        }
        return RawPath.absoluteBytes(folder);
    }

    private static String reasonAgainst(final Path folder) {
        if (!Files.exists(folder)) {
            return "does not exist";
        }
        if (!Files.isDirectory(folder)) {
            return "is not a folder";
        }
        return Files.isReadable(folder) ? null : "cannot be read";
    }
}
