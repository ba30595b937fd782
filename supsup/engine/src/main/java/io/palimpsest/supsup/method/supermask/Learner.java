package io.palimpsest.supsup.method.supermask;

import io.palimpsest.supsup.mask.BaseNetwork;
import io.palimpsest.supsup.mask.ErdosRenyi;
import io.palimpsest.supsup.mask.PackedMask;
import io.palimpsest.supsup.method.Stored;
import io.palimpsest.supsup.method.start.ScoreMemory;
import io.palimpsest.supsup.spec.MaskRule;
import io.palimpsest.training.checkpoint.Checkpoint;
import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.mask.Mask;
import io.palimpsest.training.network.Layout;
import io.palimpsest.training.network.Network;
import io.palimpsest.training.network.Segment;
import io.palimpsest.training.optim.Optimizer;
import io.palimpsest.training.optim.Slots;
import io.palimpsest.training.random.RandomStreams;
import io.palimpsest.training.tensor.Memory;
import io.palimpsest.training.tensor.Vec;
import io.palimpsest.training.train.Trainable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one network under supermasks: frozen weights, and the scores, optimizer slots and statistics of normalisation of the task
 * being learned. They begin anew with each task, so that nothing can move a finished mask.
 */
public final class Learner implements AutoCloseable {
    private final Kernels kernels;
    private final Layout layout;
    private final long seed;
    private final Memory memory;
    private final Vec weights;
    private final Vec scores;
    private final Vec fresh;
    private final Vec theta;
    private final Slots slots;
    private final @Nullable Vec statistics;
    private final Mask mask;
    private final Mask shape; // the same rule over weights of 1: what it keeps, whatever the weights are

    /**
     * Draws the frozen weights.
     *
     * @param seed of the run; weights come from its stream {@code weights}, scores from {@code scores/i}
     */
    public Learner(Network network, MaskRule rule, Optimizer optimizer, long seed) {
        this.kernels = network.kernels();
        this.layout = network.layout();
        this.seed = seed;
        this.memory = kernels.memory("weights and scores");
        this.weights = memory.state(layout.size());
        this.scores = memory.state(layout.size());
        this.fresh = memory.state(layout.size());
        this.theta = memory.vec(layout.size());
        this.slots = optimizer.slots(memory, layout.size());
        BaseNetwork.drawWeights(layout, new RandomStreams(seed).stream("weights"), weights);
        this.statistics = layout.stateSize() == 0 ? null : memory.vec(layout.stateSize());
        this.mask = mask(rule, weights, layout.parameters());
        Vec ones = memory.state(layout.size());
        ones.fill(1);
        this.shape = mask(rule, ones, layout.parameters());
    }

    /**
     * The mask that a rule makes.
     *
     * @param weights W, [parameters]
     * @param layers of all of them, in order
     */
    public static Mask mask(MaskRule rule, Vec weights, List<Segment> layers) {
        if (rule instanceof MaskRule.TopK topK) {
            return Mask.TopK.uniform(weights, layers, topK.density());
        }
        if (rule instanceof MaskRule.ErdosRenyi random) {
            return new Mask.TopK(
                    weights,
                    layers.stream().map(s -> budget(s, random.multiplier())).toList());
        }
        return new Mask.Threshold(weights);
    }

    /** What the reference's per-layer budget drops. */
    private static Mask.Budget budget(Segment layer, double multiplier) {
        double density = ErdosRenyi.density(
                multiplier, layer.out(), layer.channels(), layer.kernelHeight(), layer.kernelWidth());
        return new Mask.Budget(layer.offset(), layer.size(), layer.size() - ErdosRenyi.kept(layer.size(), density));
    }

    /** Forgets the scores of the task before and draws those that task {@code task} starts from. */
    public void begin(int task) {
        BaseNetwork.drawScores(layout, new RandomStreams(seed).stream("scores/" + task), scores);
        slots.reset();
        if (statistics != null) {
            layout.initialState(statistics);
        }
    }

    /** What a training step moves. */
    public Trainable trainable() {
        Trainable trained = Trainable.behind(mask, scores, theta, slots);
        return statistics == null ? trained : trained.withState(statistics);
    }

    /** The running statistics of the task at hand, [layout.stateSize]; null for a network without. */
    public @Nullable Vec statistics() {
        return statistics;
    }

    /** The mask that the scores stand for now. */
    public PackedMask freeze() {
        shape.forward(kernels, scores, theta);
        PackedMask kept = PackedMask.of(theta.toFloats());
        mask.forward(kernels, scores, theta);
        return kept;
    }

    /** Writes W ⊙ M to {@code into}, [parameters]. */
    public void masked(PackedMask task, Vec into) {
        double[] values = weights.toDoubles();
        for (int i = 0; i < values.length; i++) {
            if (!task.keeps(i)) {
                values[i] = 0;
            }
        }
        into.write(0, values, 0, values.length);
    }

    /**
     * Writes to {@code into}, [parameters], the weights under the mask of the scores that {@code task} would start from.
     *
     * @param memory what it knows of that without the task's examples
     */
    public void unlearned(int task, ScoreMemory memory, Vec into) {
        BaseNetwork.drawScores(layout, new RandomStreams(seed).stream("scores/" + task), fresh);
        memory.preview(fresh);
        mask.forward(kernels, fresh, into);
    }

    public void save(Checkpoint.Builder checkpoint) throws IOException {
        Stored.save(checkpoint, "scores", scores);
        Stored.save(checkpoint, "slots", slots);
        if (statistics != null) {
            Stored.save(checkpoint, "statistics", statistics);
        }
    }

    public void restore(Checkpoint checkpoint) throws IOException {
        Stored.restore(checkpoint, "scores", scores);
        Stored.restore(checkpoint, "slots", slots);
        if (statistics != null) {
            Stored.restore(checkpoint, "statistics", statistics);
        }
        mask.forward(kernels, scores, theta);
    }

    public Vec weights() {
        return weights;
    }

    public Vec scores() {
        return scores;
    }

    @Override
    public void close() {
        memory.close();
    }
}
