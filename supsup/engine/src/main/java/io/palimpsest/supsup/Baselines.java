package io.palimpsest.supsup;

import io.palimpsest.supsup.method.Method;
import io.palimpsest.supsup.method.bound.LowerBound;
import io.palimpsest.supsup.method.bound.SeparateHeads;
import io.palimpsest.supsup.method.bound.UpperBound;
import io.palimpsest.supsup.method.consolidation.ElasticWeightConsolidation;
import io.palimpsest.supsup.method.consolidation.SynapticIntelligence;
import io.palimpsest.supsup.method.hat.HardAttention;
import io.palimpsest.supsup.method.packnet.PackNet;
import io.palimpsest.supsup.spec.EwcConfig;
import io.palimpsest.supsup.spec.HatConfig;
import io.palimpsest.supsup.spec.LowerBoundConfig;
import io.palimpsest.supsup.spec.MethodConfig;
import io.palimpsest.supsup.spec.OnlineEwcConfig;
import io.palimpsest.supsup.spec.PackNetConfig;
import io.palimpsest.supsup.spec.SeparateHeadsConfig;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.supsup.spec.SynapticIntelligenceConfig;
import io.palimpsest.supsup.spec.UpperBoundConfig;
import io.palimpsest.training.kernel.Kernels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The methods that train weights, and that supermasks are compared with. */
final class Baselines {
    private Baselines() {}

    /**
     * @param widths inputs, hidden widths, outputs
     * @return null for a method of another kind
     */
    static @Nullable Method of(SupsupConfig config, List<Integer> widths, Kernels kernels, long seed) {
        MethodConfig method = config.method();
        if (method instanceof UpperBoundConfig own) {
            return new UpperBound(config, own, widths, kernels, seed);
        }
        if (method instanceof LowerBoundConfig own) {
            return new LowerBound(config, own, widths, kernels, seed);
        }
        if (method instanceof SeparateHeadsConfig own) {
            return new SeparateHeads(config, own, widths, kernels, seed);
        }
        if (method instanceof EwcConfig own) {
            return ElasticWeightConsolidation.of(config, own, widths, kernels, seed);
        }
        if (method instanceof OnlineEwcConfig own) {
            return ElasticWeightConsolidation.of(config, own, widths, kernels, seed);
        }
        if (method instanceof SynapticIntelligenceConfig own) {
            return new SynapticIntelligence(config, own, widths, kernels, seed);
        }
        if (method instanceof HatConfig own) {
            return new HardAttention(config, own, widths, kernels, seed);
        }
        if (method instanceof PackNetConfig own) {
            return new PackNet(config, own, widths, kernels, seed);
        }
        return null;
    }
}
