/**
 * What it costs to send messages from process to process. Each subject has JVMs of its own, one for
 * each end; a small mapped file tells them when to begin and the bench what came of it.
 */
package io.coppice.bench.ring;
