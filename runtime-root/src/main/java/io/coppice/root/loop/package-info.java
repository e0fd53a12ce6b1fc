/**
 * Root: one thread, one wait point, bounded work per turn. No JSON, no logging framework, no
 * command line: what root needs to know it reads from a frozen plan, and what it has to say it
 * writes on the board.
 *
 * <p>Reading order: {@link io.coppice.root.loop.RootMain}, {@link io.coppice.root.loop.RootLoop},
 * {@link io.coppice.root.loop.Supervision} (the state table), {@link
 * io.coppice.root.loop.DaemonSlot}.
 */
package io.coppice.root.loop;
