package io.palimpsest.supsup.method.exclusive;

import io.palimpsest.supsup.mask.PackedMask;
import io.palimpsest.supsup.method.Backprop;
import io.palimpsest.supsup.method.Lesson;
import io.palimpsest.supsup.method.Method;
import io.palimpsest.supsup.method.Stored;
import io.palimpsest.supsup.method.start.FeatureProbe;
import io.palimpsest.supsup.method.start.ScoreMemory;
import io.palimpsest.supsup.method.supermask.Learner;
import io.palimpsest.supsup.spec.ExclusiveSubnetworksConfig;
import io.palimpsest.supsup.spec.ScoreStart;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.training.checkpoint.Checkpoint;
import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.loss.CrossEntropy;
import io.palimpsest.training.network.Mode;
import io.palimpsest.training.network.Network;
import io.palimpsest.training.network.Tape;
import io.palimpsest.training.optim.ElementwiseOptimizer;
import io.palimpsest.training.optim.Recipes;
import io.palimpsest.training.optim.Slots;
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
 * ExSSNeT: the first steps of a task learn its mask M by scores over the weights as they are, the rest train by ∂L/∂W ⊙ M ⊙ (1 − ∪ M_earlier)
 * the weights that no earlier mask keeps, so that no earlier task's network changes by a bit.
 *
 * <p>Source: Yadav and Bansal 2023 (arXiv 2210.10209), and {@code trainers/weights.py} of its code ({@code weight_mask_type: exclusive}). Differs: the
 * last step counts, theirs the best on validation; the mask's learning rate is its own, theirs has both share one once weights are trained.
 */
public final class ExclusiveSubnetworks implements Method {
    private static final int NONE = Integer.MIN_VALUE;

    private final Network network;
    private final Kernels kernels;
    private final double maskShare;
    private final ScoreStart start;
    private final ScoreMemory learnedScores;
    private final Learner learner;
    private final double scoreRate;
    private final ElementwiseOptimizer weightOptimizer;
    private final double weightRate;
    private final TrainingStep maskStep;
    private final Backprop backprop;
    private final Memory memory;
    private final Vec theta;
    private final Vec shownTheta;
    private final Vec gradient;
    private final Vec kept; // 1 where the current mask keeps
    private final Vec free; // 1 where it alone does
    private final Slots weightSlots;
    private final Tape tape;
    private final List<PackedMask> masks = new ArrayList<>();
    private final boolean[] used;
    private @Nullable PackedMask current; // of the task being learned, once its mask is
    private int shown = NONE;

    /**
     * Draws the weights: signed constants, as SupSup does.
     *
     * @param network whose parameters are weights alone
     * @param seed of the run
     */
    public ExclusiveSubnetworks(SupsupConfig config, ExclusiveSubnetworksConfig method, Network network, long seed) {
        int n = network.layout().size();
        ElementwiseOptimizer scoreOptimizer = Recipes.optimizer(config.optimizer());
        this.network = network;
        this.kernels = network.kernels();
        this.maskShare = method.maskShare();
        this.start = method.start();
        this.learnedScores = new ScoreMemory(start, n);
        this.learner = new Learner(network, config.mask(), scoreOptimizer, seed);
        this.scoreRate = config.optimizer().learningRate();
        this.weightOptimizer = Recipes.optimizer(method.weights());
        this.weightRate = method.weights().learningRate();
        this.maskStep = new TrainingStep(network, new CrossEntropy(), scoreOptimizer, config.batchSize());
        this.backprop = new Backprop(network, config.batchSize());
        this.memory = kernels.memory("weights under a mask");
        this.theta = memory.vec(n);
        this.shownTheta = memory.vec(n);
        this.gradient = memory.vec(n);
        this.kept = memory.state(n);
        this.free = memory.state(n);
        this.weightSlots = weightOptimizer.slots(memory, n);
        this.tape = network.tape(config.batchSize());
        this.used = new boolean[n];
    }

    @Override
    public void begin(Lesson lesson) {
        current = null;
        weightSlots.reset();
        learner.begin(lesson.index());
        learnedScores.begin(lesson, learner.scores(), this::mostLike);
        shown = NONE;
    }

