package io.palimpsest.supsup.method.winning;

import static io.palimpsest.supsup.method.MethodRuns.config;
import static io.palimpsest.supsup.method.MethodRuns.lesson;
import static io.palimpsest.supsup.method.MethodRuns.tasks;
import static io.palimpsest.supsup.method.MethodRuns.teach;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.mask.PackedMask;
import io.palimpsest.supsup.method.MethodRuns;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.training.checkpoint.Checkpoint;
import io.palimpsest.training.tensor.Precision;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WinningSubnetworksTest {
    private static final SupsupConfig CONFIG =
            config("{\"scenario\": \"GG\", \"tasks\": 3, \"epochs\": 2, \"batchSize\": 16,"
                    + " \"hidden\": [24, 17], \"outputs\": 13, \"optimizer\": {\"type\": \"adam\", \"learningRate\": 0.003},"
                    + " \"method\": {\"type\": \"winning-subnetworks\", \"density\": 0.3}}");
    private static final int TRUNK = 20 * 24 + 24 * 17;
    private static final int HEAD = 17 * 13;

    private static double[] weights(WinningSubnetworks method, Precision precision) throws IOException {
        var builder = Checkpoint.builder("test", 1, "none", 0);
        method.save(builder);
        var saved = builder.build();
        if (precision == Precision.DOUBLE) {
            return saved.doubles("weights");
        }
        float[] floats = saved.floats("weights");
        var doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    private static PackedMask mask(WinningSubnetworks method, int task) throws IOException {
        var builder = Checkpoint.builder("test", 1, "none", 0);
        method.save(builder);
        return PackedMask.ofWords(TRUNK, builder.build().longs("mask/" + task));
    }

    /** Equation 4: what the first mask keeps stands still to the bit while the second task trains, what is free moves. */
    @ParameterizedTest
    @EnumSource
    void weights_of_earlier_masks_never_move(OnKernels on) throws IOException {
        var tasks = tasks(9);
        try (var kernels = on.open();
                var method = (WinningSubnetworks) Methods.of(CONFIG, tasks, kernels, 9)) {
            teach(method, lesson(CONFIG, tasks, 0), CONFIG, kernels);
            double[] before = weights(method, kernels.precision());
            PackedMask first = mask(method, 0);
            teach(method, lesson(CONFIG, tasks, 1), CONFIG, kernels);
            double[] after = weights(method, kernels.precision());
            PackedMask second = mask(method, 1);
            int moved = 0;
            for (int i = 0; i < TRUNK; i++) {
                if (first.keeps(i)) {
                    assertThat(after[i]).as("weight %d", i).isEqualTo(before[i]);
                } else if (after[i] != before[i]) {
                    moved++;
                }
            }
            assertThat(moved).isPositive();
            // 144 of 480 and 123 of 408, N − int(0.7·N): int(336.0) = 336 and int(285.6) = 285
            assertThat(first.kept()).isEqualTo(144 + 123);
            assertThat(second.kept()).isEqualTo(144 + 123);
            int both = 0;
            for (int i = 0; i < TRUNK; i++) {
                both += first.keeps(i) && second.keeps(i) ? 1 : 0;
            }
            assertThat(method.used()).isEqualTo(2 * 267 - both);
            double expected = 111 + 4.0 * HEAD + 4.0 * method.used() / 2; // 888 bits = 111 bytes
            assertThat(method.bytesPerTask()).isEqualTo(expected);
        }
    }

    /**
     * One step of SGD at rate 1 moves weights by −∂L/∂θ ⊙ m and scores by −∂L/∂θ ⊙ θ ⊙ sign(s), where ∂L/∂θ is the gradient at the masked weights:
     * found from the outside by the difference that a step makes, and by differences of the loss.
     */
    @Test
    void a_step_moves_what_the_equations_say() throws IOException {
        var sgd = config("{\"scenario\": \"GG\", \"tasks\": 1, \"batchSize\": 16, \"hidden\": [6], \"outputs\": 10,"
                + " \"optimizer\": {\"type\": \"sgd\", \"learningRate\": 1},"
                + " \"method\": {\"type\": \"winning-subnetworks\", \"density\": 0.5, \"heads\": \"shared\"}}");
        var tasks = tasks(3);
        var lesson = lesson(sgd, tasks, 0);
        try (var kernels = OnKernels.REFERENCE.open();
                var memory = kernels.memory("batch");
                var method = (WinningSubnetworks) Methods.of(sgd, tasks, kernels, 3)) {
            method.begin(lesson);
            var builder = Checkpoint.builder("test", 1, "none", 0);
            method.save(builder);
            var before = builder.build();
            double[] w = before.doubles("weights").clone();
            double[] s = before.doubles("scores").clone();
            var images = memory.mat(16, MethodRuns.PIXELS);
            var batch = lesson.batch(kernels, 0, lesson.order(0), images, new int[16]);
            method.step(lesson, 0, batch);
            var builderAfter = Checkpoint.builder("test", 1, "none", 0);
            method.save(builderAfter);
            var after = builderAfter.build();
            double[] dw = after.doubles("weights");
            double[] ds = after.doubles("scores");
            var slow = new SlowWsn(w, s, batch, 6, 10);
            for (int i = 0; i < w.length; i++) {
                double gamma = slow.gradient(i);
                assertThat(w[i] - dw[i])
                        .as("weight %d", i)
                        .isCloseTo(slow.keeps(i) ? gamma : 0, org.assertj.core.api.Assertions.within(1e-6));
                assertThat(s[i] - ds[i])
                        .as("score %d", i)
                        .isCloseTo(gamma * w[i] * Math.signum(s[i]), org.assertj.core.api.Assertions.within(1e-6));
            }
        }
    }
}
