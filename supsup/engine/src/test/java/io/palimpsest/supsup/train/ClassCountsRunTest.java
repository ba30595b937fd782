package io.palimpsest.supsup.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.api.workload.Completion;
import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.own.OwnFolder;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.supsup.task.Examples;
import io.palimpsest.supsup.task.ListedTasks;
import io.palimpsest.supsup.task.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Before a task is inferred nobody knows its class count: to use it would be to be told the task. */
class ClassCountsRunTest {
    private static final int PIXELS = 30;
    private static final int[] CLASSES = {2, 6, 3};

    private static Examples examples(int task, String split) {
        int[][] rows = OwnFolder.patterns("task/" + task, split, CLASSES[task], 12, PIXELS);
        var table = new float[rows.length * PIXELS];
        for (int i = 0; i < table.length; i++) {
            table[i] = (rows[i / PIXELS][i % PIXELS] - 128) / 64f;
        }
        return new Examples(
                table,
                PIXELS,
                IntStream.range(0, rows.length).map(i -> i % CLASSES[task]).toArray());
    }

    private static RecordedRun trained(SupsupConfig config, int... claimed) throws IOException {
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < claimed.length; i++) {
            tasks.add(new Task(i, "task " + i, claimed[i], examples(i, "train"), examples(i, "test")));
        }
        var stream = new ListedTasks(tasks, null);
        var run = new RecordedRun(8);
        try (var kernels = OnKernels.REFERENCE.open();
                var method = Methods.of(config, stream, kernels, run.seed());
                var trainer = new ContinualTrainer(config, stream, kernels, method, run)) {
            assertThat(trainer.train()).isEqualTo(new Completion.Finished());
        }
        return run;
    }

    @ParameterizedTest
    @CsvSource({"batch", "mean", "majority", "each"})
    void inference_by_g_is_the_same_whatever_class_count_a_task_claims(String decide) throws IOException {
        var config = ContinualTrainerTest.config("""
                {"tasks": 3, "epochs": 4, "batchSize": 8, "hidden": [20], "outputs": 12,
                 "optimizer": {"type": "rmsprop", "learningRate": 0.01}, "inference": {"objective": "G", "decide": "%s"}}""".formatted(decide));
        var own = trained(config, CLASSES);
        var largest = trained(config, 6, 6, 6);
        assertThat(largest.deterministic()).isEqualTo(own.deterministic());
        assertThat(largest.artifacts.get("inference/decisions-at-3.csv"))
                .isEqualTo(own.artifacts.get("inference/decisions-at-3.csv"))
                .isNotEmpty();
        // and the largest does count: with another one the margins are others
        assertThat(trained(config, 2, 7, 3).artifacts.get("inference/decisions-at-3.csv"))
                .isNotEqualTo(own.artifacts.get("inference/decisions-at-3.csv"));
    }
}
