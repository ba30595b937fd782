package io.palimpsest.training.network;

import io.palimpsest.training.kernel.Activation;
import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.optim.Update;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Vec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chain of dense layers. Its parameters are, layer by layer ({@code fc1}, {@code fc2}, …), the weight matrix [out,
 * in] row-major and then, if it has one, the bias [out]: the bytes that DL4J's dense layers have.
 */
public final class DenseNetwork implements Network {
    private final Kernels kernels;
    private final DenseSpec spec;
    private final Layout layout;
    private final List<Segment> weights;

    /** A network that computes with {@code kernels}. */
    public DenseNetwork(Kernels kernels, DenseSpec spec) {
        this.kernels = kernels;
        this.spec = spec;
        List<Segment> segments = new ArrayList<>();
        int offset = 0;
        for (int l = 0; l < spec.layers(); l++) {
            Segment weight = new Segment("fc" + (l + 1), Role.WEIGHT, offset, spec.out(l), spec.in(l), spec.in(l));
            segments.add(weight);
            offset = weight.end();
            if (spec.bias()) {
                Segment bias = new Segment("fc" + (l + 1), Role.BIAS, offset, spec.out(l), 1, spec.in(l));
                segments.add(bias);
                offset = bias.end();
            }
        }
        layout = Layout.of(segments);
        weights = layout.weights();
    }

    /** Its layers. */
    public DenseSpec spec() {
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

    @Override
    public Tape tape(int maxRows) {
        return new DenseTape(kernels, spec, maxRows);
    }

    @Override
    public Mat forward(Vec theta, @Nullable Vec state, Mat x, Mode mode, Tape tape) {
        layout.check("theta", theta);
        DenseTape own = own(tape);
        own.begin(x);
        Mat in = x;
        for (int l = 0; l < spec.layers(); l++) {
            Mat out = own.activation(l);
            kernels.forward(in, weights.get(l).of(theta), bias(theta, l), spec.activation(l), out);
            in = out;
        }
        return in;
    }

    @Override
    public void backward(Vec theta, Tape tape, Mat dOut, Want want) {
        layout.check("theta", theta);
        DenseTape own = own(tape);
        int last = spec.layers() - 1;
        Mat delta = own.deltaFor(last, dOut);
        if (spec.activation(last) == Activation.IDENTITY) {
            delta = dOut;
        } else {
            kernels.activationGradient(dOut, own.activation(last), spec.activation(last), delta);
        }
        Mat deltaOfLast = delta;
        Vec gradient = want.gradient();
        if (gradient != null) {
            layout.check("gradient", gradient);
        }
        Mat dInput = want.dInput();
        for (int l = last; l >= 0; l--) {
            Mat w = weights.get(l).of(theta);
            Mat next = l == 0 ? dInput : own.deltaFor(l - 1, delta);
            if (next != null) {
                Mat y = l == 0 ? null : own.activation(l - 1);
                kernels.backwardData(delta, w, y, l == 0 ? Activation.IDENTITY : spec.activation(l - 1), next);
            }
            Update update = want.update();
            if (gradient != null) {
                kernels.backwardWeights(
                        delta, own.input(l), weights.get(l).of(gradient), bias(gradient, l), want.add());
            } else if (update != null) {
                kernels.backwardWeightsAndUpdate(
                        delta,
                        own.input(l),
                        update,
                        weights.get(l).offset(),
                        spec.bias() ? weights.get(l).end() : -1);
            }
            if (next != null && l > 0) {
                delta = next;
            }
        }
        own.finish(deltaOfLast);
    }

    private @Nullable Vec bias(Vec flat, int l) {
        return spec.bias() ? flat.slice(weights.get(l).end(), spec.out(l)) : null;
    }

    private DenseTape own(Tape tape) {
        if (tape instanceof DenseTape own && own.spec().equals(spec)) {
            return own;
        }
        throw new IllegalArgumentException(
                "The tape was made by another network: take one from this network's tape().");
    }
}
