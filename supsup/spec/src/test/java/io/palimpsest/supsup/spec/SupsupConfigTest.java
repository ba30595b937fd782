package io.palimpsest.supsup.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.palimpsest.api.json.Json;
import io.palimpsest.api.problem.Violation;
import io.palimpsest.api.recipe.OptimizerRecipe;
import io.palimpsest.api.schema.Binding;
import io.palimpsest.api.schema.ConfigSchema;
import io.palimpsest.api.workload.WorkloadSpec;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SupsupConfigTest {
    private static Binding<SupsupConfig> read(String json) throws JsonProcessingException {
        return ConfigSchema.of(SupsupConfig.class).bind(Json.mapper().readTree(json), "config");
    }

    /** Configuration of PermutedMNIST with LeNet, s = 100: RMSprop 1e-4, threshold masks, One-Shot with H on one image, batches of 128. */
    @Test
    void an_empty_config_is_the_papers() throws JsonProcessingException {
        var config = read("{}").orThrow();
        assertThat(config.optimizer()).isEqualTo(new OptimizerRecipe.RmsProp(1e-4, 0.99, 1e-8, 0, 0));
        assertThat(config.mask()).isEqualTo(new MaskRule.Threshold());
        assertThat(config.hidden()).isEqualTo(List.of(300, 100));
        assertThat(config.outputs()).isEqualTo(100);
        assertThat(config.batchSize()).isEqualTo(128);
        assertThat(config.inference())
                .isEqualTo(new InferenceConfig(
                        new InferenceConfig.Method.OneShot(),
                        InferenceConfig.Objective.H,
                        new InferenceConfig.Temperature.Fixed(1),
                        InferenceConfig.Decide.BATCH,
                        1,
                        0,
                        0));
        assertThat(config.nns())
                .isEqualTo(new NnsConfig(
                        0,
                        5,
                        0.125,
                        100,
                        0,
                        NnsConfig.Boundaries.ALIGNED,
                        NnsConfig.Exhausted.SKIP,
                        NnsConfig.Resting.SCORES,
                        new NnsConfig.Merge.Never()));
        assertThat(config.maskBudget()).isEqualTo(config.tasks());
    }

    @Test
    void a_config_reads_back_as_it_was_written() throws JsonProcessingException {
        var config =
                read("{\"scenario\": \"GNs\", \"mask\": {\"type\": \"top-k\", \"density\": 0.3}, \"evaluateAt\": [1, 3]}")
                        .orThrow();
        var schema = ConfigSchema.of(SupsupConfig.class);
        assertThat(schema.bind(schema.write(config), "config").orThrow()).isEqualTo(config);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"outputs\": 5}                                               | outputs is 5 but a task has 10 classes",
                "{\"benchmark\": \"split-mnist\", \"labels\": \"original\", \"outputs\": 9} | outputs is 9 but a task has 10 classes with original labels",
                "{\"benchmark\": \"split-cifar100\", \"outputs\": 4}            | outputs is 4 but a task has 5 classes",
                "{\"benchmark\": \"split-cifar100\", \"labels\": \"original\", \"outputs\": 99} | Give outputs: 100.",
                "{\"benchmark\": \"split-mnist\", \"outputs\": 2, \"inference\": {\"objective\": \"G\"}} | its gradient would be 0",
                "{\"benchmark\": \"rotated-mnist\", \"tasks\": 37}             | tasks is 37 but rotated-mnist has 36",
                "{\"benchmark\": \"split-fashion-mnist\", \"tasks\": 6}        | tasks is 6 but split-fashion-mnist has 5",
                "{\"benchmark\": \"split-cifar10\", \"tasks\": 6}              | tasks is 6 but split-cifar10 has 5",
                "{\"benchmark\": \"split-cifar100\", \"tasks\": 21}            | Give tasks: 20.",
                "{\"labels\": \"original\"}                                  | only split benchmarks number them in two ways",
                "{\"benchmark\": \"own-tasks\", \"labels\": \"original\", \"dataset\": \"a\"} | labels is original but tasks of own-tasks",
                "{\"benchmark\": \"own-tasks\"}                             | dataset is missing but benchmark is own-tasks",
                "{\"dataset\": \"mine\"}                                     | only own-tasks reads a dataset",
                "{\"benchmark\": \"own-tasks\", \"dataset\": \"../etc\"}     | never a path",
                "{\"benchmark\": \"own-tasks\", \"dataset\": \"/etc\"}       | never a path",
                "{\"benchmark\": \"own-tasks\", \"dataset\": \"a/b\"}        | never a path",
                "{\"benchmark\": \"split-mnits\"}                           | split-mnist",
                "{\"outputs\": 10, \"inference\": {\"objective\": \"G\"}}       | its gradient would be 0",
                "{\"inference\": {\"images\": 200}}                             | a test batch has 128 images",
                "{\"schedule\": {\"type\": \"cosine\", \"warmup\": 1}}          | the cosine never starts",
                "{\"evaluateAt\": [3, 2]}                                       | must rise strictly",
                "{\"evaluateAt\": [6]}                                          | at or before tasks, 5",
                "{\"mask\": {\"type\": \"top-k\", \"density\": 1.5}}            | config.mask.density is 1.5",
                "{\"mask\": {\"type\": \"top-k\", \"density\": 0}}              | config.mask.density is 0",
                "{\"inference\": {\"decide\": \"each\", \"images\": 16}}     | images is 16 but decide is not batch",
                "{\"inference\": {\"decide\": \"most\"}}                     | majority",
                "{\"inference\": {\"temperature\": {\"type\": \"calibrated\"}}} | heldOut is 0 but inference.temperature is calibrated",
                "{\"inference\": {\"temperature\": {\"type\": \"fixed\", \"value\": 0}}} | config.inference.temperature.value is 0",
                "{\"inference\": {\"method\": {\"type\": \"gradient-descent\", \"rate\": 0}}} | config.inference.method.rate is 0",
                "{\"inference\": {\"method\": {\"type\": \"binary\", \"base\": 1}}}  | config.inference.method.base is 1",
                "{\"comparisons\": [{\"name\": \"Each!\"}]}                    | config.comparisons[0].name is \"Each!\"",
                "{\"comparisons\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}       | comparisons[1].name is a, as one before",
                "{\"comparisons\": [{\"name\": \"a\", \"inference\": {\"images\": 129}}]} | comparisons[0].inference.images is 129",
                "{\"scenario\": \"GG\", \"comparisons\": [{\"name\": \"a\"}]}    | in scenario GG nothing is inferred",
                "{\"permutations\": \"reference\", \"benchmark\": \"rotated-mnist\"} | permutations is reference but tasks of rotated-mnist are not permuted",
                "{\"nns\": {\"budget\": 3}}                                | nns is configured but scenario is GNu",
                "{\"method\": {\"type\": \"hopsupsup\"}, \"inference\": {\"objective\": \"G\"}} | inference is configured but hopsupsup infers no task",
                "{\"method\": {\"type\": \"hopsupsup\"}, \"heldOut\": 9}     | heldOut is 9 but hopsupsup has no temperature",
                "{\"scenario\": \"NNs\", \"heldOut\": 100}                     | which nobody knows there",
                "{\"scenario\": \"NNs\", \"accuracyMatrix\": \"full\"}         | accuracyMatrix is full in scenario NNs",
                "{\"scenario\": \"NNs\", \"schedule\": {\"type\": \"cosine\"}, \"nns\": {\"boundaries\": \"free\"}} | schedule is not constant but nns.boundaries is free",
                "{\"scenario\": \"NNs\", \"mask\": {\"type\": \"top-k\", \"density\": 0.3}, \"nns\": {\"resting\": \"bits\"}} | nns.resting is bits but mask is not threshold",
                "{\"scenario\": \"NNs\", \"nns\": {\"floor\": 0}}              | config.nns.floor is 0",
                "{\"scenario\": \"NNs\", \"nns\": {\"epsilon\": -0.1}}         | config.nns.epsilon is -0.1",
                "{\"scenario\": \"NNs\", \"nns\": {\"interval\": 0}}           | config.nns.interval is 0",
                "{\"scenario\": \"NNs\", \"nns\": {\"budget\": -1}}            | config.nns.budget is -1",
                "{\"scenario\": \"NNs\", \"nns\": {\"merge\": {\"type\": \"redundant\", \"jaccard\": 1.5}}} | config.nns.merge.jaccard is 1.5",
                "{\"scenaro\": \"GNu\"}                                         | scenario",
                "{\"scenario\": \"GNU\"}                                        | GNu",
                "{\"method\": {\"type\": \"supsup\", \"heads\": \"per-task\"}} | method supsup must be told the task",
                "{\"scenario\": \"GG\", \"method\": {\"type\": \"supsup\", \"heads\": \"per-task\", \"start\": {\"type\": \"inferred\"}}} | they share no last layer",
                "{\"scenario\": \"NNs\", \"method\": {\"type\": \"supsup\", \"start\": {\"type\": \"mean\"}}} | method.start is not fresh in scenario NNs",
                "{\"method\": {\"type\": \"supsup\", \"start\": {\"type\": \"knn\", \"share\": 0}}} | config.method.start.share is 0",
                "{\"method\": {\"type\": \"piggyback\"}} | method piggyback must be told the task",
                "{\"scenario\": \"GG\", \"method\": {\"type\": \"piggyback\", \"score\": 0.005}} | kept only above method.threshold, 0.005",
                "{\"method\": {\"type\": \"parameter-superposition\"}} | method parameter-superposition must be told the task",
                "{\"scenario\": \"GG\", \"method\": {\"type\": \"winning-subnetworks\", \"density\": 1.5}} | config.method.density is 1.5",
                "{\"scenario\": \"GG\", \"method\": {\"type\": \"winning-subnetworks\"}, \"optimizer\": {\"type\": \"adam\", \"learningRate\": 0.1, \"weightDecay\": 0.1}} | freezes what earlier tasks use by its gradient alone",
                "{\"scenario\": \"GG\", \"method\": {\"type\": \"exclusive-subnetworks\", \"maskShare\": 0}} | config.method.maskShare is 0",
                "{\"scenario\": \"GG\", \"method\": {\"type\": \"exclusive-subnetworks\", \"weights\": {\"type\": \"sgd\", \"learningRate\": 0.1, \"weightDecay\": 0.1}}} | method.weights.weightDecay is 0.1",
                "{\"scenario\": \"GG\", \"method\": {\"type\": \"exclusive-subnetworks\", \"start\": {\"type\": \"inferred\"}}} | which this method trains",
                "{\"method\": {\"type\": \"batch-ensembles\"}} | batch-ensemble",
                "{\"method\": {\"type\": \"ewc\"}}                            | method ewc must be told the task",
                "{\"scenario\": \"GG\", \"method\": {\"type\": \"ewc\", \"strength\": -1}} | config.method.strength is -1",
                "{\"scenario\": \"GG\", \"method\": {\"type\": \"si\", \"damping\": 0}} | config.method.damping is 0",
                "{\"scenario\": \"GG\", \"method\": {\"type\": \"ewc\", \"fisherLabels\": \"some\"}} | exact, sampled, empirical",
                "{\"scenario\": \"GG\", \"method\": {\"type\": \"packnet\", \"budget\": {\"type\": \"share-of-free\", \"prune\": 1}}} | config.method.budget.prune is 1",
                "{\"scenario\": \"GG\", \"benchmark\": \"split-mnist\", \"method\": {\"type\": \"si\"}, \"network\": {\"type\": \"lenet\"}} | method si, as it is configured, is made for dense layers",
                "{\"scenario\": \"GG\", \"method\": {\"type\": \"hat\"}, \"optimizer\": {\"type\": \"adamw\", \"learningRate\": 1e-3}} | method hat freezes",
                "{\"shards\": 0}                                                | config.shards is 0",
                "{\"optimizer\": {\"type\": \"rmsprop\", \"learningRate\": \"NaN\"}} | config.optimizer.learningRate"
            })
    void each_mistake_is_named(String json, String said) throws JsonProcessingException {
        var violations = read(json).violations();
        assertThat(violations).hasSize(1);
        assertThat(violations.get(0).sentence()).contains(said);
    }

    /** Tasks that each stream has where that is fixed, and its classes: 360° / 10°, 10 / 2, 100 / 5. */
    @ParameterizedTest
    @CsvSource({
        "permuted-mnist, 10000, 10, 10",
        "permuted-fashion-mnist, 10000, 10, 10",
        "permuted-mixed, 10000, 10, 10",
        "rotated-mnist, 36, 10, 10",
        "rotated-fashion-mnist, 36, 10, 10",
        "split-mnist, 5, 2, 10",
        "split-fashion-mnist, 5, 2, 10",
        "split-cifar10, 5, 2, 10",
        "split-cifar100, 20, 5, 100"
    })
    void all_tasks_of_a_benchmark_can_be_learned_with_just_enough_outputs(
            String benchmark, int tasks, int classes, int classesInAll) throws JsonProcessingException {
        var config = read("{\"benchmark\": \"" + benchmark + "\", \"tasks\": " + tasks + ", \"outputs\": " + classes
                        + "}")
                .orThrow();
        assertThat(config.classes()).isEqualTo(classes);
        assertThat(config.benchmark().classesInAll()).isEqualTo(classesInAll);
        if (classes < classesInAll) {
            var original = read("{\"benchmark\": \"" + benchmark + "\", \"labels\": \"original\", \"outputs\": "
                    + classesInAll + "}");
            assertThat(original.orThrow().classes()).isEqualTo(classesInAll);
        }
    }

    @Test
    void own_tasks_are_named_by_their_folder() throws JsonProcessingException {
        var config = read("{\"benchmark\": \"own-tasks\", \"dataset\": \"my_tasks-2\", \"tasks\": 300}")
                .orThrow();
        assertThat(config.dataset()).contains("my_tasks-2");
        var schema = ConfigSchema.of(SupsupConfig.class);
        assertThat(schema.bind(schema.write(config), "config").orThrow()).isEqualTo(config);
    }

    @Test
    void convolutions_and_budgets_by_shape_are_read_and_refused_where_they_cannot_serve()
            throws JsonProcessingException {
        var config =
                read("{\"scenario\": \"GG\", \"benchmark\": \"split-cifar100\", \"outputs\": 5, \"network\": {\"type\":"
                                + " \"gem-resnet18\"}, \"mask\": {\"type\": \"erdos-renyi\", \"multiplier\": 8}}")
                        .orThrow();
        assertThat(config.network()).isEqualTo(new NetworkConfig.GemResNet18());
        assertThat(config.mask()).isEqualTo(new MaskRule.ErdosRenyi(8));
        var schema = ConfigSchema.of(SupsupConfig.class);
        assertThat(schema.bind(schema.write(config), "config").orThrow()).isEqualTo(config);
        assertThat(read("{}").orThrow().network()).isEqualTo(new NetworkConfig.Dense());
        assertThat(read("{\"mask\": {\"type\": \"erdos-renyi\", \"multiplier\": 0}}")
                        .violations())
                .extracting(Violation::path)
                .containsExactly("config.mask.multiplier");
        assertThat(read("{\"network\": {\"type\": \"gem-resnet18\"}}")
                        .violations()
                        .toString())
                .contains("network is gem-resnet18", "permuted-mnist");
        assertThat(read("{\"scenario\": \"NNs\", \"benchmark\": \"rotated-mnist\", \"network\": {\"type\": \"lenet\"}}")
                        .violations()
                        .toString())
                .contains("network is lenet", "NNs");
    }

    @Test
    void all_mistakes_come_at_once() throws JsonProcessingException {
        var violations = read("{\"tasks\": 0, \"epochs\": -1, \"outputs\": \"many\", \"hiden\": [3]}")
                .violations();
        assertThat(violations)
                .extracting(Violation::path)
                .containsExactlyInAnyOrder("config.tasks", "config.epochs", "config.outputs", "config.hiden");
    }

    @Test
    void the_control_plane_finds_the_spec() {
        assertThat(ServiceLoader.load(WorkloadSpec.class))
                .extracting(WorkloadSpec::name)
                .contains("supsup");
    }
}
