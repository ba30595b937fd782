package io.palimpsest.training.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import io.palimpsest.training.tensor.Precision;
import io.palimpsest.training.tensor.Vec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batch normalisation of every set of kernels, held against the plain loops; the loops against numbers by hand. */
final class NormalisationKernelsTest {
    private static final int[][] SHAPES = {{1, 1}, {2, 3}, {5, 20}, {37, 65}, {1000, 7}, {130, 1100}, {3, 2048}};
    private static final double EPSILON = 1e-5;

    /** Column (1, 2, 6): mean 3, variance (4 + 1 + 9)/3; column (4, 4, 4): mean 4, variance 0. */
    @Test
    void moments_by_hand() {
        try (Kernels kernels = KernelsProvider.open("reference", 1);
                Memory memory = kernels.memory("moments")) {
            Mat x = Mat.of(Numbers.vec(memory, 1, 4, 2, 4, 6, 4), 3, 2);
            Vec mean = memory.vec(2);
            Vec variance = memory.vec(2);
            kernels.normalisation().moments(x, mean, variance);
            assertThat(mean.toDoubles()).containsExactly(3, 4);
            assertThat(variance.toDoubles()).containsExactly(new double[] {14.0 / 3, 0}, within(1e-15));
            kernels.normalisation().normalise(x, mean, variance, 1.0 / 3, x);
            assertThat(x.data().toDoubles())
                    .containsExactly(
                            new double[] {-2 / Math.sqrt(5), 0, -1 / Math.sqrt(5), 0, 3 / Math.sqrt(5), 0},
                            within(1e-15));
        }
    }

    /** Swish: 2·σ(2) = 1.7615941559557649; its slope at 0 is ½, so a unit masked off still feels its gain. */
    @Test
    void swish_by_hand() {
        try (Kernels kernels = KernelsProvider.open("reference", 1);
                Memory memory = kernels.memory("swish")) {
            Mat x = Mat.of(Numbers.vec(memory, 2, 3), 1, 2);
            Vec gain = Numbers.vec(memory, 1, 0);
            Mat y = memory.mat(1, 2);
            kernels.normalisation().activate(x, gain, null, Nonlinearity.SWISH, y);
            assertThat(y.data().toDoubles()).containsExactly(new double[] {1.7615941559557649, 0}, within(1e-15));
            Vec dGain = memory.vec(2);
            Mat dx = memory.mat(1, 2);
            Mat dy = Mat.of(Numbers.vec(memory, 1, 1), 1, 2);
            kernels.normalisation().activateGradient(dy, x, gain, null, Nonlinearity.SWISH, dx, dGain, null, false);
            double s = 1 / (1 + Math.exp(-2));
            double slope = s * (1 + 2 * (1 - s));
            assertThat(dGain.toDoubles()).containsExactly(new double[] {2 * slope, 1.5}, within(1e-15));
            assertThat(dx.data().toDoubles()).containsExactly(new double[] {slope, 0}, within(1e-15));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "nd4j"})
    void every_kernel_agrees_with_the_loops(String provider) {
        int shardCounts = provider.equals("cpu") ? 3 : 1; // the others cut nothing into shards
        for (int shards = 1; shards <= shardCounts; shards++) {
            try (Kernels kernels = KernelsProvider.open(provider, shards);
                    Kernels oracle = KernelsProvider.open("reference", 1);
                    Memory memory = kernels.memory("normalisation");
                    Memory exact = oracle.memory("oracle")) {
                double tolerance = kernels.precision() == Precision.DOUBLE ? 1e-12 : 1e-5;
                for (int[] shape : SHAPES) {
                    for (Nonlinearity nonlinearity : Nonlinearity.values()) {
                        for (int variant = 0; variant < 8; variant++) {
                            var got = pass(kernels, memory, shape, nonlinearity, variant);
                            var expected = pass(oracle, exact, shape, nonlinearity, variant);
                            for (int i = 0; i < got.length; i++) {
                                Numbers.agree(
                                        NAMES[i] + " of " + Arrays.toString(shape) + " " + nonlinearity + " variant "
                                                + variant + " in " + shards + " shards",
                                        got[i],
                                        expected[i],
                                        tolerance);
                            }
                        }
                    }
                }
            }
        }
    }

