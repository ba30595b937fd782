package io.palimpsest.supsup.infer;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tells the task by ⌈log_base k⌉ gradients: each time the tasks whose gradient is not above the lower quantile stay, the rest leave, and
 * α is spread evenly over those that stay.
 *
 * <p>Source: Wortsman et al. 2020 (arXiv 2006.14769), §3.3, "Binary", with the lower median of the authors' code. Differs: where ties
 * keep everyone alive, the smaller gradient and then the smaller index wins (the authors' code stops with a stale prediction); bases
 * above 2 are ours.
 *
 * @param base share that stays is 1/base; at least 2
 */
public record Binary(int base) implements TaskInference {
    public Binary {
        if (base < 2) {
            throw new IllegalArgumentException(
                    "base must be at least 2, got " + base + ": each step keeps one of base tasks. Give 2.");
        }
    }

    @Override
    public Inferred infer(int tasks, Uncertainty on) {
        return infer(tasks, on, tasks > 1 ? on.gradient(TaskInference.even(tasks)) : new double[1]);
    }

    /** The first step, in which all tasks are alive, is one for all images. */
    @Override
    public List<Inferred> inferEach(int tasks, Uncertainty on) {
        double[][] first = tasks > 1 ? on.gradients(TaskInference.even(tasks)) : new double[on.images()][1];
        return IntStream.range(0, on.images())
                .mapToObj(image -> infer(tasks, on.of(image), first[image]))
                .toList();
    }

    private Inferred infer(int tasks, Uncertainty on, double[] first) {
        int[] alive = IntStream.range(0, tasks).toArray();
        double margin = Double.POSITIVE_INFINITY;
        int passes = 0;
        while (alive.length > 1) {
            double[] g = passes == 0 ? first : on.gradient(shares(tasks, alive), alive);
            passes++;
            double[] ranked = Arrays.copyOf(g, alive.length);
            Arrays.sort(ranked);
            margin = ranked[1] - ranked[0];
            int[] stay = upTo(ranked[(ranked.length - 1) / base], alive, g);
            boolean fewer = stay.length > 0 && stay.length < alive.length; // no number is below NaN
            alive = fewer ? stay : new int[] {alive[Inferred.lowest(g, passes).task()]};
        }
        return new Inferred(alive[0], margin, passes);
    }

    /** Those of {@code alive} whose gradient is not above a threshold; in their order. */
    private static int[] upTo(double threshold, int[] alive, double[] g) {
        return IntStream.range(0, alive.length)
                .filter(i -> g[i] <= threshold)
                .map(i -> alive[i])
                .toArray();
    }

    private static double[] shares(int tasks, int[] alive) {
        var alphas = new double[tasks];
        for (int i : alive) {
            alphas[i] = 1.0 / alive.length;
        }
        return alphas;
    }
}
