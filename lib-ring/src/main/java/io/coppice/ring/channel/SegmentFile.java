package io.coppice.ring.channel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The name of a segment, which it has only until the other end has mapped it. While it has, its
 * maker holds a file lock that the kernel gives back when the maker dies: who gets the lock holds
 * the maker's death certificate and removes the file. Neither pids nor ages are looked at.
 *
 * <p>A process's locks on a file go with any of its descriptors of that file, so a sweep never
 * opens the files of its own process.
 */
final class SegmentFile implements Closeable {
    static final String PREFIX = "coppice-channel-";

    private static final int ZEROES_BYTES = 1 << 16;
    private static final int ATTEMPTS = 16;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;
    private final long nonce;

    private SegmentFile(final Path path, final FileChannel channel, final long nonce) {
        this.path = path;
        this.channel = channel;
        this.nonce = nonce;
    }

    /** Returns where segments are made: in memory where there is such a place. */
    static Path folder() {
        final Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /**
     * Makes a file for two rings, every page of it allocated: a full file system is an error here,
     * not a death later.
     */
    static SegmentFile create(final Path folder, final int capacityBytes) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            final long nonce = RANDOM.nextLong();
            final Path path = folder.resolve(PREFIX + Long.toHexString(nonce));
            OWN.add(path);
            final SegmentFile made = tryCreate(path, nonce, SegmentLayout.bytes(capacityBytes));
            if (made != null) {
                return made;
            }
            OWN.remove(path);
        }
        throw new IOException(folder + ": somebody removes every segment made here");
    }

    /** Returns null where another has the name, or a sweep came before the lock. */
    private static SegmentFile tryCreate(final Path path, final long nonce, final long bytes)
            throws IOException {
        final FileChannel channel;
        try {
            channel =
                    FileChannel.open(
                            path,
                            EnumSet.of(
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.CREATE_NEW),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
        } catch (final FileAlreadyExistsException taken) {
            return null;
        }
        final SegmentFile file = new SegmentFile(path, channel, nonce);
        try {
            if (channel.tryLock() != null && Files.exists(path)) {
                file.allocate(bytes);
                return file;
            }
            file.close();
            return null;
        } catch (final IOException refused) {
            file.close();
            throw refused;
        }
    }

    private void allocate(final long bytes) throws IOException {
        final ByteBuffer zeroes = ByteBuffer.allocate(ZEROES_BYTES);
        long left = bytes;
        while (left > 0) {
            zeroes.clear().limit((int) Math.min(left, ZEROES_BYTES));
            left -= channel.write(zeroes);
        }
    }

    /** Maps it and lays it out. */
    Segment layOut(final int capacityBytes) throws IOException {
        return Segment.layOut(channel, path, capacityBytes, nonce);
    }

    Path path() {
        return path;
    }

    long nonce() {
        return nonce;
    }

    /** Removes the name, if the other end has not, and gives the lock back. */
    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(path);
        } finally {
            channel.close();
            OWN.remove(path);
        }
    }

    /**
     * Removes the files of makers that died; returns how many. None where they cannot be listed.
     */
    static int sweep(final Path folder) throws IOException {
        int swept = 0;
        if (!Files.isReadable(folder)) {
            return swept;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (final Path file : files) {
                if (!OWN.contains(file) && isOrphan(file)) {
                    swept++;
                }
            }
        }
        return swept;
    }

    /** Removes a file whose maker is certified dead. */
    private static boolean isOrphan(final Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null && Files.deleteIfExists(file);
        } catch (final FileSystemException gone) {
            // Somebody else's, or removed meanwhile.
            return false;
        } catch (final OverlappingFileLockException swept) {
            // Another thread sweeps here.
            return false;
        }
    }
}
