package io.coppice.root.manifest;

import java.io.IOException;
import java.nio.file.Path;

/** What the parser asks of the machine it runs on; tests answer for it. */
public interface Machine {
    /**
     * Memory that all processes of this machine (or of this container) may use together.
     *
     * @return bytes, positive
     * @throws IOException if the machine does not tell
     */
    long memoryBytes() throws IOException;

    /** The folder in which arenas are created; it need not exist yet. */
    Path runDirectory();

    /**
     * Total size of the file store that holds {@link #runDirectory()}, used and free.
     *
     * @return bytes, positive
     * @throws IOException if the machine does not tell
     */
    long runStoreBytes() throws IOException;

    /** The folder in which arenas on disk are created; it need not exist yet. */
    Path stateDirectory();

    /**
     * Total size of the file store that holds {@link #stateDirectory()}, used and free.
     *
     * @return bytes, positive
     * @throws IOException if the machine does not tell
     */
    long stateStoreBytes() throws IOException;
}
