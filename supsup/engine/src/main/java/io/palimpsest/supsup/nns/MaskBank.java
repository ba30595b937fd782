package io.palimpsest.supsup.nns;

import io.palimpsest.supsup.infer.Superposition;
import io.palimpsest.supsup.mask.BaseNetwork;
import io.palimpsest.supsup.mask.PackedMask;
import io.palimpsest.supsup.method.Stored;
import io.palimpsest.supsup.method.supermask.Learner;
import io.palimpsest.supsup.spec.MaskRule;
import io.palimpsest.training.checkpoint.Checkpoint;
import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.mask.Mask;
import io.palimpsest.training.network.Layout;
import io.palimpsest.training.network.Network;
import io.palimpsest.training.optim.Optimizer;
import io.palimpsest.training.random.RandomStreams;
import io.palimpsest.training.tensor.Memory;
import io.palimpsest.training.tensor.Vec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The masks of a task-free learner. Those that were ever trained come first, in the order of their first step; behind them, while they are
 * fewer than the floor, untrained ones fill up. So which are in use is always known, whichever the gradients pick.
 *
 * <p>A mask is named after the stream that its scores were drawn from, {@code scores/name}; names are never used twice.
 */
final class MaskBank implements AutoCloseable {
    private final Kernels kernels;
    private final Layout layout;
    private final long seed;
    private final int floor;
    private final Memory memory;
    private final Vec weights;
    private final Vec fresh;
    private final Vec scratch;
    private final Mask rule;
    private final Superposition superposition;
    private final List<ScoredMask> used = new ArrayList<>();
    private final List<Integer> fillers = new ArrayList<>(); // names
    private int names; // how many were given

    /**
     * Draws the frozen weights.
     *
     * @param floor fewest masks to superpose
     * @param maxImages most images that a decision sees
     * @param seed of the run; weights come from its stream {@code weights}
     */
    MaskBank(Network network, MaskRule rule, int floor, int maxImages, long seed) {
        this.kernels = network.kernels();
        this.layout = network.layout();
        this.seed = seed;
        this.floor = floor;
        this.memory = kernels.memory("weights and masks");
        this.weights = memory.state(layout.size());
        this.fresh = memory.state(layout.size());
        this.scratch = memory.vec(layout.size());
        BaseNetwork.drawWeights(layout, new RandomStreams(seed).stream("weights"), weights);
        this.rule = Learner.mask(rule, weights, layout.parameters());
        this.superposition = new Superposition(network, weights, maxImages);
        fill();
    }

    /** How scores become θ. */
    Mask rule() {
        return rule;
    }

    /** Masks that were ever trained and not given up. */
    int size() {
        return used.size();
    }

    ScoredMask get(int place) {
        return used.get(place);
    }

    List<ScoredMask> used() {
        return List.copyOf(used);
    }

    /** Where a mask is; −1 for none and for one that was given up. */
    int placeOf(@Nullable ScoredMask mask) {
        return mask == null ? -1 : used.indexOf(mask);
    }

    /** The trained masks, to infer from. */
    Learned learned() {
        return new Learned(superposition, used.size());
    }

    /** What a decision superposes: the trained masks, and untrained ones up to the floor. */
    Learned candidates() {
        return new Learned(superposition, used.size() + fillers.size());
    }

    /** The mask at a place as bits. */
    PackedMask bits(int place) {
        return superposition.masks().get(place);
    }

    List<PackedMask> bits() {
        return superposition.masks().subList(0, used.size());
    }

    /** The scores of the mask at a place may have moved: the superposition follows. */
    void settle(int place) {
        superposition.replace(place, bits(used.get(place)));
    }

    private PackedMask bits(ScoredMask mask) {
        var kept = mask.bits();
        return kept == null ? frozen(mask.scores()) : kept;
    }

    /** Writes the masked weights of the mask at a place to {@code into}, [weights]. */
    void show(int place, Vec into) {
        var kept = used.get(place).bits();
        if (kept == null) {
            rule.forward(kernels, used.get(place).scores(), into);
            return;
        }
        double[] theta = weights.toDoubles();
        for (int i = 0; i < theta.length; i++) {
            theta[i] = kept.keeps(i) ? theta[i] : 0;
        }
        into.write(0, theta, 0, theta.length);
    }

    /** Keeps of a mask that is not trained for now its bits alone: an eighth of a byte a weight in the place of four. */
    void rest(ScoredMask mask) {
        mask.rest(frozen(mask.scores()));
    }

