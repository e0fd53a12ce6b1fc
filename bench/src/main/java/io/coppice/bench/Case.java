package io.coppice.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One piece of work and who did it: Coppice first, then its baselines. For one thread. */
public final class Case {
    /** What Coppice's own row is called. */
    public static final String COPPICE = "coppice";

    private static final double MEDIAN = 50;
    private static final double MOST = 90;
    private static final double TAIL = 99;

    private final String name;
    private final Unit unit;
    private final Map<String, Measured> subjects = new LinkedHashMap<>();
    private final List<LeftOut> leftOut = new ArrayList<>();
    private final List<Wish> wishes = new ArrayList<>();

    /**
     * What a figure should be.
     *
     * @param percent of the subject's values that should be as good
     * @param over whose figure it is divided by, null for none
     * @param limit that it should not exceed
     */
    private record Wish(String subject, double percent, String over, double limit) {}

    /** A case that nobody has done anything of yet. */
    public Case(final String name, final Unit unit) {
        this.name = name;
        this.unit = unit;
    }

    /** Returns the samples of a subject, empty at first. */
    public Samples of(final String subject) {
        return (Samples) subjects.computeIfAbsent(subject, missing -> new Samples(unit));
    }

    /** Returns the times of a subject, empty at first; instead of {@link #of}. */
    public Distribution distribution(final String subject) {
        return (Distribution) subjects.computeIfAbsent(subject, missing -> new Distribution(unit));
    }

    /**
     * Says what is aimed at; asked for once everybody has been measured.
     *
     * @param percent above 0, at most 100, which is the maximum
     * @param limit in the case's unit
     */
    Case aim(final String subject, final double percent, final double limit) {
        wishes.add(new Wish(subject, percent, null, limit));
        return this;
    }

    /** The same of a median over that of another subject. */
    Case aimOver(final String subject, final String over, final double limit) {
        wishes.add(new Wish(subject, MEDIAN, over, limit));
        return this;
    }

    /** Returns what became of the aims, of the subjects that ran. */
    List<Aim> aims() {
        final List<Aim> aims = new ArrayList<>();
        for (final Wish wish : wishes) {
            final Measured own = subjects.get(wish.subject);
            final Measured other = subjects.get(wish.over);
            if (own != null && (wish.over == null || other != null)) {
                aims.add(aim(wish, own, other));
            }
        }
        return aims;
    }

    private Aim aim(final Wish wish, final Measured own, final Measured other) {
        final double value = own.percentile(wish.percent);
        final String what = wish.percent == 100 ? "max" : "p" + (int) wish.percent;
        return other == null
                ? new Aim(name, wish.subject, what, unit.label(), value, wish.limit)
                : new Aim(
                        name,
                        wish.subject,
                        what + " over " + wish.over,
                        "times",
                        value / other.percentile(wish.percent),
                        wish.limit);
    }

    /** Drops what a subject has done, since it does not run here. */
    public void leaveOut(final String subject, final String reason) {
        subjects.remove(subject);
        leftOut.add(new LeftOut(name, subject, reason));
    }

    /** Returns the subjects that were dropped. */
    public List<LeftOut> leftOut() {
        return leftOut;
    }

    /** Returns one row for each subject, Coppice's first. */
    List<Row> rows() {
        final Measured coppice = subjects.get(COPPICE);
        if (coppice == null) {
            throw new IllegalStateException(name + ": coppice has measured nothing");
        }
        final double own = coppice.percentile(MEDIAN);
        final List<Row> rows = new ArrayList<>();
        rows.add(row(COPPICE, coppice, null));
        subjects.forEach(
                (subject, values) -> {
                    if (values != coppice) {
                        rows.add(row(subject, values, own / values.percentile(MEDIAN)));
                    }
                });
        return rows;
    }

    /** Returns the whole distributions, of the subjects that have one. */
    List<Curve> curves() {
        final List<Curve> curves = new ArrayList<>();
        subjects.forEach(
                (subject, values) -> {
                    if (values instanceof final Distribution distribution) {
                        curves.add(new Curve(name, subject, distribution));
                    }
                });
        return curves;
    }

    private Row row(final String subject, final Measured values, final Double ratio) {
        return new Row(
                name,
                subject,
                unit,
                values.min(),
                values.percentile(MEDIAN),
                values.percentile(MOST),
                values.percentile(TAIL),
                values.max(),
                values.count(),
                ratio);
    }
}
