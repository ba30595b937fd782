package io.palimpsest.supsup.method.consolidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.Toy;
import io.palimpsest.supsup.method.Method;
import io.palimpsest.supsup.method.Saved;
import io.palimpsest.supsup.method.Teaching;
import io.palimpsest.supsup.method.model.Sweeps;
import io.palimpsest.training.tensor.Vec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SynapticIntelligenceTest {
    /**
     * L = θ² (slope 2θ), from θ = 1 in two steps of plain descent with η = 0.1. Step 1: g = 2, Δθ = −0.2, ω = 0.4. Step 2: g = 1.6, Δθ = −0.16, ω = 0.656. In all Δ =
     * −0.36, so with ξ = 0.1: Ω = 0.656/(0.1296 + 0.1) = 0.656/0.2296.
     */
    @ParameterizedTest
    @EnumSource
    void importance_along_a_path_by_hand(OnKernels on) {
        try (var kernels = on.open();
                var memory = kernels.memory("test")) {
            Vec theta = memory.vec(1);
            Vec before = memory.state(1);
            Vec gradient = memory.vec(1);
            Vec path = memory.state(1);
            theta.set(0, 1);
            for (int step = 0; step < 2; step++) {
                before.copyFrom(theta);
                gradient.set(0, 2 * theta.get(0));
                theta.set(0, theta.get(0) - 0.1 * gradient.get(0));
                Sweeps.follow(gradient, before, theta, path);
            }
            OnKernels.close(kernels, path.toDoubles(), 0.656);
            double[] omega = SynapticIntelligence.importance(
                    new double[] {0}, path.toDoubles(), new double[] {1}, theta.toDoubles(), 0.1);
            OnKernels.close(kernels, omega, 0.656 / 0.2296);
        }
    }

    /** What is there stays and adds up; a sum below 0 is cut: 2 + 0.5/(1 + 0.25) = 2.4, 1 − 3/(0 + 0.25) = −11 → 0. */
    @Test
    void importance_adds_up_and_is_never_negative() {
        double[] omega = SynapticIntelligence.importance(
                new double[] {2, 1}, new double[] {0.5, -3}, new double[] {0, 4}, new double[] {1, 4}, 0.25);
        assertThat(omega).containsExactly(new double[] {2.4, 0}, within(1e-15));
    }

    /**
     * Zenke et al. 2017, §3: the ω of all parameters add up to the fall of the loss. One full batch, 300 small steps of plain descent: up to O(η) Σω = L(start) − L(end).
     */
    @Test
    void all_paths_together_are_the_fall_of_the_loss() {
        var config = Toy.config("{\"type\": \"si\"}", """
                "tasks": 1, "epochs": 301, "batchSize": 150, "hidden": [24], "outputs": 10,
                "optimizer": {"type": "sgd", "learningRate": 0.002}""");
        try (var kernels = OnKernels.REFERENCE.open();
                var method = Methods.of(config, Toy.tasks(4), kernels, 4);
                var teaching = new Teaching(config, Toy.tasks(4), kernels, 4)) {
            var lesson = teaching.lesson(0);
            method.begin(lesson);
            double start = method.step(lesson, 0, teaching.batch(lesson, 0));
            for (int s = 1; s < 300; s++) {
                method.step(lesson, s, teaching.batch(lesson, s));
            }
            double paths = Arrays.stream(Saved.of(method, kernels, "path")).sum();
            double end = method.step(lesson, 300, teaching.batch(lesson, 300)); // the loss before this step
            assertThat(start - end).isGreaterThan(0.5);
            assertThat(paths).isCloseTo(start - end, within(0.02 * (start - end)));
        }
    }

    /** The pull is 2cΩ(θ − θ̃), and what the pull does is no part of ω: from the second step of a second task on, with one c and with none. */
    @Test
    void a_step_is_the_step_of_its_loss_and_the_path_knows_the_tasks_loss_alone() {
        String rest = """
                "tasks": 2, "epochs": 2, "batchSize": 16, "hidden": [24], "outputs": 10, "optimizer": {"type": "sgd", "learningRate": 0.05}""";
        var pulled = Toy.config("{\"type\": \"si\", \"strength\": 0.3}", rest);
        var plain = Toy.config("{\"type\": \"si\", \"strength\": 0}", rest);
        try (var kernels = OnKernels.REFERENCE.open();
                var with = Methods.of(pulled, Toy.tasks(4), kernels, 4);
                var without = Methods.of(plain, Toy.tasks(4), kernels, 4);
                var teaching = new Teaching(pulled, Toy.tasks(4), kernels, 4)) {
            teaching.teach(with, 0);
            teaching.teach(without, 0);
            double[] tilde = Saved.of(with, kernels, "theta");
            double[] omega = Saved.of(with, kernels, "importance");
            var lesson = teaching.lesson(1);
            for (var method : new Method[] {with, without}) {
                method.begin(lesson);
                method.step(lesson, 0, teaching.batch(lesson, 0));
            }
            double[] one = Saved.of(with, kernels, "theta");
            double[] path = Saved.of(with, kernels, "path");
            for (var method : new Method[] {with, without}) {
                method.step(lesson, 1, teaching.batch(lesson, 1));
            }
            double[] two = Saved.of(with, kernels, "theta");
            double[] free = Saved.of(without, kernels, "theta");
            double[] pathTwo = Saved.of(with, kernels, "path");
            double most = 0;
            for (int i = 0; i < two.length; i++) {
                double pull = 0.05 * 2 * 0.3 * omega[i] * (one[i] - tilde[i]);
                assertThat(two[i] - free[i]).as("parameter %d", i).isCloseTo(-pull, within(1e-12));
                double gradient = (one[i] - free[i]) / 0.05; // of the task's loss alone
                assertThat(pathTwo[i] - path[i]).isCloseTo(-gradient * (two[i] - one[i]), within(1e-12));
                most = Math.max(most, Math.abs(pull));
            }
            assertThat(most).isGreaterThan(1e-6);
        }
    }
}
