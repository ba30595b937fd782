package io.palimpsest.supsup.spec;

import io.palimpsest.api.recipe.OptimizerRecipe;
import io.palimpsest.api.recipe.ScheduleRecipe;
import io.palimpsest.api.schema.Bounds;
import io.palimpsest.api.schema.Default;
import io.palimpsest.api.schema.Description;
import io.palimpsest.api.schema.Matches;
import io.palimpsest.api.schema.Names;
import io.palimpsest.api.schema.Size;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One network that learns many tasks: a supermask for each over the same random weights (Wortsman et al. 2020, arXiv 2006.14769).
 *
 * <p>Defaults are the paper's for PermutedMNIST with LeNet 300-100 and s = 100 ({@code experiments/GNu/PermutedMNIST} of its code), but
 * for the number of tasks and epochs.
 */
public record SupsupConfig(
        @Description(
                "what the learner is told: GG, GNs or GNu, where each also yields the scores of those before it; or NNs")
        @Default("GNu")
        Scenario scenario,

        @Description("how tasks are learned") @Default("{type: supsup}")
        MethodConfig method,

        @Description("the stream of tasks") @Default("permuted-mnist")
        Benchmark benchmark,

        @Description("folder in the data directory with the tasks.yaml of own-tasks, by its name alone")
        @Matches(
                value = "[A-Za-z0-9][A-Za-z0-9_-]{0,63}",
                says = "the name of a folder, never a path: 1 to 64 letters, digits, dashes or underscores",
                example = "my-tasks")
        Optional<String> dataset,

        @Description(
                "labels of a split benchmark. local: from 0 within each task; original: as in the dataset, so that tasks share"
                        + " outputs for all its classes")
        @Default("local")
        Labels labels,

        @Description("tasks to learn, one after the other") @Default("5") @Bounds(min = 1, max = 10_000)
        int tasks,

        @Description("passes over each task's training images") @Default("1") @Bounds(min = 1, max = 10_000)
        int epochs,

        @Description("most steps per task, whatever the epochs; 0 for no such limit")
        @Default("0")
        @Bounds(min = 0, max = 100_000_000)
        int iterationLimit,

        @Description("images per step, and per test batch") @Default("128") @Bounds(min = 1, max = 10_000)
        int batchSize,

        @Description(
                "the network whose weights are masked: dense layers, or convolutions for images whose pixels stay in place")
        @Default("{type: dense}")
        NetworkConfig network,

        @Description(
                "units of each hidden layer of a dense network, without biases: with ReLU, for hopsupsup with batch normalisation and Swish")
        @Default("[300, 100]")
        @Size(min = 1, max = 10) @Bounds(min = 1, max = 16_384)
        List<Integer> hidden,

        @Description("outputs s: the classes of a task and any number of superfluous ones, which sharpen inference")
        @Default("100")
        @Bounds(min = 2, max = 16_384)
        int outputs,

        @Description("how scores become a mask") @Default("{type: threshold}")
        MaskRule mask,

        @Description("what moves the scores; begun anew for each task") @Default("{type: rmsprop, learningRate: 1e-4}")
        OptimizerRecipe optimizer,

        @Description("how the learning rate changes over the epochs of a task") @Default("{type: constant}")
        ScheduleRecipe schedule,

        @Description("how the task of test images is inferred") @Default("{}")
        InferenceConfig inference,

        @Description("further ways of inferring, scored in the same run on the same masks")
        @Default("[]")
        @Size(max = 50) List<Comparison> comparisons,

        @Description("training images of each task that are kept from training, for calibrated temperatures")
        @Default("0")
        @Bounds(min = 0, max = 1_000_000)
        int heldOut,

        @Description("how masks are allocated in scenario NNs") @Default("{}")
        NnsConfig nns,

        @Description(
                "independent: each seed draws its own permutations; reference: as the paper's code, where seeds share all but one")
        @Default("independent")
        Permutations permutations,

        @Description("counts of learned tasks at which they are evaluated; the end is always one")
        @Default("[]")
        @Size(max = 1000) @Bounds(min = 1, max = 10_000)
        List<Integer> evaluateAt,

        @Description("tasks that each evaluation scores, spread evenly over the learned ones; 0 scores all")
        @Default("0")
        @Bounds(min = 0, max = 10_000)
        int scoredTasks,

        @Description("what is measured with the task given, just after each task was learned. diagonal: that task;"
                + " learned: all tasks learned so far, which tells forgetting; full: the next task as well, and all before the first,"
                + " which tells forward transfer")
        @Default("learned")
        Matrix accuracyMatrix,

        @Description("parts into which each step is cut; results depend on it, so it does not follow the machine")
        @Default("2")
        @Bounds(min = 1, max = 64)
        int shards) {
    /** Where permutations come from. */
    public enum Permutations {
        INDEPENDENT,
        REFERENCE
    }

    /** How the classes of a task of a split benchmark are numbered. */
    public enum Labels {
        LOCAL,
        ORIGINAL
    }

    /** What is measured just after each task was learned. */
    public enum Matrix {
        DIAGONAL,
        LEARNED,
        FULL
    }

    public SupsupConfig {
        hidden = List.copyOf(hidden);
        evaluateAt = List.copyOf(evaluateAt);
        String stream = Names.of(benchmark);
        if (benchmark == Benchmark.OWN_TASKS && dataset.isEmpty()) {
            throw new IllegalArgumentException(
                    "dataset is missing but benchmark is own-tasks: must name the folder of the data"
                            + " directory that holds tasks.yaml. Give dataset: my-tasks.");
        }
        if (benchmark != Benchmark.OWN_TASKS && dataset.isPresent()) {
            throw new IllegalArgumentException(
                    "dataset is " + dataset.get() + " but benchmark " + stream
                            + " has its own data: only own-tasks reads a dataset. Remove dataset, or give benchmark: own-tasks.");
        }
        if (tasks > benchmark.tasks()) {
            throw new IllegalArgumentException("tasks is " + tasks + " but " + stream + " has " + benchmark.tasks()
                    + ": must be at most that. Give tasks: " + benchmark.tasks() + ".");
        }
        if (labels == Labels.ORIGINAL && !benchmark.splitsClasses()) {
            throw new IllegalArgumentException("labels is original but tasks of " + stream
                    + " are not cut from the classes of one dataset: only split benchmarks number them in two ways. Give labels:"
                    + " local.");
        }
        int classes = classes(benchmark, labels);
        if (outputs < classes) {
            throw new IllegalArgumentException("outputs is " + outputs + " but a task has " + classes + " classes"
                    + (labels == Labels.ORIGINAL ? " with original labels" : "")
                    + ": must be at least that. Give outputs: " + Math.max(100, classes) + ".");
        }
        if (network.convolves() && !benchmark.keepsPixelsInPlace()) {
            throw new IllegalArgumentException("network is " + network.text() + " but tasks of " + stream
                    + " show their pixels in an order of their own: convolutions look at neighbours. Give network: {type:"
                    + " dense}, or a benchmark such as split-cifar100.");
        }
        if (network.convolves() && method instanceof MethodConfig.HopSupSup) {
            throw new IllegalArgumentException(
                    "network is " + network.text() + " but method hopsupsup has a dense network of"
                            + " its own, with masks on units. Give network: {type: dense}, or method: {type: supsup}.");
        }
        if (network.convolves() && method.denseOnly()) {
            throw new IllegalArgumentException("network is " + network.text() + " but method " + method.type()
                    + ", as it is configured, is made for dense layers. Give network: {type: dense}, or method: {type: supsup} with"
                    + " heads: shared.");
        }
        if (network.convolves() && scenario == Scenario.NNS) {
            throw new IllegalArgumentException(
                    "network is " + network.text() + " but in scenario NNs masks are"
                            + " allocated for dense networks only: their normalisations would need a task. Give network: {type: dense}.");
        }
        if (scenario.infers() && !method.infersTask()) {
            throw new IllegalArgumentException("scenario is " + Names.of(scenario) + " but method " + method.type()
                    + " must be told the task. Give scenario: GG.");
        }
        if (method.freezesByGradient() && optimizer.weightDecay() != 0) {
            throw new IllegalArgumentException("optimizer.weightDecay is " + optimizer.weightDecay() + " but method "
                    + method.type() + " freezes what earlier tasks use by its gradient alone, and decay"
                    + " would move it all the same. Give weightDecay: 0.");
        }
        if (method instanceof MethodConfig.HopSupSup && !(mask instanceof MaskRule.Threshold)) {
            throw new IllegalArgumentException("mask is " + mask + " but hopsupsup masks units by the threshold rule."
                    + " Give mask: {type: threshold}.");
        }
        comparisons = List.copyOf(comparisons);
        if (method instanceof MethodConfig.HopSupSup && !comparisons.isEmpty()) {
            throw new IllegalArgumentException("comparisons has " + comparisons.size() + " entries but hopsupsup infers"
                    + " no task: it recovers masks. Leave comparisons out.");
        }
        if (method instanceof MethodConfig.HopSupSup) {
            UnreadChecks.checkHopSupSup(inference, heldOut);
        }
        UnreadChecks.checkPermutations(permutations, benchmark);
        UnreadChecks.checkNns(nns, scenario);
        InferenceChecks.check(scenario, inference, comparisons, outputs, classes, batchSize, heldOut);
        if (scenario == Scenario.NNS) {
            NnsChecks.checkLearning(method, mask, schedule, nns);
            NnsChecks.checkScoring(inference, comparisons, heldOut, accuracyMatrix);
        }
        if (schedule instanceof ScheduleRecipe.Cosine cosine && cosine.warmup() >= epochs) {
            throw new IllegalArgumentException("schedule.warmup is " + cosine.warmup() + " but a task has " + epochs
                    + " epochs: must be fewer, or the cosine never starts. Give warmup: 0.");
        }
        int before = 0;
        for (int count : evaluateAt) {
            if (count <= before || count > tasks) {
                throw new IllegalArgumentException("evaluateAt is "
                        + evaluateAt.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"))
                        + ": must rise strictly and end at or before tasks, " + tasks + ". Give for instance [" + tasks
                        + "].");
            }
            before = count;
        }
    }

    /** Most masks that scenario NNs may learn. */
    public int maskBudget() {
        return nns.budget() == 0 ? tasks : nns.budget();
    }

    /** Classes that labels of a task go up to; of own tasks the fewest, the rest is known when their files are read. */
    public int classes() {
        return classes(benchmark, labels);
    }

    private static int classes(Benchmark benchmark, Labels labels) {
        return labels == Labels.ORIGINAL ? benchmark.classesInAll() : benchmark.classes();
    }

    /** Whether the learned tasks are evaluated once {@code learned} of them are. */
    public boolean evaluatesAt(int learned) {
        return learned == tasks || evaluateAt.contains(learned);
    }

    /** Indices of the tasks that are scored once {@code learned} of them are learned: all, or a sample with the first and the last. */
    public int[] scoredOf(int learned) {
        int count = scoredTasks == 0 ? learned : Math.min(scoredTasks, learned);
        return IntStream.range(0, count)
                .map(i -> count == 1 ? learned - 1 : (int) ((long) i * (learned - 1) / (count - 1)))
                .toArray();
    }
}
