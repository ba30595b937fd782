package io.palimpsest.supsup.method;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.api.json.Json;
import io.palimpsest.api.schema.ConfigSchema;
import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.own.OwnFolder;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.supsup.task.Examples;
import io.palimpsest.supsup.task.ListedTasks;
import io.palimpsest.supsup.task.Task;
import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.loss.CrossEntropy;
import io.palimpsest.training.loss.Superfluous;
import io.palimpsest.training.loss.Targets;
import io.palimpsest.training.optim.Recipes;
import io.palimpsest.training.random.RandomStreams;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tasks of different class counts under one network: issue 19 of the authors' repository, where a user saw chance on all tasks but the last. Any s
 * from the largest ℓ on must do.
 */
class ClassCountsTest {
    private static final int PIXELS = 30;
    private static final int[] CLASSES = {3, 10, 2, 5};

    private static Examples examples(int task, int classes, String split) {
        int[][] rows = OwnFolder.patterns("task/" + task, split, classes, 20, PIXELS);
        var table = new float[rows.length * PIXELS];
        for (int i = 0; i < table.length; i++) {
            table[i] = (rows[i / PIXELS][i % PIXELS] - 128) / 64f;
        }
        return new Examples(
                table,
                PIXELS,
                IntStream.range(0, rows.length).map(i -> i % classes).toArray());
    }

    private static ListedTasks tasks() {
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < CLASSES.length; i++) {
            tasks.add(new Task(
                    i,
                    "ℓ = " + CLASSES[i],
                    CLASSES[i],
                    examples(i, CLASSES[i], "train"),
                    examples(i, CLASSES[i], "test")));
        }
        return new ListedTasks(tasks, null);
    }

    private static double accuracy(Method method, Kernels kernels, Memory memory, Task task) {
        int n = task.test().count();
        Mat images = memory.mat(n, PIXELS);
        task.test().gather(kernels, IntStream.range(0, n).toArray(), new RandomStreams(0).stream("none"), images);
        double[][] outputs = method.outputs(task.index(), images).toArray();
        int right = 0;
        for (int row = 0; row < n; row++) {
            double[] z = outputs[row]; // the prediction is the largest of all s, superfluous or not
            int largest = IntStream.range(0, z.length)
                    .reduce((a, b) -> z[b] > z[a] ? b : a)
                    .orElseThrow();
            right += largest == task.test().label(row) ? 1 : 0;
        }
        return (double) right / n;
    }

    /** Outputs as many as the largest task's classes, one more, and many more: every task is learned, and stays so to the last one. */
    @ParameterizedTest
    @CsvSource({"10, REFERENCE", "10, CPU", "11, CPU", "40, CPU"})
    void every_task_is_right_long_after_it_was_learned(int outputs, OnKernels on) throws Exception {
        var config = ConfigSchema.of(SupsupConfig.class)
                .bind(
                        Json.mapper()
                                .readTree(
                                        "{\"scenario\": \"GG\", \"tasks\": 4, \"epochs\": 15, \"batchSize\": 200, \"hidden\": [40],"
                                                + "\"optimizer\": {\"type\": \"rmsprop\", \"learningRate\": 0.01}, \"outputs\": "
                                                + outputs + "}"),
                        "config")
                .orThrow();
        var tasks = tasks();
        assertThat(tasks.classes()).isEqualTo(10);
        try (var kernels = on.open();
                var memory = kernels.memory("test");
                var method = Methods.of(config, tasks, kernels, 4)) {
            var justLearned = new double[CLASSES.length];
            Mat images = memory.mat(200, PIXELS);
            var labels = new int[200];
            for (int i = 0; i < CLASSES.length; i++) {
                var lesson = new Lesson(
                        tasks.task(i),
                        new Pace(
                                tasks.trainingExamples(i),
                                20,
                                tasks.trainingExamples(i) / 20,
                                tasks.trainingExamples(i)),
                        Recipes.schedule(config.optimizer(), config.schedule(), config.epochs()),
                        4);
                method.begin(lesson);
                for (int step = 0; step < lesson.pace().stepsPerTask(); step++) {
                    int[] order = lesson.order(lesson.pace().epoch(step));
                    method.step(lesson, step, lesson.batch(kernels, step, order, images, labels));
                }
                method.end(lesson);
                justLearned[i] = accuracy(method, kernels, memory, tasks.task(i));
            }
            for (int i = 0; i < CLASSES.length; i++) {
                double now = accuracy(method, kernels, memory, tasks.task(i));
                assertThat(now).as("ℓ = %d of s = %d", CLASSES[i], outputs).isEqualTo(justLearned[i]);
                assertThat(now).as("ℓ = %d of s = %d", CLASSES[i], outputs).isGreaterThan(0.8); // chance: 1/ℓ
            }
        }
    }

    /**
     * Why G takes the largest ℓ for all: from there on its gradient is the supervised one for every label that any task has. With a smaller ℓ it is not:
     * an output that is the label of a larger task is pushed down.
     */
    @Test
    void from_the_largest_class_count_on_the_gradient_of_g_is_the_supervised_one_whatever_task_and_label() {
        double[] z = {0.3, -1.2, 0.8, 0.1, -0.4, 1.1, 0.2};
        try (var kernels = OnKernels.REFERENCE.open();
                var memory = kernels.memory("test")) {
            Mat out = memory.mat(1, z.length);
            out.data().write(z);
            double[] largest = gradientOfG(kernels, memory, out, 5);
            double[] smallest = gradientOfG(kernels, memory, out, 2);
            for (int label = 0; label < 5; label++) { // tasks of 2 and of 5 classes
                Mat dz = memory.mat(1, z.length);
                new CrossEntropy().evaluate(kernels, out, Targets.labels(new int[] {label}), null, null, dz);
                double[] supervised = dz.toArray()[0];
                assertThat(Arrays.copyOfRange(largest, 5, 7)).containsExactly(Arrays.copyOfRange(supervised, 5, 7));
                if (label >= 2) {
                    assertThat(smallest[label]).isPositive();
                    assertThat(supervised[label]).isNegative();
                }
            }
            assertThat(Arrays.copyOf(largest, 5)).containsOnly(0);
        }
    }

    private static double[] gradientOfG(Kernels kernels, Memory memory, Mat out, int real) {
        Mat dz = memory.mat(1, out.cols());
        new Superfluous(real).evaluate(kernels, out, Targets.labels(new int[] {0}), null, null, dz);
        return dz.toArray()[0];
    }
}
