package io.palimpsest.supsup.method.supermask;

import io.palimpsest.api.workload.RunContext;
import io.palimpsest.supsup.infer.Binary;
import io.palimpsest.supsup.infer.OneShot;
import io.palimpsest.supsup.infer.Superposition;
import io.palimpsest.supsup.infer.TaskInference;
import io.palimpsest.supsup.mask.PackedMask;
import io.palimpsest.supsup.method.Lesson;
import io.palimpsest.supsup.method.Method;
import io.palimpsest.supsup.method.Stored;
import io.palimpsest.supsup.method.start.FeatureProbe;
import io.palimpsest.supsup.method.start.ScoreMemory;
import io.palimpsest.supsup.spec.ScoreStart;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.supsup.store.MaskLayout;
import io.palimpsest.supsup.store.MaskStoreWriter;
import io.palimpsest.training.checkpoint.Checkpoint;
import io.palimpsest.training.loss.CrossEntropy;
import io.palimpsest.training.loss.Entropy;
import io.palimpsest.training.network.Mode;
import io.palimpsest.training.network.Network;
import io.palimpsest.training.network.Tape;
import io.palimpsest.training.optim.ElementwiseOptimizer;
import io.palimpsest.training.optim.Recipes;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import io.palimpsest.training.tensor.Vec;
import io.palimpsest.training.train.Batch;
import io.palimpsest.training.train.TrainingStep;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * SupSup: frozen random weights, and for each task a supermask learned by its scores. When a task ends its scores become bits, and nothing
 * that comes later can move them.
 *
 * <p>Source: Wortsman et al. 2020 (arXiv 2006.14769), §3. Leaves behind the masks of all tasks as {@code masks.psm}, a {@link
 * io.palimpsest.supsup.store.MaskStore} in the order of the tasks; of a network with running statistics also those of each task, as {@code
 * statistics.ckpt} ({@code statistics/i} of task i): shared ones would take all tasks but the last to chance.
 */
public final class SupsupMethod implements Method {
    private static final int NONE = -1;

    private final Network network;
    private final long seed;
    private final Learner learner;
    private final ScoreStart start;
    private final ScoreMemory learned;
    private final TrainingStep step;
    private final Superposition superposition;
    private final Memory memory;
    private final Vec theta;
    private final Tape tape;
    private int shown = NONE; // the task whose masked weights theta holds
    /** Running statistics by task, frozen as its mask is; empty for a network without. */
    private final List<Vec> statistics = new ArrayList<>();

    private final @Nullable Vec initialStatistics;
    private long bytes;

    /**
     * Draws the frozen weights.
     *
     * @param start what the scores of a new task start from
     * @param network whose parameters are weights alone
     * @param seed of the run
     */
    public SupsupMethod(SupsupConfig config, ScoreStart start, Network network, long seed) {
        ElementwiseOptimizer optimizer = Recipes.optimizer(config.optimizer());
        this.network = network;
        this.seed = seed;
        this.start = start;
        this.learned = new ScoreMemory(start, network.layout().size());
        this.learner = new Learner(network, config.mask(), optimizer, seed);
        this.step = new TrainingStep(network, new CrossEntropy(), optimizer, config.batchSize());
        this.superposition = new Superposition(network, learner.weights(), config.batchSize());
        this.memory = network.kernels().memory("masked weights");
        this.theta = memory.vec(network.layout().size());
        this.tape = network.tape(config.batchSize());
        this.initialStatistics = network.layout().stateSize() == 0
                ? null
                : memory.vec(network.layout().stateSize());
        if (initialStatistics != null) {
            network.layout().initialState(initialStatistics);
        }
    }

    @Override
    public void begin(Lesson lesson) {
        learner.begin(lesson.index());
        learned.begin(lesson, learner.scores(), this::mostLike);
    }

    private OptionalInt mostLike(Lesson lesson) {
        int batchSize = tape.maxRows();
        if (start instanceof ScoreStart.Knn knn) {
            return new FeatureProbe(network, knn, batchSize).mostLike(lesson, superposition.tasks(), task -> {
                show(task);
                return new FeatureProbe.Shown(theta, normalisedBy(task));
            });
        }
        TaskInference rule =
                ((ScoreStart.Inferred) start).rule() == ScoreStart.Inferred.Rule.BINARY ? new Binary(2) : new OneShot();
        try (var images = network.kernels().memory("first batch of a new task")) {
            Batch first = lesson.batch(
                    network.kernels(), 0, lesson.order(0), images.mat(batchSize, network.inputs()), new int[batchSize]);
            int like = rule.infer(superposition.tasks(), superposition.on(first.x(), new Entropy()))
                    .task();
            return OptionalInt.of(like);
        }
    }

