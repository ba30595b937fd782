package io.palimpsest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When {@code ./pal up} builds: the script itself, in a checkout without a build, with programs in place of {@code mvn} and {@code java}. */
class LauncherTest {
    @TempDir
    Path checkout;

    private Path home;

    @BeforeEach
    void aCheckoutWithoutABuild() throws IOException {
        Files.copy(Path.of("..", "..", "pal"), checkout.resolve("pal"));
        home = Files.createDirectories(checkout.resolve("home"));
        Files.createDirectories(checkout.resolve("platform/cli/src/main"));
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        program("bin/mvn", "touch '" + checkout.resolve("built") + "'");
        program("bin/java", "echo '    java.specification.version = 17' >&2");
    }

    private void program(String path, String script) throws IOException {
        Path file = checkout.resolve(path);
        Files.createDirectories(checkout.resolve("bin"));
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void without_a_stack_what_is_missing_is_built() throws Exception {
        assertThat(up()).contains("pal: building everything that runs");
        assertThat(checkout.resolve("built")).exists();
    }

    @Test
    void a_running_stack_keeps_its_build() throws Exception {
        up();
        Files.delete(checkout.resolve("built"));
        Files.writeString(
                Files.createDirectories(checkout.resolve("platform/worker/src/main"))
                        .resolve("New.java"),
                "");
        supervisor(ProcessHandle.current().pid());
        assertThat(up()).contains("the stack runs an older build than the sources");
        assertThat(checkout.resolve("built")).doesNotExist();
    }

    /** An ended process stays as a zombie until its parent asks for it; this one becomes a program that never asks before the other ends. */
    @Test
    void a_supervisor_that_ended_and_that_nobody_asked_for_does_not_run() throws Exception {
        var parent = new ProcessBuilder("sh", "-c", "sleep 1 & echo $!; exec sleep 60").start();
        try {
            long ended = Long.parseLong(parent.inputReader().readLine());
            var stat = Path.of("/proc", Long.toString(ended), "stat");
            while (!Files.readString(stat).contains(") Z ")) {
                Thread.sleep(10);
            }
            supervisor(ended);
            assertThat(up()).contains("pal: building everything that runs");
            assertThat(checkout.resolve("built")).exists();
        } finally {
            parent.destroyForcibly();
        }
    }

    private void supervisor(long pid) throws IOException {
        Files.writeString(home.resolve("state.json"), "{\n  \"supervisor\" : " + pid + ",\n  \"state\" : \"up\"\n}\n");
    }

    private String up() throws Exception {
        var builder = new ProcessBuilder(checkout.resolve("pal").toString(), "up").redirectErrorStream(true);
        builder.environment().put("PATH", checkout.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("PALIMPSEST_HOME", home.toString());
        builder.environment().remove("JAVA_HOME");
        var pal = builder.start();
        pal.getOutputStream().close();
        String said = new String(pal.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(pal.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(pal.exitValue()).as(said).isZero();
        return said;
    }
}
