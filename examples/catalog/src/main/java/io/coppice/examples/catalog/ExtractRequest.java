package io.coppice.examples.catalog;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What the scan asks of an extraction.
 *
 * <pre>
 *   0  runId         of the walk that found the file
 *   8  folderBytes   length of the folder's path
 *  12  pathBytes     length of the file's path
 *  16  folder, path  raw bytes; the folder is absolute, the path is relative to it
 * </pre>
 */
final class ExtractRequest {
    private static final int RUN_ID = 0;
    private static final int FOLDER_BYTES = 8;
    private static final int PATH_BYTES = 12;
    private static final int TEXT = 16;

    private ExtractRequest() {}

    /** Returns how long a request is. */
    static int length(final byte[] folder, final byte[] path) {
        return TEXT + folder.length + path.length;
    }

    /** Writes a request to the start of a buffer and returns its length. */
    static int encode(
            final MutableDirectBuffer to,
            final long runId,
            final byte[] folder,
            final byte[] path) {
        to.putLong(RUN_ID, runId);
        to.putInt(FOLDER_BYTES, folder.length);
        to.putInt(PATH_BYTES, path.length);
        to.putBytes(TEXT, folder);
        to.putBytes(TEXT + folder.length, path);
        return length(folder, path);
    }

    static long runId(final DirectBuffer request) {
        return request.getLong(RUN_ID);
    }

    static byte[] folder(final DirectBuffer request) {
        final byte[] folder = new byte[request.getInt(FOLDER_BYTES)];
        request.getBytes(TEXT, folder);
        return folder;
    }

    static byte[] path(final DirectBuffer request) {
        final byte[] path = new byte[request.getInt(PATH_BYTES)];
        request.getBytes(TEXT + request.getInt(FOLDER_BYTES), path);
        return path;
    }
}
