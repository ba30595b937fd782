package io.palimpsest.training.kernel.cpu;

import io.palimpsest.training.kernel.Shapes;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Vec;
import org.jspecify.annotations.Nullable;

/** Objectives of a batch: each row by itself, its value and gradient in one pass; the sum over rows in their order. */
final class BatchObjectives {
    private final ShardPool pool;
    private final Tiles[] tiles;
    private double[] rowLoss = new double[0];

    BatchObjectives(ShardPool pool, Tiles[] tiles) {
        this.pool = pool;
        this.tiles = tiles;
    }

    double crossEntropy(Mat z, int[] labels, @Nullable Vec weights, @Nullable Vec perExample, @Nullable Mat dz) {
        Shapes.labels(labels, z.rows(), z.cols());
        return objective(
                z,
                null,
                weights,
                perExample,
                dz,
                (r, row, y, gradient, s, n) -> RowObjectives.crossEntropy(labels[r], row, gradient, s, n));
    }

    double entropy(Mat z, double temperature, @Nullable Vec weights, @Nullable Vec perExample, @Nullable Mat dz) {
        Shapes.temperature(temperature);
        return objective(
                z,
                null,
                weights,
                perExample,
                dz,
                (r, row, y, gradient, s, n) -> RowObjectives.entropy(temperature, row, gradient, s, n));
    }

    double superfluous(
            Mat z, int real, double temperature, @Nullable Vec weights, @Nullable Vec perExample, @Nullable Mat dz) {
        Shapes.temperature(temperature);
        return objective(
                z,
                null,
                weights,
                perExample,
                dz,
                (r, row, y, gradient, s, n) -> RowObjectives.superfluous(real, temperature, row, gradient, s, n));
    }

    double leastConfidence(
            Mat z, double temperature, @Nullable Vec weights, @Nullable Vec perExample, @Nullable Mat dz) {
        Shapes.temperature(temperature);
        return objective(
                z,
                null,
                weights,
                perExample,
                dz,
                (r, row, y, gradient, s, n) -> RowObjectives.leastConfidence(temperature, row, gradient, s, n));
    }

    double energy(Mat z, double temperature, @Nullable Vec weights, @Nullable Vec perExample, @Nullable Mat dz) {
        Shapes.temperature(temperature);
        return objective(
                z,
                null,
                weights,
                perExample,
                dz,
                (r, row, y, gradient, s, n) -> RowObjectives.energy(temperature, row, gradient, s, n));
    }

    double squaredError(Mat z, Mat y, @Nullable Vec weights, @Nullable Vec perExample, @Nullable Mat dz) {
        return objective(
                z,
                y,
                weights,
                perExample,
                dz,
                (r, row, target, gradient, s, n) -> RowObjectives.squaredError(row, target, gradient, n));
    }

    double huber(Mat z, Mat y, double threshold, @Nullable Vec weights, @Nullable Vec perExample, @Nullable Mat dz) {
        return objective(
                z,
                y,
                weights,
                perExample,
                dz,
                (r, row, target, gradient, s, n) -> RowObjectives.huber(threshold, row, target, gradient, n));
    }

    private double objective(
            Mat z,
            @Nullable Mat y,
            @Nullable Vec weights,
            @Nullable Vec perExample,
            @Nullable Mat dz,
            RowObjectives.Row objective) {
        Shapes.objective(z, weights, perExample, dz);
        if (y != null) {
            Shapes.same("z", z, "y", y);
        }
        int rows = z.rows();
        int n = z.cols();
        DirectVec zv = DirectVec.of(z.data());
        DirectVec yv = y == null ? null : DirectVec.of(y.data());
        DirectVec wv = DirectVec.ofNullable(weights);
        DirectVec ev = DirectVec.ofNullable(perExample);
        DirectVec dv = dz == null ? null : DirectVec.of(dz.data());
        if (rowLoss.length < rows) {
            rowLoss = new double[rows];
        }
        double[] losses = rowLoss;
        pool.run(shard -> {
            Tiles t = tiles[shard];
            float[] row = t.row(n);
            float[] gradient = t.rowGradient(n);
            float[] target = t.rowTarget(n);
            float[] spare = t.rowExp(n);
            for (int r = Cut.row(rows, pool.shards(), shard); r < Cut.row(rows, pool.shards(), shard + 1); r++) {
                zv.load(z.row(r), row, n);
                if (yv != null && y != null) {
                    yv.load(y.row(r), target, n);
                }
                double loss = objective.at(r, row, target, gradient, spare, n);
                losses[r] = loss;
                if (ev != null) {
                    ev.put(r, (float) loss);
                }
                if (dv != null && dz != null) {
                    float weight = wv == null ? 1f : wv.at(r);
                    Elementwise.scaleFlushed(gradient, weight / rows, n);
                    dv.store(dz.row(r), gradient, n);
                }
            }
        });
        double sum = 0;
        for (int r = 0; r < rows; r++) {
            sum += wv == null ? losses[r] : wv.at(r) * losses[r];
        }
        return sum / rows;
    }
}
