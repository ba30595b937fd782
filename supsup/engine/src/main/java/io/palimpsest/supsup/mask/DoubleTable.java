package io.palimpsest.supsup.mask;

/**
 * Sums of any of 64 values in eight look-ups: for each byte of a mask's word, the sums of all 256 subsets of its eight values, in double
 * precision. 16 KB, so that it stays in the first cache, and made where it
 * is used: the compiler then knows its length, and that no look-up leaves it. A value that no bit selects takes no part, not even as 0·value.
 */
final class DoubleTable {
    private DoubleTable() {}

    /** Adds to {@code sums}, [K], what the values of words [from, to) give to each mask. */
    static void add(MaskStack masks, double[] values, int from, int to, double[] sums) {
        var t = new double[8 * 256];
        long[][] runs = masks.runs();
        for (int w = from; w < to; w++) {
            if (silent(values, w << 6)) {
                continue;
            }
            fill(t, values, w << 6);
            for (int r = 0, at = 0; r < runs.length; r++) {
                int n = masks.run(r);
                long[] words = runs[r];
                int start = w * n;
                for (int m = 0; m < n; m++) {
                    long word = words[start + m];
                    int lo = (int) word;
                    int hi = (int) (word >>> 32);
                    sums[at + m] += ((t[lo & 255] + t[256 + (lo >>> 8 & 255)])
                                    + (t[512 + (lo >>> 16 & 255)] + t[768 + (lo >>> 24)]))
                            + ((t[1024 + (hi & 255)] + t[1280 + (hi >>> 8 & 255)])
                                    + (t[1536 + (hi >>> 16 & 255)] + t[1792 + (hi >>> 24)]));
                }
                at += n;
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
    private static void fill(double[] t, double[] values, int from) {
        for (int b = 0; b < 8; b++) {
            int base = b << 8;
            for (int bit = 0; bit < 8; bit++) {
                int i = from + (b << 3) + bit;
                double value = i < values.length ? values[i] : 0;
                int n = 1 << bit;
                for (int subset = 0; subset < n; subset++) {
                    t[base + n + subset] = t[base + subset] + value;
                }
            }
        }
    }
}
