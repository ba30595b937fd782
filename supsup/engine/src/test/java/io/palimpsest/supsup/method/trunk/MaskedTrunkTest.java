package io.palimpsest.supsup.method.trunk;

import static io.palimpsest.supsup.method.MethodRuns.config;
import static io.palimpsest.supsup.method.MethodRuns.lesson;
import static io.palimpsest.supsup.method.MethodRuns.tasks;
import static io.palimpsest.supsup.method.MethodRuns.teach;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.mask.PackedMask;
import io.palimpsest.supsup.method.Method;
import io.palimpsest.training.checkpoint.Checkpoint;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class MaskedTrunkTest {
    private static final int TRUNK = 20 * 24 + 24 * 17;
    private static final int HEAD = 17 * 13;

    private static String small(String method) {
        return "{\"scenario\": \"GG\", \"tasks\": 3, \"epochs\": 2, \"batchSize\": 16, \"hidden\": [24, 17], \"outputs\": 13,"
                + " \"optimizer\": {\"type\": \"adam\", \"learningRate\": 0.01}, \"method\": " + method + "}";
    }

    private static Checkpoint saved(Method method) throws IOException {
        var builder = Checkpoint.builder("test", 1, "none", 0);
        method.save(builder);
        return builder.build();
    }

    /** Its first task keeps the whole network; masks of the others lie over weights that stand still. 888 bits are 111 bytes. */
    @Test
    void piggyback_masks_what_the_first_task_trained() throws IOException {
        var config = config(small("{\"type\": \"piggyback\"}"));
        var tasks = tasks(2);
        try (var kernels = OnKernels.REFERENCE.open();
                var method = Methods.of(config, tasks, kernels, 2)) {
            double[] drawn = saved(method).doubles("weights").clone();
            teach(method, lesson(config, tasks, 0), config, kernels);
            double[] pretrained = saved(method).doubles("weights").clone();
            assertThat(pretrained).isNotEqualTo(drawn);
            assertThat(method.bytesPerTask()).isEqualTo(4.0 * HEAD + 4.0 * TRUNK);
            teach(method, lesson(config, tasks, 1), config, kernels);
            var after = saved(method);
            assertThat(after.doubles("weights")).isEqualTo(pretrained);
            assertThat(PackedMask.ofWords(TRUNK, after.longs("mask/0")).kept()).isEqualTo(TRUNK);
            assertThat(PackedMask.ofWords(TRUNK, after.longs("mask/1")).kept()).isBetween(1, TRUNK - 1);
            assertThat(method.bytesPerTask()).isCloseTo((4.0 * TRUNK + 4 * HEAD + 111 + 4 * HEAD) / 2, within(1e-9));
        }
    }

    /** Every task trains a head of its own; the random trunk never moves. */
    @Test
    void supsup_with_heads_trains_scores_and_a_head_for_each_task() throws IOException {
        var config = config(small("{\"type\": \"supsup\", \"heads\": \"per-task\"}"));
        var tasks = tasks(2);
        try (var kernels = OnKernels.REFERENCE.open();
                var method = Methods.of(config, tasks, kernels, 2)) {
            double[] drawn = saved(method).doubles("weights").clone();
            for (int i = 0; i < TRUNK; i++) {
                double c = i < 20 * 24 ? Math.sqrt(2 / 20.0) : Math.sqrt(2 / 24.0);
                assertThat(Math.abs(drawn[i])).isCloseTo(c, within(1e-7)); // drawn as floats
            }
            teach(method, lesson(config, tasks, 0), config, kernels);
            teach(method, lesson(config, tasks, 1), config, kernels);
            var after = saved(method);
            assertThat(after.doubles("weights")).isEqualTo(drawn);
            assertThat(after.doubles("head/0")).hasSize(HEAD).isNotEqualTo(after.doubles("head/1"));
            assertThat(after.longs("mask/0")).isNotEqualTo(after.longs("mask/1"));
            assertThat(method.bytesPerTask()).isEqualTo(111 + 4.0 * HEAD);
        }
    }
}
