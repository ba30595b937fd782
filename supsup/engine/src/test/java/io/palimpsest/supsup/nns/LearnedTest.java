package io.palimpsest.supsup.nns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.infer.FourTasks;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Three of four masks take part: what is said of them is what the superposition says where the fourth has α = 0. */
class LearnedTest {
    private static final double[] THREE = {0.5, 0, 0.5};
    private static final double[] FOUR = {0.5, 0, 0.5, 0};

    @ParameterizedTest
    @EnumSource
    void masks_that_take_no_part_have_no_share_and_no_gradient(OnKernels on) {
        try (var f = new FourTasks(on)) {
            var images = f.images(new double[] {1.0, -0.5}, new double[] {-2.0, 1.9});
            var all = f.superposition.on(images, FourTasks.H);
            double[] g = all.gradient(FOUR);
            double value = all.value(FOUR);
            var learned = new Learned(f.superposition, 3).on(images, FourTasks.H);
            assertThat(learned.value(THREE)).isEqualTo(value);
            assertThat(learned.gradient(THREE)).containsExactly(g[0], g[1], g[2]);
            assertThat(learned.gradient(THREE, new int[] {1, 2}))
                    .containsExactly(new double[] {g[1], g[2]}, within(1e-12));
            assertThatThrownBy(() -> learned.gradient(FOUR, new int[] {1}))
                    .hasMessageContaining("alphas is [4] but 3 masks take part");
        }
    }
}
