package io.coppice.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A result for programs. Keys are added, never renamed. */
final class ResultJson {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final double DECIMALS = 10_000;

    private ResultJson() {}

    static String of(
            final Machine machine,
            final List<Row> rows,
            final List<Curve> curves,
            final List<LeftOut> leftOut,
            final List<Aim> aims) {
        final ObjectNode whole = MAPPER.createObjectNode();
        whole.putObject("machine")
                .put("cpuModel", machine.cpuModel())
                .put("cores", machine.cores())
                .put("memoryBytes", machine.memoryBytes())
                .put("kernel", machine.kernel())
                .put("jdk", machine.jdk())
                .put("date", machine.date());
        final ArrayNode array = whole.putArray("rows");
        for (final Row row : rows) {
            array.addObject()
                    .put("case", row.caseName())
                    .put("subject", row.subject())
                    .put("unit", row.unit().label())
                    .put("p50", rounded(row.p50()))
                    .put("p99", rounded(row.p99()))
                    .put("max", rounded(row.max()))
                    .put("n", row.n())
                    .put("ratio", row.ratio() == null ? null : (Double) rounded(row.ratio()))
                    .put("min", rounded(row.min()))
                    .put("p90", rounded(row.p90()));
        }
        final ArrayNode distributions = whole.putArray("distributions");
        for (final Curve curve : curves) {
            final Distribution values = curve.values();
            distributions
                    .addObject()
                    .put("case", curve.caseName())
                    .put("subject", curve.subject())
                    .put("unit", values.unit().label())
                    .put("p50", rounded(values.percentile(50)))
                    .put("p90", rounded(values.percentile(90)))
                    .put("p99", rounded(values.percentile(99)))
                    .put("p99.9", rounded(values.percentile(99.9)))
                    .put("max", rounded(values.max()))
                    .put("n", values.count());
        }
        final ArrayNode notRun = whole.putArray("notRun");
        for (final LeftOut each : leftOut) {
            notRun.addObject()
                    .put("case", each.caseName())
                    .put("subject", each.subject())
                    .put("reason", each.reason());
        }
        final ArrayNode aimed = whole.putArray("aims");
        for (final Aim aim : aims) {
            aimed.addObject()
                    .put("case", aim.caseName())
                    .put("subject", aim.subject())
                    .put("what", aim.what())
                    .put("unit", aim.unit())
                    .put("value", rounded(aim.value()))
                    .put("limit", rounded(aim.limit()))
                    .put("met", aim.isMet());
        }
        try {
            return MAPPER.writeValueAsString(whole) + "\n";
        } catch (final JsonProcessingException impossible) {
            throw new AssertionError("a tree of strings and numbers can be written", impossible);
        }
    }

    private static double rounded(final double value) {
        return Math.round(value * DECIMALS) / DECIMALS;
    }
}
