package io.palimpsest.supsup.mask;

/**
 * Sums of any of 64 numbers by look-up: for each byte of a word, or each half of a byte, a table has the sums of all subsets of its numbers. Bytes
 * need half the look-ups of a word, halves an eighth of the table.
 */
final class Lookup {
    /** Length of a table, of bytes or of halves: one for both, so that the compiler knows that no look-up leaves it. 16 KB stay in the first cache. */
    static final int LENGTH = 8 * 256;

    /** From this many masks on, tables of bytes cost less than the look-ups that they save. */
    private static final int BYTES_PAY = 200;

    private Lookup() {}

    /** Whether tables of halves of bytes are the cheaper ones for so many masks. */
    static boolean halves(int masks) {
        return masks < BYTES_PAY;
    }

    /** The sum of the numbers that {@code word} has a bit for, from tables of bytes. */
    static double ofBytes(double[] t, long word) {
        int lo = (int) word;
        int hi = (int) (word >>> 32);
        return ((t[lo & 255] + t[256 + (lo >>> 8 & 255)]) + (t[512 + (lo >>> 16 & 255)] + t[768 + (lo >>> 24)]))
                + ((t[1024 + (hi & 255)] + t[1280 + (hi >>> 8 & 255)])
                        + (t[1536 + (hi >>> 16 & 255)] + t[1792 + (hi >>> 24)]));
    }

    /** The sum of the numbers that {@code word} has a bit for, from tables of halves of bytes. */
    static double ofHalves(double[] t, long word) {
        int lo = (int) word;
        int hi = (int) (word >>> 32);
        return (((t[lo & 15] + t[16 + (lo >>> 4 & 15)]) + (t[32 + (lo >>> 8 & 15)] + t[48 + (lo >>> 12 & 15)]))
                        + ((t[64 + (lo >>> 16 & 15)] + t[80 + (lo >>> 20 & 15)])
                                + (t[96 + (lo >>> 24 & 15)] + t[112 + (lo >>> 28)])))
                + (((t[128 + (hi & 15)] + t[144 + (hi >>> 4 & 15)])
                                + (t[160 + (hi >>> 8 & 15)] + t[176 + (hi >>> 12 & 15)]))
                        + ((t[192 + (hi >>> 16 & 15)] + t[208 + (hi >>> 20 & 15)])
                                + (t[224 + (hi >>> 24 & 15)] + t[240 + (hi >>> 28)])));
    }

    /** The sum of the numbers that {@code word} has a bit for, from tables of bytes. */
    static long ofBytes(long[] t, long word) {
        int lo = (int) word;
        int hi = (int) (word >>> 32);
        return ((t[lo & 255] + t[256 + (lo >>> 8 & 255)]) + (t[512 + (lo >>> 16 & 255)] + t[768 + (lo >>> 24)]))
                + ((t[1024 + (hi & 255)] + t[1280 + (hi >>> 8 & 255)])
                        + (t[1536 + (hi >>> 16 & 255)] + t[1792 + (hi >>> 24)]));
    }

    /** The sum of the numbers that {@code word} has a bit for, from tables of halves of bytes. */
    static long ofHalves(long[] t, long word) {
        int lo = (int) word;
        int hi = (int) (word >>> 32);
        return (((t[lo & 15] + t[16 + (lo >>> 4 & 15)]) + (t[32 + (lo >>> 8 & 15)] + t[48 + (lo >>> 12 & 15)]))
                        + ((t[64 + (lo >>> 16 & 15)] + t[80 + (lo >>> 20 & 15)])
                                + (t[96 + (lo >>> 24 & 15)] + t[112 + (lo >>> 28)])))
                + (((t[128 + (hi & 15)] + t[144 + (hi >>> 4 & 15)])
                                + (t[160 + (hi >>> 8 & 15)] + t[176 + (hi >>> 12 & 15)]))
                        + ((t[192 + (hi >>> 16 & 15)] + t[208 + (hi >>> 20 & 15)])
                                + (t[224 + (hi >>> 24 & 15)] + t[240 + (hi >>> 28)])));
    }
}
