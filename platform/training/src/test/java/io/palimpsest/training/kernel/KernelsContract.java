package io.palimpsest.training.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.training.loss.CrossEntropy;
import io.palimpsest.training.loss.Energy;
import io.palimpsest.training.loss.Entropy;
import io.palimpsest.training.loss.LeastConfidence;
import io.palimpsest.training.loss.Loss;
import io.palimpsest.training.loss.Superfluous;
import io.palimpsest.training.loss.Targets;
import io.palimpsest.training.mask.Mask;
import io.palimpsest.training.network.DenseNetwork;
import io.palimpsest.training.network.DenseSpec;
import io.palimpsest.training.network.Layout;
import io.palimpsest.training.network.Mode;
import io.palimpsest.training.network.Segment;
import io.palimpsest.training.network.Tape;
import io.palimpsest.training.network.Want;
import io.palimpsest.training.optim.Adam;
import io.palimpsest.training.optim.AdamW;
import io.palimpsest.training.optim.ElementwiseOptimizer;
import io.palimpsest.training.optim.RmsProp;
import io.palimpsest.training.optim.Sgd;
import io.palimpsest.training.optim.Slots;
import io.palimpsest.training.optim.Update;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import io.palimpsest.training.tensor.Vec;
import io.palimpsest.training.train.Batch;
import io.palimpsest.training.train.Need;
import io.palimpsest.training.train.Step;
import io.palimpsest.training.train.StepHook;
import io.palimpsest.training.train.Trainable;
import io.palimpsest.training.train.TrainingStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every set of kernels promises, held against the plain loops in double precision: float kernels agree to 1e-5 of
 * the largest entry, double ones to 1e-12, at batches of one, odd sizes, windows and any count of shards.
 */
public abstract class KernelsContract extends BesideTheLoops {
    private static final int[][] SHAPES = {
        {1, 1, 1}, {1, 10, 37}, {5, 3, 2}, {7, 33, 65}, {37, 129, 10}, {64, 100, 300}, {128, 96, 130}
    };

    // ---------------------------------------------------------------- dense layers

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_layer_forward_agrees_with_the_loop(boolean bias) {
        for (int shards : shardCounts()) {
            use(shards);
            for (int[] s : SHAPES) {
                for (Activation activation : Activation.values()) {
                    Mat got = forward(kernels, memory, s, bias, activation);
                    Mat expected = forward(oracle, exact, s, bias, activation);
                    Numbers.agree(
                            "y of " + Arrays.toString(s) + " " + activation + " in " + shards + " shards",
                            got.data(),
                            expected.data(),
                            tolerance());
                }
            }
        }
    }

    private static Mat forward(Kernels k, Memory m, int[] s, boolean bias, Activation activation) {
        Mat y = m.mat(s[0], s[1]);
        k.forward(
                Numbers.mat(m, s[0], s[2], 1, 0.7),
                Numbers.mat(m, s[1], s[2], 0.3, 1.3),
                bias ? Numbers.vec(m, Numbers.wave(s[1], 0.5, 2.1)) : null,
                activation,
                y);
        return y;
    }

    @Test
    void an_input_gradient_agrees_with_the_loop() {
        for (int shards : shardCounts()) {
            use(shards);
            for (int[] s : SHAPES) {
                for (Activation activation : Activation.values()) {
                    Numbers.agree(
                            "dx of " + Arrays.toString(s) + " " + activation + " in " + shards + " shards",
                            backwardData(kernels, memory, s, activation).data(),
                            backwardData(oracle, exact, s, activation).data(),
                            tolerance());
                }
            }
        }
    }

