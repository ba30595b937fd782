package io.palimpsest.training.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.training.mask.Mask;
import io.palimpsest.training.optim.ElementwiseOptimizer;
import io.palimpsest.training.optim.RmsProp;
import io.palimpsest.training.optim.Sgd;
import io.palimpsest.training.optim.Slots;
import io.palimpsest.training.optim.Update;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import io.palimpsest.training.tensor.Vec;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/**
 * What every set of kernels promises of feature maps, held against the plain loops in double precision as {@link
 * KernelsContract} does for dense layers.
 */
public abstract class FeatureMapsContract extends BesideTheLoops {
    private static final List<Convolution> GEOMETRIES = List.of(
            new Convolution(1, 1, 1, 1, 1, 1, 1, 0),
            Convolution.square(4, 4, 3, 5, 4, 1, 0), // the kernel covers the map
            Convolution.square(7, 5, 3, 4, 3, 1, 1),
            Convolution.square(8, 8, 20, 20, 3, 1, 1),
            Convolution.square(9, 8, 4, 40, 3, 2, 1),
            Convolution.square(8, 8, 5, 6, 1, 2, 0), // pixels between are never met
            Convolution.square(6, 6, 5, 6, 1, 1, 0),
            Convolution.square(11, 11, 2, 3, 5, 3, 2),
            new Convolution(6, 9, 2, 3, 2, 4, 1, 1), // not square
            new Convolution(5, 6, 3, 2, 1, 3, 2, 0));
    private static final int[] MAPS = {1, 3, 8};

    /** What a computation leaves, on each set of kernels: at every count of shards they must agree. */
    private void agree(String what, BiFunction<Kernels, Memory, Vec> computation) {
        Vec expected = computation.apply(oracle, exact);
        for (int shards : shardCounts()) {
            use(shards);
            Numbers.agree(
                    what + " in " + shards + " shards", computation.apply(kernels, memory), expected, tolerance());
        }
    }

    private static Mat weights(Memory m, Convolution c) {
        return Numbers.mat(m, c.out(), c.patch(), 0.3, 1.3);
    }

    @Test
    void a_convolution_forward_agrees_with_the_loop() {
        for (Convolution c : GEOMETRIES) {
            for (int maps : MAPS) {
                for (boolean bias : new boolean[] {false, true}) {
                    for (Activation activation : List.of(Activation.IDENTITY, Activation.RELU, Activation.TANH)) {
                        agree(c + " of " + maps + " bias " + bias + " " + activation, (k, m) -> {
                            Mat y = m.mat(maps, c.outputs());
                            k.convolutions()
                                    .forward(
                                            c,
                                            Numbers.mat(m, maps, c.inputs(), 1, 0.7),
                                            weights(m, c),
                                            bias ? Numbers.vec(m, Numbers.wave(c.out(), 0.5, 2.1)) : null,
                                            activation,
                                            y);
                            return y.data();
                        });
                    }
                }
            }
        }
    }

    /** 3 × 3 map, 2 × 2 kernel of two channels out, no padding; the sums worked by hand. */
    @Test
    void a_convolution_worked_by_hand() {
        Convolution c = Convolution.square(3, 3, 1, 2, 2, 1, 0);
        Mat x = Mat.of(Numbers.vec(memory, 1, 2, 3, 4, 5, 6, 7, 8, 9), 1, 9);
        Mat w = Mat.of(Numbers.vec(memory, 1, 0, 0, -1, 1, 1, 1, 1), 2, 4);
        Mat y = memory.mat(1, 8);
        kernels.convolutions().forward(c, x, w, null, Activation.IDENTITY, y);
        // First channel: upper left minus lower right, −4 everywhere. Second: sums of four, 12, 16, 24, 28.
        assertThat(y.data().toDoubles()).containsExactly(-4, 12, -4, 16, -4, 24, -4, 28);
        Mat dx = memory.mat(1, 9);
        Mat delta = Mat.of(Numbers.vec(memory, 0, 1, 0, 0, 0, 0, 2, 0), 1, 8);
        kernels.convolutions().backwardData(c, delta, w, false, dx);
        // The second channel's first pixel spreads 1 over its four; the first's last, 2, gives 2 and −2.
        assertThat(dx.data().toDoubles()).containsExactly(1, 1, 0, 1, 3, 0, 0, 0, -2);
        Mat dw = memory.mat(2, 4);
        kernels.convolutions().backwardWeights(c, delta, x, dw, null, false);
        assertThat(dw.data().toDoubles()).containsExactly(10, 12, 16, 18, 1, 2, 4, 5);
    }

    @Test
    void an_input_gradient_agrees_with_the_loop_and_adds_when_asked() {
        for (Convolution c : GEOMETRIES) {
            for (int maps : MAPS) {
                for (boolean add : new boolean[] {false, true}) {
                    agree("dx of " + c + " of " + maps + " add " + add, (k, m) -> {
                        Mat dx = Numbers.mat(m, maps, c.inputs(), 2, 0.11);
                        k.convolutions()
                                .backwardData(c, Numbers.mat(m, maps, c.outputs(), 1, 0.7), weights(m, c), add, dx);
                        return dx.data();
                    });
                }
            }
        }
    }

