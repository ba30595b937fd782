package io.palimpsest.supsup.method.consolidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.Toy;
import io.palimpsest.supsup.method.Lesson;
import io.palimpsest.supsup.method.Method;
import io.palimpsest.supsup.method.Saved;
import io.palimpsest.supsup.method.Teaching;
import io.palimpsest.supsup.method.model.Sweeps;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.training.tensor.Vec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsolidationTest {
    private static final String REST = """
            "tasks": 3, "epochs": 2, "batchSize": 16, "hidden": [24, 17], "outputs": 10,
            "optimizer": {"type": "sgd", "learningRate": 0.05, "momentum": 0.9}""";

    /** g + λF(θ − θ*): (1 + 10·0.5·(2 − 1), −1 + 10·0·(5 − 1), 0 + 10·2·(0.1 − 0.2)) = (6, −1, −2). */
    @ParameterizedTest
    @EnumSource
    void a_pull_by_hand(OnKernels on) {
        try (var kernels = on.open();
                var memory = kernels.memory("test")) {
            Vec into = memory.vec(3);
            Sweeps.pull(
                    10,
                    vec(memory.state(3), 0.5, 0, 2),
                    vec(memory.state(3), 1, 1, 0.2),
                    vec(memory.vec(3), 2, 5, 0.1),
                    vec(memory.vec(3), 1, -1, 0),
                    into);
            OnKernels.close(kernels, into.toDoubles(), 6, -1, -2);
        }
    }

    /**
     * Kirkpatrick et al. 2017, below equation 3: the sum of two quadratic penalties is one. F₁ = 1 at 0, F₂ = 3 at 2: F = 4 at (1·0 + 3·2)/4 = 1.5; and the
     * gradients agree anywhere, F₁(θ − 0) + F₂(θ − 2) = 4(θ − 1.5).
     */
    @ParameterizedTest
    @EnumSource
    void penalties_add_up_to_one(OnKernels on) {
        try (var kernels = on.open();
                var memory = kernels.memory("test")) {
            Vec theta = vec(memory.vec(3), 0, 0, 7);
            try (var consolidation = new Consolidation(kernels, theta)) {
                consolidation.add(new double[] {1, 0, 0}, theta);
                theta.write(2, 2, 9);
                consolidation.add(new double[] {3, 5, 0}, theta);
                OnKernels.close(kernels, consolidation.importance().toDoubles(), 4, 5, 0);
                OnKernels.close(kernels, consolidation.anchor().toDoubles(), 1.5, 2, 9);
                theta.write(-1, 3, 1);
                Vec gradient = memory.vec(3);
                consolidation.pull(1, theta, gradient, gradient);
                OnKernels.close(kernels, gradient.toDoubles(), 1 * (-1 - 0) + 3 * (-1 - 2), 5, 0);
            }
        }
    }

    /** With λ = 0 (c = 0) nothing is pulled: the bits of every parameter are those of training without it. */
    @ParameterizedTest
    @ValueSource(strings = {"ewc", "online-ewc", "si"})
    void without_strength_it_is_plain_descent_bit_for_bit(String type) {
        for (var on : OnKernels.values()) {
            for (String heads : new String[] {"shared", "per-task"}) {
                var plain = theta(on, "{\"type\": \"lower-bound\", \"biases\": true, \"heads\": \"" + heads + "\"}");
                assertThat(theta(on, "{\"type\": \"" + type + "\", \"strength\": 0, \"heads\": \"" + heads + "\"}"))
                        .isEqualTo(plain);
                assertThat(theta(on, "{\"type\": \"" + type + "\", \"strength\": 1, \"heads\": \"" + heads + "\"}"))
                        .isNotEqualTo(plain);
            }
        }
    }

    private static double[] theta(OnKernels on, String method) {
        var config = Toy.config(method, REST);
        try (var kernels = on.open();
                var taught = Methods.of(config, Toy.tasks(4), kernels, 4);
                var teaching = new Teaching(config, Toy.tasks(4), kernels, 4)) {
            for (int task = 0; task < 3; task++) {
                teaching.teach(taught, task);
            }
            return Saved.of(taught, kernels, "theta");
        }
    }

    /**
     * A step of plain descent is θ − η(g + λF(θ − θ*)): two runs from one checkpointed state, with λ and without, differ after a second step (after the first θ =
     * θ*) by η times the pull, up to what the pull changes of g, which the first step cannot have changed.
     */
    @Test
    void a_step_of_ewc_is_the_step_of_its_loss() {
        String rest = REST.replace(", \"momentum\": 0.9", "");
        var pulled = Toy.config("{\"type\": \"ewc\", \"strength\": 20, \"fisherExamples\": 0}", rest);
        var plain = Toy.config("{\"type\": \"ewc\", \"strength\": 0, \"fisherExamples\": 0}", rest);
        try (var kernels = OnKernels.REFERENCE.open();
                var with = Methods.of(pulled, Toy.tasks(4), kernels, 4);
                var without = Methods.of(plain, Toy.tasks(4), kernels, 4);
                var teaching = new Teaching(pulled, Toy.tasks(4), kernels, 4)) {
            teaching.teach(with, 0);
            teaching.teach(without, 0);
            double[] star = Saved.of(with, kernels, "theta");
            double[] fisher = Saved.of(with, kernels, "importance");
            assertThat(Saved.of(with, kernels, "anchor")).isEqualTo(star);
            Lesson lesson = teaching.lesson(1);
            for (var method : new Method[] {with, without}) {
                method.begin(lesson);
                method.step(lesson, 0, teaching.batch(lesson, 0));
            }
            double[] one = Saved.of(with, kernels, "theta");
            assertThat(one).isEqualTo(Saved.of(without, kernels, "theta")); // no pull at θ* itself
            for (var method : new Method[] {with, without}) {
                method.step(lesson, 1, teaching.batch(lesson, 1));
            }
            double[] two = Saved.of(with, kernels, "theta");
            double[] free = Saved.of(without, kernels, "theta");
            double most = 0;
            for (int i = 0; i < two.length; i++) {
                double pull = 0.05 * 20 * fisher[i] * (one[i] - star[i]);
                assertThat(two[i] - free[i]).as("parameter %d", i).isCloseTo(-pull, within(1e-12));
                most = Math.max(most, Math.abs(pull));
            }
            assertThat(most).isGreaterThan(1e-6);
        }
    }

    /** Schwarz et al. 2018: F* ← γF* + F, at the latest θ*. Learned alone, with λ = 0, both forms see the same F; γ = 0 keeps the last, γ = 1 the sum. */
    @Test
    void online_keeps_a_running_sum_at_the_latest_weights() {
        double[] last = importance("{\"type\": \"online-ewc\", \"strength\": 0, \"decay\": 0}", 2);
        double[] first = importance("{\"type\": \"online-ewc\", \"strength\": 0, \"decay\": 0}", 1);
        double[] half = importance("{\"type\": \"online-ewc\", \"strength\": 0, \"decay\": 0.5}", 2);
        double[] sum = importance("{\"type\": \"ewc\", \"strength\": 0}", 2);
        for (int i = 0; i < last.length; i++) {
            assertThat(half[i]).isCloseTo(0.5 * first[i] + last[i], within(1e-12));
            assertThat(sum[i]).isCloseTo(first[i] + last[i], within(1e-12));
        }
        assertThat(first).isNotEqualTo(last);
        var config = Toy.config("{\"type\": \"online-ewc\", \"strength\": 0}", REST);
        try (var kernels = OnKernels.REFERENCE.open();
                var method = Methods.of(config, Toy.tasks(4), kernels, 4);
                var teaching = new Teaching(config, Toy.tasks(4), kernels, 4)) {
            teaching.teach(method, 0);
            teaching.teach(method, 1);
            assertThat(Saved.of(method, kernels, "anchor")).isEqualTo(Saved.of(method, kernels, "theta"));
        }
    }

    private static double[] importance(String method, int tasks) {
        SupsupConfig config = Toy.config(method, REST);
        try (var kernels = OnKernels.REFERENCE.open();
                var taught = Methods.of(config, Toy.tasks(4), kernels, 4);
                var teaching = new Teaching(config, Toy.tasks(4), kernels, 4)) {
            for (int task = 0; task < tasks; task++) {
                teaching.teach(taught, task);
            }
            return Saved.of(taught, kernels, "importance");
        }
    }

    /** A head of its own is no other task's business: 17·10 weights and 10 biases at the end of θ have no importance. */
    @ParameterizedTest
    @ValueSource(strings = {"ewc", "online-ewc", "si"})
    void own_heads_are_not_held(String type) {
        double[] shared = importance("{\"type\": \"" + type + "\", \"heads\": \"shared\"}", 1);
        double[] own = importance("{\"type\": \"" + type + "\", \"heads\": \"per-task\"}", 1);
        int head = 17 * 10 + 10;
        for (int i = 0; i < head; i++) {
            assertThat(own[own.length - 1 - i]).isZero();
        }
        assertThat(Arrays.stream(shared).skip(shared.length - head).sum()).isPositive();
        assertThat(Arrays.stream(own).sum()).isPositive();
    }

    /** 20·24 + 24 + 24·17 + 17 + 17·10 + 10 parameters: the network, F and θ* (and for SI Ω, θ̃ and ω), shared by all tasks. */
    @Test
    void bytes_are_shared_by_all_tasks() {
        int n = 20 * 24 + 24 + 24 * 17 + 17 + 17 * 10 + 10;
        assertThat(bytes("{\"type\": \"ewc\"}", 2)).isEqualTo(4.0 * 3 * n / 2);
        assertThat(bytes("{\"type\": \"si\"}", 2)).isEqualTo(4.0 * 4 * n / 2);
        int head = 17 * 10 + 10;
        assertThat(bytes("{\"type\": \"ewc\", \"heads\": \"per-task\"}", 2))
                .isEqualTo(4.0 * (3 * (n - head) / 2.0 + head));
    }

    private static double bytes(String method, int tasks) {
        SupsupConfig config = Toy.config(method, REST);
        try (var kernels = OnKernels.CPU.open();
                var taught = Methods.of(config, Toy.tasks(4), kernels, 4);
                var teaching = new Teaching(config, Toy.tasks(4), kernels, 4)) {
            for (int task = 0; task < tasks; task++) {
                teaching.teach(taught, task);
            }
            return taught.bytesPerTask();
        }
    }

    private static Vec vec(Vec into, double... values) {
        into.write(values);
        return into;
    }
}
