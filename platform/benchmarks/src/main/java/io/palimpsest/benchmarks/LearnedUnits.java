package io.palimpsest.benchmarks;

import io.palimpsest.api.json.Json;
import io.palimpsest.api.schema.ConfigSchema;
import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.benchmark.Benchmarks;
import io.palimpsest.supsup.hop.HopSupSup;
import io.palimpsest.supsup.mask.PackedMask;
import io.palimpsest.supsup.method.Lesson;
import io.palimpsest.supsup.method.Pace;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.supsup.task.TaskStream;
import io.palimpsest.training.kernel.KernelsProvider;
import io.palimpsest.training.optim.Recipes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Unit masks that HopSupSup learns for permutations of MNIST, as patterns of −1 and 1. */
final class LearnedUnits {
    private LearnedUnits() {}

    /**
     * @param d units of each of two hidden layers
     * @param steps per task, of 128 images
     * @return for each hidden layer the patterns of all tasks, [d] each
     */
    static List<List<double[]>> of(int d, int tasks, int steps, long seed) throws IOException {
        SupsupConfig config = ConfigSchema.of(SupsupConfig.class)
                .bind(
                        Json.mapper()
                                .readTree("{\"scenario\": \"GG\", \"method\": {\"type\": \"hopsupsup\"}, \"tasks\": "
                                        + tasks
                                        + ", \"iterationLimit\": " + steps + ", \"hidden\": [" + d + ", " + d
                                        + "], \"outputs\": 10, \"optimizer\": {\"type\": \"sgd\", \"learningRate\": 0.1,"
                                        + " \"momentum\": 0.9, \"weightDecay\": 1e-4}}"),
                        "config")
                .orThrow();
        TaskStream stream = new Benchmarks().open(config, List.of(), seed).tasks();
        try (var kernels = KernelsProvider.open("cpu", 2);
                var memory = kernels.memory("batch");
                var method = (HopSupSup) Methods.of(config, stream, kernels, seed)) {
            var images = memory.mat(config.batchSize(), stream.features());
            int[] labels = new int[config.batchSize()];
            for (int task = 0; task < tasks; task++) {
                var lesson = new Lesson(
                        stream.task(task),
                        Pace.of(config, stream.trainingExamples(task)),
                        Recipes.schedule(config.optimizer(), config.schedule(), config.epochs()),
                        seed);
                int[] order = lesson.order(0);
                method.begin(lesson);
                for (int step = 0; step < lesson.pace().stepsPerTask(); step++) {
                    method.step(lesson, step, lesson.batch(kernels, step, order, images, labels));
                }
                method.end(lesson);
            }
            return List.of(layer(method.masks(), 0, d), layer(method.masks(), d, d));
        }
    }

    private static List<double[]> layer(List<PackedMask> masks, int from, int d) {
        List<double[]> patterns = new ArrayList<>();
        for (PackedMask mask : masks) {
            double[] z = new double[d];
            for (int i = 0; i < d; i++) {
                z[i] = mask.keeps(from + i) ? 1 : -1;
            }
            patterns.add(z);
        }
        return patterns;
    }
}
