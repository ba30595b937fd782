package io.palimpsest.supsup.infer;

import io.palimpsest.supsup.mask.MaskStack;
import io.palimpsest.supsup.mask.MaskSums;
import io.palimpsest.supsup.mask.PackedMask;
import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.loss.Loss;
import io.palimpsest.training.loss.Targets;
import io.palimpsest.training.network.Mode;
import io.palimpsest.training.network.Network;
import io.palimpsest.training.network.Tape;
import io.palimpsest.training.network.Want;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import io.palimpsest.training.tensor.Precision;
import io.palimpsest.training.tensor.Vec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All learned masks over one set of frozen weights, superposed: f(x, W ⊙ Σᵢ αᵢ Mᵢ) and its gradient with respect to α.
 *
 * <p>No graph over α is needed: with E = W ⊙ Σ αᵢ Mᵢ and Γ = ∂objective/∂E, gᵢ = ⟨Γ ⊙ W, Mᵢ⟩, a sum over the bits of a packed mask
 * ({@link MaskSums}: masks are never unpacked). One α is shared by all layers. Source: Wortsman et al. 2020 (arXiv 2006.14769), §3.3.
 *
 * <p>Legend: K learned tasks, N weights, B images.
 */
public final class Superposition implements Mixture, AutoCloseable {
    /** Images whose Γ ⊙ W are held at once: masks are read once for all of them. */
    private static final int IMAGES_AT_ONCE = 8;

    private final Network network;
    private final double[] weights;
    private final MaskStack masks;
    private final MaskSums sums;
    private final int[] counts;
    private final Memory memory;
    private final Vec superposed;
    private final Vec gradient;
    private final Mat dOut;
    private final Vec perImage;
    private final Tape tape;
    private final Numbers numbers;
    private final double[][] pulls = new double[IMAGES_AT_ONCE][0]; // scratch, each [N] once it is needed
    private int[] someCounts = {}; // scratch
    private double[] shown = {}; // the αs that superposed holds, of shown.length masks; empty for none

    /**
     * An empty superposition.
     *
     * @param network whose parameters are the masked weights
     * @param weights W, [N]
     * @param maxImages most images that an objective will see at once
     */
    public Superposition(Network network, Vec weights, int maxImages) {
        network.layout().check("weights", weights);
        Kernels kernels = network.kernels();
        this.network = network;
        this.weights = weights.toDoubles();
        this.masks = new MaskStack(weights.size());
        this.sums = new MaskSums(kernels.shards());
        this.counts = new int[weights.size()];
        this.memory = kernels.memory("superposition of supermasks");
        this.superposed = memory.vec(weights.size());
        this.gradient = memory.vec(weights.size());
        this.dOut = memory.mat(maxImages, network.outputs());
        this.perImage = memory.state(maxImages);
        this.tape = network.tape(maxImages);
        this.numbers = superposed.precision() == Precision.FLOAT
                ? new Floats(new float[weights.size()])
                : new Doubles(new double[weights.size()]);
    }

    /** Adds a learned task; its index is the count of tasks before it. */
    public void add(PackedMask mask) {
        masks.add(mask);
        mask.addTo(counts, 1);
    }

    /** Puts another mask in the place of task {@code i}'s: its scores were trained on. */
    public void replace(int i, PackedMask mask) {
        PackedMask before = masks.get(i);
        if (mask.equals(before)) {
            return;
        }
        masks.replace(i, mask);
        before.addTo(counts, -1);
        mask.addTo(counts, 1);
        shown = new double[0];
    }

    /** K. */
    @Override
    public int tasks() {
        return masks.size();
    }

    /** The learned masks, in the order of their tasks; a view that makes a mask when it is asked for. */
    public List<PackedMask> masks() {
        return masks.asList();
    }

    /**
     * An objective on images, as a function of α.
     *
     * @param images [B, inputs], 1 ≤ B ≤ maxImages; must stay untouched while it is in use
     * @param objective of what is uncertain, such as entropy; needs no labels
     */
    @Override
    public Uncertainty on(Mat images, Loss objective) {
        return new OnImages(images, objective);
    }

    private final class OnImages implements Uncertainty {
        private final Mat images;
        private final Loss objective;

        OnImages(Mat images, Loss objective) {
            this.images = images;
            this.objective = objective;
        }

        @Override
        public int images() {
            return images.rows();
        }

        @Override
        public double value(double[] alphas) {
            return Superposition.this.value(alphas, images, objective);
        }

        @Override
        public double[] gradient(double[] alphas) {
            superpose(alphas);
            return sums.of(masks, pull(images, objective, 0));
        }

        @Override
        public double[] gradient(double[] alphas, int[] of) {
            superpose(alphas);
            return sums.of(masks, of, pull(images, objective, 0));
        }

        @Override
        public double[] values(double[] alphas) {
            superpose(alphas);
            Mat logits = forward(images);
            objective.evaluate(network.kernels(), logits, Targets.none(), null, perImage, null);
            return perImage.slice(0, images.rows()).toDoubles();
        }

        @Override
        public double[][] gradients(double[] alphas) {
            return onEach(alphas, images, objective);
        }

        @Override
        public Uncertainty of(int image) {
            return new OnImages(images.rows(image, 1), objective);
        }
    }

