/**
 * Byte streams between any two programs: a {@link java.nio.channels.ByteChannel}, and on it
 * sockets, whose bytes go through shared memory where the path is accelerated and through the plain
 * Unix-domain socket elsewhere. Needs no tree and no arena.
 *
 * <p>Reading order: {@link io.coppice.ring.channel.AcceleratedChannel}, {@link
 * io.coppice.ring.channel.SegmentLayout}, {@link io.coppice.ring.channel.ByteRingWriter}, {@link
 * io.coppice.ring.channel.ByteRingReader}, {@link io.coppice.ring.channel.Endpoint}.
 */
package io.coppice.ring.channel;
