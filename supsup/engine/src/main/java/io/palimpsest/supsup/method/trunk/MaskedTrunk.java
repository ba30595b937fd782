package io.palimpsest.supsup.method.trunk;

import io.palimpsest.api.workload.RunContext;
import io.palimpsest.supsup.mask.BaseNetwork;
import io.palimpsest.supsup.mask.PackedMask;
import io.palimpsest.supsup.method.Backprop;
import io.palimpsest.supsup.method.InitialWeights;
import io.palimpsest.supsup.method.Lesson;
import io.palimpsest.supsup.method.Method;
import io.palimpsest.supsup.method.Stored;
import io.palimpsest.supsup.method.TaskHeads;
import io.palimpsest.supsup.method.start.FeatureProbe;
import io.palimpsest.supsup.method.start.ScoreMemory;
import io.palimpsest.supsup.method.supermask.Learner;
import io.palimpsest.supsup.spec.MethodConfig;
import io.palimpsest.supsup.spec.PiggybackConfig;
import io.palimpsest.supsup.spec.ScoreStart;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.supsup.spec.WeightDraw;
import io.palimpsest.supsup.store.MaskLayout;
import io.palimpsest.supsup.store.MaskStoreWriter;
import io.palimpsest.training.checkpoint.Checkpoint;
import io.palimpsest.training.mask.Reparametrisation;
import io.palimpsest.training.network.Layout;
import io.palimpsest.training.network.Mode;
import io.palimpsest.training.network.Network;
import io.palimpsest.training.network.Tape;
import io.palimpsest.training.optim.ElementwiseOptimizer;
import io.palimpsest.training.optim.Recipes;
import io.palimpsest.training.optim.Slots;
import io.palimpsest.training.random.RandomStreams;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import io.palimpsest.training.tensor.Vec;
import io.palimpsest.training.train.Batch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Frozen weights under a mask for each task in all layers but the last, which each task trains for itself, dense.
 *
 * <p>As SupSup the trunk's weights are random. This is the multi-head protocol in which Kang et al. 2022 (ICML, PMLR 162, §4) re-run SupSup of
 * Wortsman et al. 2020 (arXiv 2006.14769), whose own networks mask the last layer too. As Piggyback (Mallya, Davis and Lazebnik 2018, arXiv
 * 1801.06519) the first task trains them, and keeps the whole network; there they come from ImageNet.
 *
 * <p>Leaves behind the masks of the trunk as {@code masks.psm}.
 */
public final class MaskedTrunk implements Method {
    private static final int NONE = -1;

    private final Network network;
    private final long seed;
    private final TaskHeads heads;
    private final int n;
    private final boolean pretrains;
    private final double constantScore; // NaN where scores are drawn
    private final ElementwiseOptimizer scoreOptimizer;
    private final double scoreRate;
    private final ElementwiseOptimizer weightOptimizer;
    private final double weightRate;
    private final ScoreStart start;
    private final ScoreMemory learnedScores;
    private final Memory memory;
    private final Vec weights;
    private final Vec scores;
    private final Vec theta; // what is trained with
    private final Vec shownTheta;
    private final Vec gradient;
    private final Vec dScores;
    private final Slots scoreSlots;
    private final Slots headSlots;
    private final @Nullable Slots trunkSlots;
    private final Reparametrisation rule;
    private final Reparametrisation shape; // the same rule over weights of 1
    private final Backprop backprop;
    private final Tape tape;
    private final List<PackedMask> masks = new ArrayList<>();
    private int shown = NONE;

