package io.palimpsest.supsup.method.supermask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.api.json.Json;
import io.palimpsest.api.schema.ConfigSchema;
import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.infer.OneShot;
import io.palimpsest.supsup.infer.Superposition;
import io.palimpsest.supsup.method.Lesson;
import io.palimpsest.supsup.method.Method;
import io.palimpsest.supsup.method.Pace;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.supsup.store.MaskLayout;
import io.palimpsest.supsup.store.PaperNetwork;
import io.palimpsest.supsup.task.ExampleSet;
import io.palimpsest.supsup.task.Examples;
import io.palimpsest.supsup.task.Images;
import io.palimpsest.supsup.task.PermutedTasks;
import io.palimpsest.supsup.task.PermutedTasks.Draw;
import io.palimpsest.supsup.task.SplitTasks;
import io.palimpsest.supsup.task.TaskStream;
import io.palimpsest.training.checkpoint.Checkpoint;
import io.palimpsest.training.data.Normalisation;
import io.palimpsest.training.data.SplitTask;
import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.kernel.KernelsProvider;
import io.palimpsest.training.loss.Entropy;
import io.palimpsest.training.network.GemResNet18;
import io.palimpsest.training.optim.Recipes;
import io.palimpsest.training.random.RandomStreams;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** SupSup over GEMResNet18 with Erdős–Rényi budgets, on small coloured images: each task has statistics of its own. */
class GemResNet18MethodTest {
    private static final long SEED = 4;
    private static final int SIDE = 8;
    private static final int BATCH = 20;

    private static SupsupConfig config() throws Exception {
        return ConfigSchema.of(SupsupConfig.class)
                .bind(Json.mapper().readTree("""
                                {"scenario": "GG", "benchmark": "split-cifar100", "tasks": 3, "epochs": 12, "batchSize": 20,
                                 "outputs": 5, "network": {"type": "gem-resnet18"}, "mask": {"type": "erdos-renyi", "multiplier": 8},
                                 "optimizer": {"type": "adam", "learningRate": 3e-3, "weightDecay": 1e-4}}"""), "config")
                .orThrow();
    }

    /** The layers that the paper's bytes are counted over are those that are trained; its n = 4 keeps 11,212 weights. */
    @Test
    void the_network_that_is_trained_is_the_one_whose_bytes_the_paper_counts() {
        try (Kernels kernels = KernelsProvider.open("cpu", 1)) {
            var layout = MaskLayout.of(GemResNet18.network(kernels, 5).layout());
            assertThat(layout.layers())
                    .isEqualTo(PaperNetwork.gemResNet18(5).layout().layers());
            assertThat(layout.layers().stream().mapToInt(l -> l.kept(4)).sum()).isEqualTo(11_212);
        }
    }

    private static final class Taught implements AutoCloseable {
        final SupsupConfig config = config();
        final Kernels kernels = KernelsProvider.open("cpu", 2);
        final Memory memory = kernels.memory("test");
        final TaskStream tasks = new SplitTasks(
                Images.colours(15, 24, SIDE),
                Normalisation.CIFAR_100,
                SplitTask.inOrder(15, 5),
                SupsupConfig.Labels.LOCAL,
                null);
        final Method method = Methods.of(config, tasks, kernels, SEED);
        final Mat images = memory.mat(60, tasks.features());
        final int[] labels = new int[60];

        Taught() throws Exception {}

        Lesson lesson(int task) {
            return new Lesson(
                    tasks.task(task),
                    Pace.of(config, tasks.trainingExamples(task)),
                    Recipes.schedule(config.optimizer(), config.schedule(), config.epochs()),
                    SEED);
        }

        void steps(int task, int from, int to) {
            Lesson lesson = lesson(task);
            for (int s = from; s < to; s++) {
                int[] order = lesson.order(lesson.pace().epoch(s));
                method.step(lesson, s, lesson.batch(kernels, s, order, images, labels));
            }
        }

        void learn(int task) {
            method.begin(lesson(task));
            steps(task, 0, lesson(task).pace().stepsPerTask());
            method.end(lesson(task));
        }

        double[][] outputs(int task) {
            ExampleSet test = tasks.task(task).test();
            Mat x = images.rows(0, BATCH);
            test.gather(kernels, IntStream.range(0, BATCH).toArray(), new RandomStreams(0).stream("none"), x);
            return method.outputs(task, x).toArray();
        }

