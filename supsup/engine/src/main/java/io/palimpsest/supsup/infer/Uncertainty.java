package io.palimpsest.supsup.infer;

import java.util.Arrays;

/**
 * An uncertainty objective on the images at hand, as a function of the weights α of the superposed masks: all that a rule may ask before it
 * decides.
 *
 * <p>Legend: K superposed masks, B images. αs are [K], non-negative and summing to 1.
 */
public interface Uncertainty {
    /** B. */
    int images();

    /** The objective through W ⊙ Σᵢ αᵢ Mᵢ, its mean over the images: one forward pass. */
    double value(double[] alphas);

    /**
     * Its gradient, gᵢ = ∂value/∂αᵢ: one forward and one backward pass.
     *
     * @return [K], of every mask, those with α = 0 too
     */
    double[] gradient(double[] alphas);

    /**
     * Some entries of the gradient, for a rule that has dismissed the other masks; may cost less than all, and be equal to them to the last digits.
     *
     * @param of masks
     * @return [of]
     */
    default double[] gradient(double[] alphas, int[] of) {
        double[] all = gradient(alphas);
        return Arrays.stream(of).mapToDouble(i -> all[i]).toArray();
    }

    /** The objective of each image alone, [B]. */
    double[] values(double[] alphas);

    /** The gradients of each image alone, [B, K]; cheaper than asking image by image, and equal to it to the last digits of a float. */
    double[][] gradients(double[] alphas);

    /** The same objective on one of the images. */
    Uncertainty of(int image);
}
