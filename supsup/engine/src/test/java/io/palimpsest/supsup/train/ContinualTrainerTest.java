package io.palimpsest.supsup.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.palimpsest.api.json.Json;
import io.palimpsest.api.schema.ConfigSchema;
import io.palimpsest.api.workload.Completion;
import io.palimpsest.api.workload.StopSignal;
import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.supsup.store.MaskStore;
import io.palimpsest.supsup.task.Examples;
import io.palimpsest.supsup.task.PermutedTasks;
import io.palimpsest.supsup.task.PermutedTasks.Draw;
import io.palimpsest.training.random.RandomStream;
import io.palimpsest.training.random.RandomStreams;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContinualTrainerTest {
    private static final int PIXELS = 20;

    /** Ten classes, each a noisy pattern of its own: easy to learn, and permuting the pixels makes another task. */
    private static Examples examples(int count, String split) {
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

    static SupsupConfig config(String json) {
        try {
            return ConfigSchema.of(SupsupConfig.class)
                    .bind(Json.mapper().readTree(json), "config")
                    .orThrow();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static final SupsupConfig SMALL = config("""
            {"tasks": 3, "epochs": 2, "batchSize": 16, "hidden": [24, 17], "outputs": 13, "evaluateAt": [2],
             "optimizer": {"type": "rmsprop", "learningRate": 0.003}}""");

    static Completion train(OnKernels on, SupsupConfig config, RecordedRun run) throws IOException {
        try (var kernels = on.open()) {
            var tasks =
                    new PermutedTasks(examples(150, "train"), examples(70, "test"), 10, Draw.INDEPENDENT, run.seed());
            try (var method = Methods.of(config, tasks, kernels, run.seed());
                    var trainer = new ContinualTrainer(config, tasks, kernels, method, run)) {
                return trainer.train();
            }
        }
    }

    static RecordedRun trained(OnKernels on, SupsupConfig config, long seed) throws IOException {
        var run = new RecordedRun(seed);
        assertThat(train(on, config, run)).isEqualTo(new Completion.Finished());
        return run;
    }

    @ParameterizedTest
    @EnumSource
    void learns_each_task_far_above_chance_and_tells_them_apart(OnKernels on) throws IOException {
        var longer = config("""
                {"tasks": 3, "epochs": 8, "batchSize": 16, "hidden": [48, 32], "outputs": 60, "evaluateAt": [2],
                 "optimizer": {"type": "rmsprop", "learningRate": 0.003}, "inference": {"images": 16}}""");
        var run = trained(on, longer, 1);
        for (int task = 0; task < 3; task++) {
            assertThat(run.point("accuracy/gg/by-task", task + 1L)).isGreaterThan(0.6); // chance: 0.1
        }
        assertThat(run.points("accuracy/gg/by-task")).containsOnlyKeys(1L, 2L, 3L);
        assertThat(run.points("accuracy/gnu/at-2")).containsOnlyKeys(1L, 2L);
        assertThat(run.points("train/loss")).hasSize(3 * 8 * 10); // ⌈150 / 16⌉ = 10 batches, the last of 6
        assertThat(run.points("accuracy/gns/mean")).containsOnlyKeys(2L, 3L);
        assertThat(run.point("inference/trials", 3L)).isEqualTo(3.0 * 5); // ⌈70 / 16⌉ = 5 batches a task
        assertThat(run.point("inference/hits", 3L)).isGreaterThan(10.0); // chance: 5
        assertThat(run.done).isEqualTo(run.total).isEqualTo(240);
        assertThat(new String(run.artifacts.get("results.json"), StandardCharsets.UTF_8))
                .contains("accuracyGivenTask");
    }

    @ParameterizedTest
    @EnumSource
    void scores_ask_more_from_scenario_to_scenario(OnKernels on) throws IOException {
        var run = trained(on, SMALL, 2);
        for (int task = 0; task < 3; task++) {
            double gnu = run.point("accuracy/gnu/at-3", task + 1L);
            assertThat(gnu).isLessThanOrEqualTo(run.point("accuracy/gns/at-3", task + 1L));
            assertThat(gnu).isLessThanOrEqualTo(run.point("accuracy/gg/by-task", task + 1L));
        }
    }

    /** Two of four tasks, the first and the last, and their scores are those of an evaluation of all. */
    @Test
    void scores_a_sample_of_the_tasks_where_it_is_told_to() throws IOException {
        var all = trained(OnKernels.CPU, config("""
                {"tasks": 4, "batchSize": 16, "hidden": [24], "outputs": 13}"""), 4);
        var sampled = trained(OnKernels.CPU, config("""
                {"tasks": 4, "batchSize": 16, "hidden": [24], "outputs": 13, "scoredTasks": 2}"""), 4);
        assertThat(sampled.points("accuracy/gnu/at-4"))
                .containsOnlyKeys(1L, 4L)
                .containsEntry(1L, all.point("accuracy/gnu/at-4", 1))
                .containsEntry(4L, all.point("accuracy/gnu/at-4", 4));
        assertThat(sampled.point("inference/trials", 4)).isEqualTo(2.0 * 5);
    }

    @ParameterizedTest
    @EnumSource
    void the_same_seed_gives_the_same_bits_and_another_does_not(OnKernels on) throws IOException {
        assertThat(trained(on, SMALL, 5).deterministic())
                .isEqualTo(trained(on, SMALL, 5).deterministic());
        assertThat(trained(on, SMALL, 6).deterministic())
                .isNotEqualTo(trained(on, SMALL, 5).deterministic());
    }

    /** Stopped at looks all over the run, with whatever checkpoint was last: the metrics end with the same bits. */
    @ParameterizedTest
    @EnumSource
    void a_run_stopped_anywhere_goes_on_to_the_same_bits(OnKernels on) throws IOException {
        var whole = trained(on, SMALL, 3);
        for (var signal : new StopSignal[] {StopSignal.DRAIN, StopSignal.FENCED}) {
            for (int look = 1; look < 90; look += 7) {
                var run = new RecordedRun(3).stopAt(look, signal);
                if (look % 2 == 0) {
                    run.checkpointAlways();
                }
                assertThat(train(on, SMALL, run)).as("stopped at look %d", look).isEqualTo(new Completion.Stopped());
                run.takeOver();
                assertThat(train(on, SMALL, run)).isEqualTo(new Completion.Finished());
                assertThat(run.deterministic())
                        .as("%s at look %d", signal, look)
                        .isEqualTo(whole.deterministic());
                assertThat(run.artifacts.get("results.json")).isEqualTo(whole.artifacts.get("results.json"));
                assertThat(run.artifacts.get("masks.psm")).isEqualTo(whole.artifacts.get("masks.psm"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_run_handed_on_after_every_few_steps_ends_with_the_same_bits(OnKernels on) throws IOException {
        var topK = config("""
                {"scenario": "GNs", "tasks": 2, "epochs": 1, "batchSize": 16, "hidden": [24], "outputs": 10, "iterationLimit": 9,
                 "mask": {"type": "top-k", "density": 0.4}, "optimizer": {"type": "adam", "learningRate": 0.01},
                 "inference": {"method": {"type": "binary"}, "images": 4}}""");
        var whole = trained(on, topK, 11);
        var run = new RecordedRun(11);
        Completion completion = new Completion.Stopped();
        int attempts = 0;
        while (!completion.equals(new Completion.Finished())) {
            run.takeOver(); // before the first attempt there is nothing to cut
            run.stopAt(
                    attempts < 8 ? 4 : Integer.MAX_VALUE, StopSignal.DRAIN); // later attempts score the tasks in one go
            completion = train(on, topK, run);
            attempts++;
        }
        assertThat(attempts).isGreaterThan(3);
        assertThat(run.deterministic()).isEqualTo(whole.deterministic());
        assertThat(run.artifacts.get("results.json")).isEqualTo(whole.artifacts.get("results.json"));
    }

    /** 20·24 + 24·17 + 17·13 = 1109 weights; masks of threshold scores keep about half of them, and no two tasks the same. */
    @Test
    void leaves_its_masks_behind_for_its_own_network_and_seed(@TempDir Path directory) throws IOException {
        var run = trained(OnKernels.REFERENCE, SMALL, 21);
        Path file = Files.write(directory.resolve("masks.psm"), run.artifacts.get("masks.psm"));
        try (var store = MaskStore.open(file)) {
            assertThat(store.count()).isEqualTo(3);
            assertThat(store.seed()).isEqualTo(21);
            assertThat(store.layout().layers().stream().map(l -> l.out() + "×" + l.in()))
                    .containsExactly("24×20", "17×24", "13×17");
            assertThat(store.mask(0).kept()).isBetween(400, 700);
            assertThat(store.mask(0)).isNotEqualTo(store.mask(1));
            assertThatThrownBy(() -> MaskStore.open(file, store.layout(), 22)).hasMessageContaining("seed 21");
        }
    }

    @Test
    void a_loss_that_is_not_finite_is_a_result() throws IOException {
        var wild = config("""
                {"scenario": "GG", "tasks": 1, "hidden": [8], "outputs": 10, "batchSize": 16}""");
        var run = new RecordedRun(1);
        try (var kernels = OnKernels.REFERENCE.open()) {
            Examples broken = examples(50, "train");
            broken.table()[0] = Float.NaN;
            var tasks = new PermutedTasks(broken, examples(20, "test"), 10, Draw.INDEPENDENT, 1);
            try (var method = Methods.of(wild, tasks, kernels, run.seed());
                    var trainer = new ContinualTrainer(wild, tasks, kernels, method, run)) {
                assertThat(trainer.train()).isInstanceOfSatisfying(Completion.Diverged.class, d -> assertThat(d.loss())
                        .isNaN());
            }
        }
    }

    @Test
    void a_checkpoint_of_another_network_is_refused() throws IOException {
        var run = new RecordedRun(1).stopAt(5, StopSignal.DRAIN);
        train(OnKernels.REFERENCE, SMALL, run);
        run.takeOver();
        var wider = config("""
                {"tasks": 3, "epochs": 2, "batchSize": 16, "hidden": [25, 17], "outputs": 13, "evaluateAt": [2],
                 "optimizer": {"type": "rmsprop", "learningRate": 0.003}}""");
        assertThatThrownBy(() -> train(OnKernels.REFERENCE, wider, run)).hasMessageContaining("scores");
    }
}