    private OptionalInt mostLike(Lesson lesson) {
        return new FeatureProbe(network, (ScoreStart.Knn) start, tape.maxRows())
                .mostLike(lesson, masks.size(), task -> {
                    learner.masked(masks.get(task), shownTheta);
                    shown = NONE;
                    return new FeatureProbe.Shown(shownTheta, null);
                });
    }

    /** Steps of a task that learn its mask: at least one. */
    private int maskSteps(Lesson lesson) {
        return Math.max(1, (int) Math.round(maskShare * lesson.pace().stepsPerTask()));
    }

    @Override
    public double step(Lesson lesson, int s, Batch batch) {
        double rate = lesson.learningRate(s);
        if (s < maskSteps(lesson)) {
            return maskStep.run(learner.trainable(), batch, rate);
        }
        if (current == null) {
            settle();
        }
        double loss = backprop.run(theta, batch, gradient);
        kernels.maskGradient(free, free, false, gradient, gradient); // a product, entry by entry
        weightOptimizer.step(kernels, learner.weights(), gradient, weightSlots, rate * (weightRate / scoreRate));
        kernels.maskGradient(kept, kept, false, learner.weights(), theta);
        return loss;
    }

    /** The mask is learned: from here on weights are. */
    private PackedMask settle() {
        PackedMask mask = learner.freeze();
        var keeps = new double[used.length];
        var alone = new double[used.length];
        for (int i = 0; i < used.length; i++) {
            keeps[i] = mask.keeps(i) ? 1 : 0;
            alone[i] = used[i] ? 0 : keeps[i];
        }
        kept.write(keeps);
        free.write(alone);
        kernels.maskGradient(kept, kept, false, learner.weights(), theta);
        current = mask;
        return mask;
    }

    @Override
    public void end(Lesson lesson) {
        keep(current == null ? settle() : current);
        learnedScores.keep(learner.scores());
        current = null;
        shown = NONE;
    }

    private void keep(PackedMask mask) {
        masks.add(mask);
        for (int i = 0; i < used.length; i++) {
            used[i] |= mask.keeps(i);
        }
    }

    @Override
    public Mat outputs(int task, Mat x) {
        if (task != shown) {
            if (task < masks.size()) {
                learner.masked(masks.get(task), shownTheta);
            } else {
                learner.unlearned(task, learnedScores, shownTheta);
            }
            shown = task;
        }
        return network.forward(shownTheta, null, x, Mode.EVALUATE, tape);
    }

    @Override
    public boolean mayForget() {
        return false;
    }

    /** A bit for each weight, and once 4 bytes for each weight that any mask keeps: the rest are as the seed draws them, and nobody's. */
    @Override
    public double bytesPerTask() {
        if (masks.isEmpty()) {
            return 0;
        }
        long trained = 0;
        for (boolean u : used) {
            trained += u ? 1 : 0;
        }
        long bits = (used.length + 7L) / 8;
        return bits + (double) Float.BYTES * trained / masks.size();
    }

    @Override
    public void save(Checkpoint.Builder checkpoint) throws IOException {
        Stored.save(checkpoint, "weights", learner.weights());
        learner.save(checkpoint);
        learnedScores.save(checkpoint);
        Stored.save(checkpoint, "slots/weights", weightSlots);
        checkpoint.counter("masks", masks.size());
        for (int task = 0; task < masks.size(); task++) {
            checkpoint.longs("mask/" + task, masks.get(task).words());
        }
    }

    /** The current task's mask is not in a checkpoint: the scores, which stand still once it is learned, give it again. */
    @Override
    public void restore(Checkpoint checkpoint) throws IOException {
        Stored.restore(checkpoint, "weights", learner.weights());
        learner.restore(checkpoint);
        learnedScores.restore(checkpoint, learner.scores().precision());
        Stored.restore(checkpoint, "slots/weights", weightSlots);
        for (int task = 0; task < checkpoint.counter("masks"); task++) {
            keep(PackedMask.ofWords(used.length, checkpoint.longs("mask/" + task)));
        }
        current = null;
        shown = NONE;
    }

    @Override
    public void close() {
        tape.close();
        memory.close();
        backprop.close();
        maskStep.close();
        learner.close();
    }
}
