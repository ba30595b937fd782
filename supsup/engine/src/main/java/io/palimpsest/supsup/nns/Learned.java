package io.palimpsest.supsup.nns;

import io.palimpsest.supsup.infer.Mixture;
import io.palimpsest.supsup.infer.Superposition;
import io.palimpsest.supsup.infer.Uncertainty;
import io.palimpsest.training.loss.Loss;
import io.palimpsest.training.tensor.Mat;
import java.util.Arrays;

/**
 * The first masks of a superposition: those that take part, while the others have α = 0 and no gradient.
 *
 * @param all the superposition
 * @param tasks how many of its masks take part
 */
record Learned(Superposition all, int tasks) implements Mixture {
    @Override
    public Uncertainty on(Mat images, Loss objective) {
        return new Of(all.on(images, objective));
    }

    private double[] padded(double[] alphas) {
        if (alphas.length != tasks) {
            throw new IllegalArgumentException(
                    "alphas is [" + alphas.length + "] but " + tasks + " masks take part: need one weight per mask.");
        }
        return Arrays.copyOf(alphas, all.tasks());
    }

    private final class Of implements Uncertainty {
        private final Uncertainty on;

        Of(Uncertainty on) {
            this.on = on;
        }

        @Override
        public int images() {
            return on.images();
        }

        @Override
        public double value(double[] alphas) {
            return on.value(padded(alphas));
        }

        @Override
        public double[] gradient(double[] alphas) {
            return Arrays.copyOf(on.gradient(padded(alphas)), tasks);
        }

        @Override
        public double[] gradient(double[] alphas, int[] of) {
            return on.gradient(padded(alphas), of);
        }

        @Override
        public double[] values(double[] alphas) {
            return on.values(padded(alphas));
        }

        @Override
        public double[][] gradients(double[] alphas) {
            double[][] all = on.gradients(padded(alphas));
            Arrays.setAll(all, image -> Arrays.copyOf(all[image], tasks));
            return all;
        }

        @Override
        public Uncertainty of(int image) {
            return new Of(on.of(image));
        }
    }
}
