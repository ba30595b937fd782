package io.palimpsest.training.kernel.cpu;

import io.palimpsest.training.kernel.Activation;
import io.palimpsest.training.kernel.Convolution;
import io.palimpsest.training.kernel.Convolutions;
import io.palimpsest.training.kernel.Pooling;
import io.palimpsest.training.kernel.Shapes;
import io.palimpsest.training.optim.Update;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Vec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions as matrix products over patches (im2col), a block of output lines at a time so that the patches stay in a
 * core's second cache. Shards are ranges of maps (of lines where maps are fewer than shards); a weight gradient is
 * summed within each shard, then over shards in their order.
 *
 * <p>Where the kernel is square and its stride 1, the input gradient is itself such a product: a convolution of δ with the
 * kernel turned by half a turn.
 */
final class CpuConvolutions implements Convolutions {
    /** Numbers of patches that a product takes at a time: 512 kB. */
    private static final int BLOCK = 1 << 17;

    private final ShardPool pool;
    private final Tiles[] tiles;
    private final DirectMemory scratch;
    private final PoolingPasses pooling;
    private final Patches[] patches;
    private final DirectVec[] columns;
    private final DirectVec[] partials;
    private DirectVec turned;
    private float[] kernel = new float[0];
    private float[] turnedKernel = new float[0];

    CpuConvolutions(ShardPool pool, Tiles[] tiles, DirectMemory scratch) {
        this.pool = pool;
        this.tiles = tiles;
        this.scratch = scratch;
        pooling = new PoolingPasses(pool, tiles);
        patches = new Patches[pool.shards()];
        Arrays.setAll(patches, i -> new Patches());
        DirectVec none = DirectVec.of(scratch.vec(0));
        columns = new DirectVec[pool.shards()];
        Arrays.fill(columns, none);
        partials = new DirectVec[pool.shards()];
        Arrays.fill(partials, none);
        turned = none;
    }

    private int shards() {
        return pool.shards();
    }

    /** The first output line, over all maps, of a shard. */
    private int line(Convolution c, int maps, int shard) {
        return maps >= shards()
                ? Cut.row(maps, shards(), shard) * c.outHeight()
                : Cut.row(maps * c.outHeight(), shards(), shard);
    }

    private static int linesOfBlock(Convolution c) {
        return Math.max(1, BLOCK / (c.outWidth() * c.patch()));
    }

    /** Does something for output lines [from, from + n), n at most a block. */
    private interface Lines {
        void run(int shard, int from, int n);
    }

    /** All output lines, block by block; within one map if {@code maps} has gaps between its rows. */
    private void blocks(Convolution c, Mat maps, Lines body) {
        int most = linesOfBlock(c);
        pool.run(shard -> {
            int end = line(c, maps.rows(), shard + 1);
            for (int from = line(c, maps.rows(), shard); from < end; ) {
                int n = Math.min(most, end - from);
                if (!maps.contiguous()) {
                    n = Math.min(n, c.outHeight() - from % c.outHeight());
                }
                body.run(shard, from, n);
                from += n;
            }
        });
    }

    /** Where output line {@code line} lies. */
    private static int at(Convolution c, Mat maps, int line) {
        return maps.row(line / c.outHeight()) + line % c.outHeight() * c.outWidth() * c.out();
    }

    private static DirectVec room(DirectVec[] all, int shard, DirectMemory scratch, int size) {
        if (all[shard].size() < size) {
            all[shard] = DirectVec.of(scratch.vec(size));
        }
        return all[shard];
    }

    private void makeRoom(Convolution c, int lines) {
        for (int shard = 0; shard < shards(); shard++) {
            room(columns, shard, scratch, lines * c.outWidth() * c.patch());
            patches[shard].begin(c);
        }
    }

    @Override
    public void forward(Convolution c, Mat x, Mat w, @Nullable Vec bias, Activation activation, Mat y) {
        Shapes.convolution(c, x, w, bias, y);
        DirectVec bv = DirectVec.ofNullable(bias);
        DirectVec yv = DirectVec.of(y.data());
        products(c, x, DirectVec.of(w.data()), w.offset(), w.stride(), y, 0f, (shard, from, n) -> {
            if (bv != null || activation != Activation.IDENTITY) {
                finish(yv, at(c, y, from), n * c.outWidth(), c.out(), bv, activation, tiles[shard]);
            }
        });
    }

