/**
 * Locks across the processes of a daemon that no death leaves taken for good: an owner is a slot
 * and an epoch, and whoever holds its death certificate hands back what it held.
 *
 * <p>Reading order: {@link io.coppice.pool.lock.LockLayout}, {@link
 * io.coppice.pool.lock.WaitingRoom}, {@link io.coppice.pool.lock.RobustLock}, {@link
 * io.coppice.pool.lock.ReadWriteLockLayout}, {@link io.coppice.pool.lock.ReadWriteLock}, {@link
 * io.coppice.pool.lock.LockSet}.
 */
package io.coppice.pool.lock;
