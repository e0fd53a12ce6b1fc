package io.coppice.examples.catalog.extract;

/** Makes Office documents in memory, of no more parts than a reader insists on. */
final class TinyOffice {
    private static final String XML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    private static final String PACKAGE = "http://schemas.openxmlformats.org/package/2006";
    private static final String OFFICE =
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static final String MARKUP = "application/vnd.openxmlformats-officedocument.";

    private TinyOffice() {}

    /** Returns a Word document with one paragraph for each of the texts. */
    static byte[] docx(String title, String author, String... paragraphs) {
        StringBuilder body = new StringBuilder();
        for (String paragraph : paragraphs) {
            body.append("<w:p><w:r><w:t>").append(paragraph).append("</w:t></w:r></w:p>");
        }
        String main =
                "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
                        + "<w:body>"
                        + body
                        + "</w:body></w:document>";
        return start(
                        "word/document.xml",
                        "wordprocessingml.document.main+xml",
                        "",
                        title,
                        author)
                .add("word/document.xml", XML + main)
                .bytes();
    }

    /** Returns a workbook of one sheet with one row for each of the rows and one cell for each word. */
    static byte[] xlsx(String title, String author, String... rows) {
        StringBuilder data = new StringBuilder();
        for (String row : rows) {
            data.append("<row>");
            for (String cell : row.split(" ")) {
                data.append("<c t=\"inlineStr\"><is><t>").append(cell).append("</t></is></c>");
            }
            data.append("</row>");
        }
        String space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        String main =
                "<workbook xmlns=\"%s\" xmlns:r=\"%s\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
                        .formatted(space, OFFICE);
        return start(
                        "xl/workbook.xml",
                        "spreadsheetml.sheet.main+xml",
                        override("xl/worksheets/sheet1.xml", "spreadsheetml.worksheet+xml"),
                        title,
                        author)
                .add("xl/workbook.xml", XML + main)
                .add("xl/_rels/workbook.xml.rels", relations(relation("worksheet", "worksheets/sheet1.xml")))
                .add(
                        "xl/worksheets/sheet1.xml",
                        XML
                                + "<worksheet xmlns=\"%s\"><sheetData>%s</sheetData></worksheet>"
                                        .formatted(space, data))
                .bytes();
    }

    /** Returns a presentation of one slide with one paragraph for each of the lines. */
    static byte[] pptx(String title, String author, String... lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append("<a:p><a:r><a:t>").append(line).append("</a:t></a:r></a:p>");
        }
        String spaces =
                "xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"%s\""
                        .formatted(OFFICE);
        String main =
                "<p:presentation %s><p:sldIdLst><p:sldId id=\"256\" r:id=\"rId1\"/></p:sldIdLst></p:presentation>"
                        .formatted(spaces);
        String slide =
                "<p:sld %s><p:cSld><p:spTree><p:nvGrpSpPr/><p:grpSpPr/><p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Text\"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>%s</p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
                        .formatted(spaces, text);
        return start(
                        "ppt/presentation.xml",
                        "presentationml.presentation.main+xml",
                        override("ppt/slides/slide1.xml", "presentationml.slide+xml"),
                        title,
                        author)
                .add("ppt/presentation.xml", XML + main)
                .add("ppt/_rels/presentation.xml.rels", relations(relation("slide", "slides/slide1.xml")))
                .add("ppt/slides/slide1.xml", XML + slide)
                .bytes();
    }

    private static TinyZip start(
            String main, String mainType, String overrides, String title, String author) {
        String types =
                "<Types xmlns=\"%s/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>%s%s<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>"
                        .formatted(PACKAGE, override(main, mainType), overrides);
        String core =
                "<cp:coreProperties xmlns:cp=\"%s/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>%s</dc:title><dc:creator>%s</dc:creator></cp:coreProperties>"
                        .formatted(PACKAGE, title, author);
        String coreRelation =
                "<Relationship Id=\"rId2\" Type=\"%s/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>"
                        .formatted(PACKAGE);
        return new TinyZip()
                .add("[Content_Types].xml", XML + types)
                .add("_rels/.rels", relations(relation("officeDocument", main) + coreRelation))
                .add("docProps/core.xml", XML + core);
    }

    private static String override(String part, String type) {
        return "<Override PartName=\"/%s\" ContentType=\"%s\"/>".formatted(part, MARKUP + type);
    }

    private static String relation(String kind, String target) {
        return "<Relationship Id=\"rId1\" Type=\"%s/%s\" Target=\"%s\"/>"
                .formatted(OFFICE, kind, target);
    }

    private static String relations(String all) {
        return XML
                + "<Relationships xmlns=\"%s/relationships\">%s</Relationships>"
                        .formatted(PACKAGE, all);
    }
}
