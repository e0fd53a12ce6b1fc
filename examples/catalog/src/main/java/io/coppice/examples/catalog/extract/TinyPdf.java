package io.coppice.examples.catalog.extract;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes a PDF of one page in memory. */
final class TinyPdf {
    private TinyPdf() {}

    /** Returns a PDF with one line of text for each of the lines; everything is Latin-1. */
    static byte[] of(String title, String author, String... lines) {
        StringBuilder text = new StringBuilder("BT /F1 12 Tf 14 TL 72 770 Td\n");
        for (String line : lines) {
            text.append(string(line)).append(" Tj T*\n");
        }
        text.append("ET\n");
        // The catalogue comes last, as most writers have it, so that half a file is no document.
        List<String> objects =
                List.of(
                        "<< /Title " + string(title) + " /Author " + string(author) + " >>",
                        "<< /Length " + text.length() + " >>\nstream\n" + text + "endstream",
                        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
                                + " /Encoding /WinAnsiEncoding >>",
                        "<< /Type /Page /Parent 5 0 R /MediaBox [0 0 595 842] /Contents 2 0 R"
                                + " /Resources << /Font << /F1 3 0 R >> >> >>",
                        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
                        "<< /Type /Catalog /Pages 5 0 R >>");
        return file(objects).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String file(List<String> objects) {
        StringBuilder pdf = new StringBuilder("%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n");
        List<Integer> offsets = new ArrayList<>();
        for (String object : objects) {
            offsets.add(pdf.length());
            pdf.append(offsets.size()).append(" 0 obj\n").append(object).append("\nendobj\n");
        }
        int table = pdf.length();
        pdf.append("xref\n0 ").append(objects.size() + 1).append("\n0000000000 65535 f \n");
        for (int offset : offsets) {
            pdf.append("%010d 00000 n \n".formatted(offset));
        }
        return pdf.append("trailer\n<< /Root 6 0 R /Info 1 0 R /Size ")
                .append(objects.size() + 1)
                .append(" >>\nstartxref\n")
                .append(table)
                .append("\n%%EOF\n")
                .toString();
    }

    private static String string(String text) {
        return "(" + text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ")";
    }
}
