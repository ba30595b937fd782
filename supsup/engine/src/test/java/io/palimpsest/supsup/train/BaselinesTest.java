package io.palimpsest.supsup.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.api.workload.Completion;
import io.palimpsest.api.workload.StopSignal;
import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.Toy;
import io.palimpsest.supsup.method.Teaching;
import io.palimpsest.supsup.spec.SupsupConfig;
import java.io.IOException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every method that trains weights must do, through the trainer. */
class BaselinesTest {
    private static final String SMALL = """
            "tasks": 3, "epochs": 2, "batchSize": 16, "hidden": [24, 17], "outputs": 10, "accuracyMatrix": "full",
            "optimizer": {"type": "adam", "learningRate": 0.003}""";

    static Stream<String> methods() {
        return Stream.of(
                "{\"type\": \"upper-bound\"}",
                "{\"type\": \"lower-bound\"}",
                "{\"type\": \"separate-heads\"}",
                "{\"type\": \"separate-heads\", \"trunk\": \"random\"}",
                "{\"type\": \"ewc\", \"fisherExamples\": 50}",
                "{\"type\": \"online-ewc\", \"fisherLabels\": \"sampled\", \"decay\": 0.9, \"heads\": \"per-task\"}",
                "{\"type\": \"si\"}",
                "{\"type\": \"hat\"}",
                "{\"type\": \"packnet\"}",
                "{\"type\": \"packnet\", \"budget\": {\"type\": \"equal\"}, \"retraining\": 0}");
    }

    static Stream<Arguments> methodsAndKernels() {
        return methods().flatMap(method -> OnKernels.all().map(on -> Arguments.of(method, on)));
    }

    private static Completion train(OnKernels on, SupsupConfig config, RecordedRun run) throws IOException {
        try (var kernels = on.open()) {
            var tasks = Toy.tasks(run.seed());
            try (var method = Methods.of(config, tasks, kernels, run.seed());
                    var trainer = new ContinualTrainer(config, tasks, kernels, method, run)) {
                return trainer.train();
            }
        }
    }

    private static RecordedRun trained(OnKernels on, SupsupConfig config, long seed) throws IOException {
        var run = new RecordedRun(seed);
        assertThat(train(on, config, run)).isEqualTo(new Completion.Finished());
        return run;
    }

    @ParameterizedTest
    @MethodSource("methodsAndKernels")
    void learns_each_task_far_above_chance(String method, OnKernels on) throws IOException {
        var config = Toy.config(method, """
                "tasks": 3, "epochs": 10, "batchSize": 16, "hidden": [48, 32], "outputs": 10,
                "optimizer": {"type": "adam", "learningRate": 0.01}""");
        var run = trained(on, config, 1);
        for (long task = 1; task <= 3; task++) {
            assertThat(run.point("accuracy/gg/by-task", task))
                    .as("task %d", task)
                    .isGreaterThan(0.6); // chance: 0.1
        }
        assertThat(run.points("train/loss")).hasSize(3 * 10 * 10);
        assertThat(run.point("memory/bytes-per-task", 3)).isPositive();
    }

