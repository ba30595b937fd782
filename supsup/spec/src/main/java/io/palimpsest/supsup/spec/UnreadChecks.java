package io.palimpsest.supsup.spec;

import io.palimpsest.api.json.Json;
import io.palimpsest.api.schema.ConfigSchema;
import io.palimpsest.api.schema.Names;

/** What a config gives though nothing would read it: better refused than thought to be at work. */
final class UnreadChecks {
    private static final InferenceConfig USUAL_INFERENCE = usual(InferenceConfig.class);
    private static final NnsConfig USUAL_NNS = usual(NnsConfig.class);

    private UnreadChecks() {}

    private static <C extends Record> C usual(Class<C> type) {
        return ConfigSchema.of(type)
                .bind(Json.mapper().createObjectNode(), "config")
                .orThrow();
    }

    static void checkPermutations(SupsupConfig.Permutations permutations, Benchmark benchmark) {
        if (permutations == SupsupConfig.Permutations.REFERENCE && benchmark.keepsPixelsInPlace()) {
            throw new IllegalArgumentException("permutations is reference but tasks of " + Names.of(benchmark)
                    + " are not permuted. Leave permutations out, or give benchmark: permuted-mnist.");
        }
    }

    static void checkNns(NnsConfig nns, Scenario scenario) {
        if (scenario != Scenario.NNS && !nns.equals(USUAL_NNS)) {
            throw new IllegalArgumentException(
                    "nns is configured but scenario is " + Names.of(scenario)
                            + ", where tasks are known in training and each gets its mask. Leave nns out, or give scenario: NNs.");
        }
    }

    /** HopSupSup recovers masks from their Hopfield networks: no mixture is formed, no temperature read. */
    static void checkHopSupSup(InferenceConfig inference, int heldOut) {
        if (!inference.equals(USUAL_INFERENCE)) {
            throw new IllegalArgumentException(
                    "inference is configured but hopsupsup infers no task: it recovers masks."
                            + " Leave inference out, and see recoveryBatch and its neighbours in method.");
        }
        if (heldOut > 0) {
            throw new IllegalArgumentException(
                    "heldOut is " + heldOut + " but hopsupsup has no temperature to calibrate. Leave heldOut out.");
        }
    }
}
