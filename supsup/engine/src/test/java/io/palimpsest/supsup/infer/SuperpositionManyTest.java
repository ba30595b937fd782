package io.palimpsest.supsup.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.mask.PackedMask;
import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.loss.Entropy;
import io.palimpsest.training.network.DenseNetwork;
import io.palimpsest.training.network.DenseSpec;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import io.palimpsest.training.tensor.Precision;
import io.palimpsest.training.tensor.Vec;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** As many masks as need tables: the sums of 100 masks, by identities that no loop over masks is needed for. */
class SuperpositionManyTest {
    private static final int TASKS = 100;

    private static final class Fixture implements AutoCloseable {
        final Kernels kernels;
        final Memory memory;
        final Superposition superposition;
        final Mat images;

        Fixture(OnKernels on) {
            kernels = on.open();
            memory = kernels.memory("test");
            var network = new DenseNetwork(kernels, DenseSpec.reluWithoutBias(5, 11, 7));
            var random = new SplittableRandom(1);
            Vec weights = memory.state(132);
            for (int i = 0; i < 132; i++) {
                weights.set(i, random.nextBoolean() ? .5 : -.5);
            }
            superposition = new Superposition(network, weights, 9);
            for (int t = 0; t < TASKS; t++) {
                var mask = new float[132];
                for (int i = 0; i < mask.length; i++) {
                    mask[i] = random.nextInt(2);
                }
                superposition.add(PackedMask.of(mask));
            }
            images = memory.mat(9, 5);
            for (int i = 0; i < 45; i++) {
                images.set(i / 5, i % 5, random.nextDouble(-2, 2));
            }
        }

        double tolerance() {
            return kernels.precision() == Precision.DOUBLE ? 1e-12 : 1e-5;
        }

        @Override
        public void close() {
            superposition.close();
            memory.close();
            kernels.close();
        }
    }

    private static double[] shares(int of) {
        var alphas = new double[TASKS];
        Arrays.fill(alphas, 0, of, 1.0 / of);
        return alphas;
    }

    /** The objective is a mean over images, so the gradients of the images alone have that of all as their mean. */
    @ParameterizedTest
    @EnumSource
    void gradients_of_each_image_average_to_that_of_the_batch(OnKernels on) {
        try (var f = new Fixture(on)) {
            double[][] each = f.superposition.onEach(shares(TASKS), f.images, new Entropy());
            double[] all = f.superposition.on(f.images, new Entropy()).gradient(shares(TASKS));
            for (int r = 0; r < 9; r++) {
                assertThat(each[r])
                        .containsExactly(
                                f.superposition
                                        .on(f.images.rows(r, 1), new Entropy())
                                        .gradient(shares(TASKS)),
                                within(f.tolerance()));
            }
            for (int t = 0; t < TASKS; t++) {
                double mean = 0;
                for (double[] g : each) {
                    mean += g[t] / 9;
                }
                assertThat(mean).isCloseTo(all[t], within(f.tolerance()));
            }
        }
    }

    /** A rule that has dismissed masks pays for those left alone: few, for which no tables are made, and many. */
    @ParameterizedTest
    @EnumSource
    void some_entries_of_the_gradient_are_those_of_the_whole(OnKernels on) {
        try (var f = new Fixture(on)) {
            var uncertainty = f.superposition.on(f.images, new Entropy());
            for (int[] of : new int[][] {
                {}, {99}, {3, 64, 98}, IntStream.range(50, TASKS).toArray()
            }) {
                double[] all = uncertainty.gradient(shares(70));
                double[] some = uncertainty.gradient(shares(70), of);
                assertThat(some)
                        .containsExactly(
                                Arrays.stream(of).mapToDouble(i -> all[i]).toArray(), within(1e-12));
            }
        }
    }

    /** gᵢ is the slope of the objective along αᵢ, where αs are equal, on a subset, and after αs of another kind. */
    @ParameterizedTest
    @EnumSource
    void the_gradient_is_the_slope_of_the_objective(OnKernels on) {
        if (on != OnKernels.REFERENCE) {
            return; // a finite difference needs double precision
        }
        try (var f = new Fixture(on)) {
            for (int subset : new int[] {TASKS, 50, 3}) {
                double[] g = f.superposition.on(f.images, new Entropy()).gradient(shares(subset));
                for (int t = 0; t < TASKS; t += 9) {
                    double[] up = shares(subset);
                    double[] down = shares(subset);
                    up[t] += 1e-6;
                    down[t] -= 1e-6;
                    double slope = (f.superposition.value(up, f.images, new Entropy())
                                    - f.superposition.value(down, f.images, new Entropy()))
                            / 2e-6;
                    assertThat(g[t]).isCloseTo(slope, within(1e-6));
                }
            }
        }
    }

    /** A mask added after a gradient belongs to the next superposition. */
    @ParameterizedTest
    @EnumSource
    void an_appended_copy_of_a_mask_gets_its_gradient(OnKernels on) {
        try (var f = new Fixture(on)) {
            f.superposition.on(f.images, new Entropy()).gradient(shares(TASKS));
            f.superposition.add(f.superposition.masks().get(3));
            var alphas = new double[TASKS + 1];
            Arrays.fill(alphas, 1.0 / alphas.length);
            double[] g = f.superposition.on(f.images, new Entropy()).gradient(alphas);
            assertThat(g).hasSize(TASKS + 1);
            assertThat(g[TASKS]).isEqualTo(g[3]);
        }
    }

    /** Masks 3 (in a full block) and 97 (after the last full one) take other bits: all is as if they had always had them. */
    @ParameterizedTest
    @EnumSource
    void a_replaced_mask_counts_from_then_on_and_the_old_one_no_more(OnKernels on) {
        try (var f = new Fixture(on);
                var other = new Fixture(on)) {
            f.superposition.on(f.images, new Entropy()).gradient(shares(TASKS));
            double[] before = f.superposition.on(f.images, new Entropy()).gradient(shares(TASKS));
            PackedMask third = f.superposition.masks().get(3);
            PackedMask late = f.superposition.masks().get(97);
            f.superposition.replace(3, late);
            f.superposition.replace(97, third);
            double[] after = f.superposition.on(f.images, new Entropy()).gradient(shares(TASKS));
            assertThat(after[3]).isEqualTo(before[97]); // the sum of all masks is the same: so is the superposition
            assertThat(after[97]).isEqualTo(before[3]);
            f.superposition.replace(3, third);
            assertThat(f.superposition.masks().get(3)).isEqualTo(third);
            double[] both = f.superposition.on(f.images, new Entropy()).gradient(shares(TASKS));
            assertThat(both).isNotEqualTo(before);
            assertThat(both[3]).isEqualTo(both[97]);
            f.superposition.replace(97, late);
            assertThat(f.superposition.on(f.images, new Entropy()).gradient(shares(TASKS)))
                    .isEqualTo(before);
            assertThat(other.superposition.on(other.images, new Entropy()).gradient(shares(TASKS)))
                    .isEqualTo(before);
        }
    }
}
