package io.palimpsest.training.network;

import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.tensor.Mat;
import java.util.ArrayList;
import java.util.List;

/** Activations and deltas of a dense chain, allocated once for the largest batch. */
final class DenseTape extends PassTape {
    private final DenseSpec spec;
    private final List<Mat> activations = new ArrayList<>();
    private final List<Mat> deltas = new ArrayList<>();

    DenseTape(Kernels kernels, DenseSpec spec, int maxRows) {
        super(kernels, "activations", spec.in(0), maxRows);
        this.spec = spec;
        allocate(() -> {
            for (int l = 0; l < spec.layers(); l++) {
                activations.add(room(spec.out(l)));
                deltas.add(room(spec.out(l)));
            }
        });
    }

    DenseSpec spec() {
        return spec;
    }

    Mat activation(int l) {
        return ofPass(activations.get(l));
    }

    /** Room for the delta of layer {@code l}, of as many rows as {@code dOut} must have. */
    Mat deltaFor(int l, Mat dOut) {
        return ofPass(deltas.get(l), dOut);
    }

    @Override
    public Mat output() {
        return activation(spec.layers() - 1);
    }

    @Override
    public int layers() {
        return spec.layers();
    }

    @Override
    public Mat input(int l) {
        return l == 0 ? batch() : activation(l - 1);
    }

    @Override
    public Mat delta(int l) {
        Mat last = lastDelta();
        return l == spec.layers() - 1 ? last : ofPass(deltas.get(l));
    }
}
