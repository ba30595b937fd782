package io.palimpsest.supsup.mask;

/**
 * {@link Lookup} of two vectors of values at once: one brings both sums, as the two halves of a long.
 *
 * <p>Each vector's 64 values are rounded to integers of 24 bits below a sign, in units of a power of two that their largest sets (block
 * floating point), so that sums of all 64 fit 32 bits and are exact. The rounding, at most 2⁻²⁴ of the largest of the 64 for each
 * value, is that of a float as large as the largest: no more than what adding them in single precision may lose. Sums over words are
 * in double precision.
 */
final class PairTable {
    /** Bits of the largest value of 64: 64 sums of 2²⁴ stay below 2³¹. */
    private static final int BITS = 24;

    /** Units below 2⁻⁹⁰⁰ are not told from 0: the scale stays finite. */
    private static final int SMALLEST = -900;

    private PairTable() {}

    /**
     * Adds to {@code sums}, [V, K], what the values of words [from, to) give to each mask. Each word pairs those vectors of which it holds
     * a value other than 0; the last of an odd count is paired with itself, so that no vector's sums depend on the others.
     *
     * @param values [V, N], all finite
     */
    static void add(MaskStack masks, double[][] values, int from, int to, double[][] sums) {
        var t = new long[Lookup.LENGTH];
        boolean halves = Lookup.halves(masks.size());
        var nowhere = new double[masks.size()];
        var live = new int[values.length];
        var exponents = new int[values.length];
        long[][] runs = masks.runs();
        for (int w = from; w < to; w++) {
            int n = live(values, w << 6, live, exponents);
            for (int p = 0; p < n; p += 2) {
                boolean alone = p + 1 == n;
                int v1 = live[p];
                int v2 = alone ? v1 : live[p + 1];
                fill(t, halves ? 4 : 8, values[v1], exponents[v1], values[v2], exponents[v2], w << 6);
                double u1 = Math.scalb(1.0, exponents[v1]);
                double u2 = Math.scalb(1.0, exponents[v2]);
                double[] firstSums = sums[v1];
                double[] secondSums = alone ? nowhere : sums[v2];
                for (int r = 0, at = 0; r < runs.length; r++) {
                    int size = masks.run(r);
                    long[] words = runs[r];
                    int start = w * size;
                    if (halves) {
                        for (int m = 0; m < size; m++) {
                            long both = Lookup.ofHalves(t, words[start + m]);
                            firstSums[at + m] += low(both) * u1;
                            secondSums[at + m] += high(both) * u2;
                        }
                    } else {
                        for (int m = 0; m < size; m++) {
                            long both = Lookup.ofBytes(t, words[start + m]);
                            firstSums[at + m] += low(both) * u1;
                            secondSums[at + m] += high(both) * u2;
                        }
                    }
                    at += size;
                }
            }
        }
    }

    private static int low(long both) {
        return (int) both;
    }

    /** A negative low half has borrowed 1 from the high one. */
    private static int high(long both) {
        return (int) ((both - (int) both) >> 32);
    }

    /** Writes which vectors hold a value other than 0 among 64, and the exponent of the unit of each of these; gives their count. */
    private static int live(double[][] values, int from, int[] live, int[] exponents) {
        int n = 0;
        for (int v = 0; v < values.length; v++) {
            double largest = largest(values[v], from, Math.min(from + 64, values[v].length));
            if (largest > 0) {
                live[n++] = v;
                exponents[v] = exponent(largest);
            }
        }
        return n;
    }

    /** Four running maxima, since one would wait for itself at every number. */
    private static double largest(double[] values, int from, int to) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = from;
        for (; i + 3 < to; i += 4) {
            a = Math.max(a, Math.abs(values[i]));
            b = Math.max(b, Math.abs(values[i + 1]));
            c = Math.max(c, Math.abs(values[i + 2]));
            d = Math.max(d, Math.abs(values[i + 3]));
        }
        for (; i < to; i++) {
            a = Math.max(a, Math.abs(values[i]));
        }
        return Math.max(Math.max(a, b), Math.max(c, d));
    }

    private static void fill(
            long[] t, int bits, double[] first, int firstUnit, double[] second, int secondUnit, int from) {
        double firstScale = Math.scalb(1.0, -firstUnit);
        double secondScale = Math.scalb(1.0, -secondUnit);
        for (int group = 0, base = 0; group < 64; group += bits, base += 1 << bits) {
            for (int bit = 0; bit < bits; bit++) {
                int i = from + group + bit;
                long both = i < first.length
                        ? ((long) Math.rint(second[i] * secondScale) << 32) + (long) Math.rint(first[i] * firstScale)
                        : 0;
                int n = 1 << bit;
                for (int subset = 0; subset < n; subset++) {
                    t[base + n + subset] = t[base + subset] + both;
                }
            }
        }
    }

    /** u of the smallest unit 2ᵘ in which nothing up to {@code largest} exceeds 2²⁴. */
    private static int exponent(double largest) {
        return Math.max(Math.getExponent(largest), SMALLEST) + 1 - BITS;
    }
}
