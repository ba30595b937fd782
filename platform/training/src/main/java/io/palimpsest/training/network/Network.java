package io.palimpsest.training.network;

import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Vec;
import org.jspecify.annotations.Nullable;

/**
 * A differentiable function of parameters θ and a batch. It holds no numbers of its own: the same network serves any
 * number of parameter vectors, and one state vector per task gives per-task normalisation statistics.
 *
 * <p>Not thread-safe as to one tape; different tapes of one network may be used one after the other from one thread.
 */
public interface Network {

    /** Where its parameters and state lie. */
    Layout layout();

    /** Features of one example. */
    int inputs();

    /** Numbers that it returns for one example. */
    int outputs();

    /** What it computes with; memory given to it must come from these. */
    Kernels kernels();

    /** A tape for batches of up to {@code maxRows} examples. */
    Tape tape(int maxRows);

    /**
     * Computes the outputs for a batch.
     *
     * @param theta parameters, [layout.size]
     * @param state normalisation state, [layout.stateSize]; null when that is 0. Updated in {@link Mode#TRAIN}, where it may be null: the
     *     batch is normalised by its own statistics, and none are kept
     * @param x batch, [rows, inputs], 1 ≤ rows ≤ tape.maxRows; must stay untouched until the backward pass
     * @param mode training or evaluation
     * @param tape receives what the backward pass needs
     * @return the outputs (logits), [rows, outputs], a window on the tape's memory that the next pass overwrites
     */
    Mat forward(Vec theta, @Nullable Vec state, Mat x, Mode mode, Tape tape);

    /**
     * Propagates ∂L/∂output back through the last forward pass on this tape.
     *
     * @param theta the parameters that the forward pass was given
     * @param tape the tape of that pass
     * @param dOut ∂L/∂output, [rows, outputs]. The gradient is of exactly that L: nothing is divided by the batch
     *     size here (a loss already does)
     * @param want what to produce
     */
    void backward(Vec theta, Tape tape, Mat dOut, Want want);
}
