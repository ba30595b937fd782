package io.palimpsest.supsup.method.hat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.supsup.Methods;
import io.palimpsest.supsup.OnKernels;
import io.palimpsest.supsup.Toy;
import io.palimpsest.supsup.method.Saved;
import io.palimpsest.supsup.method.Teaching;
import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.loss.CrossEntropy;
import io.palimpsest.training.loss.Targets;
import io.palimpsest.training.network.DenseNetwork;
import io.palimpsest.training.network.DenseSpec;
import io.palimpsest.training.network.Mode;
import io.palimpsest.training.random.RandomStreams;
import io.palimpsest.training.tensor.Mat;
import io.palimpsest.training.tensor.Vec;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HardAttentionTest {
    /** With all gates open it is the plain network, bit for bit. */
    @ParameterizedTest
    @EnumSource
    void open_gates_change_nothing(OnKernels on) {
        try (var kernels = on.open();
                var memory = kernels.memory("test")) {
            var plain = new DenseNetwork(kernels, DenseSpec.relu(4, 6, 5, 3));
            Vec theta = gaussian(memory.vec(plain.layout().size()), "theta");
            Mat x = memory.mat(7, 4);
            gaussian(x.data(), "x");
            var open = new double[11];
            Arrays.fill(open, 1);
            try (var gated = new GatedNetwork(plain, 8);
                    var tape = plain.tape(8)) {
                assertThat(gated.units()).isEqualTo(11);
                assertThat(gated.forward(theta, open, x).toArray())
                        .isDeepEqualTo(plain.forward(theta, null, x, Mode.EVALUATE, tape)
                                .toArray());
            }
        }
    }

    /** Gradients of the cross-entropy by all parameters and all gates, by central differences. */
    @Test
    void gradients_of_weights_and_gates_by_differences() {
        try (var kernels = OnKernels.REFERENCE.open();
                var memory = kernels.memory("test")) {
            var plain = new DenseNetwork(kernels, DenseSpec.relu(4, 6, 5, 3));
            Vec theta = gaussian(memory.vec(plain.layout().size()), "theta");
            Mat x = memory.mat(7, 4);
            gaussian(x.data(), "x");
            double[] gates = Attention.gates(gaussian(memory.vec(11), "e").toDoubles(), 1.5);
            int[] labels = {0, 1, 2, 0, 1, 2, 0};
            Vec gradient = memory.vec(theta.size());
            var dGates = new double[11];
            try (var gated = new GatedNetwork(plain, 7)) {
                Mat dOut = memory.mat(7, 3);
                loss(kernels, gated.forward(theta, gates, x), labels, dOut);
                gated.backward(theta, gates, x, dOut, gradient, dGates);
                double h = 1e-6;
                for (int i = 0; i < theta.size(); i++) {
                    double value = theta.get(i);
                    theta.set(i, value + h);
                    double up = loss(kernels, gated.forward(theta, gates, x), labels, dOut);
                    theta.set(i, value - h);
                    double down = loss(kernels, gated.forward(theta, gates, x), labels, dOut);
                    theta.set(i, value);
                    assertThat(gradient.get(i)).as("parameter %d", i).isCloseTo((up - down) / (2 * h), within(1e-7));
                }
                for (int u = 0; u < gates.length; u++) {
                    double value = gates[u];
                    gates[u] = value + h;
                    double up = loss(kernels, gated.forward(theta, gates, x), labels, dOut);
                    gates[u] = value - h;
                    double down = loss(kernels, gated.forward(theta, gates, x), labels, dOut);
                    gates[u] = value;
                    assertThat(dGates[u]).as("gate %d", u).isCloseTo((up - down) / (2 * h), within(1e-7));
                }
            }
        }
    }

    /** Single precision takes loops of its own: outputs and gradients agree with double precision to 1e-5. */
    @Test
    void both_precisions_agree() {
        double[] exact = outputsAndGradients(OnKernels.REFERENCE);
        double[] rounded = outputsAndGradients(OnKernels.CPU);
        assertThat(rounded).hasSameSizeAs(exact);
        for (int i = 0; i < exact.length; i++) {
            assertThat(rounded[i])
                    .as("number %d", i)
                    .isCloseTo(exact[i], within(1e-5 * Math.max(1, Math.abs(exact[i]))));
        }
        assertThat(Arrays.stream(exact).filter(v -> v != 0).count()).isGreaterThan(60);
    }

    private static double[] outputsAndGradients(OnKernels on) {
        try (var kernels = on.open();
                var memory = kernels.memory("test")) {
            var plain = new DenseNetwork(kernels, DenseSpec.relu(4, 6, 5, 3));
            Vec theta = gaussian(memory.vec(plain.layout().size()), "theta");
            Mat x = memory.mat(7, 4);
            gaussian(x.data(), "x");
            double[] gates = Attention.gates(gaussian(memory.vec(11), "e").toDoubles(), 1.5);
            Vec gradient = memory.vec(theta.size());
            var dGates = new double[11];
            try (var gated = new GatedNetwork(plain, 7)) {
                Mat dOut = memory.mat(7, 3);
                Mat out = gated.forward(theta, gates, x);
                loss(kernels, out, new int[] {0, 1, 2, 0, 1, 2, 0}, dOut);
                gated.backward(theta, gates, x, dOut, gradient, dGates);
                return Stream.of(out.data().toDoubles(), gradient.toDoubles(), dGates)
                        .flatMapToDouble(Arrays::stream)
                        .toArray();
            }
        }
    }

    private static double loss(Kernels kernels, Mat out, int[] labels, Mat dOut) {
        return new CrossEntropy().evaluate(kernels, out, Targets.labels(labels), null, null, dOut);
    }

    private static Vec gaussian(Vec into, String stream) {
        var values = new float[into.size()];
        new RandomStreams(2).stream(stream).fillGaussian(values, 0, 0.8);
        into.write(values);
        return into;
    }

    /**
     * Equation 2 on 2-3-2-2 with biases, a^{<t} = (1, 0.5, 0 | 0.25, 1). First layer: 1 − a_i for both weights and the bias of unit i. Second: 1 − min(a_i, a_j): row 0
     * (0.75, 0.75, 1), row 1 (0, 0.5, 1); biases 0.75, 0. Head: 1.
     */
    @ParameterizedTest
    @EnumSource
    void what_a_later_task_may_change_by_hand(OnKernels on) {
        try (var kernels = on.open();
                var memory = kernels.memory("test")) {
            var network = new DenseNetwork(kernels, DenseSpec.relu(2, 3, 2, 2));
            Vec free = memory.state(network.layout().size());
            HardAttention.scale(network.layout().weights(), new double[] {1, 0.5, 0, 0.25, 1}, free);
            assertThat(free.toDoubles())
                    .containsExactly(
                            0, 0, 0.5, 0.5, 1, 1, // fc1
                            0, 0.5, 1, // its biases
                            0.75, 0.75, 1, 0, 0.5, 1, // fc2
                            0.75, 0, // its biases
                            1, 1, 1, 1, 1, 1); // head
        }
    }

    private static final String REST = """
            "tasks": 3, "epochs": 6, "batchSize": 16, "hidden": [24, 17], "outputs": 10,
            "optimizer": {"type": "sgd", "learningRate": 0.05}""";

    /** Weights between units that an earlier task has taken wholly do not move by a bit, whatever comes later; others do. */
    @ParameterizedTest
    @EnumSource
    void what_is_taken_stays_bit_for_bit(OnKernels on) {
        for (String optimizer : new String[] {
            "{\"type\": \"sgd\", \"learningRate\": 0.05, \"momentum\": 0.9}",
            "{\"type\": \"adam\", \"learningRate\": 0.01}"
        }) {
            var config = Toy.config(
                    "{\"type\": \"hat\", \"compressibility\": 0.05}",
                    REST.replace("{\"type\": \"sgd\", \"learningRate\": 0.05}", optimizer));
            try (var kernels = on.open();
                    var memory = kernels.memory("test");
                    var method = Methods.of(config, Toy.tasks(2), kernels, 2);
                    var teaching = new Teaching(config, Toy.tasks(2), kernels, 2)) {
                teaching.teach(method, 0);
                double[] before = Saved.of(method, kernels, "theta");
                double[] past = Attention.gates(Saved.of(method, kernels, "embedding"), 400);
                var network = new DenseNetwork(kernels, DenseSpec.relu(20, 24, 17, 10));
                Vec free = memory.state(network.layout().size());
                HardAttention.scale(network.layout().weights(), past, free);
                teaching.teach(method, 1);
                teaching.teach(method, 2);
                double[] after = Saved.of(method, kernels, "theta");
                int taken = 0;
                int moved = 0;
                for (int i = 0; i < before.length - 180; i++) { // without the head, which is another task's now
                    if (free.get(i) == 0) {
                        assertThat(after[i]).as("weight %d", i).isEqualTo(before[i]);
                        taken++;
                    } else if (after[i] != before[i]) {
                        moved++;
                    }
                }
                assertThat(taken).isGreaterThan(50);
                assertThat(moved).isGreaterThan(50);
            }
        }
    }

    /** The higher the price of units, the fewer a task takes. */
    @Test
    void a_higher_price_takes_fewer_units() {
        assertThat(taken(10)).isLessThan(taken(0.01) - 1);
    }

    private static double taken(double price) {
        var config = Toy.config(
                "{\"type\": \"hat\", \"compressibility\": " + price + "}",
                REST.replace("\"epochs\": 6", "\"epochs\": 60"));
        try (var kernels = OnKernels.REFERENCE.open();
                var method = Methods.of(config, Toy.tasks(2), kernels, 2);
                var teaching = new Teaching(config, Toy.tasks(2), kernels, 2)) {
            teaching.teach(method, 0);
            return Arrays.stream(Attention.gates(Saved.of(method, kernels, "embedding"), 400))
                    .sum();
        }
    }

    /** One network and one a^{<t} for all, a head of 17·10 + 10 and an embedding of 24 + 17 for each task, 4 bytes a number. */
    @Test
    void bytes_count_heads_and_embeddings() {
        var config = Toy.config("{\"type\": \"hat\"}", REST);
        try (var kernels = OnKernels.CPU.open();
                var method = Methods.of(config, Toy.tasks(2), kernels, 2);
                var teaching = new Teaching(config, Toy.tasks(2), kernels, 2)) {
            assertThat(method.bytesPerTask()).isZero();
            teaching.teach(method, 0);
            teaching.teach(method, 1);
            int trunk = 20 * 24 + 24 + 24 * 17 + 17;
            assertThat(method.bytesPerTask()).isEqualTo(4 * ((trunk + 41) / 2.0 + 180 + 41));
        }
    }
}