    /** y = patches(x) · Wᵀ + beta · y, then {@code after} for each block. */
    private void products(Convolution c, Mat x, DirectVec w, int wAt, int wStride, Mat y, float beta, Lines after) {
        DirectVec.of(x.data());
        DirectVec yv = DirectVec.of(y.data());
        makeRoom(c, linesOfBlock(c));
        blocks(c, y, (shard, from, n) -> {
            patches[shard].gather(c, x, from, n, columns[shard]);
            Gemm.timesTransposed(
                    n * c.outWidth(),
                    c.out(),
                    c.patch(),
                    columns[shard],
                    0,
                    c.patch(),
                    w,
                    wAt,
                    wStride,
                    beta,
                    yv,
                    at(c, y, from),
                    c.out());
            after.run(shard, from, n);
        });
    }

    /** y ← a(y + b) on {@code rows} rows of {@code channels} without gaps. */
    private static void finish(
            DirectVec y, int at, int rows, int channels, @Nullable DirectVec bias, Activation activation, Tiles t) {
        for (int c0 = 0; c0 < channels; c0 += Tiles.SIZE) {
            int cols = Math.min(Tiles.SIZE, channels - c0);
            int per = Slabs.rows(channels);
            if (bias != null) {
                bias.load(c0, t.weights, cols);
                Slabs.repeat(t.weights, cols, per);
            }
            for (int r = 0; r < rows; r += per) {
                int n = Math.min(per, rows - r) * cols;
                y.load(at + r * channels + c0, t.theta, n);
                if (bias != null) {
                    Elementwise.add(t.theta, t.weights, n);
                }
                Elementwise.activate(activation, t.theta, n, t);
                y.store(at + r * channels + c0, t.theta, n);
            }
        }
    }

    @Override
    public void backwardData(Convolution c, Mat delta, Mat w, boolean add, Mat dx) {
        Shapes.convolution(c, dx, w, null, delta);
        if (c.stride() == 1 && c.kernelHeight() == c.kernelWidth()) {
            Convolution back = Convolution.square(
                    c.outHeight(),
                    c.outWidth(),
                    c.out(),
                    c.in(),
                    c.kernelHeight(),
                    1,
                    c.kernelHeight() - 1 - c.padding());
            turn(c, w);
            products(back, delta, turned, 0, back.patch(), dx, add ? 1f : 0f, (shard, from, n) -> {});
        } else {
            scattered(c, delta, w, add, dx);
        }
    }

    /** The kernel turned by half a turn, its channels in and out exchanged: [in, kernelHeight · kernelWidth · out]. */
    private void turn(Convolution c, Mat w) {
        int size = c.out() * c.patch();
        if (kernel.length < size) {
            kernel = new float[size];
            turnedKernel = new float[size];
            turned = DirectVec.of(scratch.vec(size));
        }
        DirectVec wv = DirectVec.of(w.data());
        for (int o = 0; o < c.out(); o++) {
            wv.load(w.row(o), kernel, o * c.patch(), c.patch());
        }
        int taps = c.kernelHeight() * c.kernelWidth();
        float[] from = kernel;
        float[] to = turnedKernel;
        pool.run(shard -> {
            for (int in = Cut.row(c.in(), shards(), shard); in < Cut.row(c.in(), shards(), shard + 1); in++) {
                for (int tap = 0; tap < taps; tap++) {
                    int row = (in * taps + taps - 1 - tap) * c.out();
                    for (int o = 0; o < c.out(); o++) {
                        to[row + o] = from[(o * taps + tap) * c.in() + in];
                    }
                }
            }
        });
        turned.store(0, turnedKernel, size);
    }

    /** δ · W gives the gradient of each patch; patches overlap, so each map's are added up (col2im). */
    private void scattered(Convolution c, Mat delta, Mat w, boolean add, Mat dx) {
        DirectVec dv = DirectVec.of(delta.data());
        DirectVec wv = DirectVec.of(w.data());
        DirectVec xv = DirectVec.of(dx.data());
        makeRoom(c, c.outHeight());
        pool.run(shard -> {
            for (int map = Cut.row(dx.rows(), shards(), shard); map < Cut.row(dx.rows(), shards(), shard + 1); map++) {
                Gemm.times(
                        c.outPixels(),
                        c.patch(),
                        c.out(),
                        dv,
                        delta.row(map),
                        c.out(),
                        wv,
                        w.offset(),
                        w.stride(),
                        columns[shard],
                        0,
                        c.patch());
                patches[shard].clear(c);
                patches[shard].scatter(c, columns[shard], 0);
                patches[shard].deliver(c, xv, dx.row(map), add);
            }
        });
    }

