package io.coppice.examples.catalog.extract;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import javax.imageio.ImageIO;

/** Pictures of a few pixels. */
final class PictureDocuments {
    private PictureDocuments() {}

    static void addTo(Map<String, byte[]> documents) {
        documents.put("pictures/grey.png", TinyPng.of(2, 2, new byte[] {0, 0, 64, 0, 127, -1}));
        documents.put("pictures/red.jpg", encoded("jpg"));
        documents.put("pictures/red.gif", encoded("gif"));
    }

    private static byte[] encoded(String format) {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64; i++) {
            image.setRGB(i % 8, i / 8, 0xc02010);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.setUseCache(false);
            if (!ImageIO.write(image, format, out)) {
                throw new IllegalStateException("the JDK writes no " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return out.toByteArray();
    }
}
