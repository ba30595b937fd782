package io.palimpsest.training.kernel.cpu;

import io.palimpsest.training.kernel.Pooling;
import io.palimpsest.training.kernel.Shapes;
import io.palimpsest.training.tensor.Mat;
import java.util.Arrays;

/** The largest number of each window and the mean of each map, forward and back; each shard has maps of its own. */
final class PoolingPasses {
    private final ShardPool pool;
    private final Tiles[] tiles;

    PoolingPasses(ShardPool pool, Tiles[] tiles) {
        this.pool = pool;
        this.tiles = tiles;
    }

    void max(Pooling p, Mat x, Mat y) {
        Shapes.pooling(p, x, y);
        DirectVec xv = DirectVec.of(x.data());
        DirectVec yv = DirectVec.of(y.data());
        int width = p.width() * p.channels();
        pool.run(shard -> {
            float[] largest = tiles[shard].row(width);
            float[] other = tiles[shard].rowTarget(width);
            float[] out = tiles[shard].rowGradient(width);
            for (int b = Cut.row(x.rows(), pool.shards(), shard);
                    b < Cut.row(x.rows(), pool.shards(), shard + 1);
                    b++) {
                for (int line = 0; line < p.outHeight(); line++) {
                    int at = x.row(b) + line * p.size() * width;
                    xv.load(at, largest, width);
                    for (int i = 1; i < p.size(); i++) {
                        xv.load(at + i * width, other, width);
                        Elementwise.max(largest, other, width);
                    }
                    int n = p.outWidth() * p.channels();
                    largestOfColumns(p, largest, out);
                    yv.store(y.row(b) + line * n, out, n);
                }
            }
        });
    }

    private static void largestOfColumns(Pooling p, float[] line, float[] out) {
        int channels = p.channels();
        for (int column = 0; column < p.outWidth(); column++) {
            int to = column * channels;
            int from = to * p.size();
            System.arraycopy(line, from, out, to, channels);
            for (int i = 1; i < p.size(); i++) {
                for (int c = 0; c < channels; c++) {
                    out[to + c] = Math.max(out[to + c], line[from + i * channels + c]);
                }
            }
        }
    }

    void maxBackward(Pooling p, Mat x, Mat y, Mat dy, Mat dx) {
        Shapes.pooling(p, x, y);
        Shapes.pooling(p, dx, dy);
        DirectVec xv = DirectVec.of(x.data());
        DirectVec yv = DirectVec.of(y.data());
        DirectVec gv = DirectVec.of(dy.data());
        DirectVec to = DirectVec.of(dx.data());
        int width = p.width() * p.channels();
        int band = width * p.size();
        int n = p.outWidth() * p.channels();
        pool.run(shard -> {
            float[] in = tiles[shard].row(band);
            float[] out = tiles[shard].rowTarget(n);
            float[] gradient = tiles[shard].rowGradient(n);
            float[] spread = tiles[shard].rowExp(band);
            for (int b = Cut.row(x.rows(), pool.shards(), shard);
                    b < Cut.row(x.rows(), pool.shards(), shard + 1);
                    b++) {
                for (int line = 0; line < p.outHeight(); line++) {
                    xv.load(x.row(b) + line * band, in, band);
                    yv.load(y.row(b) + line * n, out, n);
                    gv.load(dy.row(b) + line * n, gradient, n);
                    Arrays.fill(spread, 0, band, 0f);
                    route(p, width, in, out, gradient, spread);
                    to.store(dx.row(b) + line * band, spread, band);
                }
                int left = p.inputs() - p.outHeight() * band;
                Arrays.fill(spread, 0, Math.min(left, band), 0f);
                to.store(dx.row(b) + p.outHeight() * band, spread, left);
            }
        });
    }

    /** One line of windows: each gradient to the first number of its window that is the largest. */
    private static void route(Pooling p, int width, float[] in, float[] out, float[] gradient, float[] spread) {
        int channels = p.channels();
        for (int column = 0; column < p.outWidth(); column++) {
            for (int c = 0; c < channels; c++) {
                int o = column * channels + c;
                int corner = column * p.size() * channels + c;
                search:
                for (int i = 0; i < p.size(); i++) {
                    for (int j = 0; j < p.size(); j++) {
                        int at = corner + i * width + j * channels;
                        if (in[at] == out[o]) {
                            spread[at] = gradient[o];
                            break search;
                        }
                    }
                }
            }
        }
    }

    void average(Mat x, Mat y) {
        int pixels = Shapes.averagePool(x, y);
        DirectVec xv = DirectVec.of(x.data());
        DirectVec yv = DirectVec.of(y.data());
        int channels = y.cols();
        pool.run(shard -> {
            double[] sums = new double[channels];
            float[] means = tiles[shard].row(channels);
            for (int b = Cut.row(x.rows(), pool.shards(), shard);
                    b < Cut.row(x.rows(), pool.shards(), shard + 1);
                    b++) {
                Arrays.fill(sums, 0);
                Slabs.sums(xv, x.row(b), pixels, channels, sums, tiles[shard]);
                for (int c = 0; c < channels; c++) {
                    means[c] = (float) (sums[c] / pixels);
                }
                yv.store(y.row(b), means, channels);
            }
        });
    }

    void averageBackward(Mat dy, Mat dx) {
        int pixels = Shapes.averagePool(dx, dy);
        DirectVec gv = DirectVec.of(dy.data());
        DirectVec to = DirectVec.of(dx.data());
        int channels = dy.cols();
        pool.run(shard -> {
            float[] share = tiles[shard].row(channels);
            for (int b = Cut.row(dx.rows(), pool.shards(), shard);
                    b < Cut.row(dx.rows(), pool.shards(), shard + 1);
                    b++) {
                gv.load(dy.row(b), share, channels);
                Elementwise.scale(share, 1f / pixels, channels);
                for (int pixel = 0; pixel < pixels; pixel++) {
                    to.store(dx.row(b) + pixel * channels, share, channels);
                }
            }
        });
    }
}
