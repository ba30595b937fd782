package io.palimpsest.supsup.method.packnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.Toy;
import io.palimpsest.supsup.method.Method;
import io.palimpsest.supsup.method.Pace;
import io.palimpsest.supsup.method.Saved;
import io.palimpsest.supsup.method.Teaching;
import io.palimpsest.supsup.spec.PackNetConfig.Budget;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.training.checkpoint.Checkpoint;
import io.palimpsest.training.network.Role;
import io.palimpsest.training.network.Segment;
import io.palimpsest.training.tensor.Vec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackNetTest {
    private static final String REST = """
            "tasks": 3, "epochs": 3, "batchSize": 16, "hidden": [24, 17], "outputs": 10,
            "optimizer": {"type": "sgd", "learningRate": 0.05, "momentum": 0.9}""";

    /** 20·24 weights, 24 biases, 24·17 weights, 17 biases, then the head. */
    private static final int FC1 = 20 * 24;

    private static final int FC2_FROM = FC1 + 24;
    private static final int FC2 = 24 * 17;

    /** prune.py: round(0.75·n) of the n free weights go. Of 100: 25 stay, then 75 − 56 = 19 (0.75·75 = 56.25), then 56 − 42 = 14. */
    @Test
    void a_share_of_what_is_free() {
        var rule = new Budget.ShareOfFree(0.75);
        assertThat(Owners.budget(rule, 0, 3, 100, 100)).isEqualTo(25);
        assertThat(Owners.budget(rule, 1, 3, 100, 75)).isEqualTo(19);
        assertThat(Owners.budget(rule, 2, 3, 100, 56)).isEqualTo(14);
        assertThat(Owners.budget(rule, 9, 10, 100, 1)).isZero();
    }

    /** 10 weights for 4 tasks: 2, 3, 2, 3; together all of them. */
    @Test
    void the_same_for_each_task() {
        var rule = new Budget.Equal();
        int free = 10;
        int[] expected = {2, 3, 2, 3};
        for (int task = 0; task < 4; task++) {
            int kept = Owners.budget(rule, task, 4, 10, free);
            assertThat(kept).isEqualTo(expected[task]);
            free -= kept;
        }
        assertThat(free).isZero();
    }

    @Test
    void the_largest_free_weights_are_kept_and_ties_leave_the_first_free() {
        try (var kernels = OnKernels.CPU.open();
                var memory = kernels.memory("test")) {
            var layer = new Segment("fc1", Role.WEIGHT, 0, 2, 3, 3);
            var owners = new Owners(List.of(layer));
            Vec theta = memory.vec(6);
            theta.write(-0.5, 0.1, 0.3, 0.3, -0.3, 0.2);
            owners.keepLargest(layer, 2, 0, theta);
            assertThat(owners.toArray()).containsExactly(1, 0, 0, 0, 1, 0); // |−0.5|, then the last of three 0.3
            owners.keepLargest(layer, 3, 1, theta);
            assertThat(owners.toArray()).containsExactly(1, 0, 2, 2, 1, 2);
            assertThat(owners.count(layer, Owners.FREE)).isEqualTo(1);
        }
    }

    /** Of 30 steps a third after pruning: from step 20. At least one step comes before; with none after, pruning ends the task. */
    @Test
    void pruning_comes_before_the_last_share_of_steps() {
        assertThat(PackNet.pruneBefore(new Pace(100, 10, 10, 30), 1 / 3.0)).isEqualTo(20);
        assertThat(PackNet.pruneBefore(new Pace(100, 10, 10, 30), 0)).isEqualTo(30);
        assertThat(PackNet.pruneBefore(new Pace(100, 10, 10, 1), 0.9)).isEqualTo(1);
    }

    private static int[] owners(Method method) {
        var checkpoint = Checkpoint.builder("test", 1, "here", 0);
        try {
            method.save(checkpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return checkpoint.build().ints("owners");
    }

    private static long count(int[] owners, int from, int size, int owner) {
        return IntStream.range(from, from + size)
                .filter(i -> owners[i] == owner)
                .count();
    }

    /** Half of each layer for the first task, half of the rest for the second: 240 and 204, then 120 and 102 of 480 and 408. */
    @ParameterizedTest
    @EnumSource
    void each_task_keeps_its_share_and_what_is_kept_never_moves(OnKernels on) {
        SupsupConfig config = Toy.config("{\"type\": \"packnet\"}", REST);
        try (var kernels = on.open();
                var method = Methods.of(config, Toy.tasks(2), kernels, 2);
                var teaching = new Teaching(config, Toy.tasks(2), kernels, 2)) {
            teaching.teach(method, 0);
            double[] first = Saved.of(method, kernels, "theta");
            int[] owners = owners(method);
            assertThat(count(owners, 0, FC1, 1)).isEqualTo(240);
            assertThat(count(owners, FC2_FROM, FC2, 1)).isEqualTo(204);
            for (int i = 0; i < FC1; i++) {
                assertThat(first[i] == 0).as("weight %d", i).isEqualTo(owners[i] == Owners.FREE);
            }
            teaching.teach(method, 1);
            teaching.teach(method, 2);
            double[] third = Saved.of(method, kernels, "theta");
            int[] later = owners(method);
            assertThat(count(later, 0, FC1, 2)).isEqualTo(120);
            assertThat(count(later, FC2_FROM, FC2, 2)).isEqualTo(102);
            assertThat(count(later, 0, FC1, 3)).isEqualTo(60);
            for (int i = 0; i < FC2_FROM + FC2; i++) {
                boolean bias = i >= FC1 && i < FC2_FROM;
                if (bias || owners[i] == 1) {
                    assertThat(third[i]).as("parameter %d", i).isEqualTo(first[i]);
                    assertThat(later[i]).isEqualTo(owners[i]);
                }
            }
        }
    }

    /** While a task retrains, what it pruned stays 0 and only what it kept moves. */
    @Test
    void retraining_moves_what_was_kept_alone() {
        SupsupConfig config = Toy.config("{\"type\": \"packnet\"}", REST);
        try (var kernels = OnKernels.CPU.open();
                var method = Methods.of(config, Toy.tasks(2), kernels, 2);
                var teaching = new Teaching(config, Toy.tasks(2), kernels, 2)) {
            var lesson = teaching.lesson(0);
            method.begin(lesson);
            for (int s = 0; s < 21; s++) { // pruned before step 20 of 30
                method.step(lesson, s, teaching.batch(lesson, s));
            }
            double[] pruned = Saved.of(method, kernels, "theta");
            for (int s = 21; s < 30; s++) {
                method.step(lesson, s, teaching.batch(lesson, s));
            }
            method.end(lesson);
            double[] retrained = Saved.of(method, kernels, "theta");
            int[] owners = owners(method);
            int moved = 0;
            for (int i = 0; i < FC1; i++) {
                if (owners[i] == Owners.FREE) {
                    assertThat(pruned[i]).isZero();
                    assertThat(retrained[i]).isZero();
                } else if (pruned[i] != retrained[i]) {
                    moved++;
                }
            }
            assertThat(moved).isGreaterThan(100);
        }
    }

    /**
     * A hidden layer of 3 units (60 weights) for 12 tasks that each keep half of what is free: 30, 15, 8 (of 15: round(7.5) = 8 go, 7 stay), … until nothing is left to
     * keep. Later tasks learn with their heads alone, and nobody before them notices.
     */
    @Test
    void when_capacity_runs_out_heads_alone_are_learned() {
        String rest = """
                "tasks": 12, "epochs": 1, "batchSize": 16, "hidden": [3], "outputs": 10,
                "optimizer": {"type": "sgd", "learningRate": 0.05}""";
        SupsupConfig config = Toy.config("{\"type\": \"packnet\"}", rest);
        try (var kernels = OnKernels.CPU.open();
                var method = Methods.of(config, Toy.tasks(2), kernels, 2);
                var teaching = new Teaching(config, Toy.tasks(2), kernels, 2)) {
            var answers = new double[12][][];
            for (int task = 0; task < 12; task++) {
                teaching.teach(method, task);
                answers[task] = teaching.answers(method, task);
            }
            int[] owners = owners(method);
            assertThat(count(owners, 0, 60, 1)).isEqualTo(30);
            assertThat(count(owners, 0, 60, 2)).isEqualTo(15);
            assertThat(count(owners, 0, 60, 3)).isEqualTo(7);
            assertThat(count(owners, 0, 60, 12)).isZero();
            for (int task = 0; task < 12; task++) {
                assertThat(teaching.answers(method, task)).as("task %d", task).isDeepEqualTo(answers[task]);
            }
            assertThat(answers[11]).isNotEqualTo(answers[10]);
        }
    }

    /** Two tasks: 3 owners a weight (free, first, second), 2 bits; the network once, a head of 180 each. */
    @Test
    void bytes_count_owners_and_heads() {
        SupsupConfig config = Toy.config("{\"type\": \"packnet\"}", REST);
        try (var kernels = OnKernels.CPU.open();
                var method = Methods.of(config, Toy.tasks(2), kernels, 2);
                var teaching = new Teaching(config, Toy.tasks(2), kernels, 2)) {
            teaching.teach(method, 0);
            teaching.teach(method, 1);
            int trunk = FC1 + 24 + FC2 + 17;
            assertThat(method.bytesPerTask()).isEqualTo(4 * (trunk / 2.0 + 180) + (FC1 + FC2) * 2 / 8 / 2.0);
        }
    }

    @Test
    void owners_of_another_network_are_refused() {
        var owners = new Owners(List.of(new Segment("fc1", Role.WEIGHT, 0, 2, 3, 3)));
        assertThatThrownBy(() -> owners.restore(new int[5]))
                .hasMessageContaining("5 weights")
                .hasMessageContaining("6");
        assertThat(Arrays.stream(owners.toArray()).sum()).isZero();
    }
}
