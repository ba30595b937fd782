package io.palimpsest.supsup.method.supermask;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.api.json.Json;
import io.palimpsest.api.schema.ConfigSchema;
import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.infer.Superposition;
import io.palimpsest.supsup.mask.PackedMask;
import io.palimpsest.supsup.method.Lesson;
import io.palimpsest.supsup.method.Method;
import io.palimpsest.supsup.method.Pace;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.supsup.task.Examples;
import io.palimpsest.supsup.task.PermutedTasks;
import io.palimpsest.supsup.task.PermutedTasks.Draw;
import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.optim.Recipes;
import io.palimpsest.training.random.RandomStream;
import io.palimpsest.training.random.RandomStreams;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing that is learned later reaches what was learned before: §9.3, identity 4, and §11, 5 of the method's reference. */
class SupsupMethodTest {
    private static final int PIXELS = 20;
    private static final long SEED = 9;
    private Examples examples = new Examples(new float[PIXELS], PIXELS, new int[1]);

    @BeforeEach
    void draw() {
        RandomStream stream = new RandomStreams(3).stream("examples");
        var table = new float[64 * PIXELS];
        stream.fillGaussian(table, 0, 1);
        var labels = new int[64];
        Arrays.setAll(labels, i -> stream.nextInt(10));
        examples = new Examples(table, PIXELS, labels);
    }

    private static SupsupConfig config(String more) throws Exception {
        return ConfigSchema.of(SupsupConfig.class)
                .bind(
                        Json.mapper()
                                .readTree("{\"tasks\": 3, \"batchSize\": 16, \"hidden\": [24], \"outputs\": 13" + more
                                        + "}"),
                        "config")
                .orThrow();
    }

    /** One method that has learned tasks one by one. */
    private final class Taught implements AutoCloseable {
        final SupsupConfig config;
        final Kernels kernels;
        final Memory memory;
        final PermutedTasks tasks = new PermutedTasks(examples, examples, 10, Draw.INDEPENDENT, SEED);
        final Method method;
        final Mat images;

        Taught(OnKernels on, SupsupConfig config) {
            this.config = config;
            kernels = on.open();
            memory = kernels.memory("test");
            method = Methods.of(config, tasks, kernels, SEED);
            images = memory.mat(16, PIXELS);
        }

        void learn(int task) {
            var lesson = new Lesson(
                    tasks.task(task),
                    Pace.of(config, 64),
                    Recipes.schedule(config.optimizer(), config.schedule(), config.epochs()),
                    SEED);
            method.begin(lesson);
            var labels = new int[16];
            for (int step = 0; step < lesson.pace().stepsPerTask(); step++) {
                method.step(lesson, step, lesson.batch(kernels, step, lesson.order(0), images, labels));
            }
            method.end(lesson);
        }

        double[][] outputs(int task) {
            tasks.task(task).test().gather(kernels, range(), new RandomStreams(0).stream("none"), images);
            return method.outputs(task, images).toArray();
        }

        PackedMask mask(int task) {
            return ((Superposition) Objects.requireNonNull(method.mixture()))
                    .masks()
                    .get(task);
        }

        @Override
        public void close() {
            memory.close();
            method.close();
            kernels.close();
        }
    }

    private static int[] range() {
        var rows = new int[16];
        Arrays.setAll(rows, i -> i);
        return rows;
    }

    @ParameterizedTest
    @EnumSource
    void a_learned_task_answers_with_the_same_bits_whatever_is_learned_after_it(OnKernels on) throws Exception {
        try (var taught = new Taught(on, config(""))) {
            taught.learn(0);
            var answers = taught.outputs(0);
            var mask = taught.mask(0);
            taught.learn(1);
            taught.learn(2);
            assertThat(taught.outputs(0)).isDeepEqualTo(answers);
            assertThat(taught.mask(0)).isEqualTo(mask);
            assertThat(taught.outputs(1)).isNotEqualTo(taught.outputs(2));
        }
    }

    /** Momentum and weight decay of an earlier task would show in the scores, and so in the mask, of a later one. */
    @ParameterizedTest
    @EnumSource
    void a_task_is_learned_as_if_it_were_the_only_one(OnKernels on) throws Exception {
        var config = config(
                ", \"optimizer\": {\"type\": \"sgd\", \"learningRate\": 0.5, \"momentum\": 0.9, \"weightDecay\": 0.01}");
        try (var all = new Taught(on, config);
                var alone = new Taught(on, config)) {
            all.learn(0);
            all.learn(1);
            alone.learn(1); // begins with the second task, so its mask is the first that it keeps
            assertThat(all.mask(1)).isEqualTo(alone.mask(0));
            assertThat(all.mask(0)).isNotEqualTo(all.mask(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_task_that_is_not_learned_answers_by_the_scores_that_it_would_start_from(OnKernels on) throws Exception {
        try (var taught = new Taught(on, config(""))) {
            var before = taught.outputs(1);
            taught.learn(0);
            assertThat(taught.outputs(1)).isDeepEqualTo(before);
            taught.learn(1);
            assertThat(taught.outputs(1)).isNotEqualTo(before);
        }
    }
}
