package io.palimpsest.training.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.kernel.KernelsProvider;
import io.palimpsest.training.kernel.Nonlinearity;
import io.palimpsest.training.kernel.Numbers;
import io.palimpsest.training.loss.CrossEntropy;
import io.palimpsest.training.loss.Entropy;
import io.palimpsest.training.loss.Loss;
import io.palimpsest.training.loss.Targets;
import io.palimpsest.training.network.BatchNormSpec.Statistics;
import io.palimpsest.training.optim.Sgd;
import io.palimpsest.training.optim.Slots;
import io.palimpsest.training.optim.Update;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import io.palimpsest.training.tensor.Vec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dense net with batch normalisation, in double against central differences, in float against double. */
final class BatchNormDenseNetworkTest {
    private static final double STEP = 1e-6;
    private static final int ROWS = 6;
    private static final List<Integer> WIDTHS = List.of(5, 7, 4, 3);
    private static final int HIDDEN = 7 + 4;

    private static Vec theta(Memory memory, BatchNormDenseNetwork net) {
        Vec theta = Numbers.vec(memory, Numbers.wave(net.layout().size(), 0.8, 1.7));
        Vec gains = net.gains(theta);
        gains.fill(1);
        gains.set(1, 0); // masked off: its gain has a gradient all the same
        gains.set(9, 0);
        return theta;
    }

    @ParameterizedTest
    @EnumSource
    void gradients_are_those_of_the_loss(Statistics statistics) {
        try (Kernels kernels = KernelsProvider.open("reference", 1);
                Memory memory = kernels.memory("differences")) {
            for (Nonlinearity nonlinearity : List.of(Nonlinearity.SWISH, Nonlinearity.IDENTITY)) {
                var net = new BatchNormDenseNetwork(
                        kernels, new BatchNormSpec(WIDTHS, nonlinearity, statistics, 1e-3, 0.1));
                check(net, memory, new CrossEntropy(), Targets.labels(2, 0, 1, 1, 0, 2), Mode.TRAIN);
                check(net, memory, new Entropy(), Targets.none(), Mode.EVALUATE);
            }
        }
    }

    private static void check(BatchNormDenseNetwork net, Memory memory, Loss loss, Targets y, Mode mode) {
        Kernels kernels = net.kernels();
        Vec theta = theta(memory, net);
        @Nullable Vec state = null;
        if (net.layout().stateSize() > 0) {
            state = memory.vec(net.layout().stateSize());
            state.write(Numbers.wave(state.size(), 0.3, 0.4));
            for (int l = 0; l < 2; l++) {
                var variance = net.layout().state().get(2 * l + 1);
                for (int i = 0; i < variance.out(); i++) {
                    state.set(variance.offset() + i, 0.5 + 0.1 * i);
                }
            }
        }
        Mat x = Numbers.mat(memory, ROWS, 5, 1, 0.7);
        Mat dOut = memory.mat(ROWS, 3);
        Vec gradient = memory.vec(theta.size());
        Vec dGains = memory.vec(HIDDEN);
        Mat dx = memory.mat(ROWS, 5);
        try (Tape tape = net.tape(ROWS + 1)) {
            loss.evaluate(kernels, net.forward(theta, state, x, mode, tape), y, null, null, dOut);
            net.backward(theta, tape, dOut, Want.gradient(gradient).andInput(dx));
            loss.evaluate(kernels, net.forward(theta, state, x, mode, tape), y, null, null, dOut);
            net.backwardGains(theta, tape, dOut, dGains);
            assertThat(dGains.toDoubles()).isEqualTo(net.gains(gradient).toDoubles());
            assertThat(dGains.get(1)).isNotZero();
            assertThat(dGains.get(9)).isNotZero();
            for (int i = 0; i < theta.size(); i++) {
                assertThat(gradient.get(i))
                        .as("%s %s %s θ[%d]", loss, mode, net.spec(), i)
                        .isCloseTo(difference(net, loss, y, mode, theta, state, x, tape, theta, i), within(1e-7));
            }
            for (int i = 0; i < ROWS * 5; i++) {
                assertThat(dx.data().get(i))
                        .as("%s %s %s x[%d]", loss, mode, net.spec(), i)
                        .isCloseTo(difference(net, loss, y, mode, theta, state, x, tape, x.data(), i), within(1e-7));
            }
        }
    }

    private static double difference(
            BatchNormDenseNetwork net,
            Loss loss,
            Targets y,
            Mode mode,
            Vec theta,
            @Nullable Vec state,
            Mat x,
            Tape tape,
            Vec moved,
            int i) {
        double at = moved.get(i);
        moved.set(i, at + STEP);
        double above = loss.evaluate(net.kernels(), net.forward(theta, state, x, mode, tape), y, null, null, null);
        moved.set(i, at - STEP);
        double below = loss.evaluate(net.kernels(), net.forward(theta, state, x, mode, tape), y, null, null, null);
        moved.set(i, at);
        return (above - below) / (2 * STEP);
    }