    private MaskedTrunk(
            SupsupConfig config, Network network, long seed, @Nullable PiggybackConfig piggyback, ScoreStart start) {
        this.network = network;
        this.seed = seed;
        this.heads = new TaskHeads(network, seed);
        this.n = heads.trunk();
        this.pretrains = piggyback != null;
        this.start = start;
        this.learnedScores = new ScoreMemory(start, n);
        this.scoreOptimizer = Recipes.optimizer(config.optimizer());
        this.scoreRate = config.optimizer().learningRate();
        var recipe = piggyback == null ? config.optimizer() : piggyback.weights();
        this.weightOptimizer = Recipes.optimizer(recipe);
        this.weightRate = recipe.learningRate();
        this.constantScore = piggyback == null ? Double.NaN : piggyback.score();
        int all = network.layout().size();
        this.memory = network.kernels().memory("masked trunk");
        this.weights = memory.state(n);
        this.scores = memory.state(n);
        this.theta = memory.vec(all);
        this.shownTheta = memory.vec(all);
        this.gradient = memory.vec(all);
        this.dScores = memory.state(n);
        this.scoreSlots = scoreOptimizer.slots(memory, n);
        this.headSlots = weightOptimizer.slots(memory, heads.size());
        this.trunkSlots = pretrains ? weightOptimizer.slots(memory, n) : null;
        Vec ones = memory.state(n);
        ones.fill(1);
        this.rule = rule(config, piggyback, weights);
        this.shape = rule(config, piggyback, ones);
        this.backprop = new Backprop(network, config.batchSize());
        this.tape = network.tape(config.batchSize());
        InitialWeights.draw(
                pretrains ? WeightDraw.KAIMING_UNIFORM : WeightDraw.SIGNED_CONSTANT,
                heads.trunkLayers(),
                new RandomStreams(seed).stream("weights"),
                weights);
    }

    /** SupSup with a head for each task. */
    public static MaskedTrunk supsup(SupsupConfig config, MethodConfig.Supsup method, Network network, long seed) {
        return new MaskedTrunk(config, network, seed, null, method.start());
    }

    /** Piggyback on what the first task trains. */
    public static MaskedTrunk piggyback(SupsupConfig config, PiggybackConfig method, Network network, long seed) {
        return new MaskedTrunk(config, network, seed, method, new ScoreStart.Fresh());
    }

    private Reparametrisation rule(SupsupConfig config, @Nullable PiggybackConfig piggyback, Vec over) {
        if (piggyback != null) {
            return new StrictThreshold(over, piggyback.threshold(), memory.state(n));
        }
        return Learner.mask(config.mask(), over, heads.trunkLayers());
    }

    private boolean trainsTrunk(int task) {
        return pretrains && task == 0;
    }

    @Override
    public void begin(Lesson lesson) {
        int task = lesson.index();
        heads.draw(task, theta);
        headSlots.reset();
        scoreSlots.reset();
        freshScores(task, scores);
        if (trunkSlots != null) {
            trunkSlots.reset();
        }
        if (trainsTrunk(task)) {
            network.kernels().axpby(1, weights, 0, heads.trunkOf(theta));
        } else {
            learnedScores.begin(lesson, scores, this::mostLike);
            rule.forward(network.kernels(), scores, heads.trunkOf(theta));
        }
    }

    private OptionalInt mostLike(Lesson lesson) {
        return new FeatureProbe(network, (ScoreStart.Knn) start, tape.maxRows())
                .mostLike(lesson, masks.size(), task -> {
                    show(task);
                    return new FeatureProbe.Shown(shownTheta, null);
                });
    }

    private void freshScores(int task, Vec into) {
        if (Double.isNaN(constantScore)) {
            BaseNetwork.drawScores(
                    Layout.of(heads.trunkLayers()), new RandomStreams(seed).stream("scores/" + task), into);
        } else {
            into.fill(constantScore);
        }
    }

    @Override
    public double step(Lesson lesson, int s, Batch batch) {
        var kernels = network.kernels();
        double loss = backprop.run(theta, batch, gradient);
        double rate = lesson.learningRate(s);
        double ofWeights = rate * (weightRate / scoreRate); // both follow the schedule of the config
        Vec trunk = heads.trunkOf(theta);
        if (trainsTrunk(lesson.index()) && trunkSlots != null) {
            weightOptimizer.step(kernels, trunk, heads.trunkOf(gradient), trunkSlots, ofWeights);
        } else {
            rule.backward(kernels, scores, heads.trunkOf(gradient), dScores);
            scoreOptimizer.step(kernels, scores, dScores, scoreSlots, rate);
            rule.forward(kernels, scores, trunk);
        }
        weightOptimizer.step(kernels, heads.headOf(theta), heads.headOf(gradient), headSlots, ofWeights);
        return loss;
    }

