package io.coppice.examples.catalog.extract;

import static io.coppice.examples.catalog.extract.DocumentsGenerator.utf8;

import java.util.Map;

/** What offices write. */
final class OfficeDocuments {
    static final byte[] PDF =
            TinyPdf.of(
                    "Minutes of the meeting",
                    "A. Clerk",
                    TextDocuments.ENGLISH.lines().toArray(String[]::new));

    private OfficeDocuments() {}

    static void addTo(Map<String, byte[]> documents) {
        documents.put("office/minutes of the meeting.pdf", PDF);
        documents.put(
                "office/report.docx",
                TinyOffice.docx("Annual report", "B. Writer", TextDocuments.ENGLISH, "The end."));
        documents.put(
                "office/trees.xlsx",
                TinyOffice.xlsx("Trees", "C. Counter", "tree height", "oak 21", "hazel 6"));
        documents.put(
                "office/talk.pptx",
                TinyOffice.pptx("A talk", "D. Speaker", "Trees", TextDocuments.ENGLISH));
        documents.put(
                "office/letter.rtf",
                utf8(
                        "{\\rtf1\\ansi{\\info{\\title A letter}{\\author E. Sender}}\\pard "
                                + TextDocuments.ENGLISH.replace("\n", " ")
                                + "\\par Yours, E.\\par}\n"));
    }
}
