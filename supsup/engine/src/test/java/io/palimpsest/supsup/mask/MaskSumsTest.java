package io.palimpsest.supsup.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.supsup.mask.MaskSums.Exactness;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** g = Σ over the weights kept, from tables of partial sums, against two plain loops over numbers 0 and 1. */
class MaskSumsTest {
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Case(float[][] bits, MaskStack stack, double[][] values) {
        static Case of(int weights, int masks, int vectors, long seed) {
            var random = new SplittableRandom(seed);
            var stack = new MaskStack(weights);
            var bits = new float[masks][weights];
            for (float[] mask : bits) {
                double density = random.nextDouble();
                for (int i = 0; i < weights; i++) {
                    mask[i] = random.nextDouble() < density ? 1 : 0;
                }
                stack.add(PackedMask.of(mask));
            }
            var values = new double[vectors][weights];
            for (double[] vector : values) {
                for (int i = 0; i < weights; i++) { // sizes from 1e-6 to 1, as activations times gradients have
                    vector[i] = random.nextDouble(-1, 1) * Math.pow(10, -random.nextInt(7));
                }
            }
            return new Case(bits, stack, values);
        }

        double[] twoLoops(double[] vector) {
            var sums = new double[bits.length];
            for (int m = 0; m < sums.length; m++) {
                for (int i = 0; i < vector.length; i++) {
                    sums[m] += bits[m][i] * vector[i];
                }
            }
            return sums;
        }
    }

    @Property(tries = 150)
    void sums_in_double_precision_are_those_of_two_loops(
            @ForAll @IntRange(min = 1, max = 700) int weights,
            @ForAll @IntRange(min = 0, max = 300) int masks,
            @ForAll @IntRange(min = 1, max = 4) int shards,
            @ForAll long seed) {
        var c = Case.of(weights, masks, 3, seed);
        try (var sums = new MaskSums(shards)) {
            double[][] g = sums.of(c.stack, c.values, Exactness.DOUBLE);
            for (int v = 0; v < 3; v++) {
                assertThat(g[v]).containsExactly(c.twoLoops(c.values[v]), within(1e-12));
                assertThat(c.stack.dotsOneByOne(c.values[v])).containsExactly(c.twoLoops(c.values[v]), within(1e-12));
                assertThat(sums.of(c.stack, c.values[v])).containsExactly(g[v], within(0.0));
            }
        }
    }

    /** Each value is rounded to 2⁻²⁴ of the largest of its 64 at most: the bound below adds that up. */
    @Property(tries = 150)
    void sums_in_pairs_stay_within_the_rounding_of_floats(
            @ForAll @IntRange(min = 1, max = 700) int weights,
            @ForAll @IntRange(min = 0, max = 300) int masks,
            @ForAll @IntRange(min = 1, max = 5) int vectors,
            @ForAll long seed) {
        var c = Case.of(weights, masks, vectors, seed);
        try (var sums = new MaskSums(2)) {
            double[][] g = sums.of(c.stack, c.values, Exactness.FLOAT);
            assertThat(g).hasDimensions(vectors, masks);
            for (int v = 0; v < vectors; v++) {
                double bound = 1e-12;
                for (int from = 0; from < weights; from += 64) {
                    int to = Math.min(weights, from + 64);
                    double largest = Arrays.stream(c.values[v], from, to)
                            .map(Math::abs)
                            .max()
                            .orElse(0);
                    bound += (to - from) * largest * 0x1p-24;
                }
                assertThat(g[v]).containsExactly(c.twoLoops(c.values[v]), within(bound));
            }
        }
    }

