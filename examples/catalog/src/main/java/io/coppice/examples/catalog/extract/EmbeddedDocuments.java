package io.coppice.examples.catalog.extract;

import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.io.input.CloseShieldInputStream;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TemporaryResources;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.sax.BodyContentHandler;
import org.apache.tika.sax.EmbeddedContentHandler;
import org.apache.tika.sax.XHTMLContentHandler;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

/**
 * Parses what is embedded in a document, within bounds.
 *
 * <p>A damaged member does not spoil its archive: its text is what came before the damage. A member that is a bomb, or one
 * too many, refuses the whole document.
 */
final class EmbeddedDocuments implements EmbeddedDocumentExtractor {
    private final Parser parser;
    private final ParseContext context;
    private final DocumentLimits limits;
    private int depth;
    private int count;

    EmbeddedDocuments(Parser parser, ParseContext context, DocumentLimits limits) {
        this.parser = parser;
        this.context = context;
        this.limits = limits;
    }

    @Override
    public boolean shouldParseEmbedded(Metadata metadata) {
        return true;
    }

    @Override
    public void parseEmbedded(
            InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml)
            throws SAXException, IOException {
        if (++count > DocumentLimits.EMBEDDED_COUNT_MAX) {
            throw limits.exceeded(
                    "more than " + DocumentLimits.EMBEDDED_COUNT_MAX + " embedded documents");
        }
        if (depth >= DocumentLimits.EMBEDDED_DEPTH_MAX) {
            throw limits.exceeded(
                    "documents nested deeper than " + DocumentLimits.EMBEDDED_DEPTH_MAX);
        }
        if (outputHtml) {
            // Tika's guard against nested archives counts elements of this class.
            AttributesImpl attributes = new AttributesImpl();
            attributes.addAttribute("", "class", "class", "CDATA", "package-entry");
            handler.startElement(XHTMLContentHandler.XHTML, "div", "div", attributes);
        }
        depth++;
        try {
            parse(stream, handler, metadata);
        } finally {
            depth--;
        }
        if (outputHtml) {
            handler.endElement(XHTMLContentHandler.XHTML, "div", "div");
        }
    }

    private void parse(InputStream stream, ContentHandler handler, Metadata metadata)
            throws SAXException, IOException {
        ContentHandler body = new EmbeddedContentHandler(new BodyContentHandler(handler));
        try (TemporaryResources temporary = new TemporaryResources()) {
            TikaInputStream member =
                    TikaInputStream.get(CloseShieldInputStream.wrap(stream), temporary, metadata);
            if (stream instanceof TikaInputStream outer && outer.getOpenContainer() != null) {
                member.setOpenContainer(outer.getOpenContainer(), outer.getLength());
            }
            parser.parse(member, body, metadata, context);
        } catch (TikaException e) {
            if (DocumentLimits.isBomb(e)) {
                limits.remember(e);
                throw new SAXException(e);
            }
        }
    }
}
