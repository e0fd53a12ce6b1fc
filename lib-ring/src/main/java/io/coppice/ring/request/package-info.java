/**
 * Requests of one daemon to another and their replies, each with exactly one outcome whoever dies.
 *
 * <p>Reading order: {@link io.coppice.ring.request.RequestLayout}, {@link
 * io.coppice.ring.request.RequestTableLayout}, {@link io.coppice.ring.request.Requester}, {@link
 * io.coppice.ring.request.Replier}.
 */
package io.coppice.ring.request;
