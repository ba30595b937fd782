package io.palimpsest.training.network;

import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import org.jspecify.annotations.Nullable;

/** The pass that a tape is at: which batch it was given, of how many rows, and whether a backward pass has followed. */
abstract class PassTape implements Tape {
    private final int maxRows;
    private final int inputs;
    private final Memory memory;
    private @Nullable Mat batch;
    private @Nullable Mat lastDelta;
    private int rows;
    private boolean propagated;

    /**
     * @param inputs features of one example
     * @param what is kept, as a message about memory names it
     */
    PassTape(Kernels kernels, String what, int inputs, int maxRows) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("maxRows must be ≥ 1, got " + maxRows + ".");
        }
        this.maxRows = maxRows;
        this.inputs = inputs;
        memory = kernels.memory(what + " of a batch of " + maxRows);
    }

    /** Makes all room that a pass needs, or none. */
    final void allocate(Runnable room) {
        try {
            room.run();
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    final Memory memory() {
        return memory;
    }

    /** Room for as many rows as the tape can hold. */
    final Mat room(int columns) {
        return memory.mat(maxRows, columns);
    }

    final void begin(Mat x) {
        if (x.rows() < 1 || x.rows() > maxRows || x.cols() != inputs) {
            throw new IllegalArgumentException("The batch is " + x.shape() + " but the network needs [1…" + maxRows
                    + ", " + inputs + "]: this tape was made for at most " + maxRows + " rows.");
        }
        batch = x;
        rows = x.rows();
        propagated = false;
        lastDelta = null;
    }

    /** What the last forward pass was given, [rows, inputs]. */
    final Mat batch() {
        if (memory.closed()) {
            throw new IllegalStateException("The tape has been closed.");
        }
        if (batch == null) {
            throw new IllegalStateException("Nothing has been computed on this tape: call Network.forward first.");
        }
        return batch;
    }

    /** Rows of the last forward pass. */
    final int rows() {
        batch();
        return rows;
    }

    /** The part of a room that the last forward pass filled. */
    final Mat ofPass(Mat room) {
        return room.rows(0, rows());
    }

    /** The part of a room that a backward pass from {@code dOut} fills. */
    final Mat ofPass(Mat room, Mat dOut) {
        if (dOut.rows() != rows()) {
            throw new IllegalArgumentException(
                    "dOut is " + dOut.shape() + " but the forward pass had " + rows + " rows.");
        }
        return ofPass(room);
    }

    /** Notes that a backward pass is done, and the last layer's delta: often the caller's own ∂L/∂output. */
    final void finish(Mat deltaOfLast) {
        lastDelta = deltaOfLast;
        propagated = true;
    }

    /** The last layer's delta. */
    final Mat lastDelta() {
        batch();
        Mat last = lastDelta;
        if (!propagated || last == null) {
            throw new IllegalStateException("No backward pass has followed the last forward pass on this tape.");
        }
        return last;
    }

    @Override
    public final int maxRows() {
        return maxRows;
    }

    @Override
    public final void close() {
        memory.close();
    }
}
