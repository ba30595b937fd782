package io.palimpsest.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
@Timeout(240)
final class EmbeddedBrokerTest {
    @TempDir
    Path home;

    @Test
    void a_share_group_reads_tickets_that_were_sent_before_its_first_start_one_at_a_time() {
        var settings = BrokerSettings.under(home).withShareGroups(List.of("workers"));
        try (var broker = EmbeddedBroker.start(settings)) {
            createTopic(broker.bootstrapServers(), "tickets");
            send(broker.bootstrapServers(), "tickets", List.of("a", "b", "c"));

            var got = takeAll(broker.bootstrapServers(), "workers", "tickets", 3);

            assertThat(got).containsExactly(List.of("a"), List.of("b"), List.of("c"));
        }
    }

    @Test
    void records_and_the_groups_place_survive_a_stop_and_a_start() {
        var first = EmbeddedBroker.start(BrokerSettings.under(home).withShareGroups(List.of("workers")));
        createTopic(first.bootstrapServers(), "tickets");
        send(first.bootstrapServers(), "tickets", List.of("a", "b", "c"));
        takeAll(first.bootstrapServers(), "workers", "tickets", 2);
        first.stop();

        try (var second = first.startAgain()) {
            assertThat(second.port()).isEqualTo(first.port());
            assertThat(readAll(second.bootstrapServers(), "tickets", 3)).containsExactly("a", "b", "c");
            assertThat(takeAll(second.bootstrapServers(), "workers", "tickets", 1))
                    .containsExactly(List.of("c"));
        }
    }

    /** As a process of its own, killed with SIGKILL right after it acknowledged. */
    @Test
    void no_acknowledged_record_is_lost_when_the_broker_process_is_killed() throws Exception {
        var port = LoopbackPort.free();
        var acknowledged = new ArrayList<String>();
        var first = launch(port, "first.log");
        try {
            assertThat(EmbeddedBroker.answers("127.0.0.1:" + port, Duration.ofSeconds(60)))
                    .isTrue();
            createTopic("127.0.0.1:" + port, "events");
            for (var i = 0; i < 20; i++) {
                var block = List.of("block-" + i);
                send("127.0.0.1:" + port, "events", block);
                acknowledged.addAll(block);
            }
        } finally {
            first.destroyForcibly();
        }
        assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();

        var second = launch(port, "second.log");
        try {
            assertThat(readAll("127.0.0.1:" + port, "events", 20)).containsExactlyElementsOf(acknowledged);
        } finally {
            second.destroy();
        }
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).as("ends on SIGTERM").isTrue();
    }

    @Test
    void a_taken_port_is_named_by_the_process_and_ends_it_with_1() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            EmbeddedBroker.start(BrokerSettings.under(home).withPort(taken.getLocalPort())))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("choose another port");
            var process = launch(taken.getLocalPort(), "taken.log");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(Files.readString(home.resolve("taken.log"))).contains("is taken by another process");
        }
    }

    /** From this process or another; the first has lost nothing by it and goes on. */
    @Test
    void a_second_broker_on_the_same_directory_is_refused_before_it_touches_a_file() throws Exception {
        var settings = BrokerSettings.under(home);
        var first = EmbeddedBroker.start(settings);
        createTopic(first.bootstrapServers(), "before");
        try {
            assertThatThrownBy(() -> EmbeddedBroker.start(settings))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("Another Kafka broker runs on")
                    .hasMessageContaining("Stop it, or choose another directory");
            var process = launch(LoopbackPort.free(), "second.log");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(Files.readString(home.resolve("second.log"))).contains("Another Kafka broker runs on");

            createTopic(first.bootstrapServers(), "after");
            send(first.bootstrapServers(), "after", List.of("a"));
        } finally {
            first.stop();
        }
        try (var again = first.startAgain()) {
            assertThat(readAll(again.bootstrapServers(), "after", 1)).containsExactly("a");
            try (var admin = EmbeddedBroker.admin(again.bootstrapServers(), Duration.ofSeconds(60))) {
                assertThat(admin.listTopics().names().get(60, TimeUnit.SECONDS)).contains("before", "after");
            }
        }
    }

    @Test
    void a_place_that_cannot_be_a_directory_is_named() throws IOException {
        var file = Files.writeString(home.resolve("file"), "");
        assertThatThrownBy(() -> EmbeddedBroker.start(BrokerSettings.under(file)))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("Cannot write to " + file.resolve("kafka"));
    }

    private Process launch(int port, String log) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.palimpsest.embedded.BrokerMain",
                        "--directory=" + home.resolve("kafka"),
                        "--port=" + port,
                        "--share-group=workers")
                .redirectErrorStream(true)
                .redirectOutput(home.resolve(log).toFile())
                .start();
    }

    private static void createTopic(String address, String name) {
        try (var admin = EmbeddedBroker.admin(address, Duration.ofSeconds(60))) {
            admin.createTopics(List.of(new NewTopic(name, Optional.of(1), Optional.of((short) 1))))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void send(String address, String topic, List<String> values) {
        Map<String, Object> settings = Map.of("bootstrap.servers", address, "acks", "all", "enable.idempotence", true);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (var value : values) {
                producer.send(new ProducerRecord<>(topic, 0, "key", value)).get(60, TimeUnit.SECONDS);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Records as they came, poll by poll, each acknowledged before the next poll. */
    private static List<List<String>> takeAll(String address, String group, String topic, int count) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                address,
                "group.id",
                group,
                "share.acknowledgement.mode",
                "explicit",
                "share.acquire.mode",
                "record_limit",
                "max.poll.records",
                1);
        var polls = new ArrayList<List<String>>();
        try (var consumer = new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (polls.size() < count && System.nanoTime() < deadline) {
                var records = consumer.poll(Duration.ofMillis(500));
                var values = new ArrayList<String>();
                records.forEach(ticket -> {
                    values.add(ticket.value());
                    consumer.acknowledge(ticket, AcknowledgeType.ACCEPT);
                });
                if (!values.isEmpty()) {
                    polls.add(values);
                    assertThat(consumer.commitSync().values()).allMatch(Optional::isEmpty);
                }
            }
        }
        return polls;
    }

    private static List<String> readAll(String address, String topic, int count) {
        Map<String, Object> settings = Map.of("bootstrap.servers", address, "auto.offset.reset", "earliest");
        var values = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(500)).forEach(event -> values.add(event.value()));
            }
        }
        return values;
    }
}
