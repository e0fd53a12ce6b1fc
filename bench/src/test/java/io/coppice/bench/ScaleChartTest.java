package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class ScaleChartTest {
    private static final String SPACE = "http://www.w3.org/2000/svg";

    @Test
    void drawsAPointForEachFigureAndEachDoublingAsWideAsTheLast() throws Exception {
        final Document chart =
                parse(
                        ScaleChart.of(
                                "a < b",
                                new int[] {1, 2, 4},
                                List.of(
                                        new ScaleChart.Line("ms", new double[] {10, 10, 20}),
                                        new ScaleChart.Line("none", new double[] {0, 0, 0}))));
        final NodeList points = chart.getElementsByTagNameNS(SPACE, "circle");
        assertEquals(6, points.getLength());
        assertEquals(x(points, 1) - x(points, 0), x(points, 2) - x(points, 1), 0.2);
        assertTrue(y(points, 2) < y(points, 0), "more is higher");
        assertEquals(y(points, 0), y(points, 1));
        assertEquals(2, chart.getElementsByTagNameNS(SPACE, "polyline").getLength());
        assertTrue(chart.getDocumentElement().getTextContent().contains("a < b"));
    }

    @Test
    void countsTurnsByTheUpperEndsOfTheirClasses() {
        final Samples turns = new Samples(Unit.US);
        final long made = RootScale.addTurns(turns, new long[] {5, 2, 0}, new long[] {5, 4, 1});
        assertEquals(3, made);
        assertEquals(3, turns.count());
        assertEquals(2.048, turns.percentile(50), 1e-9);
        assertEquals(3.072, turns.max(), 1e-9);
    }

    private static double x(final NodeList points, final int index) {
        return Double.parseDouble(((Element) points.item(index)).getAttribute("cx"));
    }

    private static double y(final NodeList points, final int index) {
        return Double.parseDouble(((Element) points.item(index)).getAttribute("cy"));
    }

    private static Document parse(final String svg) throws Exception {
        final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }
}
