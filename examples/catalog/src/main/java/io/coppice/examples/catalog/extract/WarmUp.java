package io.coppice.examples.catalog.extract;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;

/** Parses samples made in memory, one of each main kind, to have their classes loaded. */
final class WarmUp {
    private static final String TEXT =
            "This sentence is long enough for the language to be told from its letters.";

    private WarmUp() {}

    static void run(DocumentExtractor extractor) throws Exception {
        for (Map.Entry<String, byte[]> sample : samples().entrySet()) {
            Metadata metadata = new Metadata();
            metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, sample.getKey());
            try (TikaInputStream in = TikaInputStream.get(sample.getValue(), metadata)) {
                LanguageGuess.of(extractor.parse(in, metadata).prefix());
            }
        }
    }

    private static Map<String, byte[]> samples() {
        byte[] html = utf8("<html><head><title>t</title></head><body><p>" + TEXT + "</p></body></html>");
        Map<String, byte[]> samples = new LinkedHashMap<>();
        samples.put("a.txt", utf8(TEXT));
        samples.put("a.html", html);
        samples.put("a.xml", utf8("<?xml version=\"1.0\"?><a><b>" + TEXT + "</b></a>"));
        samples.put("a.rtf", utf8("{\\rtf1\\ansi " + TEXT + "}"));
        samples.put("a.pdf", TinyPdf.of("title", "author", TEXT));
        samples.put("a.docx", TinyOffice.docx("title", "author", TEXT));
        samples.put("a.xlsx", TinyOffice.xlsx("title", "author", TEXT));
        samples.put("a.pptx", TinyOffice.pptx("title", "author", TEXT));
        samples.put("a.png", TinyPng.of(1, 1, new byte[2]));
        samples.put("a.zip", new TinyZip().add("a.html", html).bytes());
        return samples;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
