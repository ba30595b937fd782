package io.palimpsest.training.network;

import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Vec;
import java.util.ArrayList;
import java.util.List;

/** What a batch-normalised dense chain keeps of a pass, allocated once for the largest batch. */
final class BatchNormTape extends PassTape {
    private final BatchNormSpec spec;
    /** x̂ of hidden layers, and the logits. */
    private final List<Mat> normalised = new ArrayList<>();

    private final List<Mat> hidden = new ArrayList<>();
    private final List<Mat> deltas = new ArrayList<>();
    private final List<Vec> means = new ArrayList<>();
    private final List<Vec> variances = new ArrayList<>();
    private final List<Vec> gainGradients = new ArrayList<>();
    private boolean ofBatch;

    BatchNormTape(Kernels kernels, BatchNormSpec spec, int maxRows) {
        super(kernels, "activations", spec.in(0), maxRows);
        this.spec = spec;
        allocate(() -> {
            for (int l = 0; l < spec.hiddenLayers(); l++) {
                normalised.add(room(spec.out(l)));
                hidden.add(room(spec.out(l)));
                deltas.add(room(spec.out(l)));
                means.add(memory().vec(spec.out(l)));
                variances.add(memory().vec(spec.out(l)));
                gainGradients.add(memory().vec(spec.out(l)));
            }
            normalised.add(room(spec.out(spec.hiddenLayers())));
        });
    }

    BatchNormSpec spec() {
        return spec;
    }

    void begin(Mat x, boolean withBatchStatistics) {
        begin(x);
        ofBatch = withBatchStatistics;
    }

    boolean ofBatch() {
        return ofBatch;
    }

    Mat normalised(int l) {
        return ofPass(normalised.get(l));
    }

    Mat hidden(int l) {
        return ofPass(hidden.get(l));
    }

    Vec mean(int l) {
        return means.get(l);
    }

    Vec variance(int l) {
        return variances.get(l);
    }

    Vec gainGradient(int l) {
        return gainGradients.get(l);
    }

    /** Room for the delta of hidden layer {@code l}, of as many rows as {@code dOut} must have. */
    Mat deltaFor(int l, Mat dOut) {
        return ofPass(deltas.get(l), dOut);
    }

    @Override
    public Mat output() {
        return normalised(spec.hiddenLayers());
    }

    @Override
    public int layers() {
        return spec.layers();
    }

    @Override
    public Mat input(int l) {
        return l == 0 ? batch() : hidden(l - 1);
    }

    /** ∂L/∂(W·x) of layer {@code l}, before normalisation. */
    @Override
    public Mat delta(int l) {
        Mat last = lastDelta();
        return l == spec.hiddenLayers() ? last : ofPass(deltas.get(l));
    }
}
