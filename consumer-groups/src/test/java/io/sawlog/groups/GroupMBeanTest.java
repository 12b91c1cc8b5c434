package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Partition;
import io.sawlog.log.SawlogConfig;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of a group as an operator reads them. */
class GroupMBeanTest {
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
  private static final Queue QUEUE =
      Queue.unordered().backoff(Backoff.fixed(Duration.ofSeconds(10))).breakerFailures(2);

  @TempDir Path directory;
  private Lab lab;
  private Partition orders;

  @BeforeEach
  void open() {
    lab = Lab.open(directory, SawlogConfig.defaults().withJmx());
    orders = lab.createTopic("orders");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private ObjectName name(String group) throws JMException {
    String store = ObjectName.quote(directory.toString());
    return new ObjectName("io.sawlog:type=Group,store=" + store + ",group=" + group);
  }

  private Object of(String group, String attribute) throws JMException {
    return SERVER.getAttribute(name(group), attribute);
  }

  @Test
  void shouldTellWhereASharedGroupStands() throws JMException {
    Lab.append(orders, 0, 10);
    lab.advance(Duration.ofHours(1));
    try (Worker worker = lab.groups().worker("email", "orders", QUEUE)) {
      List<Delivery> five = worker.receive(5, Duration.ZERO);
      five.get(0).ack();
      five.get(1).reject("bad");
      five.get(2).retry("later");

      assertEquals("SHARED", of("email", "Type"));
      assertEquals(8L, of("email", "LagRecords"));
      assertEquals(2L, of("email", "InFlight"));
      assertEquals(1L, of("email", "Failing"));
      assertEquals(1L, of("email", "DeadLetters"));
      assertEquals(1L, of("email", "Redrivable"));
      assertEquals(1, of("email", "Members"));
      assertEquals(false, of("email", "Paused"));
      assertEquals(false, of("email", "Resting"));

      five.get(3).retry("later");
      assertEquals(true, of("email", "Resting"));
    }
  }

  @Test
  void shouldTellWhereAPartitionGroupStands() throws JMException {
    Lab.append(orders, 0, 10);
    Groups groups = lab.groups();
    try (Consumer consumer = groups.consumer("stock", "orders")) {
      consumer.commit(consumer.poll(Duration.ZERO).get(3));
      groups.admin().pause("stock");

      assertEquals("PARTITION", of("stock", "Type"));
      assertEquals(6L, of("stock", "LagRecords"));
      assertTrue((long) of("stock", "LagMs") >= 0);
      assertEquals(0L, of("stock", "InFlight"));
      assertEquals(0L, of("stock", "DeadLetters"));
      assertEquals(true, of("stock", "Paused"));
      assertEquals(false, of("stock", "Resting"));
    }
  }

  @Test
  void shouldBeThereWhileTheGroupIsHosted() throws JMException {
    Groups groups = lab.groups();
    assertFalse(SERVER.isRegistered(name("g")));
    try (Worker one = groups.worker("g", "orders", QUEUE)) {
      try (Worker two = groups.worker("g", "orders", QUEUE)) {
        assertTrue(SERVER.isRegistered(name("g")));
        assertEquals(List.of(), two.receive(1, Duration.ZERO));
      }
      assertEquals(List.of(), one.receive(1, Duration.ZERO));
      assertTrue(SERVER.isRegistered(name("g")));
    }
    assertFalse(SERVER.isRegistered(name("g")));

    try (Lab reading = Lab.openReadOnly(directory);
        Worker unseen = reading.groups().worker("g", "orders", QUEUE)) {
      assertEquals(List.of(), unseen.receive(1, Duration.ZERO));
      assertFalse(SERVER.isRegistered(name("g")), "nobody asked for it");
    }
  }
}