    @Override
    public void end(Lesson lesson) {
        var kernels = network.kernels();
        if (trainsTrunk(lesson.index())) {
            kernels.axpby(1, heads.trunkOf(theta), 0, weights);
        }
        learnedScores.keep(scores);
        heads.keep(theta);
        try (Memory room = kernels.memory("bits of a mask")) {
            Vec bits = room.vec(n);
            shape.forward(kernels, scores, bits); // all bits of a task that trained the trunk: its scores never moved
            masks.add(PackedMask.of(bits.toFloats()));
        }
        shown = NONE;
    }

    @Override
    public Mat outputs(int task, Mat x) {
        show(task);
        return network.forward(shownTheta, null, x, Mode.EVALUATE, tape);
    }

    private void show(int task) {
        if (task == shown) {
            return;
        }
        var kernels = network.kernels();
        if (task < masks.size()) {
            double[] values = weights.toDoubles();
            PackedMask mask = masks.get(task);
            for (int i = 0; i < n; i++) {
                values[i] = mask.keeps(i) ? values[i] : 0;
            }
            shownTheta.write(0, values, 0, n);
        } else if (trainsTrunk(task)) {
            kernels.axpby(1, weights, 0, heads.trunkOf(shownTheta));
        } else {
            try (Memory room = kernels.memory("scores of a task not begun")) {
                Vec would = room.state(n);
                freshScores(task, would);
                learnedScores.preview(would);
                rule.forward(kernels, would, heads.trunkOf(shownTheta));
            }
        }
        heads.show(task, shownTheta);
        shown = task;
    }

    @Override
    public boolean mayForget() {
        return false;
    }

    /**
     * A bit for each weight of the trunk that is masked, 4 bytes for each weight of a head; random weights cost their seed, pretrained ones 4
     * bytes each, once. The task that pretrained needs no mask.
     */
    @Override
    public double bytesPerTask() {
        if (masks.isEmpty()) {
            return 0;
        }
        long bytes = 0;
        for (int task = 0; task < masks.size(); task++) {
            bytes += (long) Float.BYTES * heads.size();
            bytes += trainsTrunk(task) ? (long) Float.BYTES * n : (n + 7) / 8;
        }
        return (double) bytes / masks.size();
    }

    @Override
    public void save(Checkpoint.Builder checkpoint) throws IOException {
        Stored.save(checkpoint, "weights", weights);
        Stored.save(checkpoint, "scores", scores);
        Stored.save(checkpoint, "theta", theta);
        Stored.save(checkpoint, "slots/scores", scoreSlots);
        Stored.save(checkpoint, "slots/head", headSlots);
        if (trunkSlots != null) {
            Stored.save(checkpoint, "slots/trunk", trunkSlots);
        }
        heads.save(checkpoint);
        learnedScores.save(checkpoint);
        checkpoint.counter("masks", masks.size());
        for (int task = 0; task < masks.size(); task++) {
            checkpoint.longs("mask/" + task, masks.get(task).words());
        }
    }

    @Override
    public void restore(Checkpoint checkpoint) throws IOException {
        Stored.restore(checkpoint, "weights", weights);
        Stored.restore(checkpoint, "scores", scores);
        Stored.restore(checkpoint, "theta", theta);
        Stored.restore(checkpoint, "slots/scores", scoreSlots);
        Stored.restore(checkpoint, "slots/head", headSlots);
        if (trunkSlots != null) {
            Stored.restore(checkpoint, "slots/trunk", trunkSlots);
        }
        heads.restore(checkpoint, theta);
        learnedScores.restore(checkpoint, scores.precision());
        masks.clear();
        for (int task = 0; task < checkpoint.counter("masks"); task++) {
            masks.add(PackedMask.ofWords(n, checkpoint.longs("mask/" + task)));
        }
        shown = NONE;
    }

    @Override
    public void publish(RunContext.Artifacts artifacts) throws IOException {
        artifacts.put(
                "masks.psm",
                "application/octet-stream",
                out -> MaskStoreWriter.writeTo(out, MaskLayout.of(Layout.of(heads.trunkLayers())), seed, masks));
    }

    @Override
    public void close() {
        tape.close();
        backprop.close();
        memory.close();
    }
}
