package io.palimpsest.training.adapter;

import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.network.FeatureMap;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;

/**
 * ResNet-50 without biases, its normalisations without gain or shift: a 7×7 stem, 3, 4, 6 and 3 bottlenecks with the stride on their
 * 3×3, and a head of 1×1. For 3 channels and 10 outputs it has 23,475,392 weights in 54 layers (the head counted as one) and 26,560 normalised
 * channels, whose running statistics are the network's state.
 *
 * <p>Source: He et al. 2016 (arXiv 1512.03385), with the stride where torchvision has it, and {@code models/resnet.py} of the code of
 * Wortsman et al. 2020 (arXiv 2006.14769). Differs: DL4J computes; its running variances are biased, where PyTorch's are not; the head is a
 * dense layer on the one pixel that the mean leaves, which is the same product.
 */
public final class ResNet50 {
    private static final int[] BLOCKS = {3, 4, 6, 3};
    private static final int EXPANSION = 4;
    private static final int LEAST = 32;

    private ResNet50() {}

    /**
     * A network of DL4J's behind the adapter; examples are [height · width · channels], channels last.
     *
     * @param kernels float kernels whose vectors ND4J can see
     * @param image at least 32 × 32 pixels
     */
    public static Dl4jNetwork network(Kernels kernels, FeatureMap image, int outputs) {
        if (image.height() < LEAST || image.width() < LEAST) {
            throw new IllegalArgumentException(
                    "ResNet-50 halves an image five times: height and width must be at least " + LEAST + ", got "
                            + image.height() + " × " + image.width() + ".");
        }
        ComputationGraph graph = new ComputationGraph(configuration(image, outputs));
        graph.init();
        return Dl4jNetwork.ofImages(kernels, graph, image);
    }

    private static ComputationGraphConfiguration configuration(FeatureMap image, int outputs) {
        var graph = new NeuralNetConfiguration.Builder()
                .seed(1)
                .convolutionMode(ConvolutionMode.Truncate)
                .graphBuilder()
                .addInputs("images")
                .setInputTypes(InputType.convolutional(image.height(), image.width(), image.channels()));
        convolve(graph, "stem", "images", 64, 7, 2, Activation.RELU);
        graph.addLayer(
                "pool",
                new SubsamplingLayer.Builder(PoolingType.MAX)
                        .kernelSize(3, 3)
                        .stride(2, 2)
                        .padding(1, 1)
                        .build(),
                "stem.norm");
        String at = "pool";
        int in = 64;
        for (int stage = 0; stage < BLOCKS.length; stage++) {
            int channels = 64 << stage;
            for (int block = 0; block < BLOCKS[stage]; block++) {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                at = bottleneck(graph, "stage" + (stage + 1) + "." + block, at, in, channels, stride);
                in = EXPANSION * channels;
            }
        }
        graph.addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), at);
        graph.addLayer(
                "head",
                new DenseLayer.Builder()
                        .nOut(outputs)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build(),
                "mean");
        return graph.setOutputs("head").build();
    }

    private static String bottleneck(
            ComputationGraphConfiguration.GraphBuilder graph,
            String name,
            String from,
            int in,
            int channels,
            int stride) {
        String first = convolve(graph, name + ".conv1", from, channels, 1, 1, Activation.RELU);
        String second = convolve(graph, name + ".conv2", first, channels, 3, stride, Activation.RELU);
        String third = convolve(graph, name + ".conv3", second, EXPANSION * channels, 1, 1, Activation.IDENTITY);
        String shortcut = stride == 1 && in == EXPANSION * channels
                ? from
                : convolve(graph, name + ".shortcut", from, EXPANSION * channels, 1, stride, Activation.IDENTITY);
        graph.addVertex(name + ".sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), third, shortcut);
        graph.addLayer(name, new ActivationLayer(Activation.RELU), name + ".sum");
        return name;
    }

    /** A convolution and its normalisation; returns the latter's name. */
    private static String convolve(
            ComputationGraphConfiguration.GraphBuilder graph,
            String name,
            String from,
            int out,
            int kernel,
            int stride,
            Activation activation) {
        graph.addLayer(
                name,
                new ConvolutionLayer.Builder(kernel, kernel)
                        .nOut(out)
                        .stride(stride, stride)
                        .padding(kernel / 2, kernel / 2)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build(),
                from);
        graph.addLayer(
                name + ".norm",
                new BatchNormalization.Builder()
                        .lockGammaBeta(true)
                        .decay(0.9)
                        .eps(1e-5)
                        .useLogStd(false)
                        .activation(activation)
                        .build(),
                name);
        return name + ".norm";
    }
}
