package io.palimpsest.supsup.method;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.palimpsest.api.json.Json;
import io.palimpsest.api.schema.ConfigSchema;
import io.palimpsest.api.workload.Completion;
import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.supsup.task.Examples;
import io.palimpsest.supsup.task.PermutedTasks;
import io.palimpsest.supsup.task.PermutedTasks.Draw;
import io.palimpsest.supsup.train.ContinualTrainer;
import io.palimpsest.supsup.train.RecordedRun;
import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.optim.Recipes;
import io.palimpsest.training.random.RandomStream;
import io.palimpsest.training.random.RandomStreams;
import java.io.IOException;

/** Small tasks, easy to learn, that any method can be taught in a second. */
public final class MethodRuns {
    public static final int PIXELS = 20;

    private MethodRuns() {}

    /** Ten classes, each a noisy pattern of its own: permuting the pixels makes another task. */
    public static Examples examples(int count, String split) {
        RandomStream patterns = new RandomStreams(7).stream("patterns");
        var means = new float[10 * PIXELS];
        patterns.fillGaussian(means, 0, 1.5);
        RandomStream noise = new RandomStreams(7).stream("noise/" + split);
        var table = new float[count * PIXELS];
        var labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = noise.nextInt(10);
            for (int p = 0; p < PIXELS; p++) {
                table[i * PIXELS + p] = means[labels[i] * PIXELS + p] + (float) (0.3 * noise.nextGaussian());
            }
        }
        return new Examples(table, PIXELS, labels);
    }

    public static PermutedTasks tasks(long seed) {
        return new PermutedTasks(examples(150, "train"), examples(70, "test"), 10, Draw.INDEPENDENT, seed);
    }

    /** A config as a person writes it. */
    public static SupsupConfig config(String json) {
        try {
            return ConfigSchema.of(SupsupConfig.class)
                    .bind(Json.mapper().readTree(json), "config")
                    .orThrow();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** One attempt of a run. */
    public static Completion train(OnKernels on, SupsupConfig config, RecordedRun run) throws IOException {
        try (var kernels = on.open()) {
            var tasks = tasks(run.seed());
            try (var method = Methods.of(config, tasks, kernels, run.seed());
                    var trainer = new ContinualTrainer(config, tasks, kernels, method, run)) {
                return trainer.train();
            }
        }
    }

    /** A run from its start to its end. */
    public static RecordedRun trained(OnKernels on, SupsupConfig config, long seed) throws IOException {
        var run = new RecordedRun(seed);
        assertThat(train(on, config, run)).isEqualTo(new Completion.Finished());
        return run;
    }

    /** A lesson of the small tasks. */
    public static Lesson lesson(SupsupConfig config, PermutedTasks tasks, int task) {
        var taught = tasks.task(task);
        return new Lesson(
                taught,
                Pace.of(config, taught.train().count()),
                Recipes.schedule(config.optimizer(), config.schedule(), config.epochs()),
                tasks.seed());
    }

    /** Teaches one task from its first step to its last. */
    public static void teach(Method method, Lesson lesson, SupsupConfig config, Kernels kernels) {
        try (var memory = kernels.memory("batch")) {
            var images = memory.mat(config.batchSize(), PIXELS);
            var labels = new int[config.batchSize()];
            method.begin(lesson);
            for (int s = 0; s < lesson.pace().stepsPerTask(); s++) {
                int[] order = lesson.order(lesson.pace().epoch(s));
                method.step(lesson, s, lesson.batch(kernels, s, order, images, labels));
            }
            method.end(lesson);
        }
    }

    /** What a method answers to the test images of a task, [70, outputs]. */
    public static double[][] answers(Method method, PermutedTasks tasks, int task, Kernels kernels) {
        try (var memory = kernels.memory("test images")) {
            var test = tasks.task(task).test();
            var rows = new int[16];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = i;
            }
            var x = memory.mat(rows.length, PIXELS);
            test.gather(kernels, rows, new RandomStreams(1).stream("test"), x);
            return method.outputs(task, x).toArray();
        }
    }
}