    /**
     * The gradients of {@code objective} on each image alone, all at the same αs.
     *
     * @param alphas [K]
     * @param images [B, inputs]
     * @return [B, K]
     */
    public double[][] onEach(double[] alphas, Mat images, Loss objective) {
        superpose(alphas);
        var exactness =
                superposed.precision() == Precision.FLOAT ? MaskSums.Exactness.FLOAT : MaskSums.Exactness.DOUBLE;
        var all = new double[images.rows()][];
        for (int from = 0; from < all.length; from += IMAGES_AT_ONCE) {
            var some = new double[Math.min(IMAGES_AT_ONCE, all.length - from)][];
            for (int i = 0; i < some.length; i++) {
                some[i] = pull(images.rows(from + i, 1), objective, i);
            }
            double[][] g = sums.of(masks, some, exactness);
            System.arraycopy(g, 0, all, from, g.length);
        }
        return all;
    }

    /** The objective's value at {@code alphas}: what the gradient is the gradient of. */
    public double value(double[] alphas, Mat images, Loss objective) {
        superpose(alphas);
        Mat logits = forward(images);
        return objective.evaluate(network.kernels(), logits, Targets.none(), null, null, null);
    }

    /** Statistics of normalisation belong to single tasks: mixed ones are normalised by the batch's own, as in the reference code. */
    private Mat forward(Mat images) {
        Mode mode = network.layout().stateSize() == 0 ? Mode.EVALUATE : Mode.TRAIN;
        return network.forward(superposed, null, images, mode, tape);
    }

    /** Γ ⊙ W, [N], of the mean of {@code objective} over {@code images}; it stays until {@code slot} is used again. */
    private double[] pull(Mat images, Loss objective, int slot) {
        Mat logits = forward(images);
        Mat d = dOut.rows(0, images.rows());
        objective.evaluate(network.kernels(), logits, Targets.none(), null, null, d);
        network.backward(superposed, tape, d, Want.gradient(gradient));
        if (pulls[slot].length == 0) {
            pulls[slot] = new double[weights.length];
        }
        numbers.timesWeights(gradient, pulls[slot]);
        return pulls[slot];
    }

    /** E = W ⊙ Σᵢ αᵢ Mᵢ. Equal αs (all that One-Shot and Binary use) need only how many of their masks keep each weight. */
    private void superpose(double[] alphas) {
        if (alphas.length != masks.size()) {
            throw new IllegalArgumentException("alphas is [" + alphas.length + "] but " + masks.size()
                    + " masks are learned: need one weight per mask.");
        }
        if (alphas.length > 0 && Arrays.equals(alphas, shown)) {
            return; // the same αs over as many masks, none replaced since, are the same E
        }
        double share = equalShare(alphas);
        if (share > 0) {
            numbers.write(countsOf(alphas), share);
        } else {
            var mixed = new double[weights.length];
            for (int t = 0; t < alphas.length; t++) {
                if (alphas[t] != 0) {
                    addScaled(masks.get(t), alphas[t], mixed);
                }
            }
            for (int i = 0; i < mixed.length; i++) {
                mixed[i] *= weights[i];
            }
            superposed.write(0, mixed, 0, mixed.length);
        }
        shown = alphas.clone();
    }

    /** What is done in the width that the network computes in. */
    private interface Numbers {
        /** E from counts, each entry rounded once. */
        void write(int[] kept, double share);

        /** values ⊙ W, exact or rounded to doubles, into {@code products}, [N]. */
        void timesWeights(Vec values, double[] products);
    }

    private final class Floats implements Numbers {
        private final float[] e; // scratch

        Floats(float[] e) {
            this.e = e;
        }

        @Override
        public void write(int[] kept, double share) {
            for (int i = 0; i < e.length; i++) {
                e[i] = (float) (weights[i] * (kept[i] * share));
            }
            superposed.write(0, e, 0, e.length);
        }

        @Override
        public void timesWeights(Vec values, double[] products) {
            values.read(0, e, 0, e.length);
            for (int i = 0; i < products.length; i++) {
                products[i] = e[i] * weights[i];
            }
        }
    }

    private final class Doubles implements Numbers {
        private final double[] e; // scratch

        Doubles(double[] e) {
            this.e = e;
        }

        @Override
        public void write(int[] kept, double share) {
            for (int i = 0; i < e.length; i++) {
                e[i] = weights[i] * (kept[i] * share);
            }
            superposed.write(0, e, 0, e.length);
        }

        @Override
        public void timesWeights(Vec values, double[] products) {
            values.read(0, products, 0, products.length);
            for (int i = 0; i < products.length; i++) {
                products[i] *= weights[i];
            }
        }
    }

    /** The common value of all αs that are not 0; −1 if they differ. */
    private static double equalShare(double[] alphas) {
        double share = -1;
        for (double alpha : alphas) {
            if (alpha != 0 && share < 0) {
                share = alpha;
            } else if (alpha != 0 && alpha != share) {
                return -1;
            }
        }
        return share;
    }

    private int[] countsOf(double[] alphas) {
        int[] alive =
                IntStream.range(0, alphas.length).filter(t -> alphas[t] != 0).toArray();
        if (alive.length == alphas.length) {
            return counts;
        }
        if (someCounts.length == 0) {
            someCounts = new int[weights.length];
        }
        masks.count(alive, someCounts);
        return someCounts;
    }

    private static void addScaled(PackedMask mask, double alpha, double[] into) {
        float[] bits = mask.toFloats();
        for (int i = 0; i < into.length; i++) {
            into[i] += alpha * bits[i];
        }
    }

    @Override
    public void close() {
        sums.close();
        tape.close();
        memory.close();
    }
}
