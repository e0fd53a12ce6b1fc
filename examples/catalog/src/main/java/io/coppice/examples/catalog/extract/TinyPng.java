package io.coppice.examples.catalog.extract;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Makes PNG pictures in memory. */
final class TinyPng {
    private static final byte[] SIGNATURE = {
        (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'
    };
    private static final int DATA_BYTES_MAX = 1024;

    private TinyPng() {}

    /**
     * Returns a greyscale picture that claims the given size.
     *
     * @param width the width in the header, in pixels
     * @param height the height in the header, in pixels
     * @param pixels the data, one filter byte before each row; at most a kilobyte, whatever the header says
     */
    static byte[] of(int width, int height, byte[] pixels) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(SIGNATURE);
        byte[] header =
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put(new byte[] {8, 0, 0, 0, 0})
                        .array();
        chunk(png, "IHDR", header);
        chunk(png, "IDAT", stored(pixels));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    /** Uncompressed, because what a compressor makes differs between its versions. */
    private static byte[] stored(byte[] pixels) {
        byte[] buffer = new byte[DATA_BYTES_MAX];
        try (Deflater deflater = new Deflater(Deflater.NO_COMPRESSION)) {
            deflater.setInput(pixels);
            deflater.finish();
            int length = deflater.deflate(buffer);
            return Arrays.copyOf(buffer, length);
        }
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] typed =
                ByteBuffer.allocate(4 + data.length)
                        .put(type.getBytes(StandardCharsets.US_ASCII))
                        .put(data)
                        .array();
        CRC32 crc = new CRC32();
        crc.update(typed);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(typed);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
