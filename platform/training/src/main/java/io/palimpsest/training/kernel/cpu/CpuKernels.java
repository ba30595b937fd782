package io.palimpsest.training.kernel.cpu;

import io.palimpsest.training.backend.NativeBackend;
import io.palimpsest.training.kernel.Activation;
import io.palimpsest.training.kernel.Convolutions;
import io.palimpsest.training.kernel.Fingerprint;
import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.kernel.NormalisationKernels;
import io.palimpsest.training.kernel.Shapes;
import io.palimpsest.training.optim.Update;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import io.palimpsest.training.tensor.Precision;
import io.palimpsest.training.tensor.Vec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The CPU kernels. Every operation is cut into the same parts whatever threads do; shards meet at a barrier; sums over
 * shards are taken in shard order.
 */
final class CpuKernels implements Kernels {
    private final Fingerprint fingerprint;
    private final ShardPool pool;
    private final Tiles[] tiles;
    private final RadixSelect select;
    private final CpuNormalisation normalisation;
    private final DirectMemory scratch;
    private final DensePasses dense;
    private final Convolutions convolutions;
    private final BatchObjectives objectives;

    CpuKernels(NativeBackend backend, int shards) {
        fingerprint = backend.fingerprint("cpu/FLOAT");
        pool = new ShardPool(shards);
        tiles = new Tiles[shards];
        Arrays.setAll(tiles, i -> new Tiles());
        select = new RadixSelect(pool, tiles);
        normalisation = new CpuNormalisation(pool);
        scratch = new DirectMemory("scratch of the CPU kernels", DirectBudget.process());
        dense = new DensePasses(pool, tiles, scratch);
        convolutions = new CpuConvolutions(pool, tiles, scratch);
        objectives = new BatchObjectives(pool, tiles);
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Precision precision() {
        return Precision.FLOAT;
    }

    @Override
    public Fingerprint fingerprint() {
        return fingerprint;
    }

    @Override
    public int shards() {
        return pool.shards();
    }

    @Override
    public Memory memory(String owner) {
        return new DirectMemory(owner, DirectBudget.process());
    }

    @Override
    public void forward(Mat x, Mat w, @Nullable Vec bias, Activation activation, Mat y) {
        dense.forward(x, w, bias, activation, y);
    }

    @Override
    public void backwardData(Mat delta, Mat w, @Nullable Mat y, Activation activation, Mat dx) {
        dense.backwardData(delta, w, y, activation, dx);
    }

    @Override
    public void backwardWeights(Mat delta, Mat x, Mat dw, @Nullable Vec dbias, boolean add) {
        dense.backwardWeights(delta, x, dw, dbias, add);
    }

    @Override
    public void backwardWeightsAndUpdate(Mat delta, Mat x, Update update, int weightOffset, int biasOffset) {
        dense.backwardWeightsAndUpdate(delta, x, update, weightOffset, biasOffset);
    }

    @Override
    public void activationGradient(Mat dy, Mat y, Activation activation, Mat delta) {
        dense.activationGradient(dy, y, activation, delta);
    }

    @Override
    public NormalisationKernels normalisation() {
        return normalisation;
    }

    @Override
    public Convolutions convolutions() {
        return convolutions;
    }

    @Override
    public double crossEntropy(Mat z, int[] labels, @Nullable Vec weights, @Nullable Vec perExample, @Nullable Mat dz) {
        return objectives.crossEntropy(z, labels, weights, perExample, dz);
    }

    @Override
    public double entropy(
            Mat z, double temperature, @Nullable Vec weights, @Nullable Vec perExample, @Nullable Mat dz) {
        return objectives.entropy(z, temperature, weights, perExample, dz);
    }

    @Override
    public double superfluous(
            Mat z, int real, double temperature, @Nullable Vec weights, @Nullable Vec perExample, @Nullable Mat dz) {
        return objectives.superfluous(z, real, temperature, weights, perExample, dz);
    }

    @Override
    public double leastConfidence(
            Mat z, double temperature, @Nullable Vec weights, @Nullable Vec perExample, @Nullable Mat dz) {
        return objectives.leastConfidence(z, temperature, weights, perExample, dz);
    }

    @Override
    public double energy(Mat z, double temperature, @Nullable Vec weights, @Nullable Vec perExample, @Nullable Mat dz) {
        return objectives.energy(z, temperature, weights, perExample, dz);
    }

    @Override
    public double squaredError(Mat z, Mat y, @Nullable Vec weights, @Nullable Vec perExample, @Nullable Mat dz) {
        return objectives.squaredError(z, y, weights, perExample, dz);
    }

    @Override
    public double huber(
            Mat z, Mat y, double threshold, @Nullable Vec weights, @Nullable Vec perExample, @Nullable Mat dz) {
        return objectives.huber(z, y, threshold, weights, perExample, dz);
    }

    @Override
    public void update(Update update, Vec gradient, int from, int n) {
        Shapes.update(update, gradient, from, n);
        UpdateTiles rule = new UpdateTiles(update);
        DirectVec g = DirectVec.of(gradient);
        pool.run(shard -> {
            int start = Cut.start(n, shards(), shard);
            rule.apply(g, start, from + start, Cut.end(n, shards(), shard) - start, tiles[shard]);
        });
    }

    @Override
    public void threshold(Vec weights, Vec scores, Vec theta) {
        Shapes.same("weights, scores and theta", weights.size(), scores.size(), theta.size());
        DirectVec w = DirectVec.of(weights);
        DirectVec s = DirectVec.of(scores);
        DirectVec to = DirectVec.of(theta);
        tiled(theta.size(), (from, n, t) -> {
            w.load(from, t.weights, n);
            s.load(from, t.raw, n);
            Elementwise.threshold(t.weights, t.raw, t.theta, n);
            to.store(from, t.theta, n);
        });
    }

    @Override
    public void topK(Vec weights, Vec scores, int dropped, Vec theta) {
        Shapes.topK(weights, scores, dropped, theta);
        select.apply(DirectVec.of(weights), DirectVec.of(scores), dropped, DirectVec.of(theta));
    }

    @Override
    public void maskGradient(Vec weights, Vec scores, boolean signed, Vec dTheta, Vec dScores) {
        Shapes.same(
                "weights, scores, dTheta and dScores", weights.size(), scores.size(), dTheta.size(), dScores.size());
        DirectVec w = DirectVec.of(weights);
        DirectVec s = DirectVec.of(scores);
        DirectVec g = DirectVec.of(dTheta);
        DirectVec to = DirectVec.of(dScores);
        tiled(dScores.size(), (from, n, t) -> {
            w.load(from, t.weights, n);
            g.load(from, t.gradient, n);
            Elementwise.multiply(t.gradient, t.weights, n);
            if (signed) {
                s.load(from, t.raw, n);
                Elementwise.timesSign(t.gradient, t.raw, n);
            }
            to.store(from, t.gradient, n);
        });
    }

    @Override
    public void axpby(double alpha, Vec x, double beta, Vec y) {
        Shapes.same("x and y", x.size(), y.size());
        DirectVec xv = DirectVec.of(x);
        DirectVec yv = DirectVec.of(y);
        tiled(y.size(), (from, n, t) -> {
            xv.load(from, t.raw, n);
            if (beta == 0) {
                if (alpha != 1) {
                    Elementwise.scale(t.raw, (float) alpha, n);
                }
                yv.store(from, t.raw, n);
            } else {
                yv.load(from, t.theta, n);
                Elementwise.axpby((float) alpha, t.raw, (float) beta, t.theta, n);
                yv.store(from, t.theta, n);
            }
        });
    }

    @Override
    public double dot(Vec x, Vec y) {
        Shapes.same("x and y", x.size(), y.size());
        DirectVec xv = DirectVec.of(x);
        DirectVec yv = DirectVec.of(y);
        double[] partial = new double[shards()];
        int size = y.size();
        pool.run(shard -> {
            Tiles t = tiles[shard];
            double sum = 0;
            int to = Cut.end(size, shards(), shard);
            for (int from = Cut.start(size, shards(), shard); from < to; from += Tiles.SIZE) {
                int n = Math.min(Tiles.SIZE, to - from);
                xv.load(from, t.raw, n);
                yv.load(from, t.theta, n);
                for (int i = 0; i < n; i++) {
                    sum += (double) t.raw[i] * t.theta[i];
                }
            }
            partial[shard] = sum;
        });
        return Arrays.stream(partial).reduce(0, Double::sum);
    }

    @Override
    public void gather(float[] table, int width, int[] rows, int @Nullable [] columns, Mat into) {
        Shapes.gather(table, width, rows, columns, into);
        DirectVec to = DirectVec.of(into.data());
        int n = into.cols();
        pool.run(shard -> {
            float[] row = tiles[shard].row(n);
            for (int r = Cut.row(into.rows(), shards(), shard); r < Cut.row(into.rows(), shards(), shard + 1); r++) {
                int start = rows[r] * width;
                if (columns == null) {
                    System.arraycopy(table, start, row, 0, n);
                } else {
                    for (int c = 0; c < n; c++) {
                        row[c] = table[start + columns[c]];
                    }
                }
                to.store(into.row(r), row, n);
            }
        });
    }

    /** Does something for numbers [from, from + n), n ≤ a tile. */
    private interface Tiled {
        void run(int from, int n, Tiles t);
    }

    private void tiled(int size, Tiled body) {
        pool.run(shard -> {
            int to = Cut.end(size, shards(), shard);
            for (int from = Cut.start(size, shards(), shard); from < to; from += Tiles.SIZE) {
                body.run(from, Math.min(Tiles.SIZE, to - from), tiles[shard]);
            }
        });
    }

    @Override
    public void close() {
        pool.close();
        scratch.close();
    }
}
