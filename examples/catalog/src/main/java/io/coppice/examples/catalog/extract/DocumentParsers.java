package io.coppice.examples.catalog.extract;

import java.util.List;
import org.apache.tika.detect.CompositeDetector;
import org.apache.tika.detect.CompositeEncodingDetector;
import org.apache.tika.detect.Detector;
import org.apache.tika.detect.EncodingDetector;
import org.apache.tika.detect.microsoft.POIFSContainerDetector;
import org.apache.tika.detect.microsoft.ooxml.OPCPackageDetector;
import org.apache.tika.detect.zip.DefaultZipContainerDetector;
import org.apache.tika.detect.zip.JarDetector;
import org.apache.tika.detect.zip.OpenDocumentDetector;
import org.apache.tika.mime.MimeTypes;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.AutoDetectParserConfig;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.html.HtmlEncodingDetector;
import org.apache.tika.parser.html.JSoupParser;
import org.apache.tika.parser.image.ImageParser;
import org.apache.tika.parser.image.JpegParser;
import org.apache.tika.parser.image.TiffParser;
import org.apache.tika.parser.image.WebPParser;
import org.apache.tika.parser.microsoft.OfficeParser;
import org.apache.tika.parser.microsoft.ooxml.OOXMLParser;
import org.apache.tika.parser.microsoft.rtf.RTFParser;
import org.apache.tika.parser.pdf.PDFParser;
import org.apache.tika.parser.pkg.CompressorParser;
import org.apache.tika.parser.pkg.PackageParser;
import org.apache.tika.parser.txt.Icu4jEncodingDetector;
import org.apache.tika.parser.txt.TXTParser;
import org.apache.tika.parser.txt.UniversalEncodingDetector;
import org.apache.tika.parser.xml.DcXMLParser;

/**
 * The parsers of the catalogue, listed by hand.
 *
 * <p>Tika would find them through service files in every jar; naming them starts faster and means that a jar more on the
 * class path does not change the catalogue.
 */
final class DocumentParsers {
    private DocumentParsers() {}

    /** Builds the parser for everything. No parser starts a process or asks the network. */
    static AutoDetectParser create() {
        AutoDetectParser parser = new AutoDetectParser(detector(), parsers());
        AutoDetectParserConfig config = new AutoDetectParserConfig();
        config.setMaximumDepth(DocumentLimits.ELEMENT_DEPTH_MAX);
        // An empty file is a document like any other.
        config.setThrowOnZeroBytes(false);
        parser.setAutoDetectParserConfig(config);
        return parser;
    }

    /** Tells the encoding of text by markup, by statistics, by n-grams, in this order. */
    static EncodingDetector encodingDetector() {
        return new CompositeEncodingDetector(
                List.of(
                        new HtmlEncodingDetector(),
                        new UniversalEncodingDetector(),
                        new Icu4jEncodingDetector()));
    }

    private static Detector detector() {
        MimeTypes types = MimeTypes.getDefaultMimeTypes();
        Detector zip =
                new DefaultZipContainerDetector(
                        List.of(
                                new OPCPackageDetector(),
                                new OpenDocumentDetector(),
                                new JarDetector()));
        return new CompositeDetector(
                types.getMediaTypeRegistry(), List.of(new POIFSContainerDetector(), zip, types));
    }

    private static Parser[] parsers() {
        EncodingDetector encoding = encodingDetector();
        return new Parser[] {
            new TXTParser(encoding),
            new JSoupParser(encoding),
            new DcXMLParser(),
            new PDFParser(),
            new OfficeParser(),
            new OOXMLParser(),
            new RTFParser(),
            new ImageParser(),
            new JpegParser(),
            new TiffParser(),
            new WebPParser(),
            new PackageParser(encoding),
            new CompressorParser(),
            new FaultyParser(),
        };
    }
}
