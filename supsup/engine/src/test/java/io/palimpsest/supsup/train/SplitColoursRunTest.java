package io.palimpsest.supsup.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.api.workload.Completion;
import io.palimpsest.api.workload.StopSignal;
import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.SupsupWorkload;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.supsup.spec.SupsupConfig.Labels;
import io.palimpsest.supsup.task.CropAndFlip;
import io.palimpsest.supsup.task.Images;
import io.palimpsest.supsup.task.SplitTasks;
import io.palimpsest.training.data.Normalisation;
import io.palimpsest.training.data.SplitTask;
import io.palimpsest.training.random.NumpyLegacyRandom;
import io.palimpsest.training.random.RandomStream;
import io.palimpsest.training.random.RandomStreams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Colour images split by class, cropped and mirrored anew at each step. */
class SplitColoursRunTest {
    private static final SupsupConfig SMALL = ContinualTrainerTest.config("""
            {"benchmark": "split-cifar10", "tasks": 3, "epochs": 3, "batchSize": 16, "hidden": [24], "outputs": 7, "evaluateAt": [2],
             "optimizer": {"type": "rmsprop", "learningRate": 0.003}}""");

    private static Completion train(OnKernels on, RecordedRun run, @Nullable CropAndFlip augmentation)
            throws IOException {
        var split = SplitTask.of(NumpyLegacyRandom.permutation(run.seed(), 6), 2);
        var tasks =
                new SplitTasks(Images.colours(6, 25, 6), Normalisation.CIFAR_100, split, Labels.LOCAL, augmentation);
        try (var kernels = on.open();
                var method = Methods.of(SMALL, tasks, kernels, run.seed());
                var trainer = new ContinualTrainer(SMALL, tasks, kernels, method, run)) {
            return trainer.train();
        }
    }

    /** 50 images a task: 4 steps an epoch, 36 in all; stops at places drawn once, whatever checkpoint was last. */
    @ParameterizedTest
    @EnumSource
    void a_run_stopped_at_random_steps_sees_the_same_crops(OnKernels on) throws IOException {
        var crops = new CropAndFlip(2);
        var whole = new RecordedRun(5);
        assertThat(train(on, whole, crops)).isEqualTo(new Completion.Finished());
        assertThat(whole.points("train/loss")).hasSize(36);
        var plain = new RecordedRun(5);
        assertThat(train(on, plain, null)).isEqualTo(new Completion.Finished());
        assertThat(plain.points("train/loss")).isNotEqualTo(whole.points("train/loss")); // so crops are seen at all

        RandomStream random = new RandomStreams(17).stream("stops");
        for (int i = 0; i < 16; i++) {
            int look = 1 + random.nextInt(36);
            var signal = random.nextBoolean() ? StopSignal.DRAIN : StopSignal.FENCED;
            var run = new RecordedRun(5).stopAt(look, signal);
            if (random.nextBoolean()) {
                run.checkpointAlways();
            }
            assertThat(train(on, run, crops)).isEqualTo(new Completion.Stopped());
            run.takeOver();
            assertThat(train(on, run, crops)).isEqualTo(new Completion.Finished());
            assertThat(run.deterministic()).as("%s at look %d", signal, look).isEqualTo(whole.deterministic());
            assertThat(run.artifacts.get("masks.psm")).isEqualTo(whole.artifacts.get("masks.psm"));
        }
    }

    /** Files of CIFAR-10's exact layout, generated: each class a pattern of its own, each image noise on it. */
    @Test
    void split_cifar_10_is_learned_from_files_of_its_layout(@TempDir Path data) throws IOException {
        Path directory = Files.createDirectories(data.resolve("cifar-10-batches-bin"));
        RandomStream random = new RandomStreams(2).stream("images");
        var patterns = new byte[10][3072];
        for (byte[] pattern : patterns) {
            random.nextBytes(pattern);
        }
        var noise = new byte[3072];
        for (int batch = 1; batch <= 6; batch++) {
            var records = ByteBuffer.allocate(30_730_000);
            for (int i = 0; i < 10_000; i++) {
                records.put((byte) (i % 10));
                random.nextBytes(noise);
                for (int p = 0; p < 3072; p++) {
                    int row = p % 1024 / 128; // stripes of four rows, which crops move by one at most
                    records.put((byte) ((patterns[i % 10][p / 1024 * 8 + row] & 0xFF) / 2 + (noise[p] & 0x3F)));
                }
            }
            Files.write(
                    directory.resolve(batch == 6 ? "test_batch.bin" : "data_batch_" + batch + ".bin"), records.array());
        }
        var config = ContinualTrainerTest.config("""
                {"benchmark": "split-cifar10", "tasks": 2, "iterationLimit": 40, "hidden": [32], "outputs": 12, "scenario": "GG",
                 "optimizer": {"type": "rmsprop", "learningRate": 0.001}}""");
        var run = new RecordedRun(0).dataIn(data);

        assertThat(new SupsupWorkload().run(config, run)).isEqualTo(new Completion.Finished());

        assertThat(run.points("train/loss")).hasSize(80);
        for (long task = 1; task <= 2; task++) {
            assertThat(run.point("accuracy/gg/by-task", task)).isGreaterThan(0.9); // chance: 0.5
        }
        assertThat(run.provenance).containsKey("dataset.cifar-10.sha256");
    }
}
