/**
 * How a build takes over structures that another build laid out otherwise: {@link
 * io.coppice.pool.migrate.Migrator} decides, {@link io.coppice.pool.migrate.Migration} copies.
 */
package io.coppice.pool.migrate;
