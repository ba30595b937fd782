package io.palimpsest.supsup.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.api.problem.UserErrorException;
import io.palimpsest.api.workload.Completion;
import io.palimpsest.api.workload.StopSignal;
import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.supsup.spec.SupsupConfig.Labels;
import io.palimpsest.supsup.task.Images;
import io.palimpsest.supsup.task.SplitTasks;
import io.palimpsest.training.data.Normalisation;
import io.palimpsest.training.data.SplitTask;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** ResNet-50, which DL4J computes, under a supermask for each task: 23.5 million weights on colour images of 32 × 32. */
class ResNet50RunTest {
    private static final SupsupConfig SMALL = ContinualTrainerTest.config("""
            {"benchmark": "split-cifar10", "tasks": 2, "epochs": 2, "batchSize": 16, "outputs": 7, "network": {"type": "resnet50"},
             "optimizer": {"type": "sgd", "learningRate": 0.1, "momentum": 0}}""");

    private static Completion train(RecordedRun run, int side) throws IOException {
        var tasks = new SplitTasks(
                Images.colours(4, 12, side), Normalisation.CIFAR_100, SplitTask.inOrder(4, 2), Labels.LOCAL, null);
        try (var kernels = OnKernels.CPU.open();
                var method = Methods.of(SMALL, tasks, kernels, run.seed());
                var trainer = new ContinualTrainer(SMALL, tasks, kernels, method, run)) {
            return trainer.train();
        }
    }

    /** 24 images a task: 2 steps an epoch, 8 in all. */
    @Test
    void a_run_stopped_in_its_second_task_ends_with_the_same_bits() throws IOException {
        var whole = new RecordedRun(5);
        assertThat(train(whole, 32)).isEqualTo(new Completion.Finished());
        assertThat(whole.points("train/loss")).hasSize(8);
        assertThat(whole.artifacts).containsKeys("masks.psm", "statistics.ckpt");
        assertThat(whole.point("inference/trials", 2)).isPositive();

        var run = new RecordedRun(5).stopAt(6, StopSignal.DRAIN);
        assertThat(train(run, 32)).isEqualTo(new Completion.Stopped());
        run.takeOver();
        assertThat(train(run, 32)).isEqualTo(new Completion.Finished());
        assertThat(run.deterministic()).isEqualTo(whole.deterministic());
        assertThat(run.artifacts.get("masks.psm")).isEqualTo(whole.artifacts.get("masks.psm"));
        assertThat(run.artifacts.get("statistics.ckpt")).isEqualTo(whole.artifacts.get("statistics.ckpt"));
    }

    @Test
    void images_that_cannot_be_halved_five_times_are_refused() {
        assertThatThrownBy(() -> train(new RecordedRun(5), 28))
                .isInstanceOf(UserErrorException.class)
                .hasMessageContaining("network is resnet50 but images of 28 × 28 × 3 do not fit it")
                .hasMessageContaining("at least 32")
                .hasMessageContaining("Give larger images");
    }
}