    @Test
    void a_weight_gradient_agrees_with_the_loop_and_adds_when_asked() {
        for (Convolution c : GEOMETRIES) {
            for (int maps : MAPS) {
                for (boolean add : new boolean[] {false, true}) {
                    agree("dw of " + c + " of " + maps + " add " + add, (k, m) -> {
                        int size = c.out() * c.patch();
                        Vec all = Numbers.vec(m, Numbers.wave(size + c.out(), 2, 0.11));
                        k.convolutions()
                                .backwardWeights(
                                        c,
                                        Numbers.mat(m, maps, c.outputs(), 1, 0.7),
                                        Numbers.mat(m, maps, c.inputs(), 1, 0.3),
                                        Mat.at(all, 0, c.out(), c.patch()),
                                        all.slice(size, c.out()),
                                        add);
                        return all;
                    });
                }
            }
        }
    }

    @Test
    void maps_are_read_and_written_where_they_lie_and_nowhere_else() {
        for (Convolution c :
                List.of(Convolution.square(5, 6, 3, 4, 3, 1, 1), Convolution.square(5, 6, 3, 4, 3, 2, 1))) {
            agree("windows of " + c, (k, m) -> {
                Vec all = Numbers.vec(m, Numbers.wave(2000, 1, 0.7));
                Mat x = new Mat(all, 3, 3, c.inputs(), c.inputs() + 7);
                Mat w = new Mat(all, 400, c.out(), c.patch(), c.patch() + 5);
                Mat y = new Mat(all, 1000, 3, c.outputs(), c.outputs() + 9);
                k.convolutions().forward(c, x, w, null, Activation.RELU, y);
                k.convolutions().backwardData(c, y, w, false, x);
                k.convolutions().backwardWeights(c, y, x, w, null, false);
                return all;
            });
        }
    }

    /** Many blocks of output lines per shard, at a size as trained. */
    @Test
    void maps_larger_than_a_block_agree_with_the_loop() {
        Convolution c = Convolution.square(32, 32, 20, 20, 3, 1, 1);
        agree("large maps", (k, m) -> {
            Mat y = m.mat(2, c.outputs());
            Mat x = Numbers.mat(m, 2, c.inputs(), 1, 0.7);
            k.convolutions().forward(c, x, weights(m, c), null, Activation.TANH, y);
            return y.data();
        });
        agree("gradient of large maps", (k, m) -> {
            Mat dx = m.mat(2, c.inputs());
            Mat delta = Numbers.mat(m, 2, c.outputs(), 1, 0.7);
            k.convolutions().backwardData(c, delta, weights(m, c), false, dx);
            return dx.data();
        });
        agree("weight gradient of large maps", (k, m) -> {
            Mat dw = m.mat(c.out(), c.patch());
            Mat delta = Numbers.mat(m, 2, c.outputs(), 1, 0.7);
            k.convolutions().backwardWeights(c, delta, Numbers.mat(m, 2, c.inputs(), 1, 0.3), dw, null, false);
            return dw.data();
        });
    }

    @Test
    void a_fused_update_has_the_bits_of_a_stored_gradient() {
        Convolution c = Convolution.square(8, 8, 20, 40, 3, 2, 1);
        int size = c.out() * c.patch();
        for (int shards : shardCounts()) {
            use(shards);
            for (ElementwiseOptimizer rule : List.of(Sgd.withMomentum(0.9), RmsProp.DEFAULT)) {
                for (boolean masked : new boolean[] {false, true}) {
                    double[] fused = trained(c, size, rule, masked, true);
                    assertThat(trained(c, size, rule, masked, false))
                            .as(rule + " masked " + masked + " in " + shards + " shards")
                            .containsExactly(fused);
                }
            }
        }
    }

    private double[] trained(Convolution c, int size, ElementwiseOptimizer rule, boolean masked, boolean fused) {
        int n = 7 + size + c.out();
        Vec raw = Numbers.vec(memory, Numbers.wave(n, 0.3, 1.7));
        Mask mask = masked ? new Mask.Threshold(Numbers.vec(memory, Numbers.wave(n, 0.1, 0.9))) : null;
        Vec theta = mask == null ? raw : memory.vec(n);
        Slots slots = rule.slots(memory, n);
        Mat x = Numbers.mat(memory, 5, c.inputs(), 1, 0.3);
        for (int step = 0; step < 3; step++) {
            Mat delta = Numbers.mat(memory, 5, c.outputs(), 1, 0.7 + step);
            slots.advance();
            Update update = new Update(rule, 1e-3, slots, raw, theta, mask);
            if (fused) {
                kernels.convolutions().backwardWeightsAndUpdate(c, delta, x, update, 7, 7 + size);
            } else {
                Vec gradient = memory.vec(size + c.out());
                kernels.convolutions()
                        .backwardWeights(
                                c,
                                delta,
                                x,
                                Mat.at(gradient, 0, c.out(), c.patch()),
                                gradient.slice(size, c.out()),
                                false);
                kernels.update(update, gradient, 7, size + c.out());
            }
        }
        return raw.toDoubles();
    }