    private static Mat backwardData(Kernels k, Memory m, int[] s, Activation activation) {
        Mat dx = m.mat(s[0], s[2]);
        Mat y = m.mat(s[0], s[2]);
        float[] outputs = Numbers.wave(s[0] * s[2], 0.9, 0.4);
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = switch (activation) {
                case RELU -> Math.max(0, outputs[i]);
                case SIGMOID -> Math.abs(outputs[i]);
                default -> outputs[i];
            };
        }
        y.data().write(outputs);
        k.backwardData(Numbers.mat(m, s[0], s[1], 1, 0.7), Numbers.mat(m, s[1], s[2], 0.3, 1.3), y, activation, dx);
        return dx;
    }

    @Test
    void a_weight_gradient_agrees_with_the_loop_and_adds_when_asked() {
        for (int shards : shardCounts()) {
            use(shards);
            for (int[] s : SHAPES) {
                for (boolean add : new boolean[] {false, true}) {
                    Vec got = backwardWeights(kernels, memory, s, add);
                    Vec expected = backwardWeights(oracle, exact, s, add);
                    Numbers.agree(
                            "dw of " + Arrays.toString(s) + " add " + add + " in " + shards + " shards",
                            got,
                            expected,
                            tolerance());
                }
            }
        }
    }

    private static Vec backwardWeights(Kernels k, Memory m, int[] s, boolean add) {
        Vec all = Numbers.vec(m, Numbers.wave(s[1] * s[2] + s[1], 2, 0.11));
        k.backwardWeights(
                Numbers.mat(m, s[0], s[1], 1, 0.7),
                Numbers.mat(m, s[0], s[2], 1, 0.3),
                Mat.at(all, 0, s[1], s[2]),
                all.slice(s[1] * s[2], s[1]),
                add);
        return all;
    }

    @Test
    void windows_are_read_and_written_where_they_lie_and_nowhere_else() {
        float[] x = Numbers.wave(9 * 50, 1, 0.7);
        float[] w = Numbers.wave(40 * 60, 0.3, 1.3);
        Vec got = memory.vec(9 * 70);
        Vec expected = exact.vec(9 * 70);
        for (var run : List.of(new Run(kernels, memory, got), new Run(oracle, exact, expected))) {
            run.out.fill(7);
            run.k.forward(
                    new Mat(Numbers.vec(run.m, x), 3, 9, 33, 50),
                    new Mat(Numbers.vec(run.m, w), 5, 40, 33, 60),
                    null,
                    Activation.RELU,
                    new Mat(run.out, 11, 9, 40, 70));
        }
        Numbers.agree("window", got, expected, tolerance());
        assertThat(got.get(10)).isEqualTo(7);
        assertThat(got.get(11 + 40)).isEqualTo(7);
    }

    private record Run(Kernels k, Memory m, Vec out) {}

    @Test
    void wrong_shapes_are_refused_with_both_shapes() {
        assertThatThrownBy(() -> kernels.forward(
                        memory.mat(2, 3), memory.mat(4, 5), null, Activation.IDENTITY, memory.mat(2, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[2, 3]")
                .hasMessageContaining("[4, 5]");
    }

    // ---------------------------------------------------------------- objectives

    private interface Objective {
        double at(Kernels k, Memory m, Mat z, Vec weights, Vec perExample, Mat dz);
    }

    /** One probability is 1 whatever its logit. */
    private static boolean flatAtOneOutput(String name) {
        return name.contains("entropy") || name.startsWith("least confidence");
    }

    static List<String> objectives() {
        return List.of(
                "cross-entropy",
                "entropy",
                "entropy at 2.5",
                "superfluous",
                "superfluous at 2.5",
                "least confidence",
                "least confidence at 2.5",
                "energy",
                "energy at 2.5",
                "squared error",
                "huber");
    }

    private static Objective objective(String name, int rows, int cols) {
        int[] labels = new int[rows];
        Arrays.setAll(labels, i -> (i * 7 + 3) % cols);
        return switch (name) {
            case "cross-entropy" -> (k, m, z, w, e, dz) -> k.crossEntropy(z, labels, w, e, dz);
            case "entropy" -> (k, m, z, w, e, dz) -> k.entropy(z, 1, w, e, dz);
            case "entropy at 2.5" -> (k, m, z, w, e, dz) -> k.entropy(z, 2.5, w, e, dz);
            case "superfluous" -> (k, m, z, w, e, dz) -> k.superfluous(z, cols / 2, 1, w, e, dz);
            case "superfluous at 2.5" -> (k, m, z, w, e, dz) -> k.superfluous(z, cols / 2, 2.5, w, e, dz);
            case "least confidence" -> (k, m, z, w, e, dz) -> k.leastConfidence(z, 1, w, e, dz);
            case "least confidence at 2.5" -> (k, m, z, w, e, dz) -> k.leastConfidence(z, 2.5, w, e, dz);
            case "energy" -> (k, m, z, w, e, dz) -> k.energy(z, 1, w, e, dz);
            case "energy at 2.5" -> (k, m, z, w, e, dz) -> k.energy(z, 2.5, w, e, dz);
            case "squared error" ->
                (k, m, z, w, e, dz) -> k.squaredError(z, Numbers.mat(m, rows, cols, 2, 0.9), w, e, dz);
            default -> (k, m, z, w, e, dz) -> k.huber(z, Numbers.mat(m, rows, cols, 2, 0.9), 0.7, w, e, dz);
        };
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void an_objective_its_parts_and_its_gradient_agree_with_the_loop(String name) {
        for (int shards : shardCounts()) {
            use(shards);
            for (int[] s : new int[][] {{1, 1}, {1, 10}, {5, 7}, {37, 100}, {128, 500}}) {
                Objective objective = objective(name, s[0], s[1]);
                Outcome got = evaluate(objective, kernels, memory, s, 3);
                Outcome expected = evaluate(objective, oracle, exact, s, 3);
                String what = name + " of " + Arrays.toString(s) + " in " + shards + " shards";
                assertThat(got.loss)
                        .as(what)
                        .isCloseTo(
                                expected.loss,
                                org.assertj.core.api.Assertions.within(tolerance() * (1 + Math.abs(expected.loss))));
                Numbers.agree(what + " per example", got.perExample, expected.perExample, tolerance());
                if (s[1] > 1 || !flatAtOneOutput(name)) {
                    Numbers.agree(what + " gradient", got.dz.data(), expected.dz.data(), tolerance());
                } else {
                    Numbers.agree(what + " gradient", got.dz.data().toDoubles(), new double[] {0}, 1e-7);
                }
            }
        }
    }

    private record Outcome(double loss, Vec perExample, Mat dz) {}

    private static Outcome evaluate(Objective objective, Kernels k, Memory m, int[] s, double size) {
        Mat z = Numbers.mat(m, s[0], s[1], size, 0.37);
        Vec weights = Numbers.vec(m, Numbers.wave(s[0], 1, 0.2));
        Vec perExample = m.state(s[0]);
        Mat dz = m.mat(s[0], s[1]);
        return new Outcome(objective.at(k, m, z, weights, perExample, dz), perExample, dz);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-entropy", "entropy", "superfluous", "least confidence", "energy"})
    void logits_of_any_size_give_finite_losses_and_gradients(String name) {
        Objective objective = objective(name, 6, 9);
        Outcome got = evaluate(objective, kernels, memory, new int[] {6, 9}, 3000);
        Outcome expected = evaluate(objective, oracle, exact, new int[] {6, 9}, 3000);
        assertThat(got.loss).isFinite();
        assertThat(got.loss)
                .isCloseTo(expected.loss, org.assertj.core.api.Assertions.within(1e-5 * (1 + Math.abs(expected.loss))));
        Numbers.agree(name, got.dz.data(), expected.dz.data(), tolerance());
    }

    @Test
    void entropy_of_equal_logits_is_ln_s_with_no_gradient() {
        Mat z = memory.mat(2, 100);
        z.data().fill(1.5);
        Mat dz = memory.mat(2, 100);
        double h = kernels.entropy(z, 1, null, null, dz);
        assertThat(h).isCloseTo(Math.log(100), org.assertj.core.api.Assertions.within(1e-6));
        assertThat(Arrays.stream(dz.data().toDoubles()).map(Math::abs).max().orElseThrow())
                .isLessThan(1e-8);
    }

    /**
     * z = (.2, −.4, −1, .5). At T = 1: p = (.3125132178, .1715108904, .0941271723, .4218487195), ln Σe^z = 1.3631085138. At T = 2, of z/2 =
     * (.1, −.2, −.5, .25): p = (.2897321169, .2146388313, .1590083571, .3366206946), 2·ln Σe^(z/2) = 2.6775970354.
     */
    @Test
    void uncertainty_of_one_row_worked_by_hand() {
        Loss[] losses = {
            new Entropy(),
            new Entropy(2),
            new LeastConfidence(),
            new LeastConfidence(2),
            new Energy(),
            new Energy(2),
            new Superfluous(2),
            new Superfluous(2, 2)
        };
        double[] values = {
            1.2524130390,
            1.3481020772,
            0.5781512805,
            0.6633793054,
            -1.3631085138,
            -2.6775970354,
            1.3631085138,
            2.6775970354
        };
        double[][] gradients = {
            {-.0279088445, .0875898356, .1045466244, -.1642276154},
            {-.0158343758, .0204654306, .0390124174, -.0436434722},
            {.1318333008, .0723516495, .0397074271, -.2438923774},
            {.0487649132, .0361259362, .0267627518, -.1116536013},
            {-.3125132178, -.1715108904, -.0941271723, -.4218487195},
            {-.2897321169, -.2146388313, -.1590083571, -.3366206946},
            {0, 0, .0941271723, .4218487195},
            {0, 0, .1590083571, .3366206946}
        };
        for (int i = 0; i < losses.length; i++) {
            Mat z = Mat.of(Numbers.vec(memory, .2f, -.4f, -1f, .5f), 1, 4);
            Mat dz = memory.mat(1, 4);
            double value = losses[i].evaluate(kernels, z, Targets.none(), null, null, dz);
            assertThat(value).as(losses[i].toString()).isCloseTo(values[i], within(1e-6));
            assertThat(dz.data().toDoubles()).as(losses[i].toString()).containsExactly(gradients[i], within(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void a_temperature_that_logits_cannot_be_divided_by_is_refused(double temperature) {
        assertThatThrownBy(() -> kernels.entropy(memory.mat(1, 2), temperature, null, null, null))
                .hasMessageContaining("temperature must be finite and > 0, got " + temperature);
        assertThatThrownBy(() -> kernels.superfluous(memory.mat(1, 2), 1, temperature, null, null, null))
                .hasMessageContaining("temperature must be");
        assertThatThrownBy(() -> kernels.leastConfidence(memory.mat(1, 2), temperature, null, null, null))
                .hasMessageContaining("temperature must be");
        assertThatThrownBy(() -> kernels.energy(memory.mat(1, 2), temperature, null, null, null))
                .hasMessageContaining("temperature must be");
        assertThatThrownBy(() -> new Entropy(temperature)).hasMessageContaining("temperature must be");
    }

    @Test
    void a_label_beyond_the_outputs_is_refused_by_name() {
        assertThatThrownBy(() -> kernels.crossEntropy(memory.mat(2, 3), new int[] {0, 3}, null, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 1 is 3")
                .hasMessageContaining("[0, 3)");
    }

    // ---------------------------------------------------------------- updates and masks

    static List<ElementwiseOptimizer> optimizers() {
        return List.of(
                Sgd.plain(),
                new Sgd(0, 0, 1e-2, false),
                Sgd.withMomentum(0.9),
                new Sgd(0.9, 0.3, 1e-2, false),
                new Sgd(0.9, 0, 1e-2, true),
                RmsProp.DEFAULT,
                new RmsProp(0.95, 1e-6, 0.5, false, 1e-2),
                new RmsProp(0.95, 1e-6, 0, true, 0),
                new RmsProp(0.95, 1e-6, 0.5, true, 1e-2),
                Adam.DEFAULT,
                new Adam(0.8, 0.99, 1e-6, 1e-2),
                AdamW.DEFAULT);
    }

    private enum Masking {
        NONE,
        THRESHOLD,
        TOP_K
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void an_update_agrees_with_the_loop(ElementwiseOptimizer rule) {
        for (Masking masking : Masking.values()) {
            for (int n : new int[] {1, 7, 2048, 5003}) {
                Trained got = train(kernels, memory, rule, masking, n);
                Trained expected = train(oracle, exact, rule, masking, n);
                String what = rule + " " + masking + " of " + n;
                Numbers.agree(what + " raw", got.raw, expected.raw, tolerance());
                Numbers.agree(what + " theta", got.theta, expected.theta, tolerance());
                for (int i = 0; i < got.slots.names().size(); i++) {
                    Numbers.agree(
                            what + " " + got.slots.names().get(i),
                            got.slots.get(i),
                            expected.slots.get(i),
                            tolerance());
                }
            }
        }
    }

    private record Trained(Vec raw, Vec theta, Slots slots) {}

    private static Trained train(Kernels k, Memory m, ElementwiseOptimizer rule, Masking masking, int n) {
        Vec raw = Numbers.vec(m, Numbers.wave(n, 0.3, 1.7));
        Vec weights = Numbers.vec(m, Numbers.wave(n, 0.1, 0.9));
        Mask mask =
                switch (masking) {
                    case NONE -> null;
                    case THRESHOLD -> new Mask.Threshold(weights);
                    case TOP_K -> new Mask.TopK(weights, List.of(Mask.Budget.keeping(0, n, 0.3)));
                };
        Vec theta = mask == null ? raw : m.vec(n);
        Slots slots = rule.slots(m, n);
        for (int step = 0; step < 4; step++) {
            if (mask != null) {
                mask.forward(k, raw, theta);
            }
            Vec gradient = Numbers.vec(m, Numbers.wave(n, 1, 0.5 + step));
            slots.advance();
            Update update = new Update(rule, 1e-3, slots, raw, theta, mask);
            int half = n / 2;
            k.update(update, gradient, 0, half);
            k.update(update, gradient.slice(half, n - half), half, n - half);
            if (mask instanceof Mask.TopK) {
                mask.forward(k, raw, theta);
            }
        }
        return new Trained(raw, theta, slots);
    }

    @Test
    void a_threshold_keeps_zero_and_minus_zero() {
        Vec theta = memory.vec(6);
        kernels.threshold(
                Numbers.vec(memory, 5, 5, 5, -5, 5, -5),
                Numbers.vec(memory, 0f, -0f, -Float.MIN_VALUE, Float.MIN_VALUE, -3e38f, 3e38f),
                theta);
        assertThat(plain(theta)).containsExactly(5, 5, 0, -5, 0, -5);
    }

    @Test
    void top_k_keeps_the_largest_sizes_and_drops_the_lower_index_among_equals() {
        float[] scores = Numbers.wave(4099, 1, 0.61);
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.round(scores[i] * 8) / 8f; // many ties
        }
        for (int shards : shardCounts()) {
            use(shards);
            for (int dropped : new int[] {0, 1, 17, 2000, 4098, 4099}) {
                Vec got = topK(kernels, memory, scores, dropped);
                Vec expected = topK(oracle, exact, scores, dropped);
                assertThat(got.toDoubles()).as("dropped " + dropped).containsExactly(expected.toDoubles());
                assertThat(Arrays.stream(got.toDoubles()).filter(v -> v == 0).count())
                        .isEqualTo(dropped);
            }
        }
    }

    private static Vec topK(Kernels k, Memory m, float[] scores, int dropped) {
        float[] ones = new float[scores.length];
        Arrays.fill(ones, 1);
        Vec theta = m.vec(scores.length);
        k.topK(Numbers.vec(m, ones), Numbers.vec(m, scores), dropped, theta);
        return theta;
    }

    /** Five equal scores, three dropped: indices 0, 1 and 2 go. */
    @Test
    void equal_scores_are_dropped_from_the_front() {
        assertThat(topK(kernels, memory, new float[] {2, -2, 2, -2, 2}, 3).toDoubles())
                .containsExactly(0, 0, 0, 1, 1);
    }

    @Test
    void a_mask_takes_the_gradient_to_its_scores_with_or_without_their_sign() {
        Vec weights = Numbers.vec(memory, 2, -3, 4, 5);
        Vec scores = Numbers.vec(memory, 0.5f, -0.5f, 0f, -0f);
        Vec gradient = Numbers.vec(memory, 1, 10, 100, 1000);
        Vec scoreGradient = memory.vec(4);
        kernels.maskGradient(weights, scores, false, gradient, scoreGradient);
        assertThat(plain(scoreGradient)).containsExactly(2, -30, 400, 5000);
        kernels.maskGradient(weights, scores, true, gradient, gradient);
        assertThat(plain(gradient)).containsExactly(2, 30, 0, 0);
    }

    /** The numbers with −0 as 0. */
    private static double[] plain(Vec vec) {
        return Arrays.stream(vec.toDoubles()).map(v -> v + 0.0).toArray();
    }

    // ---------------------------------------------------------------- vectors

    @Test
    void vectors_are_scaled_added_and_multiplied() {
        Vec x = Numbers.vec(memory, Numbers.wave(5003, 1, 0.7));
        Vec y = Numbers.vec(memory, Numbers.wave(5003, 1, 0.3));
        Vec ex = Numbers.vec(exact, Numbers.wave(5003, 1, 0.7));
        Vec ey = Numbers.vec(exact, Numbers.wave(5003, 1, 0.3));
        assertThat(kernels.dot(x, y))
                .isCloseTo(oracle.dot(ex, ey), org.assertj.core.api.Assertions.within(1e-9 * 5003));
        kernels.axpby(0.995, x, 0.005, y);
        oracle.axpby(0.995, ex, 0.005, ey);
        Numbers.agree("axpby", y, ey, tolerance());
        y.set(0, Double.NaN);
        kernels.axpby(1, x, 0, y);
        assertThat(y.toDoubles()).as("β = 0 overwrites whatever was there").containsExactly(x.toDoubles());
    }

    @Test
    void rows_are_gathered_with_columns_permuted() {
        float[] table = Numbers.wave(6 * 4, 1, 0.7);
        Mat into = memory.mat(3, 4);
        kernels.gather(table, 4, new int[] {5, 0, 5}, new int[] {3, 1, 0, 2}, into);
        assertThat(into.get(0, 0)).isEqualTo(table[5 * 4 + 3]);
        assertThat(into.get(1, 2)).isEqualTo(table[0]);
        assertThat(into.get(2, 3)).isEqualTo(table[5 * 4 + 2]);
        kernels.gather(table, 4, new int[] {2}, null, into.rows(1, 1));
        assertThat(into.get(1, 3)).isEqualTo(table[2 * 4 + 3]);
        assertThat(into.get(2, 3)).isEqualTo(table[5 * 4 + 2]);
        assertThatThrownBy(() -> kernels.gather(table, 4, new int[] {6}, null, into.rows(0, 1)))
                .hasMessageContaining("rows[0] is 6");
    }

    // ---------------------------------------------------------------- networks and steps

    private static final DenseSpec NET =
            new DenseSpec(List.of(13, 65, 34, 7), Activation.RELU, Activation.IDENTITY, true);

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 37})
    void a_networks_gradients_agree_with_the_loop(int rows) {
        for (DenseSpec spec : List.of(
                NET,
                new DenseSpec(List.of(13, 7), Activation.TANH, Activation.TANH, true),
                new DenseSpec(List.of(13, 40, 40, 3), Activation.TANH, Activation.SIGMOID, false))) {
            Pass got = pass(kernels, memory, spec, rows);
            Pass expected = pass(oracle, exact, spec, rows);
            Numbers.agree("output", got.out, expected.out, tolerance());
            Numbers.agree("gradient", got.gradient, expected.gradient, tolerance());
            Numbers.agree("input gradient", got.dx, expected.dx, tolerance());
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by part
    private record Pass(double[] out, double[] gradient, double[] dx) {}

    private static Pass pass(Kernels k, Memory m, DenseSpec spec, int rows) {
        DenseNetwork net = new DenseNetwork(k, spec);
        Vec theta = Numbers.vec(m, Numbers.wave(net.layout().size(), 0.3, 1.7));
        Vec gradient = m.vec(theta.size());
        Mat dx = m.mat(rows, net.inputs());
        try (Tape tape = net.tape(40)) {
            Mat out = net.forward(theta, null, Numbers.mat(m, rows, net.inputs(), 1, 0.7), Mode.TRAIN, tape);
            net.backward(
                    theta,
                    tape,
                    Numbers.mat(m, rows, net.outputs(), 1, 0.3),
                    Want.gradient(gradient).andInput(dx));
            double[] flat =
                    Arrays.stream(out.toArray()).flatMapToDouble(Arrays::stream).toArray();
            return new Pass(flat, gradient.toDoubles(), dx.data().toDoubles());
        }
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void fused_and_stored_gradients_give_the_same_bits(ElementwiseOptimizer rule) {
        for (int shards : shardCounts()) {
            use(shards);
            for (Masking masking : Masking.values()) {
                List<double[]> fused = trainNetwork(rule, masking, List.of(), 5);
                StepHook sees = new StepHook() {
                    @Override
                    public Set<Need> needs() {
                        return Set.of(Need.GRADIENT, Need.PER_EXAMPLE_LOSS, Need.PARAMETERS_BEFORE);
                    }
                };
                List<double[]> stored = trainNetwork(rule, masking, List.of(sees), 5);
                for (int i = 0; i < fused.size(); i++) {
                    assertThat(stored.get(i))
                            .as(rule + " " + masking + " part " + i)
                            .containsExactly(fused.get(i));
                }
            }
        }
    }

    @Test
    void training_bits_do_not_depend_on_what_else_the_machine_does() throws InterruptedException {
        List<double[]> quiet = trainNetwork(Sgd.withMomentum(0.9), Masking.THRESHOLD, List.of(), 20);
        Thread[] noise = new Thread[4];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = new Thread(() -> {
                double x = 1;
                while (!Thread.currentThread().isInterrupted()) {
                    x = Math.sin(x) + 1;
                }
                assertThat(x).isFinite();
            });
            noise[i].start();
        }
        try {
            for (int repeat = 0; repeat < 5; repeat++) {
                List<double[]> busy = trainNetwork(Sgd.withMomentum(0.9), Masking.THRESHOLD, List.of(), 20);
                for (int i = 0; i < quiet.size(); i++) {
                    assertThat(busy.get(i))
                            .as("repeat " + repeat + " part " + i)
                            .containsExactly(quiet.get(i));
                }
            }
        } finally {
            for (Thread thread : noise) {
                thread.interrupt();
                thread.join();
            }
        }
    }

    /** Losses, then θ, then the trained numbers, then the slots, after steps on batches of 37, the last one of 5. */
    private List<double[]> trainNetwork(ElementwiseOptimizer rule, Masking masking, List<StepHook> hooks, int steps) {
        DenseNetwork net = new DenseNetwork(kernels, NET);
        Layout layout = net.layout();
        int n = layout.size();
        try (Memory own = kernels.memory("net");
                TrainingStep step = new TrainingStep(net, new CrossEntropy(), rule, 37, hooks)) {
            Vec raw = Numbers.vec(own, Numbers.wave(n, 0.3, 1.7));
            Slots slots = rule.slots(own, n);
            Vec weights = Numbers.vec(own, Numbers.wave(n, 0.4, 0.9));
            Trainable trained =
                    switch (masking) {
                        case NONE -> Trainable.parameters(raw, slots);
                        case THRESHOLD -> Trainable.behind(new Mask.Threshold(weights), raw, own.vec(n), slots);
                        case TOP_K ->
                            Trainable.behind(
                                    Mask.TopK.uniform(weights, layout.parameters(), 0.4), raw, own.vec(n), slots);
                    };
            double[] losses = new double[steps];
            Mat x = Numbers.mat(own, 37, 13, 1, 0.7);
            int[] labels = new int[37];
            Arrays.setAll(labels, i -> i * 3 % 7);
            for (int s = 0; s < steps; s++) {
                int rows = s == steps - 1 ? 5 : 37;
                losses[s] = step.run(trained, Batch.of(x.rows(0, rows), Targets.labels(labels)), 1e-2);
            }
            List<double[]> parts = new ArrayList<>();
            parts.add(losses);
            parts.add(trained.theta().toDoubles());
            parts.add(trained.raw().toDoubles());
            for (int i = 0; i < slots.names().size(); i++) {
                parts.add(slots.get(i).toDoubles());
            }
            assertThat(Arrays.stream(losses).allMatch(Double::isFinite)).isTrue();
            return parts;
        }
    }

    @Test
    void hooks_see_the_step_before_and_after_its_update() {
        DenseNetwork net = new DenseNetwork(kernels, NET);
        List<String> seen = new ArrayList<>();
        StepHook hook = new StepHook() {
            private double before;

            @Override
            public Set<Need> needs() {
                return Set.of(Need.GRADIENT, Need.PER_EXAMPLE_LOSS);
            }

            @Override
            public void beforeUpdate(Step step) {
                before = step.theta().get(0);
                seen.add("before " + step.index());
                double mean = 0;
                for (int i = 0; i < step.batch().rows(); i++) {
                    mean += step.perExampleLoss().get(i) / step.batch().rows();
                }
                assertThat(mean).isCloseTo(step.loss(), org.assertj.core.api.Assertions.within(1e-5));
                assertThatThrownBy(step::thetaBefore).hasMessageContaining("PARAMETERS_BEFORE");
            }

            @Override
            public void afterUpdate(Step step) {
                seen.add("after " + step.index());
                double moved = step.theta().get(0) - before;
                assertThat(moved)
                        .isCloseTo(
                                -0.1 * step.gradient().get(0),
                                org.assertj.core.api.Assertions.within(1e-5 * Math.abs(before)));
            }
        };
        try (TrainingStep step = new TrainingStep(net, new CrossEntropy(), Sgd.plain(), 4, List.of(hook))) {
            Vec theta = Numbers.vec(memory, Numbers.wave(net.layout().size(), 0.3, 1.7));
            Trainable trained = Trainable.parameters(theta, Sgd.plain().slots(memory, theta.size()));
            Mat x = Numbers.mat(memory, 4, 13, 1, 0.7);
            step.run(trained, Batch.of(x, Targets.labels(1, 2, 3, 4)), 0.1);
            step.run(trained, Batch.of(x, Targets.labels(1, 2, 3, 4)), 0.1);
        }
        assertThat(seen).containsExactly("before 0", "after 0", "before 1", "after 1");
    }

    /** A frozen network gives the input gradient alone; the tape keeps inputs and deltas for instruments. */
    @Test
    void tapes_keep_inputs_and_deltas() {
        DenseNetwork net = new DenseNetwork(kernels, NET);
        Vec theta = Numbers.vec(memory, Numbers.wave(net.layout().size(), 0.3, 1.7));
        Mat x = Numbers.mat(memory, 3, 13, 1, 0.7);
        Mat dOut = Numbers.mat(memory, 3, 7, 1, 0.3);
        Mat dx = memory.mat(3, 13);
        Vec gradient = memory.vec(theta.size());
        Tape tape = net.tape(8);
        assertThatThrownBy(tape::output).isInstanceOf(IllegalStateException.class);
        net.forward(theta, null, x, Mode.TRAIN, tape);
        assertThatThrownBy(() -> tape.delta(0)).hasMessageContaining("backward");
        net.backward(theta, tape, dOut, Want.input(dx));
        net.backward(theta, tape, dOut, Want.gradient(gradient));
        Segment first = net.layout().weights().get(0);
        Vec again = memory.vec(first.size());
        kernels.backwardWeights(tape.delta(0), tape.input(0), Mat.of(again, first.out(), first.in()), null, false);
        assertThat(again.toDoubles()).containsExactly(first.slice(gradient).toDoubles());
        tape.close();
        tape.close();
        assertThatThrownBy(tape::output).isInstanceOf(IllegalStateException.class);
    }

    // ---------------------------------------------------------------- memory

    @Test
    void closed_memory_refuses_to_be_used_and_closes_only_once() {
        Memory scope = kernels.memory("short-lived");
        Vec vec = scope.vec(10);
        Vec slice = vec.slice(2, 3);
        scope.close();
        scope.close();
        assertThat(scope.closed()).isTrue();
        assertThatThrownBy(() -> vec.get(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("short-lived");
        assertThatThrownBy(() -> slice.set(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> scope.vec(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> kernels.axpby(1, vec, 1, vec)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void vectors_are_bounded_and_slices_share_their_numbers() {
        Vec vec = memory.vec(10);
        vec.slice(4, 3).set(1, 2.5);
        assertThat(vec.get(5)).isEqualTo(2.5);
        assertThatThrownBy(() -> vec.get(10)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> vec.slice(8, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> vec.slice(4, 3).get(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(memory.vec(3).toDoubles()).containsExactly(0, 0, 0);
    }
}
