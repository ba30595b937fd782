package io.palimpsest.supsup.method.ensemble;

import static io.palimpsest.supsup.method.MethodRuns.config;
import static io.palimpsest.supsup.method.MethodRuns.lesson;
import static io.palimpsest.supsup.method.MethodRuns.tasks;
import static io.palimpsest.supsup.method.MethodRuns.teach;
import static io.palimpsest.supsup.method.MethodRuns.trained;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.method.Method;
import io.palimpsest.training.checkpoint.Checkpoint;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchEnsembleTest {
    private static final int SCALES = 20 + 24 + 24 + 17 + 17 + 13;
    private static final int WEIGHTS = 20 * 24 + 24 * 17 + 17 * 13;

    private static String small(boolean random) {
        return "{\"scenario\": \"GG\", \"tasks\": 3, \"epochs\": 2, \"batchSize\": 16, \"hidden\": [24, 17], \"outputs\": 13,"
                + " \"optimizer\": {\"type\": \"adam\", \"learningRate\": 0.01, \"weightDecay\": 1e-4},"
                + " \"method\": {\"type\": \"batch-ensemble\", \"randomWeights\": " + random + "}}";
    }

    private static double[] weights(Method method) throws IOException {
        var builder = Checkpoint.builder("test", 1, "none", 0);
        method.save(builder);
        return builder.build().doubles("weights").clone();
    }

    /** The first task moves W, decay and all; no later one does. */
    @Test
    void the_first_task_trains_the_weights_and_no_other_does() throws IOException {
        var config = config(small(false));
        var tasks = tasks(2);
        try (var kernels = OnKernels.REFERENCE.open();
                var method = Methods.of(config, tasks, kernels, 2)) {
            double[] drawn = weights(method);
            teach(method, lesson(config, tasks, 0), config, kernels);
            double[] first = weights(method);
            assertThat(first).isNotEqualTo(drawn);
            assertThat(method.bytesPerTask()).isEqualTo(4.0 * SCALES + 4.0 * WEIGHTS);
            teach(method, lesson(config, tasks, 1), config, kernels);
            assertThat(weights(method)).isEqualTo(first);
            assertThat(method.bytesPerTask()).isEqualTo(4.0 * SCALES + 4.0 * WEIGHTS / 2);
        }
    }

    @Test
    void random_weights_stay_as_they_were_drawn_and_cost_nothing() throws IOException {
        var config = config(small(true));
        var tasks = tasks(2);
        try (var kernels = OnKernels.REFERENCE.open();
                var method = Methods.of(config, tasks, kernels, 2)) {
            double[] drawn = weights(method);
            teach(method, lesson(config, tasks, 0), config, kernels);
            assertThat(weights(method)).isEqualTo(drawn);
            assertThat(method.bytesPerTask()).isEqualTo(4.0 * SCALES);
        }
    }

    /**
     * By running each member: lowest entropy, or least lacking to certainty. Chance: 5 of 15. Over random weights: a first task that trains them
     * too grows surer of everything than the others.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"method\": {\"type\": \"brute-force\"}, \"images\": 16}",
                "{\"method\": {\"type\": \"brute-force\"}, \"objective\": \"max-softmax\", \"images\": 16}"
            })
    void members_tell_their_tasks(String inference) throws IOException {
        var config = config(
                "{\"scenario\": \"GNu\", \"tasks\": 3, \"epochs\": 10, \"batchSize\": 16, \"hidden\": [48, 32], \"outputs\": 40,"
                        + " \"optimizer\": {\"type\": \"adam\", \"learningRate\": 0.01}, \"inference\": " + inference
                        + ", \"method\": {\"type\": \"batch-ensemble\", \"randomWeights\": true}}");
        var run = trained(OnKernels.CPU, config, 4);
        assertThat(run.point("inference/trials", 3)).isEqualTo(15);
        assertThat(run.point("inference/hits", 3)).isGreaterThan(10);
    }
}