        double accuracy(int task) {
            double[][] z = outputs(task);
            ExampleSet test = tasks.task(task).test();
            return IntStream.range(0, BATCH)
                            .filter(r -> IntStream.range(0, 5).allMatch(c -> z[r][c] <= z[r][test.label(r)]))
                            .count()
                    / (double) BATCH;
        }

        byte[] saved() throws Exception {
            var checkpoint = Checkpoint.builder("test", 1, kernels.fingerprint().text(), 1);
            method.save(checkpoint);
            var bytes = new ByteArrayOutputStream();
            checkpoint.build().writeTo(bytes);
            return bytes.toByteArray();
        }

        @Override
        public void close() {
            memory.close();
            method.close();
            kernels.close();
        }
    }

    /** What fell to chance in the reference's first release: an old task after others were learned. */
    @Test
    void old_tasks_answer_with_the_same_bits_and_are_still_right() throws Exception {
        try (var taught = new Taught()) {
            taught.learn(0);
            double[][] answers = taught.outputs(0);
            assertThat(taught.accuracy(0)).isGreaterThan(0.8);
            assertThat(taught.method.bytesPerTask()).isEqualTo((1_090_940 + 7) / 8 + 3000 * 4);
            taught.learn(1);
            assertThat(taught.outputs(0)).isDeepEqualTo(answers);
            assertThat(taught.accuracy(1)).isGreaterThan(0.8);
        }
    }

    @Test
    void a_run_taken_up_in_the_middle_of_a_task_ends_with_the_same_bits() throws Exception {
        byte[] saved;
        double[][] first;
        double[][] second;
        try (var taught = new Taught()) {
            taught.learn(0);
            taught.method.begin(taught.lesson(1));
            taught.steps(1, 0, 5);
            saved = taught.saved();
            taught.steps(1, 5, 9);
            taught.method.end(taught.lesson(1));
            first = taught.outputs(0);
            second = taught.outputs(1);
        }
        try (var resumed = new Taught()) {
            resumed.method.restore(Checkpoint.read(new ByteArrayInputStream(saved)));
            resumed.steps(1, 5, 9);
            resumed.method.end(resumed.lesson(1));
            assertThat(resumed.outputs(0)).isDeepEqualTo(first);
            assertThat(resumed.outputs(1)).isDeepEqualTo(second);
        }
    }

    /** Mixed masks have no statistics of their own: the batch's serve, and the frozen ones stay as they were. */
    @Test
    void tasks_can_be_inferred_with_the_statistics_of_the_batch() throws Exception {
        try (var taught = new Taught()) {
            taught.learn(0);
            taught.learn(1);
            double[][] answers = taught.outputs(1);
            Mat x = taught.images.rows(0, BATCH);
            var mixture = (Superposition) Objects.requireNonNull(taught.method.mixture());
            double[] gradient = mixture.on(x, new Entropy()).gradient(new double[] {0.5, 0.5});
            assertThat(gradient).hasSize(2).doesNotContain(0, Double.NaN);
            assertThat(new OneShot().infer(2, mixture.on(x, new Entropy())).task())
                    .isBetween(0, 1);
            assertThat(taught.outputs(1)).isDeepEqualTo(answers);
        }
    }

    @Test
    void tasks_without_pixels_in_their_place_are_refused() throws Exception {
        assertThatThrownBy(() -> ConfigSchema.of(SupsupConfig.class)
                        .bind(Json.mapper().readTree("{\"network\": {\"type\": \"gem-resnet18\"}}"), "config")
                        .orThrow())
                .hasMessageContaining("network is gem-resnet18")
                .hasMessageContaining("permuted-mnist");
        var examples = new Examples(new float[20], 20, new int[1]);
        try (Kernels kernels = KernelsProvider.open("cpu", 1)) {
            var permuted = new PermutedTasks(examples, examples, 10, Draw.INDEPENDENT, SEED);
            SupsupConfig config = config();
            assertThatThrownBy(() -> Methods.of(config, permuted, kernels, SEED))
                    .hasMessageContaining("network is gem-resnet18")
                    .hasMessageContaining("{type: dense}");
        }
    }
}
