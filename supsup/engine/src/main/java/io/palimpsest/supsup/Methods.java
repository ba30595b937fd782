package io.palimpsest.supsup;

import io.palimpsest.api.problem.UserErrorException;
import io.palimpsest.supsup.hop.HopSupSup;
import io.palimpsest.supsup.method.Method;
import io.palimpsest.supsup.method.ensemble.BatchEnsemble;
import io.palimpsest.supsup.method.exclusive.ExclusiveSubnetworks;
import io.palimpsest.supsup.method.rotation.ParameterSuperposition;
import io.palimpsest.supsup.method.supermask.SupsupMethod;
import io.palimpsest.supsup.method.trunk.MaskedTrunk;
import io.palimpsest.supsup.method.winning.WinningSubnetworks;
import io.palimpsest.supsup.nns.NnsMethod;
import io.palimpsest.supsup.spec.BatchEnsembleConfig;
import io.palimpsest.supsup.spec.ExclusiveSubnetworksConfig;
import io.palimpsest.supsup.spec.Heads;
import io.palimpsest.supsup.spec.MethodConfig;
import io.palimpsest.supsup.spec.NetworkConfig;
import io.palimpsest.supsup.spec.ParameterSuperpositionConfig;
import io.palimpsest.supsup.spec.PiggybackConfig;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.supsup.spec.WinningSubnetworksConfig;
import io.palimpsest.supsup.task.ImageShape;
import io.palimpsest.supsup.task.TaskStream;
import io.palimpsest.training.adapter.ResNet50;
import io.palimpsest.training.kernel.Activation;
import io.palimpsest.training.kernel.Kernels;
import io.palimpsest.training.network.ConvolutionalNetwork;
import io.palimpsest.training.network.DenseNetwork;
import io.palimpsest.training.network.DenseSpec;
import io.palimpsest.training.network.FeatureMap;
import io.palimpsest.training.network.GemResNet18;
import io.palimpsest.training.network.LeNet;
import io.palimpsest.training.network.Network;
import java.util.ArrayList;
import java.util.List;

/** The method that a config asks for, untaught. */
public final class Methods {
    private Methods() {}

    /**
     * @param kernels stay open until the method is closed
     * @param seed of the run
     */
    public static Method of(SupsupConfig config, TaskStream tasks, Kernels kernels, long seed) {
        if (config.method() instanceof MethodConfig.HopSupSup hop) {
            return new HopSupSup(config, hop, tasks.features(), kernels, seed);
        }
        Method baseline = Baselines.of(config, widths(config, tasks), kernels, seed);
        if (baseline != null) {
            return baseline;
        }
        Network network = network(config, tasks, kernels);
        if (config.method() instanceof MethodConfig.Supsup method) {
            if (!config.scenario().givesTask()) {
                return new NnsMethod(config, network, seed);
            }
            return method.heads() == Heads.SHARED
                    ? new SupsupMethod(config, method.start(), network, seed)
                    : MaskedTrunk.supsup(config, method, network, seed);
        }
        if (config.method() instanceof PiggybackConfig method) {
            return MaskedTrunk.piggyback(config, method, network, seed);
        }
        if (config.method() instanceof BatchEnsembleConfig method) {
            return new BatchEnsemble(config, method, network, seed);
        }
        if (config.method() instanceof ParameterSuperpositionConfig method) {
            return new ParameterSuperposition(config, method, widths(config, tasks), kernels, seed);
        }
        if (config.method() instanceof WinningSubnetworksConfig method) {
            return new WinningSubnetworks(config, method, network, seed);
        }
        if (config.method() instanceof ExclusiveSubnetworksConfig method) {
            return new ExclusiveSubnetworks(config, method, network, seed);
        }
        throw new IllegalStateException("No method for " + config.method());
    }

    private static Network network(SupsupConfig config, TaskStream tasks, Kernels kernels) {
        if (config.network() instanceof NetworkConfig.Dense) {
            return dense(config, tasks, kernels);
        }
        ImageShape shape = tasks.shape();
        if (shape == null) {
            throw new UserErrorException("network is " + config.network().text()
                    + " but the tasks are not images of one form, or show their pixels in an order of their own: convolutions look at"
                    + " neighbours. Give network: {type: dense}.");
        }
        try {
            return convolutional(config, shape, kernels);
        } catch (IllegalArgumentException e) {
            throw new UserErrorException(
                    "network is " + config.network().text() + " but images of " + shape.text() + " do not fit it: "
                            + e.getMessage() + " Give larger images, or network: {type: dense}.",
                    e);
        }
    }

    private static Network convolutional(SupsupConfig config, ImageShape image, Kernels kernels) {
        int outputs = config.outputs();
        if (config.network() instanceof NetworkConfig.ResNet50) {
            return ResNet50.network(kernels, new FeatureMap(image.height(), image.width(), image.channels()), outputs);
        }
        return new ConvolutionalNetwork(
                kernels,
                config.network() instanceof NetworkConfig.LeNet
                        ? LeNet.spec(image.height(), image.width(), image.channels(), outputs, false)
                        : GemResNet18.spec(
                                image.height(), image.width(), image.channels(), GemResNet18.WIDTH, outputs));
    }

    /** ReLU layers without biases, as the paper's LeNet 300-100 and FC 1024-1024. */
    private static Network dense(SupsupConfig config, TaskStream tasks, Kernels kernels) {
        return new DenseNetwork(
                kernels, new DenseSpec(widths(config, tasks), Activation.RELU, Activation.IDENTITY, false));
    }

    /** Inputs, hidden widths, outputs. */
    private static List<Integer> widths(SupsupConfig config, TaskStream tasks) {
        List<Integer> widths = new ArrayList<>();
        widths.add(tasks.features());
        widths.addAll(config.hidden());
        widths.add(config.outputs());
        return widths;
    }
}
