package io.palimpsest.embedded;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/**
 * A one-node Kafka broker (KRaft, broker and controller in one) on 127.0.0.1, inside this JVM.
 *
 * <p>Everything of it that is internal to Kafka stands in this class: the version is pinned in the root POM. To kill one
 * with {@code kill -9}, run {@link BrokerMain} as a process of its own.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final int NODE = 1;

    private final BrokerSettings settings;
    private final int port;
    private final KafkaRaftServer server;
    private final ServerLock lock;

    private EmbeddedBroker(BrokerSettings settings, int port, KafkaRaftServer server, ServerLock lock) {
        this.settings = settings;
        this.port = port;
        this.server = server;
        this.lock = lock;
    }

    /**
     * Formats the directory the first time, starts the broker, and returns when it answers.
     *
     * <p>The directory is locked before Kafka touches it: Kafka's own lock comes after its metadata log, which a second broker would have
     * written to by then, and the first never comes to an end.
     *
     * @throws ServerStartException saying what to do, if the port is taken, the directory cannot be written or belongs to a living
     *     broker, or the broker does not come up
     */
    public static EmbeddedBroker start(BrokerSettings settings) {
        var directory = Directories.make(settings.directory());
        var port = LoopbackPort.claim(settings.port(), "Kafka");
        var lock = ServerLock.take(directory, "Kafka broker");
        try {
            return startLocked(settings, directory, port, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static EmbeddedBroker startLocked(BrokerSettings settings, Path directory, int port, ServerLock lock) {
        try {
            format(directory);
            var server =
                    new KafkaRaftServer(new KafkaConfig(properties(settings, directory, port), false), Time.SYSTEM);
            try {
                server.startup();
                var broker = new EmbeddedBroker(settings, port, server, lock);
                broker.awaitReady(Duration.ofSeconds(60));
                broker.configureGroups();
                return broker;
            } catch (RuntimeException e) {
                server.shutdown();
                throw e;
            }
        } catch (ServerStartException e) {
            throw e;
        } catch (Exception e) { // Formatter.run declares Exception
            throw new ServerStartException(
                    "The Kafka broker did not start in " + directory + " on port " + port + ": " + rootMessage(e)
                            + ". If the disk is full, free some space.",
                    e);
        }
    }

    private static void format(Path directory) throws Exception {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        var said = new ByteArrayOutputStream();
        try (var print = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setIgnoreFormatted(true) // killed between its files: meta.properties is written last
                    .setPrintStream(print)
                    .run();
        }
    }

    private static Properties properties(BrokerSettings settings, Path directory, int port) {
        var controllerPort = LoopbackPort.free();
        var all = new Properties();
        all.setProperty("process.roles", "broker,controller");
        all.setProperty("node.id", String.valueOf(NODE));
        all.setProperty("controller.quorum.voters", NODE + "@" + LoopbackPort.ADDRESS + ":" + controllerPort);
        var address = "PLAINTEXT://" + LoopbackPort.ADDRESS + ":" + port;
        all.setProperty("listeners", address + ",CONTROLLER://" + LoopbackPort.ADDRESS + ":" + controllerPort);
        all.setProperty("advertised.listeners", address);
        all.setProperty("controller.listener.names", "CONTROLLER");
        all.setProperty("inter.broker.listener.name", "PLAINTEXT");
        all.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        all.setProperty("log.dirs", directory.toString());
        // One node: nobody to replicate to.
        all.setProperty("default.replication.factor", "1");
        all.setProperty("min.insync.replicas", "1");
        all.setProperty("offsets.topic.replication.factor", "1");
        all.setProperty("offsets.topic.num.partitions", "1");
        all.setProperty("transaction.state.log.replication.factor", "1");
        all.setProperty("transaction.state.log.min.isr", "1");
        all.setProperty("transaction.state.log.num.partitions", "1");
        all.setProperty("share.coordinator.state.topic.replication.factor", "1");
        all.setProperty("share.coordinator.state.topic.min.isr", "1");
        all.setProperty("share.coordinator.state.topic.num.partitions", "1");
        // Topics are made on purpose, with the partitions and retention they need, or not at all.
        all.setProperty("auto.create.topics.enable", "false");
        // A group's first member gets its records after one heartbeat: 1 s instead of 5 s took 1.2 s instead of 5.3 s.
        all.setProperty("group.share.heartbeat.interval.ms", "1000");
        all.setProperty("group.share.min.heartbeat.interval.ms", "1000");
        all.setProperty("group.share.min.record.lock.duration.ms", "1000");
        all.setProperty(
                "group.share.max.record.lock.duration.ms", String.valueOf(BrokerSettings.LONGEST_LOCK.toMillis()));
        all.setProperty(
                "group.share.record.lock.duration.ms",
                String.valueOf(settings.recordLock().toMillis()));
        all.setProperty("group.initial.rebalance.delay.ms", "0"); // members do not come in a crowd here
        all.setProperty("log.cleaner.dedupe.buffer.size", "4194304"); // default 128 MiB of heap
        all.setProperty("log.segment.delete.delay.ms", "1000");
        // A consumer that is silent for hours of training keeps its connection.
        all.setProperty("connections.max.idle.ms", "86400000");
        all.setProperty("num.network.threads", "2");
        all.setProperty("num.io.threads", "4");
        all.setProperty("background.threads", "2");
        all.setProperty("num.recovery.threads.per.data.dir", "1");
        return all;
    }

    private void awaitReady(Duration patience) {
        if (!answers(bootstrapServers(), patience)) {
            throw new ServerStartException("The Kafka broker on " + bootstrapServers() + " did not answer within "
                    + patience.toSeconds() + " s of its start; its log says why.");
        }
    }

    private void configureGroups() {
        if (settings.shareGroups().isEmpty()) {
            return;
        }
        try (var admin = admin(bootstrapServers(), Duration.ofSeconds(30))) {
            ShareGroups.startAtEarliest(admin, settings.shareGroups());
        }
    }

    /** Whether a broker answers at the address within the time. */
    public static boolean answers(String bootstrapServers, Duration patience) {
        try (var admin = admin(bootstrapServers, patience)) {
            return !admin.describeCluster()
                    .nodes()
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    static Admin admin(String bootstrapServers, Duration patience) {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) patience.toMillis(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) patience.toMillis()));
    }

    public int port() {
        return port;
    }

    /** For {@code bootstrap.servers}: {@code 127.0.0.1:port}. */
    public String bootstrapServers() {
        return LoopbackPort.ADDRESS + ":" + port;
    }

    public BrokerSettings settings() {
        return settings;
    }

    /** Stops in order and returns when all files are closed. */
    public void stop() {
        try {
            server.shutdown();
            server.awaitShutdown();
        } finally {
            lock.close();
        }
    }

    /** Starts a stopped broker again, on the same port and data. */
    public EmbeddedBroker startAgain() {
        return start(settings.withPort(port));
    }

    void awaitShutdown() {
        server.awaitShutdown();
    }

    @Override
    public void close() {
        stop();
    }

    private static String rootMessage(Throwable e) {
        var root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + root.getMessage());
    }
}
