/**
 * A catalogue of untrusted documents. {@link io.coppice.examples.catalog.ScanDaemon} walks a folder
 * and hands each file to {@link io.coppice.examples.catalog.ExtractTransaction}, which may die of
 * it; {@link io.coppice.examples.catalog.CatalogDaemon} writes one line per file, whoever dies.
 */
package io.coppice.examples.catalog;
