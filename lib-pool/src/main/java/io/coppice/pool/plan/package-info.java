/**
 * The frozen configuration: what the launcher made of a manifest, in binary form, so that no other
 * process parses JSON.
 */
package io.coppice.pool.plan;
