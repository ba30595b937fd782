package io.palimpsest.training.network;

import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.network.ConvolutionalSpec.Normalise;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Vec;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pass through a graph of layers leaves. Room for gradients is made by the first backward pass, so that a tape that only
 * evaluates does without.
 */
final class ConvolutionalTape extends PassTape {
    private final ConvolutionalSpec spec;
    private final List<FeatureMap> maps;
    private final List<Integer> weighted;
    private final List<Mat> outputs = new ArrayList<>();
    private final List<Vec> means = new ArrayList<>();
    private final List<Vec> variances = new ArrayList<>();
    private final List<Mat> gradients = new ArrayList<>();
    private boolean ofBatch;

    /**
     * @param weighted numbers of the layers with weights
     */
    ConvolutionalTape(Kernels kernels, ConvolutionalSpec spec, List<Integer> weighted, int maxRows) {
        super(kernels, "feature maps", spec.height() * spec.width() * spec.channels(), maxRows);
        this.spec = spec;
        this.weighted = weighted;
        maps = spec.maps();
        allocate(() -> {
            for (int l = 0; l < maps.size(); l++) {
                outputs.add(room(maps.get(l).size()));
                int remembered =
                        spec.layers().get(l) instanceof Normalise ? maps.get(l).channels() : 0;
                means.add(memory().vec(remembered));
                variances.add(memory().vec(remembered));
            }
        });
    }

    ConvolutionalSpec spec() {
        return spec;
    }

    void begin(Mat x, boolean withBatchStatistics) {
        begin(x);
        ofBatch = withBatchStatistics;
    }

    boolean ofBatch() {
        return ofBatch;
    }

    FeatureMap map(int layer) {
        return maps.get(layer);
    }

    /** What a layer gave, [rows, size]. */
    Mat of(int layer) {
        return layer == ConvolutionalSpec.INPUT ? batch() : ofPass(outputs.get(layer));
    }

    Vec mean(int layer) {
        return means.get(layer);
    }

    Vec variance(int layer) {
        return variances.get(layer);
    }

    /** Room for ∂L/∂(what a layer gave), [rows, size]; a normalisation shares it with what it normalises. */
    Mat gradient(int layer) {
        while (gradients.size() < maps.size()) {
            int l = gradients.size();
            gradients.add(
                    spec.layers().get(l) instanceof Normalise norm
                            ? gradients.get(norm.from())
                            : room(maps.get(l).size()));
        }
        return ofPass(gradients.get(layer));
    }

    @Override
    public Mat output() {
        return of(maps.size() - 1);
    }

    @Override
    public int layers() {
        return weighted.size();
    }

    @Override
    public Mat input(int l) {
        return of(spec.layers().get(weighted.get(l)).from());
    }

    @Override
    public Mat delta(int l) {
        Mat last = lastDelta();
        int layer = weighted.get(l);
        return layer == maps.size() - 1 ? last : gradient(layer);
    }
}
