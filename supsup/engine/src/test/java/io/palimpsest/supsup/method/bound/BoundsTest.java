package io.palimpsest.supsup.method.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.Toy;
import io.palimpsest.supsup.method.Method;
import io.palimpsest.supsup.method.Saved;
import io.palimpsest.supsup.method.Teaching;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.training.kernel.Kernels;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BoundsTest {
    private static final String REST = """
            "tasks": 3, "epochs": 4, "batchSize": 16, "hidden": [24, 17], "outputs": 10,
            "optimizer": {"type": "sgd", "learningRate": 0.05, "momentum": 0.9}""";

    /** 20·24 + 24·17 + 17·10 weights, no biases. */
    private static final int TRUNK = 20 * 24 + 24 * 17;

    private static final int HEAD = 17 * 10;

    private static SupsupConfig config(String method) {
        return Toy.config(method, REST);
    }

    private static Method method(SupsupConfig config, Kernels kernels) {
        return Methods.of(config, Toy.tasks(2), kernels, 2);
    }

    /** With one head for all, both bounds train the same network on the same batches: only what is asked of it when differs. */
    @ParameterizedTest
    @EnumSource
    void upper_and_lower_bound_are_one_network_at_different_times(OnKernels on) {
        var upperConfig = config("{\"type\": \"upper-bound\", \"heads\": \"shared\"}");
        var lowerConfig = config("{\"type\": \"lower-bound\", \"heads\": \"shared\"}");
        try (var kernels = on.open();
                var upper = method(upperConfig, kernels);
                var lower = method(lowerConfig, kernels);
                var teaching = new Teaching(upperConfig, Toy.tasks(2), kernels, 2)) {
            for (int task = 0; task < 3; task++) {
                teaching.teach(upper, task);
                teaching.teach(lower, task);
                assertThat(teaching.answers(upper, task)).isDeepEqualTo(teaching.answers(lower, task));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_upper_bound_holds_no_network_of_an_earlier_task(OnKernels on) {
        var config = config("{\"type\": \"upper-bound\"}");
        try (var kernels = on.open();
                var upper = method(config, kernels);
                var teaching = new Teaching(config, Toy.tasks(2), kernels, 2)) {
            assertThat(upper.bytesPerTask()).isZero();
            teaching.teach(upper, 0);
            teaching.teach(upper, 1);
            assertThat(upper.mayForget()).isFalse();
            assertThat(upper.bytesPerTask()).isEqualTo(4.0 * (TRUNK + HEAD));
            assertThatThrownBy(() -> teaching.answers(upper, 0))
                    .hasMessageContaining("at task 1")
                    .hasMessageContaining("no network for task 0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_lower_bound_changes_what_it_answered(OnKernels on) {
        var config = config("{\"type\": \"lower-bound\"}");
        try (var kernels = on.open();
                var lower = method(config, kernels);
                var teaching = new Teaching(config, Toy.tasks(2), kernels, 2)) {
            teaching.teach(lower, 0);
            double[][] before = teaching.answers(lower, 0);
            teaching.teach(lower, 1);
            assertThat(lower.mayForget()).isTrue();
            assertThat(teaching.answers(lower, 0)).isNotEqualTo(before);
            assertThat(lower.bytesPerTask()).isEqualTo(4.0 * (TRUNK / 2.0 + HEAD));
        }
    }

    /** One step of plain descent on the first batch: a head above a frozen trunk moves as it does where everything moves. */
    @ParameterizedTest
    @EnumSource
    void a_head_above_a_frozen_trunk_moves_by_the_gradient_of_the_whole(OnKernels on) {
        String sgd = "{\"type\": \"sgd\", \"learningRate\": 0.05}";
        String rest = "\"tasks\": 1, \"batchSize\": 16, \"hidden\": [24, 17], \"outputs\": 10, \"iterationLimit\": 1,"
                + " \"optimizer\": " + sgd;
        var headsConfig = Toy.config(
                "{\"type\": \"separate-heads\", \"trunk\": \"random\", \"headOptimizer\": " + sgd + "}", rest);
        try (var kernels = on.open();
                var heads = method(headsConfig, kernels);
                var whole = method(Toy.config("{\"type\": \"lower-bound\"}", rest), kernels);
                var untaught = method(Toy.config("{\"type\": \"lower-bound\"}", rest), kernels);
                var teaching = new Teaching(headsConfig, Toy.tasks(2), kernels, 2)) {
            teaching.teach(heads, 0);
            teaching.teach(whole, 0);
            double[] head = parameters(heads, kernels);
            double[] all = parameters(whole, kernels);
            double[] start = parameters(untaught, kernels);
            assertThat(Arrays.copyOf(head, TRUNK)).isEqualTo(Arrays.copyOf(start, TRUNK));
            assertThat(Arrays.copyOf(all, TRUNK)).isNotEqualTo(Arrays.copyOf(start, TRUNK));
            OnKernels.close(
                    kernels,
                    Arrays.copyOfRange(head, TRUNK, TRUNK + HEAD),
                    Arrays.copyOfRange(all, TRUNK, TRUNK + HEAD));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_trunk_is_trained_with_the_first_task_and_never_again(OnKernels on) {
        var config = config("{\"type\": \"separate-heads\"}");
        try (var kernels = on.open();
                var heads = method(config, kernels);
                var teaching = new Teaching(config, Toy.tasks(2), kernels, 2)) {
            double[] start = Arrays.copyOf(parameters(heads, kernels), TRUNK);
            teaching.teach(heads, 0);
            double[] first = Arrays.copyOf(parameters(heads, kernels), TRUNK);
            teaching.teach(heads, 1);
            assertThat(first).isNotEqualTo(start);
            assertThat(Arrays.copyOf(parameters(heads, kernels), TRUNK)).isEqualTo(first);
            assertThat(heads.bytesPerTask()).isEqualTo(4.0 * (TRUNK / 2.0 + HEAD));
        }
    }

    private static double[] parameters(Method method, Kernels kernels) {
        return Saved.of(method, kernels, "theta");
    }
}