    @Override
    public void backwardWeights(Convolution c, Mat delta, Mat x, Mat dw, @Nullable Vec dbias, boolean add) {
        Shapes.convolution(c, delta, x, dw.rows(), dw.cols(), dbias);
        DirectVec wv = DirectVec.of(dw.data());
        sumOverMaps(c, delta, x);
        pool.run(shard -> {
            Tiles t = tiles[shard];
            for (int o = Cut.row(c.out(), shards(), shard); o < Cut.row(c.out(), shards(), shard + 1); o++) {
                sumOverShards(c, delta.rows(), o * c.patch(), c.patch(), t);
                DensePasses.deliver(partials[0], dw, wv, o, add, o * c.patch(), t);
            }
        });
        if (dbias != null) {
            double[] sums = biasGradient(c, delta);
            for (int o = 0; o < c.out(); o++) {
                dbias.set(o, (float) sums[o] + (add ? (float) dbias.get(o) : 0f));
            }
        }
    }

    @Override
    public void backwardWeightsAndUpdate(
            Convolution c, Mat delta, Mat x, Update update, int weightOffset, int biasOffset) {
        Shapes.convolution(c, delta, x, c.out(), c.patch(), null);
        UpdateTiles rule = new UpdateTiles(update);
        sumOverMaps(c, delta, x);
        pool.run(shard -> {
            Tiles t = tiles[shard];
            for (int o = Cut.row(c.out(), shards(), shard); o < Cut.row(c.out(), shards(), shard + 1); o++) {
                sumOverShards(c, delta.rows(), o * c.patch(), c.patch(), t);
                rule.apply(partials[0], o * c.patch(), weightOffset + o * c.patch(), c.patch(), t);
            }
        });
        if (biasOffset >= 0) {
            double[] sums = biasGradient(c, delta);
            for (int o = 0; o < c.out(); o++) {
                partials[0].put(o, (float) sums[o]);
            }
            rule.apply(partials[0], 0, biasOffset, c.out(), tiles[0]);
        }
    }

    /** The gradient of each shard's lines into its part of {@link #partials}. */
    private void sumOverMaps(Convolution c, Mat delta, Mat x) {
        DirectVec.of(x.data());
        DirectVec dv = DirectVec.of(delta.data());
        makeRoom(c, linesOfBlock(c));
        boolean[] begun = new boolean[shards()];
        for (int shard = 0; shard < shards(); shard++) {
            room(partials, shard, scratch, c.out() * c.patch());
        }
        blocks(c, delta, (shard, from, n) -> {
            patches[shard].gather(c, x, from, n, columns[shard]);
            Gemm.transposedTimes(
                    c.out(),
                    c.patch(),
                    n * c.outWidth(),
                    dv,
                    at(c, delta, from),
                    c.out(),
                    columns[shard],
                    0,
                    c.patch(),
                    begun[shard] ? 1f : 0f,
                    partials[shard],
                    0,
                    c.patch());
            begun[shard] = true;
        });
    }

    /** Adds the parts of all shards that had lines to that of the first that had, and leaves it in the first shard's. */
    private void sumOverShards(Convolution c, int maps, int from, int size, Tiles t) {
        for (int at = from; at < from + size; at += Tiles.SIZE) {
            int n = Math.min(Tiles.SIZE, from + size - at);
            Arrays.fill(t.theta, 0, n, 0f);
            for (int shard = 0; shard < shards(); shard++) {
                if (line(c, maps, shard + 1) > line(c, maps, shard)) {
                    partials[shard].load(at, t.raw, n);
                    Elementwise.add(t.theta, t.raw, n);
                }
            }
            partials[0].store(at, t.theta, n);
        }
    }

    private double[] biasGradient(Convolution c, Mat delta) {
        DirectVec dv = DirectVec.of(delta.data());
        double[] total = new double[c.out()];
        for (int map = 0; map < delta.rows(); map++) {
            Slabs.sums(dv, delta.row(map), c.outPixels(), c.out(), total, tiles[0]);
        }
        return total;
    }

    @Override
    public void maxPool(Pooling p, Mat x, Mat y) {
        pooling.max(p, x, y);
    }

    @Override
    public void maxPoolBackward(Pooling p, Mat x, Mat y, Mat dy, Mat dx) {
        pooling.maxBackward(p, x, y, dy, dx);
    }

    @Override
    public void averagePool(Mat x, Mat y) {
        pooling.average(x, y);
    }

    @Override
    public void averagePoolBackward(Mat dy, Mat dx) {
        pooling.averageBackward(dy, dx);
    }
}
