package io.coppice.examples.catalog.extract;

import static io.coppice.examples.catalog.extract.DocumentsGenerator.utf8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/** Archives, and archives in archives. */
final class ArchiveDocuments {
    private static final byte[] PAGE = utf8("<html><title>Inside</title><p>A page inside.</p></html>");
    private static final int BOMB_CHARS = 40_000_000;

    private ArchiveDocuments() {}

    static void addTo(Map<String, byte[]> documents) {
        byte[] papers =
                new TinyZip()
                        .add("papers/coppicing.txt", TextDocuments.ENGLISH)
                        .add("papers/page.html", PAGE)
                        .add("papers/minutes.pdf", OfficeDocuments.PDF)
                        .bytes();
        documents.put("archives/papers.zip", papers);
        documents.put("archives/papers.tar.gz", tarGz());
        documents.put(
                "archives/zip in a zip.zip",
                new TinyZip().add("papers.zip", papers).add("page.html", PAGE).bytes());
        documents.put("nasty/bomb.zip", bomb());
        documents.put("nasty/matryoshka.zip", matryoshka());
    }

    private static byte[] tarGz() {
        GzipParameters parameters = new GzipParameters();
        parameters.setCompressionLevel(Deflater.NO_COMPRESSION);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GzipCompressorOutputStream gzip = new GzipCompressorOutputStream(out, parameters);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip)) {
            add(tar, "papers/le taillis.txt", utf8(TextDocuments.FRENCH));
            add(tar, "papers/page.html", PAGE);
            tar.finish();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return out.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setModTime(TinyZip.TIME.toInstant(ZoneOffset.UTC).toEpochMilli());
        entry.setIds(0, 0);
        entry.setNames("", "");
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /** Forty million letters in a thousandth of the space; its bytes depend on the version of zlib. */
    private static byte[] bomb() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(Deflater.BEST_COMPRESSION);
            ZipEntry entry = new ZipEntry("bomb.txt");
            entry.setTimeLocal(TinyZip.TIME);
            zip.putNextEntry(entry);
            byte[] line = utf8("a".repeat(999) + "\n");
            for (int i = 0; i < BOMB_CHARS / line.length; i++) {
                zip.write(line);
            }
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return out.toByteArray();
    }

    private static byte[] matryoshka() {
        byte[] doll = new TinyZip().add("innermost.txt", TextDocuments.ENGLISH).bytes();
        for (int i = 0; i < DocumentLimits.EMBEDDED_DEPTH_MAX; i++) {
            doll = new TinyZip().add("doll.zip", doll).bytes();
        }
        return doll;
    }
}
