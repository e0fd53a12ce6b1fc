package io.coppice.examples.catalog.extract;

import java.io.IOException;
import java.io.InputStream;
import org.apache.fontbox.FontBoxFont;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.font.CIDFontMapping;
import org.apache.pdfbox.pdmodel.font.FontMapper;
import org.apache.pdfbox.pdmodel.font.FontMapping;
import org.apache.pdfbox.pdmodel.font.FontMappers;
import org.apache.pdfbox.pdmodel.font.PDCIDSystemInfo;
import org.apache.pdfbox.pdmodel.font.PDFontDescriptor;

/**
 * Gives PDFBox the one font it ships with for every font that a PDF does not embed.
 *
 * <p>Left alone, PDFBox reads all fonts of the machine and writes a cache of them into the home directory: slow at the
 * first PDF, and the text would depend on the machine.
 */
final class BundledFonts implements FontMapper {
    private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    private TrueTypeFont font;

    private BundledFonts() {}

    /** Makes this the font mapper of the process. */
    static void install() {
        FontMappers.set(new BundledFonts());
    }

    @Override
    public FontMapping<TrueTypeFont> getTrueTypeFont(String name, PDFontDescriptor descriptor) {
        return new FontMapping<>(font(), true);
    }

    @Override
    public FontMapping<FontBoxFont> getFontBoxFont(String name, PDFontDescriptor descriptor) {
        return new FontMapping<>(font(), true);
    }

    @Override
    public CIDFontMapping getCIDFont(
            String name, PDFontDescriptor descriptor, PDCIDSystemInfo systemInfo) {
        return new CIDFontMapping(null, font(), true);
    }

    private synchronized TrueTypeFont font() {
        if (font == null) {
            try (InputStream in = FontMapper.class.getResourceAsStream(FONT)) {
                font = new TTFParser().parse(RandomAccessReadBuffer.createBufferFromStream(in));
            } catch (IOException e) {
                throw new IllegalStateException("the font inside PDFBox cannot be read", e);
            }
        }
        return font;
    }
}