    /** Stopped at looks drawn over the whole run, with whatever checkpoint was last. */
    @ParameterizedTest
    @MethodSource("methodsAndKernels")
    void a_run_stopped_anywhere_goes_on_to_the_same_bits(String method, OnKernels on) throws IOException {
        var config = Toy.config(method, SMALL);
        var whole = trained(on, config, 3);
        var draws = new Random(5); // which looks: any do
        for (int i = 0; i < 8; i++) {
            int look = 1 + draws.nextInt(110);
            var signal = i % 2 == 0 ? StopSignal.DRAIN : StopSignal.FENCED;
            var run = new RecordedRun(3).stopAt(look, signal);
            if (i % 3 != 0) {
                run.checkpointAlways();
            }
            assertThat(train(on, config, run)).as("stopped at look %d", look).isEqualTo(new Completion.Stopped());
            run.takeOver();
            assertThat(train(on, config, run)).isEqualTo(new Completion.Finished());
            assertThat(run.deterministic()).as("%s at look %d", signal, look).isEqualTo(whole.deterministic());
            assertThat(run.artifacts.keySet()).isEqualTo(whole.artifacts.keySet());
            whole.artifacts.forEach((name, bytes) ->
                    assertThat(run.artifacts.get(name)).as(name).isEqualTo(bytes));
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void the_same_seed_gives_the_same_bits_and_another_does_not(String method) throws IOException {
        var config = Toy.config(method, SMALL);
        var run = trained(OnKernels.CPU, config, 5).deterministic();
        assertThat(trained(OnKernels.CPU, config, 5).deterministic()).isEqualTo(run);
        assertThat(trained(OnKernels.CPU, config, 6).deterministic()).isNotEqualTo(run);
    }

    /** Those that say so answer bit for bit what they answered just after they learned the task, whatever they have learned since. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\": \"separate-heads\"}",
                "{\"type\": \"separate-heads\", \"trunk\": \"random\"}",
                "{\"type\": \"packnet\"}",
                "{\"type\": \"packnet\", \"budget\": {\"type\": \"equal\"}, \"biases\": false}"
            })
    void what_cannot_forget_answers_the_same_bits_for_ever(String json) throws IOException {
        var config = Toy.config(json, SMALL);
        try (var kernels = OnKernels.CPU.open();
                var method = Methods.of(config, Toy.tasks(2), kernels, 2);
                var teaching = new Teaching(config, Toy.tasks(2), kernels, 2)) {
            assertThat(method.mayForget()).isFalse();
            teaching.teach(method, 0);
            double[][] first = teaching.answers(method, 0);
            teaching.teach(method, 1);
            double[][] second = teaching.answers(method, 1);
            assertThat(teaching.answers(method, 0)).isDeepEqualTo(first);
            teaching.teach(method, 2);
            assertThat(teaching.answers(method, 0)).isDeepEqualTo(first);
            assertThat(teaching.answers(method, 1)).isDeepEqualTo(second);
            assertThat(teaching.answers(method, 2)).isNotEqualTo(first);
        }
    }

    /** Asking for answers between steps, of any task, changes nothing. */
    @ParameterizedTest
    @MethodSource("methods")
    void answers_between_steps_leave_no_trace(String json) throws IOException {
        var config = Toy.config(json, SMALL);
        try (var kernels = OnKernels.CPU.open();
                var asked = Methods.of(config, Toy.tasks(2), kernels, 2);
                var left = Methods.of(config, Toy.tasks(2), kernels, 2);
                var teaching = new Teaching(config, Toy.tasks(2), kernels, 2)) {
            for (int task = 0; task < 2; task++) {
                var lesson = teaching.lesson(task);
                asked.begin(lesson);
                for (int s = 0; s < lesson.pace().stepsPerTask(); s++) {
                    asked.step(lesson, s, teaching.batch(lesson, s));
                    teaching.answers(asked, task + s % 2);
                }
                asked.end(lesson);
                teaching.teach(left, task);
                assertThat(teaching.answers(asked, task)).isDeepEqualTo(teaching.answers(left, task));
            }
        }
    }

    @Test
    void a_checkpoint_of_another_network_is_refused() throws IOException {
        var run = new RecordedRun(1).stopAt(25, StopSignal.DRAIN);
        train(OnKernels.REFERENCE, Toy.config("{\"type\": \"ewc\"}", SMALL), run);
        run.takeOver();
        var wider = Toy.config("{\"type\": \"ewc\"}", SMALL.replace("[24, 17]", "[25, 17]"));
        assertThatThrownBy(() -> train(OnKernels.REFERENCE, wider, run))
                .hasMessageContaining("theta")
                .hasMessageContaining("another width");
    }
}
