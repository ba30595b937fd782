package io.palimpsest.training.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.kernel.KernelsProvider;
import io.palimpsest.training.kernel.Numbers;
import io.palimpsest.training.loss.CrossEntropy;
import io.palimpsest.training.loss.Targets;
import io.palimpsest.training.mask.Mask;
import io.palimpsest.training.network.FeatureMap;
import io.palimpsest.training.network.Mode;
import io.palimpsest.training.network.Role;
import io.palimpsest.training.network.Segment;
import io.palimpsest.training.network.Tape;
import io.palimpsest.training.optim.Adam;
import io.palimpsest.training.random.RandomStream;
import io.palimpsest.training.random.RandomStreams;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Memory;
import io.palimpsest.training.tensor.Vec;
import io.palimpsest.training.train.Batch;
import io.palimpsest.training.train.Trainable;
import io.palimpsest.training.train.TrainingStep;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** ResNet-50 of DL4J behind the adapter, on images of 32 × 32. */
final class ResNet50Test {
    private static Kernels kernels;
    private static Memory memory;
    private static Dl4jNetwork net;

    @BeforeAll
    static void open() {
        kernels = KernelsProvider.open("cpu", 2);
        memory = kernels.memory("test");
        net = ResNet50.network(kernels, new FeatureMap(32, 32, 3), 10);
    }

    @AfterAll
    static void close() {
        memory.close();
        kernels.close();
    }

    @Test
    void it_has_23475392_weights_in_54_layers_and_26560_normalised_channels() {
        assertThat(net.layout().size()).isEqualTo(23_475_392);
        assertThat(net.layout().parameters()).hasSize(54).allMatch(s -> s.role() == Role.WEIGHT);
        assertThat(net.layout().stateSize()).isEqualTo(2 * 26_560);
        Segment stem = net.layout().segment("stem", Role.WEIGHT);
        assertThat(stem.kernelHeight()).isEqualTo(7);
        assertThat(stem.channels()).isEqualTo(3);
        assertThat(stem.fanIn()).isEqualTo(147);
        Segment middle = net.layout().segment("stage3.0.conv2", Role.WEIGHT);
        assertThat(new int[] {middle.out(), middle.channels(), middle.kernelHeight(), middle.kernelWidth()})
                .containsExactly(256, 256, 3, 3);
        Segment head = net.layout().segment("head", Role.WEIGHT);
        assertThat(new int[] {head.out(), head.in(), head.kernelHeight()}).containsExactly(10, 2048, 1);
        assertThatThrownBy(() -> ResNet50.network(kernels, new FeatureMap(28, 28, 3), 10))
                .hasMessageContaining("28 × 28");
    }

    /** Two tasks under masks of their own: the loss falls, W stays, and the first task answers with its bits after the second. */
    @Test
    void masked_training_keeps_weights_and_each_tasks_statistics() {
        int n = net.layout().size();
        Vec weights = memory.vec(n);
        RandomStream signs = new RandomStreams(1).stream("weights");
        for (Segment s : net.layout().weights()) {
            float c = (float) Math.sqrt(2.0 / s.fanIn());
            float[] values = new float[s.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = signs.nextBoolean() ? c : -c;
            }
            s.slice(weights).write(values);
        }
        int hash = Arrays.hashCode(weights.toFloats());
        Vec theta = memory.vec(n);
        Vec scores = memory.vec(n);
        Mask mask = new Mask.Threshold(weights);
        var slots = Adam.DEFAULT.slots(memory, n);
        Mat x = Numbers.mat(memory, 6, net.inputs(), 1, 0.7);
        Vec first = memory.vec(net.layout().stateSize());
        Vec second = memory.vec(net.layout().stateSize());
        try (TrainingStep step = new TrainingStep(net, new CrossEntropy(), Adam.DEFAULT, 6);
                Tape tape = net.tape(6)) {
            double[] losses = new double[6];
            draw(scores, 0);
            net.layout().initialState(first);
            Trainable one = Trainable.behind(mask, scores, theta, slots).withState(first);
            for (int s = 0; s < losses.length; s++) {
                losses[s] = step.run(one, Batch.of(x, Targets.labels(0, 1, 2, 3, 4, 5)), 1e-3);
            }
            assertThat(losses[5]).isFinite().isLessThan(losses[0]);
            float[] kept = theta.toFloats();
            double[] answers =
                    net.forward(theta, first, x, Mode.EVALUATE, tape).data().toDoubles();
            double[] statistics = first.toDoubles();
            assertThat(answers).doesNotContain(Double.NaN);

            draw(scores, 1);
            slots.reset();
            net.layout().initialState(second);
            Trainable two = Trainable.behind(mask, scores, theta, slots).withState(second);
            for (int s = 0; s < 2; s++) {
                step.run(two, Batch.of(x, Targets.labels(5, 4, 3, 2, 1, 0)), 1e-3);
            }
            // DL4J keeps statistics inside its parameters: the second task's are there now.
            assertThat(first.toDoubles()).containsExactly(statistics);
            assertThat(second.toDoubles()).isNotEqualTo(statistics);
            theta.write(kept);
            assertThat(net.forward(theta, first, x, Mode.EVALUATE, tape).data().toDoubles())
                    .containsExactly(answers);
            assertThat(net.forward(theta, second, x, Mode.EVALUATE, tape).data().toDoubles())
                    .isNotEqualTo(answers);
        }
        assertThat(Arrays.hashCode(weights.toFloats())).isEqualTo(hash);
    }

    private static void draw(Vec scores, int task) {
        RandomStream stream = new RandomStreams(1).stream("scores/" + task);
        for (Segment s : net.layout().weights()) {
            float bound = (float) (1 / Math.sqrt(s.fanIn()));
            float[] values = new float[s.size()];
            stream.fillUniform(values, -bound, bound);
            s.slice(scores).write(values);
        }
    }
}