    @Test
    void bits_do_not_depend_on_what_was_computed_before() {
        Convolution c = Convolution.square(7, 5, 3, 4, 3, 1, 1);
        Convolution other = Convolution.square(9, 8, 4, 40, 3, 2, 1);
        double[] first = outputs(c);
        outputs(other);
        assertThat(outputs(c)).containsExactly(first);
    }

    private double[] outputs(Convolution c) {
        Mat y = memory.mat(3, c.outputs());
        Mat dx = memory.mat(3, c.inputs());
        kernels.convolutions()
                .forward(c, Numbers.mat(memory, 3, c.inputs(), 1, 0.7), weights(memory, c), null, Activation.RELU, y);
        kernels.convolutions().backwardData(c, y, weights(memory, c), false, dx);
        return dx.data().toDoubles();
    }

    @Test
    void wrong_maps_are_refused_with_their_shapes() {
        Convolution c = Convolution.square(4, 4, 3, 5, 3, 1, 1);
        Convolutions all = kernels.convolutions();
        assertThatThrownBy(() -> all.forward(
                        c, memory.mat(2, 47), memory.mat(5, 27), null, Activation.IDENTITY, memory.mat(2, 80)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[2, 47]")
                .hasMessageContaining("[2, 48]");
        assertThatThrownBy(() -> all.forward(
                        c, memory.mat(2, 48), memory.mat(5, 9), null, Activation.IDENTITY, memory.mat(2, 80)))
                .hasMessageContaining("[5, 9]")
                .hasMessageContaining("[5, 27]");
        assertThatThrownBy(() -> Convolution.square(2, 2, 1, 1, 3, 1, 0)).hasMessageContaining("padding");
        assertThatThrownBy(() -> Convolution.square(8, 8, 1, 1, 3, 1, 3)).hasMessageContaining("[0, 3)");
        assertThatThrownBy(() -> new Pooling(2, 2, 1, 3)).hasMessageContaining("3 × 3");
    }

    // ---------------------------------------------------------------- pooling

    @Test
    void the_largest_of_each_window_and_its_gradient_agree_with_the_loop() {
        for (Pooling p : List.of(new Pooling(4, 6, 3, 2), new Pooling(7, 5, 20, 2), new Pooling(9, 9, 1, 3))) {
            for (int maps : MAPS) {
                agree(p + " of " + maps, (k, m) -> {
                    Vec all = m.vec(maps * (p.outputs() + p.inputs()));
                    Mat x = Numbers.mat(m, maps, p.inputs(), 1, 0.7);
                    Mat y = Mat.at(all, 0, maps, p.outputs());
                    k.convolutions().maxPool(p, x, y);
                    k.convolutions()
                            .maxPoolBackward(
                                    p,
                                    x,
                                    y,
                                    Numbers.mat(m, maps, p.outputs(), 1, 0.3),
                                    Mat.at(all, maps * p.outputs(), maps, p.inputs()));
                    return all;
                });
            }
        }
    }

    @Test
    void of_equals_the_first_of_a_window_receives_the_gradient() {
        Pooling p = new Pooling(2, 4, 1, 2);
        Mat x = Mat.of(Numbers.vec(memory, 1, 5, 7, 7, 5, 5, 7, 7), 1, 8);
        Mat y = memory.mat(1, 2);
        Mat dx = memory.mat(1, 8);
        kernels.convolutions().maxPool(p, x, y);
        kernels.convolutions().maxPoolBackward(p, x, y, Mat.of(Numbers.vec(memory, 2, 3), 1, 2), dx);
        assertThat(y.data().toDoubles()).containsExactly(5, 7);
        assertThat(dx.data().toDoubles()).containsExactly(0, 2, 3, 0, 0, 0, 0, 0);
    }

    @Test
    void the_mean_over_pixels_and_its_gradient_agree_with_the_loop() {
        for (int[] s : new int[][] {{1, 1, 1}, {3, 16, 160}, {8, 7, 5}}) {
            agree("mean of " + Arrays.toString(s), (k, m) -> {
                Vec all = m.vec(s[0] * s[2] + s[0] * s[1] * s[2]);
                k.convolutions().averagePool(Numbers.mat(m, s[0], s[1] * s[2], 1, 0.7), Mat.at(all, 0, s[0], s[2]));
                k.convolutions()
                        .averagePoolBackward(
                                Numbers.mat(m, s[0], s[2], 1, 0.3), Mat.at(all, s[0] * s[2], s[0], s[1] * s[2]));
                return all;
            });
        }
    }
}
