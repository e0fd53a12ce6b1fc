package io.coppice.examples.catalog.extract;

import static io.coppice.examples.catalog.extract.DocumentsGenerator.utf8;

import java.util.Map;

/** Markup of the web. */
final class WebDocuments {
    private WebDocuments() {}

    static void addTo(Map<String, byte[]> documents) {
        documents.put("web/index.html", utf8(page("en", "Coppicing", TextDocuments.ENGLISH)));
        documents.put("web/übersicht.html", utf8(page("de", "Übersicht", TextDocuments.GERMAN)));
        documents.put(
                "web/page.xhtml",
                utf8(
                        """
                        <?xml version="1.0" encoding="UTF-8"?>
                        <html xmlns="http://www.w3.org/1999/xhtml">
                          <head><title>Le taillis</title><meta name="author" content="Aline Bois"/></head>
                          <body><h1>Le taillis</h1><p>%s</p></body>
                        </html>
                        """
                                .formatted(TextDocuments.FRENCH)));
        documents.put(
                "web/feed.xml",
                utf8(
                        """
                        <?xml version="1.0" encoding="UTF-8"?>
                        <catalog xmlns:dc="http://purl.org/dc/elements/1.1/">
                          <dc:title>Trees of the wood</dc:title>
                          <dc:creator>A. Forester</dc:creator>
                          <tree height="21.5">Oak</tree>
                          <tree height="6.0">Hazel &amp; alder</tree>
                        </catalog>
                        """));
        documents.put(
                "web/drawing.svg",
                utf8(
                        """
                        <?xml version="1.0" encoding="UTF-8"?>
                        <svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">
                          <title>A stump</title>
                          <circle cx="20" cy="20" r="15"/>
                          <text x="5" y="25">stump</text>
                        </svg>
                        """));
    }

    private static String page(String language, String title, String text) {
        return """
                <!DOCTYPE html>
                <html lang="%s">
                  <head>
                    <meta charset="UTF-8">
                    <title>%s</title>
                    <meta name="author" content="Jörg Wäldchen">
                  </head>
                  <body><h1>%s</h1><p>%s</p><ul><li>one<li>two</ul></body>
                </html>
                """
                .formatted(language, title, title, text);
    }
}
