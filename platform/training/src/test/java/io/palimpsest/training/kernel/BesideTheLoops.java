package io.palimpsest.training.kernel;

import io.palimpsest.training.tensor.Memory;
import io.palimpsest.training.tensor.Precision;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Kernels under test beside the plain loops in double precision, each with memory of its own. */
abstract class BesideTheLoops {
    protected Kernels kernels;
    protected Kernels oracle;
    protected Memory memory;
    protected Memory exact;

    /** The kernels under test. */
    protected abstract Kernels open(int shards);

    /** Counts of shards to test with. */
    protected int[] shardCounts() {
        return new int[] {1, 2, 3};
    }

    @BeforeEach
    void start() {
        use(2);
        oracle = KernelsProvider.open("reference", 1);
        exact = oracle.memory("oracle");
    }

    /** Goes on with so many shards. */
    protected final void use(int shards) {
        if (kernels != null) {
            memory.close();
            kernels.close();
        }
        kernels = open(shards);
        memory = kernels.memory("test");
    }

    @AfterEach
    void stop() {
        memory.close();
        exact.close();
        kernels.close();
        oracle.close();
    }

    /** Share of the largest entry by which the two may differ. */
    protected double tolerance() {
        return kernels.precision() == Precision.DOUBLE ? 1e-12 : 1e-5;
    }
}
