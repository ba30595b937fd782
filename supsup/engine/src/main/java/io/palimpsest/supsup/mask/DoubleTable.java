package io.palimpsest.supsup.mask;

/** {@link Lookup} of one vector of values, in double precision. A value that no bit selects takes no part, not even as 0·value. */
final class DoubleTable {
    private DoubleTable() {}

    /** Adds to {@code sums}, [K], what the values of words [from, to) give to each mask. */
    static void add(MaskStack masks, double[] values, int from, int to, double[] sums) {
        var t = new double[Lookup.LENGTH];
        boolean halves = Lookup.halves(masks.size());
        long[][] runs = masks.runs();
        for (int w = from; w < to; w++) {
            if (silent(values, w << 6)) {
                continue;
            }
            fill(t, halves ? 4 : 8, values, w << 6);
            for (int r = 0, at = 0; r < runs.length; r++) {
                int n = masks.run(r);
                long[] words = runs[r];
                int start = w * n;
                if (halves) {
                    for (int m = 0; m < n; m++) {
                        sums[at + m] += Lookup.ofHalves(t, words[start + m]);
                    }
                } else {
                    for (int m = 0; m < n; m++) {
                        sums[at + m] += Lookup.ofBytes(t, words[start + m]);
                    }
                }
                at += n;
            }
        }
    }

    /** Adds to {@code sums}, [chosen], what the values of words [from, to) give to the chosen masks. */
    static void add(MaskStack masks, int[] chosen, double[] values, int from, int to, double[] sums) {
        var t = new double[Lookup.LENGTH];
        boolean halves = Lookup.halves(chosen.length);
        var column = new long[chosen.length];
        for (int w = from; w < to; w++) {
            if (silent(values, w << 6)) {
                continue;
            }
            fill(t, halves ? 4 : 8, values, w << 6);
            masks.words(chosen, w, column);
            for (int c = 0; c < chosen.length; c++) {
                sums[c] += halves ? Lookup.ofHalves(t, column[c]) : Lookup.ofBytes(t, column[c]);
            }
        }
    }

    private static boolean silent(double[] values, int from) {
        for (int i = from; i < Math.min(from + 64, values.length); i++) {
            if (values[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Tabulates {@code values[from … from + 63]}; what lies beyond the end counts as 0. */
    private static void fill(double[] t, int bits, double[] values, int from) {
        for (int first = 0, base = 0; first < 64; first += bits, base += 1 << bits) {
            for (int bit = 0; bit < bits; bit++) {
                int i = from + first + bit;
                double value = i < values.length ? values[i] : 0;
                int n = 1 << bit;
                for (int subset = 0; subset < n; subset++) {
                    t[base + n + subset] = t[base + subset] + value;
                }
            }
        }
    }
}