    private static final String[] NAMES = {"mean", "variance", "x̂", "y", "dx̂", "dGain", "dShift", "dx"};

    /** All operations one after the other; bits of the variant: gain and shift, a window with gaps, constant statistics. */
    private static double[][] pass(Kernels k, Memory m, int[] shape, Nonlinearity nonlinearity, int variant) {
        int rows = shape[0];
        int cols = shape[1];
        boolean affine = (variant & 1) != 0;
        int stride = (variant & 2) != 0 ? cols + 3 : cols;
        boolean ofBatch = (variant & 4) == 0;
        Mat x = window(m, rows, cols, stride, 2, 0.37);
        Mat dy = window(m, rows, cols, stride, 0.5, 1.9);
        Mat normalised = window(m, rows, cols, stride, 0, 1);
        Mat y = window(m, rows, cols, stride, 0, 1);
        Mat dx = window(m, rows, cols, stride, 0, 1);
        Vec mean = m.vec(cols);
        Vec variance = m.vec(cols);
        Vec gain = affine ? Numbers.vec(m, Numbers.wave(cols, 1.5, 0.9)) : null;
        Vec shift = affine ? Numbers.vec(m, Numbers.wave(cols, 0.5, 1.3)) : null;
        Vec dGain = Numbers.vec(m, Numbers.wave(cols, 1, 0.2));
        Vec dShift = Numbers.vec(m, Numbers.wave(cols, 1, 0.3));
        NormalisationKernels n = k.normalisation();
        n.moments(x, mean, variance);
        n.normalise(x, mean, variance, EPSILON * 1000, normalised);
        n.activate(normalised, gain, shift, nonlinearity, y);
        n.activateGradient(dy, normalised, gain, shift, nonlinearity, dx, dGain, dShift, affine);
        double[] dNormalised = flat(dx);
        n.normaliseGradient(dx, normalised, variance, EPSILON * 1000, ofBatch, dx);
        return new double[][] {
            mean.toDoubles(),
            variance.toDoubles(),
            flat(normalised),
            flat(y),
            dNormalised,
            dGain.toDoubles(),
            dShift.toDoubles(),
            flat(dx)
        };
    }

    private static Mat window(Memory m, int rows, int cols, int stride, double a, double b) {
        Vec data = Numbers.vec(m, Numbers.wave(rows * stride, a, b));
        return new Mat(data, 0, rows, cols, stride);
    }

    private static double[] flat(Mat m) {
        return Arrays.stream(m.toArray()).flatMapToDouble(Arrays::stream).toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "nd4j"})
    void wrong_shapes_are_refused_with_both_shapes(String provider) {
        try (Kernels kernels = KernelsProvider.open(provider, 2);
                Memory memory = kernels.memory("normalisation")) {
            NormalisationKernels n = kernels.normalisation();
            Mat x = memory.mat(4, 3);
            assertThatThrownBy(() -> n.moments(x, memory.vec(2), memory.vec(3)))
                    .hasMessage("mean is [2] but x is [4, 3]: need one number per column.");
            assertThatThrownBy(() -> n.normalise(x, memory.vec(3), memory.vec(3), 1e-5, memory.mat(4, 2)))
                    .hasMessageContaining("x is [4, 3] but normalised is [4, 2]");
            assertThatThrownBy(() -> n.moments(x.rows(0, 0), memory.vec(3), memory.vec(3)))
                    .hasMessageContaining("at least one row");
            @Nullable Vec none = null;
            assertThatThrownBy(() -> n.activateGradient(
                            x, x, none, none, Nonlinearity.RELU, memory.mat(4, 3), memory.vec(4), none, false))
                    .hasMessageContaining("dGain is [4]");
        }
    }
}
