package io.coppice.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * A Unix-domain datagram socket, of which the JDK has none: the way in which a service manager is
 * told how its service does. It never blocks. Each datagram names its receiver anew, so that one
 * that is replaced meanwhile is found again, and no signal comes where there is none.
 *
 * <p>For one thread at a time. Only opening allocates.
 */
public final class LocalDatagramSocket implements AutoCloseable {
    /** The longest datagram, in bytes. */
    public static final int BYTES_MAX = 1024;

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_NONBLOCK = 04000;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** {@code struct sockaddr_un}: a family of two bytes, then the name. */
    private static final int FAMILY_BYTES = 2;

    private static final int NAME_BYTES_MAX = 108;

    /** The numbers of the calls on this architecture. */
    private record Calls(int socket, int bind, int sendTo, int receiveFrom) {
        private static final Calls X86_64 = new Calls(41, 49, 44, 45);
        private static final Calls AARCH64 = new Calls(198, 200, 206, 207);

        private static Calls ofThisMachine() {
            return "aarch64".equals(System.getProperty("os.arch")) ? AARCH64 : X86_64;
        }
    }

    private final Calls calls = Calls.ofThisMachine();
    private final LinuxOperatingSystem os;
    private final MemorySegment buffer = Arena.global().allocate(BYTES_MAX, Long.BYTES);
    private final MemorySegment peer;
    private final int peerBytes;
    private final int descriptor;

    private LocalDatagramSocket(final LinuxOperatingSystem os, final String address) {
        this.os = os;
        final byte[] name = address.getBytes(StandardCharsets.UTF_8);
        this.peer = Arena.global().allocate(FAMILY_BYTES + NAME_BYTES_MAX, Long.BYTES);
        peer.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, peer, ValueLayout.JAVA_BYTE, FAMILY_BYTES, name.length);
        final boolean isAbstract = name[0] == '@';
        if (isAbstract) {
            peer.set(ValueLayout.JAVA_BYTE, FAMILY_BYTES, (byte) 0);
        }
        // A path is followed by a zero byte; an abstract name is as long as it is.
        this.peerBytes = FAMILY_BYTES + name.length + (isAbstract ? 0 : 1);
        final long result =
                SystemCall.call(
                        calls.socket(), AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, 0);
        LinuxOperatingSystem.check(result, "socket", address);
        this.descriptor = (int) result;
    }

    /**
     * Opens a socket that sends to an address; nobody has to be there yet.
     *
     * @param address a path, or {@code @} and an abstract name; 2 to 107 bytes of UTF-8
     * @return null where the platform has none, or the address is neither
     * @throws OsException where the system has no descriptor left
     */
    public static LocalDatagramSocket to(final String address) {
        final int bytes = address.getBytes(StandardCharsets.UTF_8).length;
        final boolean isAddress =
                (address.startsWith("/") || address.startsWith("@"))
                        && bytes > 1
                        && bytes < NAME_BYTES_MAX
                        && address.indexOf(0) < 0;
        return isAddress && OperatingSystem.current() instanceof LinuxOperatingSystem linux
                ? new LocalDatagramSocket(linux, address)
                : null;
    }

    /**
     * Opens a socket that receives at an address, as a service manager does. A path must not be
     * there yet, and stays when the socket is closed.
     *
     * @return null as {@link #to}
     * @throws OsException EADDRINUSE where somebody receives there already
     */
    public static LocalDatagramSocket at(final String address) {
        final LocalDatagramSocket socket = to(address);
        if (socket != null) {
            final long result =
                    SystemCall.call(
                            socket.calls.bind(),
                            socket.descriptor,
                            socket.peer.address(),
                            socket.peerBytes,
                            0);
            if (result < 0) {
                socket.close();
            }
            LinuxOperatingSystem.check(result, "bind", address);
        }
        return socket;
    }

    /**
     * Sends a datagram.
     *
     * @param bytes how many of the message, 1 to {@link #BYTES_MAX}
     * @return false where nobody is there, or its queue is full: to be tried again
     */
    public boolean send(final byte[] message, final int bytes) {
        MemorySegment.copy(message, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes);
        return SystemCall.succeeds(
                calls.sendTo(),
                descriptor,
                buffer.address(),
                bytes,
                MSG_DONTWAIT | MSG_NOSIGNAL,
                peer.address(),
                peerBytes);
    }

    /** Returns the next datagram as text, or null where there is none. Allocates. */
    public String receive() {
        final long bytes =
                SystemCall.call(
                        calls.receiveFrom(),
                        descriptor,
                        buffer.address(),
                        BYTES_MAX,
                        MSG_DONTWAIT,
                        0,
                        0);
        if (bytes == -Errno.EAGAIN.number()) {
            return null;
        }
        LinuxOperatingSystem.check(bytes, "recvfrom", "of a datagram socket");
        final byte[] text = new byte[(int) bytes];
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, text, 0, text.length);
        return new String(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        os.close(descriptor);
    }
}
