package io.palimpsest.training.kernel.cpu;

import io.palimpsest.training.kernel.Activation;
import io.palimpsest.training.kernel.Shapes;
import io.palimpsest.training.optim.Update;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Vec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Dense layers forward and back, each pass one product with what follows it done while its numbers are still in the cache: bias and activation,
 * the slope of an activation, an optimizer's step.
 */
final class DensePasses {
    /** Gradient numbers that a fused update takes at a time: 512 kB, which stays in a core's second cache. */
    private static final int FUSED = 1 << 17;

    private final ShardPool pool;
    private final Tiles[] tiles;
    private final DirectMemory scratch;
    private final DirectVec[] fused;

    DensePasses(ShardPool pool, Tiles[] tiles, DirectMemory scratch) {
        this.pool = pool;
        this.tiles = tiles;
        this.scratch = scratch;
        fused = new DirectVec[pool.shards()];
        Arrays.setAll(fused, i -> DirectVec.of(scratch.vec(0)));
    }

    void forward(Mat x, Mat w, @Nullable Vec bias, Activation activation, Mat y) {
        Shapes.forward(x, w, bias, y);
        DirectVec xv = DirectVec.of(x.data());
        DirectVec wv = DirectVec.of(w.data());
        DirectVec bv = DirectVec.ofNullable(bias);
        DirectVec yv = DirectVec.of(y.data());
        boolean byColumns = Cut.worth(w.rows(), pool.shards()) || x.rows() < pool.shards();
        pool.run(shard -> {
            int r0 = byColumns ? 0 : Cut.row(x.rows(), pool.shards(), shard);
            int r1 = byColumns ? x.rows() : Cut.row(x.rows(), pool.shards(), shard + 1);
            int c0 = byColumns ? Cut.start(w.rows(), pool.shards(), shard) : 0;
            int c1 = byColumns ? Cut.end(w.rows(), pool.shards(), shard) : w.rows();
            if (r1 <= r0 || c1 <= c0) {
                return;
            }
            Gemm.timesTransposed(
                    r1 - r0,
                    c1 - c0,
                    x.cols(),
                    xv,
                    x.row(r0),
                    x.stride(),
                    wv,
                    w.row(c0),
                    w.stride(),
                    yv,
                    y.row(r0) + c0,
                    y.stride());
            if (bv != null || activation != Activation.IDENTITY) {
                finish(y, yv, bv, activation, r0, r1, c0, c1, tiles[shard]);
            }
        });
    }

    private static void finish(
            Mat y,
            DirectVec yv,
            @Nullable DirectVec bias,
            Activation activation,
            int r0,
            int r1,
            int c0,
            int c1,
            Tiles t) {
        for (int from = c0; from < c1; from += Tiles.SIZE) {
            int n = Math.min(Tiles.SIZE, c1 - from);
            if (bias != null) {
                bias.load(from, t.weights, n);
            }
            for (int r = r0; r < r1; r++) {
                yv.load(y.row(r) + from, t.theta, n);
                if (bias != null) {
                    Elementwise.add(t.theta, t.weights, n);
                }
                Elementwise.activate(activation, t.theta, n, t);
                yv.store(y.row(r) + from, t.theta, n);
            }
        }
    }

    void backwardData(Mat delta, Mat w, @Nullable Mat y, Activation activation, Mat dx) {
        Shapes.backwardData(delta, w, y, activation, dx);
        DirectVec dv = DirectVec.of(delta.data());
        DirectVec wv = DirectVec.of(w.data());
        DirectVec xv = DirectVec.of(dx.data());
        boolean byColumns = Cut.worth(w.cols(), pool.shards()) || delta.rows() < pool.shards();
        pool.run(shard -> {
            int r0 = byColumns ? 0 : Cut.row(delta.rows(), pool.shards(), shard);
            int r1 = byColumns ? delta.rows() : Cut.row(delta.rows(), pool.shards(), shard + 1);
            int c0 = byColumns ? Cut.start(w.cols(), pool.shards(), shard) : 0;
            int c1 = byColumns ? Cut.end(w.cols(), pool.shards(), shard) : w.cols();
            if (r1 <= r0 || c1 <= c0) {
                return;
            }
            Gemm.times(
                    r1 - r0,
                    c1 - c0,
                    delta.cols(),
                    dv,
                    delta.row(r0),
                    delta.stride(),
                    wv,
                    w.offset() + c0,
                    w.stride(),
                    xv,
                    dx.row(r0) + c0,
                    dx.stride());
            if (y != null && activation != Activation.IDENTITY) {
                slope(xv, dx, y, activation, xv, dx, r0, r1, c0, c1, tiles[shard]);
            }
        });
    }

    /** to = from ⊙ a′(y) on rows [r0, r1) and columns [c0, c1). */
    private static void slope(
            DirectVec fromVec,
            Mat from,
            Mat y,
            Activation activation,
            DirectVec toVec,
            Mat to,
            int r0,
            int r1,
            int c0,
            int c1,
            Tiles t) {
        DirectVec yv = DirectVec.of(y.data());
        for (int c = c0; c < c1; c += Tiles.SIZE) {
            int n = Math.min(Tiles.SIZE, c1 - c);
            for (int r = r0; r < r1; r++) {
                fromVec.load(from.row(r) + c, t.gradient, n);
                yv.load(y.row(r) + c, t.theta, n);
                Elementwise.slope(activation, t.gradient, t.theta, n);
                toVec.store(to.row(r) + c, t.gradient, n);
            }
        }
    }