    /** The mask comes after the normalisation: a unit masked off is exactly 0, and changes nothing about the others. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "nd4j"})
    void a_mask_is_applied_after_the_normalisation(String provider) {
        try (Kernels kernels = KernelsProvider.open(provider, 2);
                Memory memory = kernels.memory("mask")) {
            var net = new BatchNormDenseNetwork(kernels, BatchNormSpec.swish(WIDTHS));
            Vec theta = Numbers.vec(memory, Numbers.wave(net.layout().size(), 0.8, 1.7));
            net.gains(theta).fill(1);
            Mat x = Numbers.mat(memory, ROWS, 5, 1, 0.7);
            try (Tape tape = net.tape(ROWS)) {
                net.forward(theta, null, x, Mode.EVALUATE, tape);
                double[][] open = tape.input(1).toArray();
                net.gains(theta).set(3, 0);
                net.forward(theta, null, x, Mode.EVALUATE, tape);
                double[][] masked = tape.input(1).toArray();
                for (int r = 0; r < ROWS; r++) {
                    assertThat(open[r][3]).isNotZero();
                    assertThat(masked[r][3]).isZero();
                    masked[r][3] = open[r][3];
                }
                assertThat(masked).isDeepEqualTo(open);
            }
        }
    }

    /** Scaling the frozen weights of a hidden layer changes nothing: the batch's own statistics normalise, in evaluation too. */
    @Test
    void batch_statistics_normalise_in_training_and_in_evaluation() {
        try (Kernels kernels = KernelsProvider.open("reference", 1);
                Memory memory = kernels.memory("scale")) {
            var net = new BatchNormDenseNetwork(
                    kernels, new BatchNormSpec(WIDTHS, Nonlinearity.SWISH, Statistics.BATCH, 1e-14, 0.1));
            assertThat(net.layout().stateSize()).isZero();
            Vec theta = theta(memory, net);
            Mat x = Numbers.mat(memory, ROWS, 5, 1, 0.7);
            try (Tape tape = net.tape(ROWS)) {
                double[][] training =
                        net.forward(theta, null, x, Mode.TRAIN, tape).toArray();
                double[][] evaluated =
                        net.forward(theta, null, x, Mode.EVALUATE, tape).toArray();
                assertThat(evaluated).isDeepEqualTo(training);
                kernels.axpby(3, theta.slice(0, 35), 0, theta.slice(0, 35));
                double[][] scaled =
                        net.forward(theta, null, x, Mode.EVALUATE, tape).toArray();
                for (int r = 0; r < ROWS; r++) {
                    assertThat(scaled[r]).containsExactly(training[r], within(1e-9));
                }
                double[][] alone = net.forward(theta, null, x.rows(0, 3), Mode.EVALUATE, tape)
                        .toArray();
                assertThat(alone[0]).isNotEqualTo(training[0]); // other rows, other statistics
            }
        }
    }

