package io.palimpsest.training.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.training.kernel.Activation;
import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.kernel.KernelsProvider;
import io.palimpsest.training.kernel.Numbers;
import io.palimpsest.training.loss.CrossEntropy;
import io.palimpsest.training.loss.Targets;
import io.palimpsest.training.network.DenseNetwork;
import io.palimpsest.training.network.DenseSpec;
import io.palimpsest.training.network.FeatureMap;
import io.palimpsest.training.network.Mode;
import io.palimpsest.training.network.Network;
import io.palimpsest.training.network.Role;
import io.palimpsest.training.network.Segment;
import io.palimpsest.training.network.Tape;
import io.palimpsest.training.network.Want;
import io.palimpsest.training.optim.Sgd;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import io.palimpsest.training.tensor.Vec;
import io.palimpsest.training.train.Batch;
import io.palimpsest.training.train.Trainable;
import io.palimpsest.training.train.TrainingStep;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class Dl4jNetworkTest {
    private Kernels kernels;
    private Memory memory;

    @BeforeEach
    void open() {
        kernels = KernelsProvider.open("cpu", 2);
        memory = kernels.memory("test");
    }

    @AfterEach
    void close() {
        memory.close();
        kernels.close();
    }

    private static DenseLayer dense(int in, int out, org.nd4j.linalg.activations.Activation activation) {
        return new DenseLayer.Builder().nIn(in).nOut(out).activation(activation).build();
    }

    private static MultiLayerNetwork chain() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(dense(6, 9, org.nd4j.linalg.activations.Activation.RELU))
                .layer(dense(9, 4, org.nd4j.linalg.activations.Activation.IDENTITY))
                .build());
        net.init();
        return net;
    }

    private static ComputationGraph graph() {
        ComputationGraph net = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(1)
                .graphBuilder()
                .addInputs("in")
                .addLayer("a", dense(6, 9, org.nd4j.linalg.activations.Activation.RELU), "in")
                .addLayer("b", dense(9, 4, org.nd4j.linalg.activations.Activation.IDENTITY), "a")
                .setOutputs("b")
                .build());
        net.init();
        return net;
    }

    /** The same bytes, the same function: an adapted dense chain against our own, gradients summed, not averaged. */
    @Test
    void an_adapted_network_computes_what_ours_does_on_the_same_bytes() {
        Network own =
                new DenseNetwork(kernels, new DenseSpec(List.of(6, 9, 4), Activation.RELU, Activation.IDENTITY, true));
        for (Network adapted : List.of(new Dl4jNetwork(kernels, chain(), 6), new Dl4jNetwork(kernels, graph(), 6))) {
            assertThat(adapted.layout().size()).isEqualTo(own.layout().size());
            assertThat(adapted.layout().weights().stream().map(Segment::offset))
                    .isEqualTo(
                            own.layout().weights().stream().map(Segment::offset).toList());
            Vec theta = Numbers.vec(memory, Numbers.wave(own.layout().size(), 0.4, 1.7));
            Mat x = Numbers.mat(memory, 5, 6, 1, 0.7);
            Mat dOut = Numbers.mat(memory, 5, 4, 1, 0.3);
            Vec expected = memory.vec(theta.size());
            Vec got = memory.vec(theta.size());
            Mat expectedInput = memory.mat(5, 6);
            Mat gotInput = memory.mat(5, 6);
            try (Tape ours = own.tape(8);
                    Tape theirs = adapted.tape(8)) {
                Mat a = own.forward(theta, null, x, Mode.TRAIN, ours);
                Mat b = adapted.forward(theta, null, x, Mode.TRAIN, theirs);
                Numbers.agree("outputs", b.data().slice(0, 20), a.data().slice(0, 20), 1e-6);
                own.backward(theta, ours, dOut, Want.gradient(expected).andInput(expectedInput));
                adapted.backward(theta, theirs, dOut, Want.gradient(got));
                Numbers.agree("gradient", got, expected, 1e-5);
                adapted.forward(theta, null, x, Mode.TRAIN, theirs); // DL4J forgets a pass once it went back
                adapted.backward(theta, theirs, dOut, Want.added(got));
                for (int i = 0; i < got.size(); i++) {
                    assertThat(got.get(i)).isCloseTo(2 * expected.get(i), within(1e-4));
                }
            }
            try (Tape theirs = adapted.tape(8)) {
                adapted.forward(theta, null, x, Mode.TRAIN, theirs);
                if (((Dl4jNetwork) adapted).tellsInputGradient()) {
                    adapted.backward(theta, theirs, dOut, Want.input(gotInput));
                    Numbers.agree("input gradient", gotInput.data(), expectedInput.data(), 1e-5);
                } else {
                    assertThatThrownBy(() -> adapted.backward(theta, theirs, dOut, Want.input(gotInput)))
                            .isInstanceOf(UnsupportedOperationException.class);
                }
            }
        }
    }

    @Test
    void an_output_layer_with_a_loss_is_refused_by_name() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new OutputLayer.Builder().nIn(3).nOut(2).build())
                .build());
        net.init();
        assertThatThrownBy(() -> new Dl4jNetwork(kernels, net, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("OutputLayer")
                .hasMessageContaining("IDENTITY");
    }

    private static MultiLayerNetwork convolution() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .activation(org.nd4j.linalg.activations.Activation.RELU)
                        .build())
                .layer(new BatchNormalization.Builder()
                        .decay(0.9)
                        .useLogStd(false)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nOut(3)
                        .activation(org.nd4j.linalg.activations.Activation.IDENTITY)
                        .build())
                .setInputType(InputType.convolutional(6, 6, 2))
                .build());
        net.init();
        return net;
    }

    /** Differences of the loss agree with the gradient: conv bias first, statistics apart from the parameters. */
    @Test
    void a_convolution_with_batch_normalisation_has_the_gradient_of_its_loss() {
        Dl4jNetwork net = new Dl4jNetwork(kernels, convolution(), 2, 6, 6);
        assertThat(net.layout().parameters().get(0).role()).isEqualTo(Role.BIAS);
        assertThat(net.layout().state().stream().map(Segment::role))
                .containsExactly(Role.RUNNING_MEAN, Role.RUNNING_VARIANCE);
        Vec theta = memory.vec(net.layout().size());
        Vec state = memory.vec(net.layout().stateSize());
        net.initial(theta, state);
        Mat x = Numbers.mat(memory, 5, 72, 1, 0.7);
        Targets y = Targets.labels(0, 1, 2, 0, 1);
        Mat dOut = memory.mat(5, 3);
        Vec gradient = memory.vec(theta.size());
        try (Tape tape = net.tape(5)) {
            Mat out = net.forward(theta, state, x, Mode.TRAIN, tape);
            new CrossEntropy().evaluate(kernels, out, y, null, null, dOut);
            net.backward(theta, tape, dOut, Want.gradient(gradient));
            double largest = 0;
            for (int i = 0; i < theta.size(); i++) {
                largest = Math.max(largest, Math.abs(gradient.get(i)));
            }
            for (int i = 0; i < theta.size(); i += 7) {
                double at = theta.get(i);
                double step = 1e-3;
                theta.set(i, at + step);
                double above = loss(net, theta, state, x, y, tape);
                theta.set(i, at - step);
                double below = loss(net, theta, state, x, y, tape);
                theta.set(i, at);
                assertThat((above - below) / (2 * step))
                        .as("parameter " + i)
                        .isCloseTo(gradient.get(i), within(0.03 * largest));
            }
        }
    }

    private double loss(Network net, Vec theta, Vec state, Mat x, Targets y, Tape tape) {
        return new CrossEntropy()
                .evaluate(kernels, net.forward(theta, state, x, Mode.TRAIN, tape), y, null, null, null);
    }

    /** state ← 0.9·state + 0.1·batch after each training step, and an evaluation moves nothing. */
    @Test
    void running_statistics_follow_the_batch_and_only_in_training() {
        Dl4jNetwork net = new Dl4jNetwork(kernels, convolution(), 2, 6, 6);
        Vec theta = memory.vec(net.layout().size());
        Vec state = memory.vec(net.layout().stateSize());
        net.initial(theta, state);
        double[] before = state.toDoubles();
        Mat x = Numbers.mat(memory, 5, 72, 1, 0.7);
        try (Tape tape = net.tape(5)) {
            net.forward(theta, state, x, Mode.EVALUATE, tape);
            assertThat(state.toDoubles()).containsExactly(before);
        }
        try (TrainingStep step = new TrainingStep(net, new CrossEntropy(), Sgd.plain(), 5)) {
            Trainable trained = Trainable.parameters(theta, Sgd.plain().slots(memory, theta.size()))
                    .withState(state);
            double first = step.run(trained, Batch.of(x, Targets.labels(0, 1, 2, 0, 1)), 1e-3);
            double[] once = state.toDoubles();
            assertThat(once).isNotEqualTo(before);
            double last = first;
            for (int i = 0; i < 60; i++) {
                last = step.run(trained, Batch.of(x, Targets.labels(0, 1, 2, 0, 1)), 0);
            }
            // With parameters at rest the statistics have come to the batch's: one more step moves them no further.
            double[] settled = state.toDoubles();
            step.run(trained, Batch.of(x, Targets.labels(0, 1, 2, 0, 1)), 0);
            Numbers.agree("settled", state.toDoubles(), settled, 1e-3);
            assertThat(last).isLessThan(first);
        }
    }

    /** As mixed masks need it: normalised by the batch whatever statistics came before, and none are kept. */
    @Test
    void without_a_state_a_training_pass_takes_the_statistics_of_the_batch() {
        Dl4jNetwork net = new Dl4jNetwork(kernels, convolution(), 2, 6, 6);
        Vec theta = memory.vec(net.layout().size());
        Vec state = memory.vec(net.layout().stateSize());
        net.initial(theta, state);
        Mat x = Numbers.mat(memory, 5, 72, 1, 0.7);
        try (Tape tape = net.tape(5)) {
            double[] kept =
                    net.forward(theta, state, x, Mode.TRAIN, tape).data().toDoubles();
            state.fill(3);
            net.forward(theta, state, x, Mode.EVALUATE, tape);
            assertThat(net.forward(theta, null, x, Mode.TRAIN, tape).data().toDoubles())
                    .containsExactly(kept);
            assertThatThrownBy(() -> net.forward(theta, null, x, Mode.EVALUATE, tape))
                    .hasMessageContaining("8 running statistics");
        }
    }

    @Test
    void images_channels_last_are_the_same_images_channels_first() {
        ComputationGraph graph = convolution().toComputationGraph();
        Dl4jNetwork first = new Dl4jNetwork(kernels, graph, 2, 6, 6);
        Dl4jNetwork last = Dl4jNetwork.ofImages(kernels, graph, new FeatureMap(6, 6, 2));
        Vec theta = memory.vec(first.layout().size());
        Vec state = memory.vec(first.layout().stateSize());
        first.initial(theta, state);
        Mat x = Numbers.mat(memory, 5, 72, 1, 0.7);
        Mat turned = memory.mat(5, 72);
        for (int image = 0; image < 5; image++) {
            for (int channel = 0; channel < 2; channel++) {
                for (int pixel = 0; pixel < 36; pixel++) {
                    turned.set(image, pixel * 2 + channel, x.get(image, channel * 36 + pixel));
                }
            }
        }
        try (Tape tape = first.tape(5);
                Tape other = last.tape(5)) {
            assertThat(last.forward(theta, state, turned, Mode.EVALUATE, other)
                            .data()
                            .toDoubles())
                    .containsExactly(first.forward(theta, state, x, Mode.EVALUATE, tape)
                            .data()
                            .toDoubles());
        }
    }
}
