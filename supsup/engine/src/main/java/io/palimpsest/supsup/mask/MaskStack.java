package io.palimpsest.supsup.mask;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Masks over the same weights, laid out so that sums over all of them need no unpacking.
 *
 * <p>Masks lie in blocks of {@value #BLOCK}, in each block word by word: word w of mask m is {@code block[w·BLOCK + m]}, so that the
 * tables of 64 weights serve one contiguous run of each block. Masks that do not fill a block yet stay as they came. Either way a mask
 * takes its packed bytes and no more.
 *
 * <p>Legend: K masks, N weights, V vectors of values.
 */
public final class MaskStack {
    /** Masks a block: a run of 512 bytes for each word. */
    static final int BLOCK = 64;

    /** Below this many masks, building the tables costs more than they save: the plain loop sums. */
    static final int FEW = 8;

    /** The eight bits of a byte, each in a byte of its own. */
    private static final long[] SPREAD = new long[256];

    static {
        for (int value = 0; value < SPREAD.length; value++) {
            for (int bit = 0; bit < 8; bit++) {
                SPREAD[value] |= (value >>> bit & 1L) << (8 * bit);
            }
        }
    }

    private final int weights;
    private final int words;
    private final List<long[]> blocks = new ArrayList<>();
    private final List<PackedMask> tail = new ArrayList<>();

    /**
     * No masks yet.
     *
     * @param weights N
     */
    public MaskStack(int weights) {
        if (weights < 1) {
            throw new IllegalArgumentException(
                    "A stack of masks needs at least 1 weight, got " + weights + ": give the size of the network.");
        }
        this.weights = weights;
        this.words = PackedMask.wordsFor(weights);
    }

    /** N. */
    public int weights() {
        return weights;
    }

    /** K. */
    public int size() {
        return blocks.size() * BLOCK + tail.size();
    }

    /** Appends a mask; its index is the count of masks before it. */
    public void add(PackedMask mask) {
        check(mask, size());
        tail.add(mask);
        if (tail.size() == BLOCK) {
            var block = new long[Math.multiplyExact(words, BLOCK)];
            for (int m = 0; m < BLOCK; m++) {
                for (int w = 0; w < words; w++) {
                    block[w * BLOCK + m] = tail.get(m).word(w);
                }
            }
            blocks.add(block);
            tail.clear();
        }
    }

    /** Puts another mask in the place of mask {@code i}. */
    public void replace(int i, PackedMask mask) {
        if (i < 0 || i >= size()) {
            throw new IndexOutOfBoundsException("mask " + i + " of " + size());
        }
        check(mask, i);
        int block = i / BLOCK;
        if (block == blocks.size()) {
            tail.set(i % BLOCK, mask);
            return;
        }
        long[] into = blocks.get(block);
        for (int w = 0, at = i % BLOCK; w < words; w++, at += BLOCK) {
            into[at] = mask.word(w);
        }
    }

    /** Mask {@code i}; it is put together from its words unless it is among the last ones. */
    public PackedMask get(int i) {
        if (i < 0 || i >= size()) {
            throw new IndexOutOfBoundsException("mask " + i + " of " + size());
        }
        int block = i / BLOCK;
        if (block == blocks.size()) {
            return tail.get(i % BLOCK);
        }
        var mask = new long[words];
        long[] from = blocks.get(block);
        for (int w = 0, at = i % BLOCK; w < words; w++, at += BLOCK) {
            mask[w] = from[at];
        }
        return PackedMask.owning(weights, mask);
    }

    /** The masks in order, a view: {@link #get} makes each when it is asked for. */
    public List<PackedMask> asList() {
        return new AbstractList<>() {
            @Override
            public PackedMask get(int i) {
                return MaskStack.this.get(i);
            }

            @Override
            public int size() {
                return MaskStack.this.size();
            }
        };
    }

    /**
     * ⟨values, Mᵢ⟩ of every mask by the plain loop, {@link PackedMask#dot}: what the tables are held against.
     *
     * @param values [N]
     * @return [K]
     */
    public double[] dotsOneByOne(double[] values) {
        check(values);
        var sums = new double[size()];
        Arrays.setAll(sums, i -> get(i).dot(values));
        return sums;
    }

    /**
     * How many of the chosen masks keep each weight. Counted 64 weights at a time: bit p of 64 counts is one long, to which masks' words
     * are added as binary numbers are, four at once.
     *
     * @param chosen indices of masks, ascending
     * @param counts receives the counts, [N]
     */
    public void count(int[] chosen, int[] counts) {
        check(chosen);
        var planes = new long[Math.max(2, 32 - Integer.numberOfLeadingZeros(chosen.length))];
        var column = new long[(chosen.length + 3) / 4 * 4]; // what fills the last four adds nothing
        for (int w = 0; w < words; w++) {
            words(chosen, w, column);
            Arrays.fill(planes, 0);
            for (int c = 0; c < column.length; c += 4) {
                addFour(column, c, planes);
            }
            for (int from = w << 6; from < Math.min((w + 1) << 6, weights); from += 8) {
                write(planes, from, counts);
            }
        }
    }

    /** Adds four words, 64 numbers of 0 … 4, to 64 counts. */
    private static void addFour(long[] column, int c, long[] planes) {
        long ones = planes[0];
        long carry1 = majority(ones, column[c], column[c + 1]);
        ones ^= column[c] ^ column[c + 1];
        long carry2 = majority(ones, column[c + 2], column[c + 3]);
        planes[0] = ones ^ column[c + 2] ^ column[c + 3];
        long carry = majority(planes[1], carry1, carry2);
        planes[1] ^= carry1 ^ carry2;
        for (int p = 2; carry != 0; p++) {
            long sum = planes[p] ^ carry;
            carry &= planes[p];
            planes[p] = sum;
        }
    }

    private static long majority(long a, long b, long c) {
        return (a & b) | ((a | b) & c);
    }

    /** The counts of weights {@code from … from + 7}, of which {@code planes} hold a bit each: eight planes at a time make eight bytes. */
    private static void write(long[] planes, int from, int[] counts) {
        int end = Math.min(from + 8, counts.length);
        Arrays.fill(counts, from, end, 0);
        for (int low = 0; low < planes.length; low += 8) {
            long bytes = 0;
            for (int p = low; p < Math.min(low + 8, planes.length); p++) {
                bytes |= SPREAD[(int) (planes[p] >>> from) & 255] << (p - low);
            }
            for (int i = from; i < end; i++, bytes >>>= 8) {
                counts[i] |= (int) (bytes & 255) << low;
            }
        }
    }

    /**
     * Word {@code w} of the chosen masks.
     *
     * @param chosen indices of masks, ascending
     * @param column receives the words, at least [chosen]
     */
    void words(int[] chosen, int w, long[] column) {
        int c = 0;
        for (int b = 0; b < blocks.size() && c < chosen.length; b++) {
            long[] block = blocks.get(b);
            for (int end = (b + 1) * BLOCK; c < chosen.length && chosen[c] < end; c++) {
                column[c] = block[w * BLOCK + chosen[c] % BLOCK];
            }
        }
        for (; c < chosen.length; c++) {
            column[c] = tail.get(chosen[c] % BLOCK).word(w);
        }
    }

    private void check(PackedMask mask, int index) {
        if (mask.size() != weights) {
            throw new IllegalArgumentException("Mask " + index + " covers " + mask.size() + " weights but the stack "
                    + weights + ": it was learned on another network. Stack masks of one network.");
        }
    }

    void check(int[] chosen) {
        for (int c = 0, least = 0; c < chosen.length; least = chosen[c++] + 1) {
            if (chosen[c] < least || chosen[c] >= size()) {
                throw new IllegalArgumentException(
                        "Mask " + chosen[c] + " at place " + c + " is out of order or beyond " + size()
                                + " masks: choose masks in ascending order, each once.");
            }
        }
    }

    void check(double[] values) {
        if (values.length != weights) {
            throw new IllegalArgumentException(
                    "The values are [" + values.length + "] but the masks cover " + weights + " weights.");
        }
    }

    int words() {
        return words;
    }

    /** The masks as runs: full blocks, then each of the last masks as a run of one. Word w of run r starts at {@code w·run(r)}. */
    long[][] runs() {
        var runs = new long[blocks.size() + tail.size()][];
        for (int r = 0; r < runs.length; r++) {
            runs[r] = r < blocks.size()
                    ? blocks.get(r)
                    : tail.get(r - blocks.size()).held();
        }
        return runs;
    }

    /** Count of masks in run {@code r}. */
    int run(int r) {
        return r < blocks.size() ? BLOCK : 1;
    }
}
