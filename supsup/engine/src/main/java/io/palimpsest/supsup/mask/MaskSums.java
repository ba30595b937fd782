package io.palimpsest.supsup.mask;

import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * ⟨values, Mᵢ⟩ for all masks of a {@link MaskStack}, from tables of partial sums: eight look-ups for 64 weights of a mask.
 *
 * <p>64 values that are all 0 are passed over. Of the gradient for one image they are many: all that lead into a unit which ReLU has
 * silenced.
 *
 * <p>The words are dealt to fixed shards, one thread each, added in the order of the shards: bits depend on the count of shards and on
 * nothing that happens at run time. Calls come from one thread at a time.
 *
 * <p>Legend: K masks, N weights, V vectors of values.
 */
public final class MaskSums implements AutoCloseable {
    /** Words that a shard is dealt at a time, and that all vectors take before the next: of thousands of masks they fit the second cache. */
    private static final int WORDS_AT_ONCE = 16;

    private final int shards;
    private final ExecutorService others;

    /** How exact the sums are. */
    public enum Exactness {
        /** Every sum in double precision; 10⁻¹³ of the plain loop. */
        DOUBLE,
        /**
         * Vectors are summed two at a time; each value is rounded to 24 bits below the largest of its 64 neighbours, sums are in double
         * precision. What adding 64 numbers in single precision may lose, and never more.
         */
        FLOAT
    }

    /**
     * Makes the threads.
     *
     * @param shards parts and threads, at least 1
     */
    public MaskSums(int shards) {
        if (shards < 1) {
            throw new IllegalArgumentException("shards must be at least 1, got " + shards + ".");
        }
        this.shards = shards;
        this.others = Executors.newFixedThreadPool(
                Math.max(1, shards - 1),
                task -> { // made when first used
                    var thread = new Thread(task, "mask-sums");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * The sums of one vector, in double precision; by the plain loop where masks are few.
     *
     * @param values [N]
     * @return [K]
     */
    public double[] of(MaskStack masks, double[] values) {
        return of(masks, new double[][] {values}, Exactness.DOUBLE)[0];
    }

    /**
     * The sums of one vector over some of the masks, in double precision.
     *
     * @param chosen indices of masks, ascending
     * @param values [N]
     * @return [chosen]
     */
    public double[] of(MaskStack masks, int[] chosen, double[] values) {
        masks.check(values);
        masks.check(chosen);
        if (chosen.length < MaskStack.FEW) {
            return Arrays.stream(chosen)
                    .mapToDouble(i -> masks.get(i).dot(values))
                    .toArray();
        }
        return dealt(
                masks.words(),
                1,
                chosen.length,
                (from, to, sums) -> DoubleTable.add(masks, chosen, values, from, to, sums[0]))[0];
    }

    /**
     * The sums of several vectors.
     *
     * @param values [V, N]
     * @return [V, K]
     */
    public double[][] of(MaskStack masks, double[][] values, Exactness exactness) {
        for (double[] vector : values) {
            masks.check(vector);
        }
        if (masks.size() < MaskStack.FEW) {
            return Arrays.stream(values).map(masks::dotsOneByOne).toArray(double[][]::new);
        }
        boolean pairs = exactness == Exactness.FLOAT && Arrays.stream(values).allMatch(MaskSums::finite);
        return dealt(masks.words(), values.length, masks.size(), (from, to, sums) -> {
            if (pairs) {
                PairTable.add(masks, values, from, to, sums);
                return;
            }
            for (int v = 0; v < values.length; v++) {
                DoubleTable.add(masks, values[v], from, to, sums[v]);
            }
        });
    }

    /** Adds to sums, [vectors, masks], what words [from, to) give. */
    private interface Words {
        void add(int from, int to, double[][] sums);
    }

    /** Deals words to the shards; their sums, [vectors, masks], added in the order of the shards. */
    private double[][] dealt(int words, int vectors, int masks, Words of) {
        var parts = new double[shards][vectors][masks];
        var running = new Future<?>[shards];
        for (int s = 1; s < shards; s++) {
            int shard = s;
            running[s] = others.submit(() -> shard(words, of, shard, parts[shard]));
        }
        shard(words, of, 0, parts[0]);
        for (int s = 1; s < shards; s++) {
            await(running[s]);
            for (int v = 0; v < vectors; v++) {
                for (int k = 0; k < parts[0][v].length; k++) {
                    parts[0][v][k] += parts[s][v][k];
                }
            }
        }
        return parts[0];
    }

    private void shard(int words, Words of, int shard, double[][] sums) {
        for (int from = shard * WORDS_AT_ONCE; from < words; from += shards * WORDS_AT_ONCE) {
            of.add(from, Math.min(words, from + WORDS_AT_ONCE), sums);
        }
    }

    private static boolean finite(double[] values) {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    private static void await(Future<?> shard) {
        boolean interrupted = false;
        while (true) {
            try {
                shard.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // the sums are whole or not at all; whoever asked for the stop sees it after
            } catch (ExecutionException e) {
                throw new IllegalStateException("A shard of the sums over masks failed.", e.getCause());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        others.shutdown();
    }
}
