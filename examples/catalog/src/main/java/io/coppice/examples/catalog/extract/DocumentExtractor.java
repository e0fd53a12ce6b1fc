package io.coppice.examples.catalog.extract;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.tika.detect.Detector;
import org.apache.tika.detect.EncodingDetector;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MimeTypes;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.microsoft.OfficeParserConfig;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.apache.tika.sax.BodyContentHandler;
import org.xml.sax.SAXException;

/**
 * Reads one document at a time with Apache Tika.
 *
 * <p>Made once per process, since it takes a good part of a second, and used by one thread. Whatever an extraction throws,
 * the next one may follow; but after an {@link Error} a careful caller starts a new process, because a class whose
 * initialisation was cut short by a full stack stays broken.
 */
public final class DocumentExtractor {
    /** The longest title or author in UTF-16 units; what is longer is cut. */
    public static final int METADATA_CHARS_MAX = 500;

    /** Some parsers log through the Log4j API, which writes to stderr where it finds no core. */
    private static final Map<String, String> PROCESS_SETTINGS =
            Map.of(
                    "java.awt.headless", "true",
                    "log4j2.StatusLogger.level", "OFF",
                    "log4j2.simplelogLevel", "OFF");

    private final AutoDetectParser parser;
    private final EncodingDetector encodingDetector = DocumentParsers.encodingDetector();
    private final OfficeParserConfig office = officeConfig();
    private final PDFParserConfig pdf = pdfConfig();

    /**
     * Builds the parsers. This changes the process, where the command line did not say otherwise: no display for AWT, no
     * output of loggers that nobody configured; and whatever it said: no fonts of the system, no language in messages.
     */
    public DocumentExtractor() {
        for (Map.Entry<String, String> setting : PROCESS_SETTINGS.entrySet()) {
            System.getProperties().putIfAbsent(setting.getKey(), setting.getValue());
        }
        // Messages of the JDK's parsers end up in the catalogue, which is the same everywhere.
        Locale.setDefault(Locale.ROOT);
        BundledFonts.install();
        this.parser = DocumentParsers.create();
    }

    /**
     * Reads a document.
     *
     * @param file the file; a symbolic link to a regular file is read through
     * @return what is known of it
     * @throws NotADocumentException if it is not a regular file; nothing was opened then
     * @throws LimitExceededException if it needs more than {@link DocumentExtractor} grants
     * @throws Exception if it cannot be read or parsed; {@link #describe} makes one line of it
     */
    public Extraction extract(Path file) throws Exception {
        RegularFile.require(file);
        Sha256 digest = Sha256.of(file);
        Metadata metadata = new Metadata();
        try (TikaInputStream in = TikaInputStream.get(file, metadata)) {
            BodyText body = parse(in, metadata);
            return new Extraction(
                    mediaType(metadata),
                    digest.bytes(),
                    body.length(),
                    bounded(metadata.get(TikaCoreProperties.TITLE)),
                    bounded(metadata.get(TikaCoreProperties.CREATOR)),
                    LanguageGuess.of(body.prefix()),
                    digest.hex());
        }
    }

    /**
     * Parses a small sample of each main kind, so that what parsing needs is loaded.
     *
     * @throws Exception if a sample does not parse, which means that the class path is incomplete
     */
    public void warmUp() throws Exception {
        WarmUp.run(this);
    }

    /**
     * Describes a failure in one line that is the same on every run and every machine.
     *
     * @param failure what {@link #extract} threw
     * @return "SimpleClassName: message", at most {@link FailureDescription#CHARS_MAX} UTF-16 units
     */
    public static String describe(Throwable failure) {
        return FailureDescription.of(failure);
    }

    BodyText parse(TikaInputStream in, Metadata metadata) throws Exception {
        DocumentLimits limits = new DocumentLimits();
        BodyText body = new BodyText(limits);
        try {
            parser.parse(in, new BodyContentHandler(body), metadata, context(limits));
        } catch (TikaException | SAXException | IOException e) {
            limits.check();
            throw e;
        }
        limits.check();
        return body;
    }

    private ParseContext context(DocumentLimits limits) {
        // Whatever is missing here Tika looks up in its default configuration, which loads all of it once more.
        ParseContext context = new ParseContext();
        context.set(Parser.class, parser);
        context.set(Detector.class, parser.getDetector());
        context.set(MimeTypes.class, MimeTypes.getDefaultMimeTypes());
        context.set(EncodingDetector.class, encodingDetector);
        context.set(OfficeParserConfig.class, office);
        context.set(PDFParserConfig.class, pdf);
        context.set(
                EmbeddedDocumentExtractor.class, new EmbeddedDocuments(parser, context, limits));
        return context;
    }

    private static OfficeParserConfig officeConfig() {
        OfficeParserConfig config = new OfficeParserConfig();
        config.setUseSAXDocxExtractor(true);
        config.setUseSAXPptxExtractor(true);
        return config;
    }

    private static PDFParserConfig pdfConfig() {
        PDFParserConfig config = new PDFParserConfig();
        config.setOcrStrategy(PDFParserConfig.OCR_STRATEGY.NO_OCR);
        return config;
    }

    private static String mediaType(Metadata metadata) {
        MediaType type = MediaType.parse(metadata.get(Metadata.CONTENT_TYPE));
        return (type == null ? MediaType.OCTET_STREAM : type.getBaseType()).toString();
    }

    private static String bounded(String text) {
        return text == null || text.isBlank() ? null : Text.cut(text, METADATA_CHARS_MAX);
    }
}
