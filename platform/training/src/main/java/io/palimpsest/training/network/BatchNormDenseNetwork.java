package io.palimpsest.training.network;

import io.palimpsest.training.kernel.Activation;
import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.kernel.NormalisationKernels;
import io.palimpsest.training.optim.Update;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Vec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Dense layers with batch normalisation. Parameters are first all weight matrices ({@code fc1}, {@code fc2}, …: [out, in]
 * row-major), then all gains ({@code norm1}, …: [units]), so the gains of all hidden layers are one piece of the vector. Gains of 1
 * are the normalisation without affine parameters; gains of 0 and 1 a mask on hidden units.
 *
 * <p>With {@link BatchNormSpec.Statistics#RUNNING} the state holds, per hidden layer, running means and running unbiased
 * variances as PyTorch keeps them; start them at 0 and 1 ({@link #begin}).
 */
public final class BatchNormDenseNetwork implements Network {
    private final Kernels kernels;
    private final NormalisationKernels normalisation;
    private final BatchNormSpec spec;
    private final Layout layout;
    private final List<Segment> weights = new ArrayList<>();
    private final List<Segment> gains = new ArrayList<>();
    private final List<Segment> means = new ArrayList<>();
    private final List<Segment> variances = new ArrayList<>();

    /** A network that computes with {@code kernels}. */
    public BatchNormDenseNetwork(Kernels kernels, BatchNormSpec spec) {
        this.kernels = kernels;
        this.normalisation = kernels.normalisation();
        this.spec = spec;
        int offset = 0;
        for (int l = 0; l < spec.layers(); l++) {
            weights.add(new Segment("fc" + (l + 1), Role.WEIGHT, offset, spec.out(l), spec.in(l), spec.in(l)));
            offset = weights.get(l).end();
        }
        int remembered = 0;
        for (int l = 0; l < spec.hiddenLayers(); l++) {
            String name = "norm" + (l + 1);
            int units = spec.out(l);
            gains.add(new Segment(name, Role.GAIN, offset, units, 1, 1));
            offset += units;
            if (spec.statistics() == BatchNormSpec.Statistics.RUNNING) {
                means.add(new Segment(name, Role.RUNNING_MEAN, remembered, units, 1, 1));
                variances.add(new Segment(name, Role.RUNNING_VARIANCE, remembered + units, units, 1, 1));
                remembered += 2 * units;
            }
        }
        List<Segment> parameters = new ArrayList<>(weights);
        parameters.addAll(gains);
        List<Segment> state = new ArrayList<>();
        for (int l = 0; l < means.size(); l++) {
            state.add(means.get(l));
            state.add(variances.get(l));
        }
        layout = new Layout(parameters, offset, state, remembered);
    }

    /** Its layers. */
    public BatchNormSpec spec() {
        return spec;
    }

    @Override
    public Layout layout() {
        return layout;
    }

    @Override
    public int inputs() {
        return spec.in(0);
    }

    @Override
    public int outputs() {
        return spec.out(spec.layers() - 1);
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    /** Count of hidden units of all layers: the numbers that are gains. */
    public int units() {
        return layout.size() - gains.get(0).offset();
    }

    /** Gains of all hidden layers, first layer first, [units]: the same memory. */
    public Vec gains(Vec theta) {
        layout.check("theta", theta);
        return theta.slice(gains.get(0).offset(), units());
    }

    /** Hidden layer {@code l}'s part of a vector with one number per unit, [units of the layer]: the same memory. */
    public Vec layer(Vec perUnit, int l) {
        if (perUnit.size() != units()) {
            throw new IllegalArgumentException("A vector of " + perUnit.size() + " numbers has not one for each of the "
                    + units() + " hidden units.");
        }
        return perUnit.slice(gains.get(l).offset() - gains.get(0).offset(), spec.out(l));
    }

    /** Sets running means to 0 and running variances to 1. */
    public void begin(Vec state) {
        checkState(state);
        means.forEach(s -> s.slice(state).fill(0));
        variances.forEach(s -> s.slice(state).fill(1));
    }

    @Override
    public Tape tape(int maxRows) {
        return new BatchNormTape(kernels, spec, maxRows);
    }

    @Override
    public Mat forward(Vec theta, @Nullable Vec state, Mat x, Mode mode, Tape tape) {
        layout.check("theta", theta);
        if (state != null || mode == Mode.EVALUATE) {
            checkState(state);
        }
        BatchNormTape own = own(tape);
        own.begin(x, state == null || mode == Mode.TRAIN);
        Mat in = x;
        for (int l = 0; l < spec.layers(); l++) {
            Mat z = own.normalised(l);
            kernels.forward(in, weights.get(l).of(theta), null, Activation.IDENTITY, z);
            if (l == spec.hiddenLayers()) {
                return z;
            }
            if (state == null || mode == Mode.TRAIN) {
                normalisation.moments(z, own.mean(l), own.variance(l));
                if (state != null) {
                    remember(l, own, state, x.rows());
                }
            } else {
                own.mean(l).copyFrom(means.get(l).slice(state));
                own.variance(l).copyFrom(variances.get(l).slice(state));
            }
            normalisation.normalise(z, own.mean(l), own.variance(l), spec.epsilon(), z);
            normalisation.activate(z, gains.get(l).slice(theta), null, spec.hidden(), own.hidden(l));
            in = own.hidden(l);
        }
        throw new IllegalStateException("a spec without a last layer");
    }

    /** running ← (1 − momentum)·running + momentum·batch, the variance unbiased. */
    private void remember(int l, BatchNormTape own, Vec state, int rows) {
        double share = spec.momentum();
        if (rows < 2) {
            throw new IllegalArgumentException("A training batch of 1 row has no variance to remember: take at least 2"
                    + " rows, or leave out the rest of an epoch.");
        }
        kernels.axpby(share, own.mean(l), 1 - share, means.get(l).slice(state));
        kernels.axpby(
                share * rows / (rows - 1.0),
                own.variance(l),
                1 - share,
                variances.get(l).slice(state));
    }

    @Override
    public void backward(Vec theta, Tape tape, Mat dOut, Want want) {
        layout.check("theta", theta);
        Vec gradient = want.gradient();
        if (gradient != null) {
            layout.check("gradient", gradient);
        }
        BatchNormTape own = own(tape);
        Update update = want.update();
        Mat delta = dOut;
        for (int l = spec.layers() - 1; l >= 0; l--) {
            Mat next = l == 0 ? want.dInput() : own.deltaFor(l - 1, dOut);
            if (next != null) {
                kernels.backwardData(delta, weights.get(l).of(theta), null, Activation.IDENTITY, next);
            }
            if (gradient != null) {
                kernels.backwardWeights(delta, own.input(l), weights.get(l).of(gradient), null, want.add());
            } else if (update != null) {
                kernels.backwardWeightsAndUpdate(
                        delta, own.input(l), update, weights.get(l).offset(), -1);
            }
            if (l > 0 && next != null) {
                int hidden = l - 1;
                Vec dGain = gradient != null
                        ? gains.get(hidden).slice(gradient)
                        : update != null ? own.gainGradient(hidden) : null;
                throughGains(theta, own, hidden, next, dGain, want.add());
                if (update != null && dGain != null) {
                    kernels.update(update, dGain, gains.get(hidden).offset(), dGain.size());
                }
                throughNormalisation(own, hidden, next);
                delta = next;
            }
        }
        own.finish(dOut);
    }

    /**
     * The gradient of the gains alone, with frozen weights: no weight gradient is taken and nothing goes below the first
     * hidden layer's gains. Units whose gain is 0 get their gradient too.
     *
     * @param theta the parameters that the forward pass was given
     * @param tape the tape of that pass; its deltas are not valid afterwards
     * @param dOut ∂L/∂output, [rows, outputs]
     * @param dGains receives ∂L/∂gain of all hidden units, [units]
     */
    public void backwardGains(Vec theta, Tape tape, Mat dOut, Vec dGains) {
        layout.check("theta", theta);
        BatchNormTape own = own(tape);
        Mat delta = dOut;
        for (int l = spec.hiddenLayers(); l > 0; l--) {
            Mat next = own.deltaFor(l - 1, dOut);
            kernels.backwardData(delta, weights.get(l).of(theta), null, Activation.IDENTITY, next);
            throughGains(theta, own, l - 1, next, layer(dGains, l - 1), false);
            if (l > 1) {
                throughNormalisation(own, l - 1, next);
            }
            delta = next;
        }
    }

    private void throughGains(Vec theta, BatchNormTape own, int l, Mat d, @Nullable Vec dGain, boolean add) {
        normalisation.activateGradient(
                d, own.normalised(l), gains.get(l).slice(theta), null, spec.hidden(), d, dGain, null, add);
    }

    private void throughNormalisation(BatchNormTape own, int l, Mat d) {
        normalisation.normaliseGradient(d, own.normalised(l), own.variance(l), spec.epsilon(), own.ofBatch(), d);
    }

    private void checkState(@Nullable Vec state) {
        int given = state == null ? 0 : state.size();
        if (given != layout.stateSize()) {
            throw new IllegalArgumentException("The state has " + given + " numbers but the network with "
                    + spec.statistics() + " statistics remembers " + layout.stateSize()
                    + (layout.stateSize() == 0 ? ": give null." : ": give a vector of layout().stateSize()."));
        }
    }

    private BatchNormTape own(Tape tape) {
        if (tape instanceof BatchNormTape own && own.spec().equals(spec)) {
            return own;
        }
        throw new IllegalArgumentException(
                "The tape was made by another network: take one from this network's tape().");
    }
}
