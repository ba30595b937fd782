package io.palimpsest.training.adapter;

import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.network.FeatureMap;
import io.palimpsest.training.network.Layout;
import io.palimpsest.training.network.Mode;
import io.palimpsest.training.network.Network;
import io.palimpsest.training.network.Role;
import io.palimpsest.training.network.Segment;
import io.palimpsest.training.network.Tape;
import io.palimpsest.training.network.Want;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import io.palimpsest.training.tensor.Vec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Any DL4J network as a {@link Network}. Running statistics of batch normalisation, which DL4J keeps inside its flat
 * parameter vector, are this network's state; everything else are its parameters, in DL4J's own order (a convolution's
 * bias comes before its weights). Parameters are copied in before each pass. DL4J sums gradients over the batch, which
 * is what an outer gradient ∂L/∂output asks for: nothing is divided.
 *
 * <p>DL4J remembers one pass at a time and forgets it once it went back: each backward pass must follow its own
 * forward pass. It needs float kernels whose
 * vectors ND4J can see ({@code cpu} or {@code nd4j}). L1 and L2 terms of the DL4J configuration are not applied: give
 * weight decay to the optimizer.
 */
public final class Dl4jNetwork implements Network {
    private static final Set<String> STATE = Set.of("mean", "var", "log10stdev");

    private final Kernels kernels;
    private final Dl4jModel model;
    private final long[] exampleShape;
    private final boolean channelsLast;
    private final Layout layout;
    private final List<Piece> pieces;
    private final int inputs;
    private final int outputs;

    /** Where a segment of ours lies in DL4J's flat vector. */
    private record Piece(Segment segment, boolean state, long flatOffset) {}

    /**
     * A chain of layers; initialised, ending in a layer without a loss.
     *
     * @param exampleShape shape of one example as the network takes it: {@code 784}, or {@code 3, 32, 32}
     */
    public Dl4jNetwork(Kernels kernels, MultiLayerNetwork network, long... exampleShape) {
        this(kernels, new Dl4jModel.Chain(network), false, exampleShape);
    }

    /** A graph with one input and one output; initialised, ending in a layer without a loss. */
    public Dl4jNetwork(Kernels kernels, ComputationGraph network, long... exampleShape) {
        this(kernels, new Dl4jModel.Graph(network), false, exampleShape);
    }

    /**
     * A graph of convolutions that DL4J has channels first, for examples that lie channels last, as all images here do: [height · width ·
     * channels].
     */
    public static Dl4jNetwork ofImages(Kernels kernels, ComputationGraph network, FeatureMap image) {
        return new Dl4jNetwork(
                kernels, new Dl4jModel.Graph(network), true, image.channels(), image.height(), image.width());
    }

    private Dl4jNetwork(Kernels kernels, Dl4jModel model, boolean channelsLast, long... exampleShape) {
        this.kernels = kernels;
        this.model = model;
        this.channelsLast = channelsLast;
        this.exampleShape = exampleShape.clone();
        inputs = (int) Arrays.stream(exampleShape).reduce(1, Math::multiplyExact);
        pieces = new ArrayList<>();
        layout = layout(model, pieces);
        outputs = (int) model.forward(Nd4j.zeros(shape(1)), false).size(1);
    }

    private static Layout layout(Dl4jModel model, List<Piece> pieces) {
        List<Segment> parameters = new ArrayList<>();
        List<Segment> state = new ArrayList<>();
        int size = 0;
        int stateSize = 0;
        for (Dl4jModel.Tensor tensor : model.tensors()) {
            boolean isState = STATE.contains(tensor.key());
            Segment segment = segment(tensor, isState ? stateSize : size);
            (isState ? state : parameters).add(segment);
            pieces.add(new Piece(segment, isState, tensor.offset(model.flat())));
            size += isState ? 0 : segment.size();
            stateSize += isState ? segment.size() : 0;
        }
        return new Layout(parameters, size, state, stateSize);
    }

    private static Segment segment(Dl4jModel.Tensor tensor, int offset) {
        int length = (int) tensor.view().length();
        Role role =
                switch (tensor.key()) {
                    case "W" -> Role.WEIGHT;
                    case "b" -> Role.BIAS;
                    case "gamma" -> Role.GAIN;
                    case "beta" -> Role.SHIFT;
                    case "mean" -> Role.RUNNING_MEAN;
                    case "var", "log10stdev" -> Role.RUNNING_VARIANCE;
                    default -> Role.OTHER;
                };
        String name = role == Role.OTHER ? tensor.layer() + '.' + tensor.key() : tensor.layer();
        if (role != Role.WEIGHT) {
            return new Segment(name, role, offset, length, 1, 1);
        }
        // Dense: [in, out] in 'f' order, the bytes of [out, in]; convolution: [out, in, kh, kw] in 'c' order.
        int out = (int)
                (tensor.view().rank() == 2
                        ? tensor.view().size(1)
                        : tensor.view().size(0));
        boolean kernel = tensor.view().rank() == 4;
        return new Segment(
                name,
                role,
                offset,
                out,
                length / out,
                length / out,
                kernel ? (int) tensor.view().size(2) : 1,
                kernel ? (int) tensor.view().size(3) : 1);
    }

