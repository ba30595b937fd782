package io.palimpsest.supsup.spec;

import io.palimpsest.api.schema.Named;

/** The network whose weights are masked; none has biases. */
public sealed interface NetworkConfig {
    /** Its name in a config. */
    default String text() {
        Named named = getClass().getAnnotation(Named.class);
        return named == null ? getClass().getSimpleName() : named.value();
    }

    /** Whether it looks at neighbouring pixels, which a benchmark must then leave where they are. */
    default boolean convolves() {
        return true;
    }

    /** Dense layers of the units that {@code hidden} names, all with ReLU: the paper's LeNet 300-100 and FC 1024-1024. */
    @Named("dense")
    record Dense() implements NetworkConfig {
        @Override
        public boolean convolves() {
            return false;
        }
    }

    /** 5×5 convolutions to 20 and 50 channels, each with ReLU and the largest of 2×2, and 500 units; not the paper's. */
    @Named("lenet")
    record LeNet() implements NetworkConfig {}

    /** The paper's network for SplitCIFAR100: ResNet-18 of 20 to 160 channels, with statistics of normalisation for each task. */
    @Named("gem-resnet18")
    record GemResNet18() implements NetworkConfig {}

    /**
     * The paper's network for SplitImageNet: ResNet-50, with statistics of normalisation for each task, for images of at least 32 × 32.
     * DL4J computes, on the cpu and nd4j kernels alone.
     */
    @Named("resnet50")
    record ResNet50() implements NetworkConfig {}
}
