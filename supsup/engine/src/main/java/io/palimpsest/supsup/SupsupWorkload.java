package io.palimpsest.supsup;

import io.palimpsest.api.workload.Completion;
import io.palimpsest.api.workload.RunContext;
import io.palimpsest.api.workload.Workload;
import io.palimpsest.supsup.benchmark.Benchmarks;
import io.palimpsest.supsup.benchmark.Opened;
import io.palimpsest.supsup.spec.SupsupConfig;
import io.palimpsest.supsup.spec.SupsupSpec;
import io.palimpsest.supsup.task.TaskStream;
import io.palimpsest.supsup.train.ContinualTrainer;
import io.palimpsest.training.kernel.KernelsProvider;
import java.io.IOException;
import java.util.TreeMap;

/** SupSup as workers run it. */
public final class SupsupWorkload implements Workload<SupsupConfig> {
    private final Benchmarks benchmarks = new Benchmarks();

    @Override
    public String name() {
        return SupsupSpec.NAME;
    }

    @Override
    public Class<SupsupConfig> configType() {
        return SupsupConfig.class;
    }

    @Override
    public Completion run(SupsupConfig config, RunContext context) throws IOException {
        Opened opened = benchmarks.open(config, context.dataDirectories(), context.seed());
        TaskStream tasks = opened.tasks();
        try (var kernels = KernelsProvider.open("cpu", config.shards())) {
            var facts = new TreeMap<>(opened.provenance());
            facts.put(RunContext.NUMERIC_FINGERPRINT, kernels.fingerprint().text());
            context.provenance(facts);
            try (var method = Methods.of(config, tasks, kernels, context.seed());
                    var trainer = new ContinualTrainer(config, tasks, kernels, method, context)) {
                return trainer.train();
            }
        }
    }
}