    /** As ReLU leaves them: runs of weights without a gradient, others in one image than in the next. Long enough for every shard to have some. */
    @Property(tries = 100)
    void words_of_zeros_change_no_sum_and_no_vector_depends_on_the_others(
            @ForAll @IntRange(min = 1, max = 6000) int weights,
            @ForAll @IntRange(min = 1, max = 300) int masks,
            @ForAll @IntRange(min = 1, max = 5) int vectors,
            @ForAll @IntRange(min = 1, max = 4) int shards,
            @ForAll long seed) {
        var c = Case.of(weights, masks, vectors, seed);
        var random = new SplittableRandom(seed);
        for (double[] vector : c.values) {
            for (int from = 0; from < weights; from += 64) {
                if (random.nextBoolean()) {
                    Arrays.fill(vector, from, Math.min(weights, from + 64), random.nextBoolean() ? 0.0 : -0.0);
                }
            }
        }
        try (var sums = new MaskSums(shards)) {
            double[][] exact = sums.of(c.stack, c.values, Exactness.DOUBLE);
            double[][] paired = sums.of(c.stack, c.values, Exactness.FLOAT);
            for (int v = 0; v < vectors; v++) {
                double[] truth = c.twoLoops(c.values[v]);
                assertThat(exact[v]).containsExactly(truth, within(1e-11));
                assertThat(paired[v]).containsExactly(truth, within(weights * 0x1p-24));
                double[][] alone = {c.values[v]};
                assertThat(sums.of(c.stack, alone, Exactness.FLOAT)[0]).isEqualTo(paired[v]);
            }
        }
    }

    /** The largest sums that 64 values can give, of either sign, meet in the two halves of one long. */
    @ParameterizedTest
    @ValueSource(ints = {30, 230}) // tables of halves of bytes, tables of bytes
    void halves_of_a_pair_do_not_spill_into_each_other(int masks) {
        for (double[] signs : new double[][] {{1, 1}, {1, -1}, {-1, 1}, {-1, -1}}) {
            double almost2 = Math.nextDown(2.0);
            var stack = new MaskStack(64);
            for (int m = 0; m < masks; m++) {
                stack.add(PackedMask.ofWords(64, new long[] {m >= 29 ? 0 : -1L >>> m}));
            }
            var values = new double[2][64];
            Arrays.fill(values[0], signs[0] * almost2);
            Arrays.fill(values[1], signs[1] * 0x1p-40 * almost2);
            try (var sums = new MaskSums(1)) {
                double[][] g = sums.of(stack, values, Exactness.FLOAT);
                for (int m = 0; m < 29; m++) {
                    assertThat(g[0][m]).isEqualTo(signs[0] * 2 * (64 - m));
                    assertThat(g[1][m]).isEqualTo(signs[1] * 0x1p-39 * (64 - m));
                }
                assertThat(g[0][29]).isZero();
                assertThat(g[1][29]).isZero();
            }
        }
    }

    /** With tables as without: what a mask drops plays no part, even where it is not a number. */
    @ParameterizedTest
    @ValueSource(ints = {40, 240})
    void values_that_are_not_finite_reach_only_the_masks_that_keep_them(int masks) {
        var stack = new MaskStack(70);
        for (int m = 0; m < masks; m++) {
            stack.add(PackedMask.ofWords(70, new long[] {m == 7 ? 3 : 1, 1}));
        }
        var values = new double[2][70];
        Arrays.fill(values[0], 1);
        values[0][1] = Double.NaN;
        values[1][1] = Double.POSITIVE_INFINITY;
        try (var sums = new MaskSums(2)) {
            double[][] g = sums.of(stack, values, Exactness.FLOAT);
            assertThat(g[0][6]).isEqualTo(2);
            assertThat(g[0][7]).isNaN();
            assertThat(g[1][6]).isZero();
            assertThat(g[1][7]).isInfinite();
        }
    }

    @Test
    void values_too_small_for_a_scale_count_as_nothing_and_zeros_stay_zeros() {
        var c = Case.of(130, 40, 2, 5);
        Arrays.fill(c.values[0], Double.MIN_VALUE);
        Arrays.fill(c.values[1], 0);
        try (var sums = new MaskSums(2)) {
            for (double[] g : sums.of(c.stack, c.values, Exactness.FLOAT)) {
                assertThat(g).containsExactly(new double[40], within(1e-280));
            }
        }
    }

    @Property(tries = 50)
    void bits_depend_on_shards_alone_and_equal_masks_have_equal_sums(
            @ForAll @IntRange(min = 1, max = 300) int weights,
            @ForAll @IntRange(min = 8, max = 300) int masks,
            @ForAll long seed) {
        var c = Case.of(weights, masks, 2, seed);
        c.stack.add(c.stack.get(0)); // the first lies in a block, this one among the last
        try (var sums = new MaskSums(3);
                var again = new MaskSums(3)) {
            for (Exactness exactness : Exactness.values()) {
                double[][] g = sums.of(c.stack, c.values, exactness);
                assertThat(again.of(c.stack, c.values, exactness)).isDeepEqualTo(g);
                assertThat(g[0][masks]).isEqualTo(g[0][0]);
                assertThat(g[1][masks]).isEqualTo(g[1][0]);
            }
        }
    }