    @Override
    public double step(Lesson lesson, int s, Batch batch) {
        return step.run(learner.trainable(), batch, lesson.learningRate(s));
    }

    @Override
    public void end(Lesson lesson) {
        learned.keep(learner.scores());
        keep(learner.freeze());
        Vec now = learner.statistics();
        if (now != null) {
            keepStatistics().copyFrom(now);
        }
        shown = NONE; // what a task not yet begun would start from may have changed
    }

    private void keep(PackedMask mask) {
        superposition.add(mask);
        bytes += (mask.size() + 7) / 8;
    }

    /** Room for the statistics of the next task. */
    private Vec keepStatistics() {
        Vec kept = memory.vec(network.layout().stateSize());
        statistics.add(kept);
        bytes += (long) kept.size() * Float.BYTES;
        return kept;
    }

    @Override
    public Mat outputs(int task, Mat x) {
        show(task);
        return network.forward(theta, normalisedBy(task), x, Mode.EVALUATE, tape);
    }

    private @Nullable Vec normalisedBy(int task) {
        return task < statistics.size() ? statistics.get(task) : initialStatistics;
    }

    private void show(int task) {
        if (task < superposition.tasks()) {
            if (shown != task) { // masks are never replaced
                learner.masked(superposition.masks().get(task), theta);
                shown = task;
            }
        } else if (shown != unlearned(task)) {
            learner.unlearned(task, learned, theta);
            shown = unlearned(task);
        }
    }

    /** Stands in {@code shown} for a task without a mask: the scores that it would start from. */
    private static int unlearned(int task) {
        return -2 - task;
    }

    @Override
    public boolean mayForget() {
        return false;
    }

    @Override
    public Superposition mixture() {
        return superposition;
    }

    /** One bit a weight, and 32 a running statistic; what a mask store's codes save is told by its table. */
    @Override
    public double bytesPerTask() {
        return superposition.tasks() == 0 ? 0 : (double) bytes / superposition.tasks();
    }

    @Override
    public void save(Checkpoint.Builder checkpoint) throws IOException {
        learner.save(checkpoint);
        learned.save(checkpoint);
        checkpoint.counter("masks", superposition.tasks());
        for (int task = 0; task < superposition.tasks(); task++) {
            checkpoint.longs("mask/" + task, superposition.masks().get(task).words());
        }
        saveStatistics(checkpoint);
    }

    @Override
    public void restore(Checkpoint checkpoint) throws IOException {
        learner.restore(checkpoint);
        learned.restore(checkpoint, learner.scores().precision());
        long masks = checkpoint.counter("masks");
        for (int task = 0; task < masks; task++) {
            keep(PackedMask.ofWords(network.layout().size(), checkpoint.longs("mask/" + task)));
            if (initialStatistics != null) {
                Stored.restore(checkpoint, "statistics/" + task, keepStatistics());
            }
        }
    }

    private void saveStatistics(Checkpoint.Builder checkpoint) {
        for (int task = 0; task < statistics.size(); task++) {
            Stored.save(checkpoint, "statistics/" + task, statistics.get(task));
        }
    }

    @Override
    public void publish(RunContext.Artifacts artifacts) throws IOException {
        artifacts.put(
                "masks.psm",
                "application/octet-stream",
                out -> MaskStoreWriter.writeTo(out, MaskLayout.of(network.layout()), seed, superposition.masks()));
        if (!statistics.isEmpty()) {
            var all = Checkpoint.builder(
                    "supsup-statistics", 1, network.kernels().fingerprint().text(), statistics.size());
            saveStatistics(all);
            artifacts.put("statistics.ckpt", "application/octet-stream", all.build()::writeTo);
        }
    }

    @Override
    public void close() {
        tape.close();
        memory.close();
        superposition.close();
        step.close();
        learner.close();
    }
}