    /**
     * Gives a mask that rested scores again: of the size that they had when it was new, with signs that make the same mask. How sure each of
     * them had become is forgotten. For the threshold rule.
     */
    void wake(ScoredMask mask) {
        var bits = mask.bits();
        if (bits == null) {
            return;
        }
        Vec scores = mask.wake();
        draw(mask.name(), scores);
        double[] values = scores.toDoubles();
        for (int i = 0; i < values.length; i++) {
            double size = Math.max(Math.abs(values[i]), Float.MIN_NORMAL); // −0 would count as kept
            values[i] = bits.keeps(i) ? size : -size;
        }
        scores.write(0, values, 0, values.length);
    }

    /**
     * Takes the untrained mask at {@code place}, or where there is none a new one, into use.
     *
     * @param place at least {@link #size}
     * @param now batches of the run before its first
     * @return the mask, now the last of those in use
     */
    ScoredMask open(int place, long now) {
        int filler = place - used.size();
        int name = filler < fillers.size() ? fillers.remove(filler) : names++;
        var mask = new ScoredMask(name, now, kernels, layout.size());
        draw(name, mask.scores());
        used.add(mask);
        arrange(used.size() - 1);
        return mask;
    }

    /** Gives up a mask; its place is free for another. */
    void giveUp(ScoredMask mask) {
        int place = used.indexOf(mask);
        used.remove(place);
        mask.close();
        arrange(place);
    }

    /** Puts into the superposition what belongs there from {@code first} on: the masks in use, then the untrained ones. */
    private void arrange(int first) {
        fill();
        for (int place = first; place < used.size(); place++) {
            settle(place);
        }
        for (int i = 0; i < fillers.size(); i++) {
            draw(fillers.get(i), fresh);
            superposition.replace(used.size() + i, frozen(fresh));
        }
    }

    private void fill() {
        while (used.size() + fillers.size() < floor) {
            fillers.add(names++);
        }
        for (int place = superposition.tasks(); place < used.size() + fillers.size(); place++) {
            draw(place < used.size() ? used.get(place).name() : fillers.get(place - used.size()), fresh);
            superposition.add(frozen(fresh));
        }
    }

    private void draw(int name, Vec into) {
        BaseNetwork.drawScores(layout, new RandomStreams(seed).stream("scores/" + name), into);
    }

    private PackedMask frozen(Vec scores) {
        rule.forward(kernels, scores, scratch);
        double[] kept = scratch.toDoubles();
        var bits = new float[kept.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = kept[i] != 0 ? 1 : 0; // no frozen weight is 0
        }
        return PackedMask.of(bits);
    }

    void save(Checkpoint.Builder checkpoint, Optimizer optimizer) throws IOException {
        checkpoint.counter("names", names);
        checkpoint.counter("masks", used.size());
        checkpoint.ints("fillers", fillers.stream().mapToInt(Integer::intValue).toArray());
        for (int place = 0; place < used.size(); place++) {
            var mask = used.get(place);
            checkpoint.longs("mask/" + place, new long[] {mask.name(), mask.born(), mask.steps()});
            var bits = mask.bits();
            if (bits != null) {
                checkpoint.longs("bits/" + place, bits.words());
                continue;
            }
            Stored.save(checkpoint, "scores/" + place, mask.scores());
            if (mask.hasSlots()) {
                Stored.save(checkpoint, "slots/" + place, mask.slots(optimizer));
            }
        }
    }

    void restore(Checkpoint checkpoint, Optimizer optimizer) throws IOException {
        used.forEach(ScoredMask::close);
        used.clear();
        fillers.clear();
        names = Math.toIntExact(checkpoint.counter("names"));
        for (int filler : checkpoint.ints("fillers")) {
            fillers.add(filler);
        }
        long masks = checkpoint.counter("masks");
        for (int place = 0; place < masks; place++) {
            long[] facts = checkpoint.longs("mask/" + place);
            var mask = new ScoredMask(Math.toIntExact(facts[0]), facts[1], kernels, layout.size());
            mask.trained(facts[2]);
            used.add(mask);
            if (checkpoint.has("bits/" + place)) {
                mask.rest(PackedMask.ofWords(layout.size(), checkpoint.longs("bits/" + place)));
                continue;
            }
            Stored.restore(checkpoint, "scores/" + place, mask.scores());
            if (checkpoint.has("slots/" + place)) {
                Stored.restore(checkpoint, "slots/" + place, mask.slots(optimizer));
            }
        }
        arrange(0);
    }

    @Override
    public void close() {
        used.forEach(ScoredMask::close);
        superposition.close();
        memory.close();
    }
}
