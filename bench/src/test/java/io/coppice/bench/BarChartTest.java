package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class BarChartTest {
    private static final String SPACE = "http://www.w3.org/2000/svg";

    @Test
    void isWellFormedWhateverTheNamesHold() throws Exception {
        final Document chart = parse(BarChart.of("a < b & \"c\"", SampleRows.ROWS));
        assertEquals("svg", chart.getDocumentElement().getLocalName());
        assertEquals(SPACE, chart.getDocumentElement().getNamespaceURI());
        assertEquals("a < b & \"c\"", texts(chart).item(0).getTextContent());
        assertTrue(chart.getDocumentElement().getTextContent().contains("start & <end>"));
    }

    @Test
    void hasABarForEachRowAndAWhiteGround() throws Exception {
        final Document chart = parse(BarChart.of("title", SampleRows.ROWS));
        final NodeList bars = chart.getElementsByTagNameNS(SPACE, "rect");
        assertEquals(SampleRows.ROWS.size() + 1, bars.getLength());
        assertEquals("#ffffff", ((Element) bars.item(0)).getAttribute("fill"));
    }

    @Test
    void drawsTwiceTheValueTwiceAsLong() throws Exception {
        final Document chart = parse(BarChart.of("title", rows(10, 20)));
        assertEquals(2, width(chart, 2) / width(chart, 1), 0.01);
        assertFalse(chart.getDocumentElement().getTextContent().contains("logarithmic"));
    }

    @Test
    void saysThatItsScaleIsLogarithmicWhereValuesAreFarApart() throws Exception {
        final Document chart = parse(BarChart.of("title", rows(1, 1_000)));
        assertTrue(chart.getDocumentElement().getTextContent().contains("logarithmic"));
        assertTrue(width(chart, 1) > 0);
        assertTrue(width(chart, 2) > width(chart, 1));
    }

    @Test
    void givesEachUnitAScaleOfItsOwn() throws Exception {
        final List<Row> rows =
                List.of(
                        new Row(
                                "rate",
                                "coppice",
                                Unit.MESSAGES_PER_SECOND,
                                4e6,
                                4e6,
                                4e6,
                                4e6,
                                4e6,
                                1,
                                null),
                        new Row("time", "coppice", Unit.US, 2, 2, 2, 2, 2, 1, null));
        final Document chart = parse(BarChart.of("title", rows));
        assertEquals(width(chart, 1), width(chart, 2));
        final String text = chart.getDocumentElement().getTextContent();
        assertTrue(text.contains("rate, messages/s") && text.contains("time, us"), text);
        assertFalse(text.contains("logarithmic"), text);
    }

    @Test
    void staysInThePictureWithNothingButZeroes() throws Exception {
        final Document chart = parse(BarChart.of("title", rows(0, 0)));
        assertEquals(0, width(chart, 1));
    }

    private static List<Row> rows(final double own, final double other) {
        return List.of(
                new Row("case", "coppice", Unit.US, own, own, own, own, own, 1, null),
                new Row(
                        "case",
                        "other",
                        Unit.US,
                        other,
                        other,
                        other,
                        other,
                        other,
                        1,
                        own / other));
    }

    private static double width(final Document chart, final int index) {
        final Element bar = (Element) chart.getElementsByTagNameNS(SPACE, "rect").item(index);
        return Double.parseDouble(bar.getAttribute("width"));
    }

    private static NodeList texts(final Document chart) {
        return chart.getElementsByTagNameNS(SPACE, "text");
    }

    private static Document parse(final String svg) throws Exception {
        final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }
}
