package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of a store as an operator reads them. */
class MBeansTest {
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
  private static final SawlogConfig SHOWN = SawlogConfig.defaults().withJmx();

  @TempDir Path directory;

  private Path place() {
    return directory.resolve("a \"store\", =quoted*");
  }

  private static Set<String> shown(Path store) throws JMException {
    Set<String> names = new TreeSet<>();
    String quoted = ObjectName.quote(store.toString());
    for (ObjectName name : SERVER.queryNames(new ObjectName("io.sawlog:*"), null)) {
      if (quoted.equals(name.getKeyProperty("store"))) {
        String topic = name.getKeyProperty("topic");
        names.add(
            name.getKeyProperty("type")
                + (topic == null ? "" : " " + topic + "-" + name.getKeyProperty("partition")));
      }
    }
    return names;
  }

  private Object of(String type, String more, String attribute) throws JMException {
    return SERVER.getAttribute(
        new ObjectName(
            "io.sawlog:type=" + type + ",store=" + ObjectName.quote(place().toString()) + more),
        attribute);
  }

  private Object ofStore(String attribute) throws JMException {
    return of("Store", "", attribute);
  }

  private Object ofPartition(String attribute) throws JMException {
    return of("Partition", ",topic=t,partition=0", attribute);
  }

  @Test
  void shouldComeAndGoWithTheStoreItsTopicsAndTheirPartitions() throws JMException {
    try (Sawlog log = Sawlog.open(place(), SHOWN)) {
      assertEquals(Set.of("Store"), shown(place()));

      log.createTopic("t", TopicConfig.defaults());
      log.createTopic("u", TopicConfig.defaults());
      log.alterTopic("u", TopicConfig.defaults().partitions(2));
      assertEquals(
          Set.of("Store", "Partition t-0", "Partition u-0", "Partition u-1"), shown(place()));
      assertEquals(3, ofStore("PartitionCount"));

      log.deleteTopic("u");
      assertEquals(Set.of("Store", "Partition t-0"), shown(place()));
    }
    assertEquals(Set.of(), shown(place()));

    try (Sawlog log = Sawlog.open(place(), SHOWN)) {
      assertTrue(log.hasMBeans());
      assertEquals(Set.of("Store", "Partition t-0"), shown(place()));
    }
  }

  @Test
  void shouldBeThereOnlyForThoseWhoAsk() throws JMException {
    try (Sawlog log = Sawlog.open(place())) {
      log.topic("t");
      assertEquals(Set.of(), shown(place()));
      try (Sawlog reading = Sawlog.openReadOnly(place(), SHOWN)) {
        reading.topic("t");
        assertEquals(Set.of(), shown(place()));
      }
    }
  }

  @Test
  void shouldNotMixUpTwoStores() throws JMException {
    Path other = directory.resolve("other");
    try (Sawlog one = Sawlog.open(place(), SHOWN);
        Sawlog two = Sawlog.open(other, SHOWN)) {
      one.topic("t").append("k", "v");
      two.topic("t");

      assertEquals(1L, ofPartition("LogEndOffset"));
      assertEquals(Set.of("Store", "Partition t-0"), shown(other));
    }
    assertEquals(Set.of(), shown(other));
  }

  @Test
  void shouldTellWhatThePartitionTells() throws JMException {
    try (DrivenStore store = DrivenStore.open(place(), SHOWN, new HookedStorage())) {
      Partition partition = store.create("t", SmallStore.CONFIG);
      while (partition.segments().size() < 3) {
        partition.append(null, new byte[1000]);
      }
      partition.flush();
      partition.append(null, new byte[1000]);
      partition.deleteBefore(5);

      assertEquals("t", ofPartition("Topic"));
      assertEquals(0, ofPartition("Partition"));
      assertEquals(5L, ofPartition("LogStartOffset"));
      assertEquals(partition.durableOffset(), ofPartition("DurableOffset"));
      assertEquals(partition.durableOffset() + 1, ofPartition("LogEndOffset"));
      assertEquals(partition.sizeBytes(), ofPartition("SizeBytes"));
      assertEquals(partition.sizeBytes(), ofStore("SizeBytes"));
      assertEquals(3, ofPartition("SegmentCount"));
      assertEquals(3L, ofPartition("Rolls"));
      assertEquals(3L, ofPartition("StalledAppends"));
      assertTrue((long) ofPartition("Flushes") > 0);
      assertTrue((long) ofPartition("FlushedBytes") > 2 * 60_000);
      assertEquals(false, ofPartition("Failed"));
      assertEquals("", ofPartition("Failure"));
      assertEquals("", ofPartition("Recovery"));
      assertEquals(0L, ofStore("RefusedAppends"));
    }
  }

  @Test
  void shouldTellHowLongAppendsAndFlushesHaveTaken() throws JMException {
    try (DrivenStore store = DrivenStore.open(place(), SHOWN, new HookedStorage())) {
      Partition partition = store.create("t", SmallStore.CONFIG);
      PartitionCounters counters = ((OpenPartition) partition.view()).writer().counters();
      partition.appendSynced(null, new byte[10]);
      assertTrue(counters.stalledNs.get() > 0, "making the first segment takes time");
      assertTrue(counters.flushedNs.get() > 0, "a flush takes time");

      counters.stalled(TimeUnit.HOURS.toNanos(1));
      counters.flushed(0, TimeUnit.HOURS.toNanos(2));

      assertEquals(
          TimeUnit.NANOSECONDS.toMillis(counters.stalledNs.get()), ofPartition("StalledMs"));
      assertEquals(TimeUnit.NANOSECONDS.toMillis(counters.flushedNs.get()), ofPartition("FlushMs"));
      assertTrue((long) ofPartition("FlushMs") > (long) ofPartition("StalledMs"));
    }
  }

  @Test
  void shouldTellOfAFullDisk() throws JMException {
    FullableStorage storage = new FullableStorage();
    try (DrivenStore store = DrivenStore.open(place(), SHOWN, storage)) {
      Partition partition = store.create("t", SmallStore.CONFIG);
      storage.full = true;

      assertThrows(LogFullException.class, () -> partition.append(null, new byte[10]));
      assertThrows(LogFullException.class, () -> partition.append(null, new byte[10]));

      assertEquals(2L, ofPartition("RefusedAppends"));
      assertEquals(2L, ofStore("RefusedAppends"));
      storage.full = false;
    }
  }

  @Test
  void shouldTellOfAFailedFlushAndOfTheRecoveryAfterIt() throws JMException {
    FaultyStorage storage = new FaultyStorage();
    DrivenStore store = DrivenStore.open(place(), SHOWN, storage);
    Partition partition = store.create("t", SmallStore.CONFIG);
    partition.append(null, new byte[10]);
    storage.unforceable = HookedStorage::isSegment;
    assertThrows(FailedLogException.class, partition::flush);

    assertEquals(1, ofStore("FailedPartitions"));
    assertEquals(true, ofPartition("Failed"));
    String failure = (String) ofPartition("Failure");
    assertTrue(failure.contains("a flush failed"), failure);

    assertThrows(FailedLogException.class, store::close);
    assertEquals(Set.of(), shown(place()));
    storage.unforceable = path -> false;
    try (DrivenStore again = DrivenStore.open(place(), SHOWN, storage)) {
      assertEquals(1, ofStore("RecoveredPartitions"));
      String recovery = (String) ofPartition("Recovery");
      assertTrue(recovery.startsWith("FAILED_FLUSH: "), recovery);
      assertEquals(false, ofPartition("Failed"));
      assertTrue(again.log.hasMBeans());
    }
  }
}
