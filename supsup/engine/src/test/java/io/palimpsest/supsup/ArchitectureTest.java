package io.palimpsest.supsup;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.palimpsest.supsup", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule algorithms_know_no_framework = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "jakarta..", "org.apache.kafka..")
            .because("they must train in a bare JVM, a test or a GPU worker alike");

    @ArchTest
    static final ArchRule the_core_knows_no_platform = noClasses()
            .that()
            .resideInAnyPackage("..mask..", "..infer..", "..score..", "..task..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.palimpsest.api.workload..", "java.nio.file..")
            .because("arithmetic does no I/O and waits for nobody");

    @ArchTest
    static final ArchRule packages_have_no_cycles = slices().matching("io.palimpsest.supsup.(**)")
            .should()
            .beFreeOfCycles()
            .because(
                    "what a package needs can be read without what needs it; only this one's parent knows all of them");
}
