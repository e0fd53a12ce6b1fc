package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class PercentileChartTest {
    private static final String SPACE = "http://www.w3.org/2000/svg";

    @Test
    void hasALineForEachCurveAndEachName() throws Exception {
        final Document chart =
                parse(
                        PercentileChart.of(
                                "a < b",
                                List.of(
                                        curve("case & one", "coppice", 1_000),
                                        curve("case & one", "other", 1_000),
                                        curve("case <two>", "coppice", 10))));
        assertEquals(3, chart.getElementsByTagNameNS(SPACE, "polyline").getLength());
        final String text = chart.getDocumentElement().getTextContent();
        for (final String name : List.of("a < b", "case & one", "case <two>", "other", "99.9 %")) {
            assertTrue(text.contains(name), name);
        }
    }

    @Test
    void risesFromLeftToRightInsideThePicture() throws Exception {
        final Document chart = parse(PercentileChart.of("t", List.of(curve("c", "s", 10_000))));
        final NodeList lines = chart.getElementsByTagNameNS(SPACE, "polyline");
        double lastX = 0;
        double lastY = Double.MAX_VALUE;
        for (final String point : ((Element) lines.item(0)).getAttribute("points").split(" ", -1)) {
            final String[] place = point.split(",", -1);
            final double x = Double.parseDouble(place[0]);
            final double y = Double.parseDouble(place[1]);
            assertTrue(x > lastX && y <= lastY && y > 0, point);
            lastX = x;
            lastY = y;
        }
    }

    @Test
    void drawsASingleValue() throws Exception {
        final Document chart = parse(PercentileChart.of("t", List.of(curve("c", "s", 1))));
        assertEquals(1, chart.getElementsByTagNameNS(SPACE, "polyline").getLength());
    }

    private static Curve curve(final String caseName, final String subject, final int values) {
        final Histogram times = Distribution.newHistogram();
        for (int i = 1; i <= values; i++) {
            Distribution.record(times, i * 100L);
        }
        final Distribution distribution = new Distribution(Unit.US);
        distribution.add(times);
        return new Curve(caseName, subject, distribution);
    }

    private static Document parse(final String svg) throws Exception {
        final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }
}
