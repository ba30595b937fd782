package io.palimpsest.supsup.method.exclusive;

import static io.palimpsest.supsup.method.MethodRuns.config;
import static io.palimpsest.supsup.method.MethodRuns.lesson;
import static io.palimpsest.supsup.method.MethodRuns.tasks;
import static io.palimpsest.supsup.method.MethodRuns.teach;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.mask.PackedMask;
import io.palimpsest.supsup.method.Method;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.training.checkpoint.Checkpoint;
import io.palimpsest.training.tensor.Precision;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExclusiveSubnetworksTest {
    private static final int WEIGHTS = 20 * 24 + 24 * 17 + 17 * 13;

    private static SupsupConfig shared(double maskShare) {
        return config(
                "{\"scenario\": \"GG\", \"tasks\": 3, \"epochs\": 2, \"batchSize\": 16, \"hidden\": [24, 17], \"outputs\": 13,"
                        + " \"mask\": {\"type\": \"top-k\", \"density\": 0.3}, \"optimizer\": {\"type\": \"adam\", \"learningRate\": 0.01},"
                        + " \"method\": {\"type\": \"exclusive-subnetworks\", \"maskShare\": " + maskShare
                        + ", \"start\": {\"type\": \"fresh\"}}}");
    }

    private static Checkpoint saved(Method method) throws IOException {
        var builder = Checkpoint.builder("test", 1, "none", 0);
        method.save(builder);
        return builder.build();
    }

    private static double[] weights(Method method, Precision precision) throws IOException {
        if (precision == Precision.DOUBLE) {
            return saved(method).doubles("weights").clone();
        }
        float[] floats = saved(method).floats("weights");
        return IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
    }

    private static PackedMask mask(Method method, int task) throws IOException {
        return PackedMask.ofWords(WEIGHTS, saved(method).longs("mask/" + task));
    }

    /** A task moves the weights that its mask keeps and no earlier one's does, each other one not by a bit. */
    @ParameterizedTest
    @EnumSource
    void only_weights_that_are_a_tasks_own_move(OnKernels on) throws IOException {
        var config = shared(0.5);
        var tasks = tasks(9);
        try (var kernels = on.open();
                var method = Methods.of(config, tasks, kernels, 9)) {
            double[] before = weights(method, kernels.precision());
            var earlier = new boolean[WEIGHTS];
            for (int task = 0; task < 3; task++) {
                teach(method, lesson(config, tasks, task), config, kernels);
                double[] after = weights(method, kernels.precision());
                PackedMask mask = mask(method, task);
                int moved = 0;
                int own = 0;
                for (int i = 0; i < WEIGHTS; i++) {
                    if (mask.keeps(i) && !earlier[i]) {
                        own++;
                        moved += after[i] != before[i] ? 1 : 0;
                    } else {
                        assertThat(after[i]).as("weight %d in task %d", i, task).isEqualTo(before[i]);
                    }
                    earlier[i] |= mask.keeps(i);
                }
                assertThat(own).isPositive();
                assertThat(moved).isGreaterThan(own / 2); // those behind units that never fire stay
                before = after;
            }
        }
    }

    /** With all steps for the mask, nothing is left of it but SupSup: the same masks over the same weights. */
    @ParameterizedTest
    @EnumSource
    void with_no_steps_for_weights_it_is_supsup(OnKernels on) throws IOException {
        var config = shared(1);
        var supsup = config(
                "{\"scenario\": \"GG\", \"tasks\": 3, \"epochs\": 2, \"batchSize\": 16, \"hidden\": [24, 17],"
                        + " \"outputs\": 13, \"mask\": {\"type\": \"top-k\", \"density\": 0.3},"
                        + " \"optimizer\": {\"type\": \"adam\", \"learningRate\": 0.01}, \"method\": {\"type\": \"supsup\"}}");
        var tasks = tasks(9);
        try (var kernels = on.open();
                var method = Methods.of(config, tasks, kernels, 9);
                var plain = Methods.of(supsup, tasks, kernels, 9)) {
            for (int task = 0; task < 2; task++) {
                teach(method, lesson(config, tasks, task), config, kernels);
                teach(plain, lesson(supsup, tasks, task), supsup, kernels);
                assertThat(mask(method, task)).isEqualTo(mask(plain, task));
            }
        }
    }
}