    @Override
    public Layout layout() {
        return layout;
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public Tape tape(int maxRows) {
        return new Dl4jTape(kernels, maxRows, outputs);
    }

    /** Whether a backward pass can give ∂L/∂x: DL4J's chains do, its graphs do not. */
    public boolean tellsInputGradient() {
        return model instanceof Dl4jModel.Chain;
    }

    /** Copies the initial parameters that DL4J drew, and the initial state. */
    public void initial(Vec theta, @Nullable Vec state) {
        layout.check("theta", theta);
        for (Piece piece : pieces) {
            into(piece, theta, state).nd().assign(part(model.flat(), piece));
        }
    }

    @Override
    public Mat forward(Vec theta, @Nullable Vec state, Mat x, Mode mode, Tape tape) {
        layout.check("theta", theta);
        if (!(tape instanceof Dl4jTape own)) {
            throw new IllegalArgumentException(
                    "The tape was made by another network: take one from this network's tape().");
        }
        if (x.rows() < 1 || x.rows() > own.maxRows() || x.cols() != inputs || !x.contiguous()) {
            throw new IllegalArgumentException("The batch is " + x.shape() + " but the network needs [1…"
                    + own.maxRows() + ", " + inputs + "] without gaps.");
        }
        for (Piece piece : pieces) {
            if (!(piece.state()
                    && state == null
                    && mode == Mode.TRAIN)) { // then the batch's own serve, and none are kept
                part(model.flat(), piece).assign(into(piece, theta, state).nd());
            }
        }
        INDArray out = model.forward(batch(x), mode == Mode.TRAIN);
        own.record(x, state, mode);
        Mat into = own.outputFor(x.rows());
        into.data().slice(into.offset(), x.rows() * outputs).nd().assign(out.reshape('c', new long[] {
            (long) x.rows() * outputs
        }));
        return into;
    }

    @Override
    public void backward(Vec theta, Tape tape, Mat dOut, Want want) {
        Dl4jTape own = (Dl4jTape) tape;
        Mat x = own.input(0);
        if (dOut.rows() != x.rows() || dOut.cols() != outputs || !dOut.contiguous()) {
            throw new IllegalArgumentException(
                    "dOut is " + dOut.shape() + " but must be [" + x.rows() + ", " + outputs + "] without gaps.");
        }
        INDArray epsilon = dOut.data()
                .slice(dOut.offset(), dOut.rows() * outputs)
                .nd()
                .reshape('c', new long[] {dOut.rows(), outputs});
        INDArray dInput = model.backward(epsilon.dup());
        INDArray flatGradient = model.gradient();
        followStatistics(own, flatGradient);
        Vec gradient = want.gradient();
        if (gradient != null) {
            layout.check("gradient", gradient);
            collect(flatGradient, gradient, want.add());
        }
        if (want.update() != null) {
            try (Memory memory = kernels.memory("gradient of an adapted network")) {
                Vec collected = memory.vec(layout.size());
                collect(flatGradient, collected, false);
                kernels.update(want.update(), collected, 0, layout.size());
            }
        }
        Mat into = want.dInput();
        if (into != null) {
            if (dInput == null) {
                throw new UnsupportedOperationException(
                        "DL4J's graphs do not tell the gradient of their input; chains" + " (MultiLayerNetwork) do.");
            }
            into.data().slice(into.offset(), into.rows() * into.cols()).nd().assign(dInput.reshape('c', new long[] {
                (long) into.rows() * into.cols()
            }));
        }
    }

    private void collect(INDArray flatGradient, Vec gradient, boolean add) {
        for (Piece piece : pieces) {
            if (!piece.state()) {
                INDArray to = piece.segment().slice(gradient).nd();
                INDArray part = part(flatGradient, piece);
                if (add) {
                    to.addi(part);
                } else {
                    to.assign(part);
                }
            }
        }
    }

    /** DL4J gives the step of running statistics as a "gradient" to be subtracted. */
    private void followStatistics(Dl4jTape tape, INDArray flatGradient) {
        Vec state = tape.state();
        if (state == null || tape.mode() != Mode.TRAIN) {
            return;
        }
        for (Piece piece : pieces) {
            if (piece.state()) {
                piece.segment().slice(state).nd().subi(part(flatGradient, piece));
            }
        }
    }

    private Vec into(Piece piece, Vec theta, @Nullable Vec state) {
        if (!piece.state()) {
            return piece.segment().slice(theta);
        }
        if (state == null || state.size() != layout.stateSize()) {
            throw new IllegalArgumentException("The network has " + layout.stateSize()
                    + " running statistics: give a state vector of that size, got "
                    + (state == null ? "none" : state.size()) + ".");
        }
        return piece.segment().slice(state);
    }

    private static INDArray part(INDArray flat, Piece piece) {
        INDArray vector = flat.rank() == 1 ? flat : flat.reshape(flat.length());
        return vector.get(NDArrayIndex.interval(
                piece.flatOffset(), piece.flatOffset() + piece.segment().size()));
    }

    /** The batch in the shape and order in which DL4J takes it. */
    private INDArray batch(Mat x) {
        INDArray flat = x.data().slice(x.offset(), x.rows() * inputs).nd();
        return channelsLast
                ? flat.reshape('c', x.rows(), exampleShape[1], exampleShape[2], exampleShape[0])
                        .permute(0, 3, 1, 2)
                        .dup('c')
                : flat.reshape('c', shape(x.rows()));
    }

    private long[] shape(int rows) {
        long[] shape = new long[exampleShape.length + 1];
        shape[0] = rows;
        System.arraycopy(exampleShape, 0, shape, 1, exampleShape.length);
        return shape;
    }
}
