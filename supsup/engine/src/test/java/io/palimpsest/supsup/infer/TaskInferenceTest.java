package io.palimpsest.supsup.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskInferenceTest {
    /** Remembers how many tasks were alive at each pass; gradients are the given ones whatever α is, the objective is their mean at α. */
    private static final class Fixed implements Uncertainty {
        private final double[] g;
        private final List<Long> alive = new ArrayList<>();

        Fixed(double... g) {
            this.g = g;
        }

        @Override
        public int images() {
            return 1;
        }

        @Override
        public double value(double[] alphas) {
            see(alphas);
            double value = 0;
            for (int i = 0; i < alphas.length; i++) {
                value += alphas[i] * g[i];
            }
            return value;
        }

        @Override
        public double[] gradient(double[] alphas) {
            see(alphas);
            return g.clone();
        }

        @Override
        public double[] values(double[] alphas) {
            return new double[] {value(alphas)};
        }

        @Override
        public double[][] gradients(double[] alphas) {
            return new double[][] {gradient(alphas)};
        }

        @Override
        public Uncertainty of(int image) {
            assertThat(image).isZero();
            return this;
        }

        private void see(double[] alphas) {
            assertThat(Arrays.stream(alphas).sum()).isCloseTo(1, within(1e-12));
            assertThat(Arrays.stream(alphas).min().orElseThrow()).isNotNegative();
            alive.add(Arrays.stream(alphas).filter(a -> a > 0).count());
        }
    }

    @Test
    void one_shot_takes_the_lowest_gradient_and_says_by_how_much() {
        var inferred = new OneShot().infer(3, new Fixed(-0.5, -2.0, -1.25));
        assertThat(inferred).isEqualTo(new Inferred(1, 0.75, 1));
    }

    @Test
    void slots_that_are_not_learned_take_no_part() {
        assertThat(new OneShot().infer(2, new Fixed(0.5, 0.25, 0, 0)).task()).isEqualTo(1);
        assertThat(new Binary(2).infer(2, new Fixed(0.5, 0.25, 0, 0)).task()).isEqualTo(1);
    }

    @Test
    void a_single_task_needs_no_decision() {
        assertThat(new OneShot().infer(1, new Fixed(3)).task()).isZero();
        assertThat(new Binary(2).infer(1, new Fixed(3))).isEqualTo(new Inferred(0, Double.POSITIVE_INFINITY, 0));
    }

    /** Alive counts of the authors' halving with the lower median: 36→18→9→5→3→2→1, 250→125→63→32→16→8→4→2→1. */
    @Test
    void binary_halves_with_the_lower_median() {
        assertThat(aliveCounts(36)).containsExactly(36L, 18L, 9L, 5L, 3L, 2L);
        assertThat(aliveCounts(250)).containsExactly(250L, 125L, 63L, 32L, 16L, 8L, 4L, 2L);
        assertThat(aliveCounts(2500)).hasSize(12);
    }

    private static List<Long> aliveCounts(int tasks) {
        var g = new double[tasks];
        for (int i = 0; i < tasks; i++) {
            g[i] = (i * 7919L) % tasks / (double) tasks; // all different when 7919 and tasks share no divisor
        }
        var fixed = new Fixed(g);
        assertThat(new Binary(2).infer(tasks, fixed).task()).isZero();
        return fixed.alive;
    }

    @Test
    void ties_end_with_the_smallest_gradient_and_then_the_smallest_index() {
        assertThat(new Binary(2).infer(4, new Fixed(1, 1, 1, 1)).task()).isZero();
        assertThat(new Binary(2).infer(4, new Fixed(1, 0, 0, 0)).task()).isEqualTo(1);
    }

    /** As of a network that diverged: a decision, however poor, and no failure hours into a run. */
    @Test
    void gradients_that_are_no_numbers_end_in_a_decision() {
        assertThat(new Binary(2)
                        .infer(3, new Fixed(Double.NaN, Double.NaN, Double.NaN))
                        .task())
                .isZero();
        assertThat(new Binary(2).infer(3, new Fixed(1, Double.NaN, 0)).task()).isEqualTo(2);
    }

    @Test
    void a_base_that_keeps_everyone_is_refused() {
        assertThatThrownBy(() -> new Binary(1)).hasMessageContaining("at least 2, got 1");
    }

    @Test
    void larger_bases_take_fewer_passes() {
        assertThat(new Binary(4).infer(64, new Fixed(distinct(64))).passes()).isEqualTo(3);
        assertThat(new Binary(2).infer(64, new Fixed(distinct(64))).passes()).isEqualTo(6);
    }

    private static double[] distinct(int n) {
        var g = new double[n];
        Arrays.setAll(g, i -> -i);
        return g;
    }

    @Test
    void brute_force_asks_each_learned_mask_alone() {
        var fixed = new Fixed(0.5, -1, -0.25, 7);
        assertThat(new BruteForce().infer(4, fixed)).isEqualTo(new Inferred(1, 0.75, 4));
        assertThat(fixed.alive).containsExactly(1L, 1L, 1L, 1L);
        assertThat(new BruteForce().infer(1, new Fixed(0.5, -1)).task()).isZero(); // the second is not learned
    }

    /** Of k = 4 equal shares: α − η·g = (.2, .4, .25, −.05) → clipped and divided by .85. */
    @Test
    void a_step_of_gradient_descent_worked_by_hand() {
        var decision = new GradientDescent(1, 0.1).infer(4, new Fixed(0.5, -1.5, 0, 3));
        assertThat(decision.task()).isEqualTo(1);
        assertThat(decision.margin()).isCloseTo((0.4 - 0.25) / 0.85, within(1e-12));
    }

    /** One step from equal shares moves them in the order of the gradients. */
    @Test
    void one_step_of_gradient_descent_decides_as_one_shot() {
        for (var g : new double[][] {{3, 1, 2}, {-1, -2, -3}, {0, 0, -1e-9}, {5, 5, 4}}) {
            assertThat(new GradientDescent(1, 0.01).infer(3, new Fixed(g)).task())
                    .isEqualTo(new OneShot().infer(3, new Fixed(g)).task());
        }
    }

    @Test
    void a_step_that_leaves_nothing_leaves_the_task_it_took_least_from() {
        var decision = new GradientDescent(2, 10).infer(3, new Fixed(3, 1, 2));
        assertThat(decision).isEqualTo(new Inferred(1, 1, 2));
    }

    @Test
    void gradient_descent_names_what_it_cannot_do() {
        assertThatThrownBy(() -> new GradientDescent(0, 0.1)).hasMessageContaining("steps must be at least 1, got 0");
        assertThatThrownBy(() -> new GradientDescent(1, Double.NaN)).hasMessageContaining("rate must be");
        assertThatThrownBy(() -> new GradientDescent(1, 0))
                .hasMessageContaining("rate must be finite and > 0, got 0.0");
    }
}
