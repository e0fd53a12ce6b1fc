package io.coppice.examples.catalog.extract;

import static io.coppice.examples.catalog.extract.DocumentsGenerator.utf8;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/** Documents that parsers stumble over. */
final class NastyDocuments {
    private static final int HUGE_PIXELS = 60_000;
    private static final int NESTED_ELEMENTS = 60_000;
    private static final int NOISE_BYTES = 16 * 1024;
    private static final long NOISE_SEED = 7;

    private NastyDocuments() {}

    static void addTo(Map<String, byte[]> documents) {
        byte[] pdf = OfficeDocuments.PDF;
        byte[] docx = TinyOffice.docx("Broken", "Nobody", TextDocuments.ENGLISH);
        byte[] noise = new byte[NOISE_BYTES];
        new Random(NOISE_SEED).nextBytes(noise);
        documents.put("nasty/truncated.pdf", Arrays.copyOf(pdf, pdf.length / 2));
        documents.put("nasty/broken.docx", Arrays.copyOf(docx, docx.length * 2 / 3));
        documents.put("nasty/noise.bin", noise);
        documents.put(
                "nasty/60000 x 60000.png", TinyPng.of(HUGE_PIXELS, HUGE_PIXELS, new byte[16]));
        documents.put("nasty/billion laughs.xml", utf8(billionLaughs()));
        documents.put(
                "nasty/nested 60000 deep.html",
                utf8("<html><body>" + "<span>".repeat(NESTED_ELEMENTS) + "the bottom"));
        documents.put(
                "nasty/says UTF-8 but is not.html",
                ("<html><head><meta charset=\"UTF-8\"><title>Größe</title></head><body><p>"
                                + TextDocuments.GERMAN
                                + "</p></body></html>")
                        .getBytes(StandardCharsets.ISO_8859_1));
        documents.put("nasty/not well-formed.xml", utf8("<?xml version=\"1.0\"?><a><b></a>"));
        for (String fault : new String[] {"crash", "hang", "exhaust", "recurse"}) {
            documents.put("nasty/" + fault + ".fault", utf8("#coppice-fault\n" + fault + "\n"));
        }
        documents.put(
                "nasty/throw.fault", utf8("#coppice-fault\nthrow the parser did not like it\n"));
    }

    private static String billionLaughs() {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [\n");
        xml.append("  <!ENTITY lol0 \"lol\">\n");
        for (int i = 1; i < 10; i++) {
            String tenfold = ("&lol" + (i - 1) + ";").repeat(10);
            xml.append("  <!ENTITY lol").append(i).append(" \"").append(tenfold).append("\">\n");
        }
        return xml.append("]>\n<lolz>&lol9;</lolz>\n").toString();
    }
}