    /** Running statistics as PyTorch keeps them: one batch of mean m and unbiased variance v gives 0.1·m and 0.9 + 0.1·v. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "nd4j"})
    void running_statistics_are_those_of_pytorch(String provider) {
        try (Kernels kernels = KernelsProvider.open(provider, 2);
                Memory memory = kernels.memory("running")) {
            var net = new BatchNormDenseNetwork(
                    kernels, BatchNormSpec.swish(List.of(1, 1, 2)).with(Statistics.RUNNING));
            Vec theta = memory.vec(net.layout().size());
            theta.fill(1);
            Vec state = memory.vec(net.layout().stateSize());
            net.begin(state);
            Mat x = Mat.of(Numbers.vec(memory, 1, 2, 6), 3, 1); // mean 3, unbiased variance 7
            try (Tape tape = net.tape(3)) {
                net.forward(theta, state, x, Mode.TRAIN, tape);
                assertThat(state.toDoubles()).containsExactly(new double[] {0.3, 0.9 + 0.7}, within(1e-6));
                double[] before = state.toDoubles();
                Mat out = net.forward(theta, state, x.rows(2, 1), Mode.EVALUATE, tape);
                assertThat(state.toDoubles()).isEqualTo(before);
                double z = (6 - 0.3) / Math.sqrt(1.6 + 1e-5);
                assertThat(out.get(0, 1)).isCloseTo(z / (1 + Math.exp(-z)), within(1e-5));
                assertThatThrownBy(() -> net.forward(theta, state, x.rows(0, 1), Mode.TRAIN, tape))
                        .hasMessageContaining("at least 2");
                assertThatThrownBy(() -> net.forward(theta, null, x, Mode.EVALUATE, tape))
                        .hasMessageContaining("remembers 2");
                double[][] ofBatch =
                        net.forward(theta, null, x, Mode.TRAIN, tape).toArray();
                assertThat(net.forward(theta, state, x, Mode.TRAIN, tape).toArray())
                        .isDeepEqualTo(ofBatch);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "nd4j"})
    void float_kernels_agree_with_double(String provider) {
        double[][] expected = pass("reference");
        double[][] got = pass(provider);
        for (int i = 0; i < got.length; i++) {
            Numbers.agree("result " + i + " of " + provider, got[i], expected[i], 1e-5);
        }
    }

    private static double[][] pass(String provider) {
        try (Kernels kernels = KernelsProvider.open(provider, 2);
                Memory memory = kernels.memory("agreement")) {
            var net = new BatchNormDenseNetwork(kernels, BatchNormSpec.swish(List.of(20, 130, 90, 10)));
            Vec theta = Numbers.vec(memory, chirp(net.layout().size(), 0.0137));
            Vec gains = net.gains(theta);
            for (int i = 0; i < gains.size(); i++) {
                gains.set(i, i % 3 == 0 ? 0 : 1);
            }
            Mat x = Mat.of(Numbers.vec(memory, chirp(37 * 20, 0.01)), 37, 20);
            Mat dOut = Numbers.mat(memory, 37, 10, 0.2, 0.3);
            Vec gradient = memory.vec(theta.size());
            Vec dGains = memory.vec(net.units());
            try (Tape tape = net.tape(40)) {
                double[] out = flat(net.forward(theta, null, x, Mode.TRAIN, tape));
                net.backward(theta, tape, dOut, Want.gradient(gradient));
                double[] delta = flat(tape.delta(0));
                net.forward(theta, null, x, Mode.TRAIN, tape);
                net.backwardGains(theta, tape, dOut, dGains);
                assertThat(dGains.toDoubles()).isEqualTo(net.gains(gradient).toDoubles());
                return new double[][] {
                    out,
                    net.gains(gradient).toDoubles(),
                    gradient.slice(0, 2600).toDoubles(),
                    delta
                };
            }
        }
    }

    /** Of full rank as a matrix, unlike a sine wave: nothing cancels. */
    private static float[] chirp(int n, double b) {
        float[] values = new float[n];
        for (int k = 0; k < n; k++) {
            values[k] = (float) Math.sin(b * (k + 1) * (k + 1));
        }
        return values;
    }

    private static double[] flat(Mat m) {
        return java.util.Arrays.stream(m.toArray())
                .flatMapToDouble(java.util.Arrays::stream)
                .toArray();
    }

    /** Fused into the backward pass or after it: the same bits. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "nd4j"})
    void an_update_fused_or_afterwards_gives_the_same_bits(String provider) {
        try (Kernels kernels = KernelsProvider.open(provider, 2);
                Memory memory = kernels.memory("update")) {
            var net = new BatchNormDenseNetwork(kernels, BatchNormSpec.swish(List.of(20, 33, 17, 10)));
            var rule = new Sgd(0.9, 0, 1e-4, false);
            Mat x = Numbers.mat(memory, 37, 20, 1, 0.7);
            Mat dOut = Numbers.mat(memory, 37, 10, 0.2, 0.3);
            double[][] after = new double[2][];
            for (int fused = 0; fused < 2; fused++) {
                Vec theta = Numbers.vec(memory, Numbers.wave(net.layout().size(), 0.8, 1.7));
                Slots slots = rule.slots(memory, theta.size());
                try (Tape tape = net.tape(37)) {
                    for (int step = 0; step < 3; step++) {
                        net.forward(theta, null, x, Mode.TRAIN, tape);
                        slots.advance();
                        var update = Update.of(rule, 0.1, slots, theta);
                        if (fused == 1) {
                            net.backward(theta, tape, dOut, Want.update(update));
                        } else {
                            Vec gradient = memory.vec(theta.size());
                            net.backward(theta, tape, dOut, Want.gradient(gradient));
                            kernels.update(update, gradient, 0, theta.size());
                        }
                    }
                }
                after[fused] = theta.toDoubles();
            }
            assertThat(after[1]).isEqualTo(after[0]);
        }
    }

    @Test
    void specs_that_cannot_be_are_refused() {
        assertThatThrownBy(() -> BatchNormSpec.swish(List.of(5, 3))).hasMessageContaining("at least one hidden width");
        assertThatThrownBy(() -> new BatchNormSpec(WIDTHS, Nonlinearity.SWISH, Statistics.BATCH, Double.NaN, 0.1))
                .hasMessageContaining("epsilon must be finite and > 0, got NaN");
        assertThatThrownBy(() -> new BatchNormSpec(WIDTHS, Nonlinearity.SWISH, Statistics.BATCH, 1e-5, 0))
                .hasMessageContaining("momentum must be in (0, 1], got 0.0");
    }
}
