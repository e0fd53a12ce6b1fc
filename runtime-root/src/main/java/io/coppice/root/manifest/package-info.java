/**
 * Reads a tree's manifest: JSON in, immutable records out, and for a manifest that is wrong one
 * line per mistake.
 *
 * <p>Reading order: {@link io.coppice.root.manifest.ManifestParser} is the way in, {@link
 * io.coppice.root.manifest.Manifest} what comes out, {@link
 * io.coppice.root.manifest.ManifestLimits} every bound. The same format is described for editors in
 * {@code conf/manifest.schema.json}; a test holds the two together.
 */
package io.coppice.root.manifest;