    /** Across the edges of blocks: masks come back whole, and those already there keep their sums. */
    @Property(tries = 20)
    void appended_masks_change_nothing_for_those_before(
            @ForAll @IntRange(min = 1, max = 200) int weights, @ForAll long seed) {
        var c = Case.of(weights, 2 * MaskStack.BLOCK + 2, 1, seed);
        var growing = new MaskStack(weights);
        try (var sums = new MaskSums(2)) {
            double[] whole = c.twoLoops(c.values[0]);
            for (int m = 0; m < c.bits.length; m++) {
                growing.add(PackedMask.of(c.bits[m]));
                assertThat(sums.of(growing, c.values[0])).containsExactly(Arrays.copyOf(whole, m + 1), within(1e-12));
            }
            assertThat(growing.size()).isEqualTo(c.bits.length);
            for (int m = 0; m < c.bits.length; m++) {
                assertThat(growing.asList().get(m)).isEqualTo(PackedMask.of(c.bits[m]));
            }
        }
    }

    @Property(tries = 50)
    void counts_of_chosen_masks_are_those_of_a_loop(
            @ForAll @IntRange(min = 1, max = 300) int weights,
            @ForAll @IntRange(min = 0, max = 700) int masks, // counts of more than eight bits among them
            @ForAll long seed) {
        var c = Case.of(weights, masks, 0, seed);
        int[] chosen = half(masks, seed);
        var counts = new int[weights];
        for (int m : chosen) {
            for (int i = 0; i < weights; i++) {
                counts[i] += (int) c.bits[m][i];
            }
        }
        var counted = new int[weights];
        Arrays.fill(counted, -1); // of an earlier count
        c.stack.count(chosen, counted);
        assertThat(counted).isEqualTo(counts);
    }

    /** Few masks and many, in blocks and among the last, runs of zeros included. */
    @Property(tries = 150)
    void sums_over_chosen_masks_are_those_of_two_loops(
            @ForAll @IntRange(min = 1, max = 3000) int weights,
            @ForAll @IntRange(min = 0, max = 500) int masks,
            @ForAll @IntRange(min = 1, max = 4) int shards,
            @ForAll long seed) {
        var c = Case.of(weights, masks, 1, seed);
        Arrays.fill(c.values[0], 0, weights / 2, 0);
        int[] chosen = half(masks, seed);
        double[] all = c.twoLoops(c.values[0]);
        try (var sums = new MaskSums(shards)) {
            assertThat(sums.of(c.stack, chosen, c.values[0]))
                    .containsExactly(
                            Arrays.stream(chosen).mapToDouble(m -> all[m]).toArray(), within(1e-11));
        }
    }

    @Test
    void masks_chosen_out_of_order_twice_or_not_there_are_refused() {
        var c = Case.of(70, 100, 1, 3);
        try (var sums = new MaskSums(1)) {
            for (int[] chosen : new int[][] {{70, 3}, {4, 4}, {-1}, {100}}) {
                assertThatThrownBy(() -> sums.of(c.stack, chosen, c.values[0])).hasMessageContaining("ascending order");
                assertThatThrownBy(() -> c.stack.count(chosen, new int[70])).hasMessageContaining("ascending order");
            }
        }
    }

    private static int[] half(int masks, long seed) {
        var random = new SplittableRandom(seed);
        return IntStream.range(0, masks).filter(m -> random.nextBoolean()).toArray();
    }

    @Test
    void other_widths_are_refused() {
        var stack = new MaskStack(65);
        assertThatThrownBy(() -> stack.add(PackedMask.of(new float[64]))).hasMessageContaining("64 weights");
        assertThatThrownBy(() -> new MaskStack(0)).hasMessageContaining("at least 1 weight");
        assertThatThrownBy(() -> stack.get(0)).hasMessageContaining("mask 0 of 0");
        try (var sums = new MaskSums(1)) {
            assertThatThrownBy(() -> sums.of(stack, new double[64])).hasMessageContaining("[64]");
        }
        assertThatThrownBy(() -> new MaskSums(0)).hasMessageContaining("shards");
    }
}
