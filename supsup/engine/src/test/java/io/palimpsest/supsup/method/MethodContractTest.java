package io.palimpsest.supsup.method;

import static io.palimpsest.supsup.method.MethodRuns.answers;
import static io.palimpsest.supsup.method.MethodRuns.config;
import static io.palimpsest.supsup.method.MethodRuns.lesson;
import static io.palimpsest.supsup.method.MethodRuns.tasks;
import static io.palimpsest.supsup.method.MethodRuns.teach;
import static io.palimpsest.supsup.method.MethodRuns.train;
import static io.palimpsest.supsup.method.MethodRuns.trained;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.api.workload.Completion;
import io.palimpsest.api.workload.StopSignal;
import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.train.RecordedRun;
import io.palimpsest.training.random.RandomStreams;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every way of learning tasks promises, whatever it does. */
class MethodContractTest {
    /** Method, and what else of the config it needs, as a person writes them. */
    static Stream<Arguments> methods() {
        List<String> methods = List.of(
                "\"method\": {\"type\": \"supsup\"}",
                "\"method\": {\"type\": \"supsup\", \"start\": {\"type\": \"mean\"}}",
                "\"method\": {\"type\": \"supsup\", \"start\": {\"type\": \"previous\"}}",
                "\"method\": {\"type\": \"supsup\", \"start\": {\"type\": \"first\"}}",
                "\"method\": {\"type\": \"supsup\", \"start\": {\"type\": \"random\"}}",
                "\"method\": {\"type\": \"supsup\", \"start\": {\"type\": \"inferred\"}}",
                "\"method\": {\"type\": \"supsup\", \"start\": {\"type\": \"inferred\", \"rule\": \"one-shot\"}}",
                "\"method\": {\"type\": \"supsup\", \"start\": {\"type\": \"knn\", \"neighbours\": 5}}",
                "\"method\": {\"type\": \"supsup\", \"heads\": \"per-task\"}",
                "\"method\": {\"type\": \"supsup\", \"heads\": \"per-task\", \"start\": {\"type\": \"knn\", \"neighbours\": 5}},"
                        + " \"mask\": {\"type\": \"top-k\", \"density\": 0.4}",
                "\"method\": {\"type\": \"piggyback\"}",
                "\"method\": {\"type\": \"piggyback\", \"weights\": {\"type\": \"sgd\", \"learningRate\": 0.05, \"momentum\": 0.9}}",
                "\"method\": {\"type\": \"batch-ensemble\", \"weights\": {\"type\": \"adam\", \"learningRate\": 0.01}}",
                "\"method\": {\"type\": \"batch-ensemble\", \"randomWeights\": true}",
                "\"method\": {\"type\": \"parameter-superposition\"}",
                "\"method\": {\"type\": \"parameter-superposition\", \"contexts\": \"stored\"}",
                "\"method\": {\"type\": \"winning-subnetworks\"}",
                "\"method\": {\"type\": \"winning-subnetworks\", \"heads\": \"shared\", \"freshScores\": true}",
                "\"method\": {\"type\": \"exclusive-subnetworks\", \"start\": {\"type\": \"knn\", \"neighbours\": 5}},"
                        + " \"mask\": {\"type\": \"top-k\", \"density\": 0.4}");
        var cases = new ArrayList<Arguments>();
        for (String method : methods) {
            for (OnKernels on : OnKernels.values()) {
                cases.add(Arguments.of(on, method));
            }
        }
        return cases.stream();
    }

    /** Three tasks of two epochs of ten steps, GG. */
    private static String small(String method, String more) {
        return "{\"scenario\": \"GG\", \"tasks\": 3, \"epochs\": 2, \"batchSize\": 16, \"hidden\": [24, 17], \"outputs\": 13,"
                + " \"accuracyMatrix\": \"full\", \"optimizer\": {\"type\": \"adam\", \"learningRate\": 0.003}, "
                + method
                + more + "}";
    }

    @ParameterizedTest
    @MethodSource("methods")
    void learns_each_task_far_above_chance(OnKernels on, String method) throws IOException {
        var longer =
                config("{\"scenario\": \"GG\", \"tasks\": 3, \"epochs\": 10, \"batchSize\": 16, \"hidden\": [48, 32],"
                        + " \"outputs\": 13, \"optimizer\": {\"type\": \"adam\", \"learningRate\": 0.01}, " + method
                        + "}");
        var run = trained(on, longer, 1);
        for (int task = 1; task <= 3; task++) {
            assertThat(run.point("accuracy/gg/by-task", task))
                    .as("task %d", task)
                    .isGreaterThan(0.5); // chance: 0.1
            assertThat(run.point("memory/bytes-per-task", task)).isNotNegative();
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void stopped_anywhere_it_goes_on_to_the_same_bits(OnKernels on, String method) throws IOException {
        var config = config(small(method, ""));
        var whole = trained(on, config, 3);
        var draws = new RandomStreams(5).stream("looks");
        for (int trial = 0; trial < 8; trial++) {
            int look = 1 + draws.nextInt(75); // 60 steps, and looks while tasks are scored
            var signal = trial % 2 == 0 ? StopSignal.DRAIN : StopSignal.FENCED;
            var run = new RecordedRun(3).stopAt(look, signal);
            if (trial % 4 == 1) {
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
    void what_it_cannot_forget_it_answers_with_the_same_bits_ever_after(OnKernels on, String method) {
        var config = config(small(method, ""));
        var tasks = tasks(9);
        try (var kernels = on.open();
                var learner = Methods.of(config, tasks, kernels, 9)) {
            teach(learner, lesson(config, tasks, 0), config, kernels);
            double[][] first = answers(learner, tasks, 0, kernels);
            teach(learner, lesson(config, tasks, 1), config, kernels);
            double[][] second = answers(learner, tasks, 1, kernels);
            teach(learner, lesson(config, tasks, 2), config, kernels);
            if (learner.mayForget()) {
                assertThat(Arrays.deepEquals(answers(learner, tasks, 0, kernels), first))
                        .isFalse();
            } else {
                assertThat(answers(learner, tasks, 1, kernels)).isDeepEqualTo(second);
                assertThat(answers(learner, tasks, 0, kernels)).isDeepEqualTo(first);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void a_checkpoint_of_another_width_is_refused(OnKernels on, String method) throws IOException {
        var run = new RecordedRun(1).stopAt(20, StopSignal.DRAIN);
        train(on, config(small(method, "")), run);
        run.takeOver();
        var wider = config(small(method, "").replace("[24, 17]", "[25, 17]"));
        assertThatThrownBy(() -> train(on, wider, run)).hasMessageContaining("width");
    }
}
