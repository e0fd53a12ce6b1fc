/**
 * Messages between daemons: rings with one writer and many readers, whose positions commit together
 * with the state they change.
 *
 * <p>Reading order: {@link io.coppice.ring.RingLayout}, {@link io.coppice.ring.RingWriter}, {@link
 * io.coppice.ring.RingReader}, {@link io.coppice.ring.RingMerge}.
 */
package io.coppice.ring;