    void backwardWeights(Mat delta, Mat x, Mat dw, @Nullable Vec dbias, boolean add) {
        Shapes.backwardWeights(delta, x, dw.rows(), dw.cols(), dbias);
        DirectVec wv = DirectVec.of(dw.data());
        DirectVec bv = DirectVec.ofNullable(dbias);
        makeRoom(delta.cols(), x.cols());
        weightBlocks(delta, x, (shard, o0, o1) -> {
            product(delta, x, o0, o1, fused[shard]);
            deliver(fused[shard], dw, wv, o0, o1, add, tiles[shard]);
            if (bv != null) {
                columnSums(delta, o0, o1, add, bv, o0, tiles[shard]);
            }
        });
    }

    void backwardWeightsAndUpdate(Mat delta, Mat x, Update update, int weightOffset, int biasOffset) {
        int in = x.cols();
        Shapes.backwardWeights(delta, x, delta.cols(), in, null);
        UpdateTiles rule = new UpdateTiles(update);
        makeRoom(delta.cols(), in);
        weightBlocks(delta, x, (shard, o0, o1) -> {
            DirectVec gradient = fused[shard];
            Tiles t = tiles[shard];
            product(delta, x, o0, o1, gradient);
            rule.apply(gradient, 0, weightOffset + o0 * in, (o1 - o0) * in, t);
            if (biasOffset >= 0) {
                columnSums(delta, o0, o1, false, gradient, 0, t);
                rule.apply(gradient, 0, biasOffset + o0, o1 - o0, t);
            }
        });
    }

    /** Does something for weight rows [o0, o1) on a shard. */
    private interface Block {
        void run(int shard, int o0, int o1);
    }

    /** Weight rows in blocks of a size that depends on the shape alone, so stored and fused gradients agree in bits. */
    private void weightBlocks(Mat delta, Mat x, Block block) {
        int out = delta.cols();
        int rows = rowsOfBlock(out, x.cols());
        pool.run(shard -> {
            int end = Cut.worth(out, pool.shards())
                    ? Cut.end(out, pool.shards(), shard)
                    : Cut.row(out, pool.shards(), shard + 1);
            int o0 = Cut.worth(out, pool.shards())
                    ? Cut.start(out, pool.shards(), shard)
                    : Cut.row(out, pool.shards(), shard);
            for (; o0 < end; o0 += rows) {
                block.run(shard, o0, Math.min(end, o0 + rows));
            }
        });
    }

    private int rowsOfBlock(int out, int in) {
        int whole = Math.max(16, FUSED / in / 16 * 16);
        return Math.min(out, whole);
    }

    private void makeRoom(int out, int in) {
        int room = rowsOfBlock(out, in) * in;
        for (int shard = 0; shard < pool.shards(); shard++) {
            if (fused[shard].size() < room) {
                fused[shard] = DirectVec.of(scratch.vec(room));
            }
        }
    }

    /**
     * The gradient of weight rows [o0, o1), always to the start of a block: MKL's bits depend on how its result is
     * aligned, so stored and fused gradients must be taken at the same place.
     */
    private static void product(Mat delta, Mat x, int o0, int o1, DirectVec to) {
        Gemm.transposedTimes(
                o1 - o0,
                x.cols(),
                delta.rows(),
                DirectVec.of(delta.data()),
                delta.offset() + o0,
                delta.stride(),
                DirectVec.of(x.data()),
                x.offset(),
                x.stride(),
                to,
                0,
                x.cols());
    }

    private static void deliver(DirectVec gradient, Mat dw, DirectVec to, int o0, int o1, boolean add, Tiles t) {
        for (int o = o0; o < o1; o++) {
            deliver(gradient, dw, to, o, add, (o - o0) * dw.cols(), t);
        }
    }

    /** Writes row {@code o} of a weight gradient, which starts at {@code at}, or adds it. */
    static void deliver(DirectVec gradient, Mat dw, DirectVec to, int o, boolean add, int at, Tiles t) {
        int in = dw.cols();
        for (int from = 0; from < in; from += Tiles.SIZE) {
            int n = Math.min(Tiles.SIZE, in - from);
            gradient.load(at + from, t.gradient, n);
            if (add) {
                to.load(dw.row(o) + from, t.theta, n);
                Elementwise.add(t.gradient, t.theta, n);
            }
            to.store(dw.row(o) + from, t.gradient, n);
        }
    }

    private static void columnSums(Mat delta, int o0, int o1, boolean add, DirectVec to, int toAt, Tiles t) {
        DirectVec dv = DirectVec.of(delta.data());
        for (int from = o0; from < o1; from += Tiles.SIZE) {
            int n = Math.min(Tiles.SIZE, o1 - from);
            Arrays.fill(t.theta, 0, n, 0f);
            for (int r = 0; r < delta.rows(); r++) {
                dv.load(delta.row(r) + from, t.weights, n);
                Elementwise.add(t.theta, t.weights, n);
            }
            if (add) {
                to.load(toAt + from - o0, t.weights, n);
                Elementwise.add(t.theta, t.weights, n);
            }
            to.store(toAt + from - o0, t.theta, n);
        }
    }

    void activationGradient(Mat dy, Mat y, Activation activation, Mat delta) {
        Shapes.same("dy", dy, "y", y);
        Shapes.same("dy", dy, "delta", delta);
        DirectVec dv = DirectVec.of(dy.data());
        DirectVec to = DirectVec.of(delta.data());
        pool.run(shard -> slope(
                dv,
                dy,
                y,
                activation,
                to,
                delta,
                Cut.row(dy.rows(), pool.shards(), shard),
                Cut.row(dy.rows(), pool.shards(), shard + 1),
                0,
                dy.cols(),
                tiles[shard]));
    }
}
