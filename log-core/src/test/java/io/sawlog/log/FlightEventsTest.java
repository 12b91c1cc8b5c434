package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine tells JDK Flight Recorder, with the settings that come with it. */
class FlightEventsTest {
  private static final Set<String> ALL =
      Set.of("AppendStall", "DiskFull", "Flush", "PartitionFailed", "Recovery", "Roll");

  @TempDir Path directory;

  private static Map<String, String> settings() {
    try (InputStreamReader text =
        new InputStreamReader(
            FlightEvents.class.getResourceAsStream("sawlog.jfc"), StandardCharsets.UTF_8)) {
      return Configuration.create(text).getSettings();
    } catch (IOException | ParseException e) {
      throw new AssertionError(e);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  /** Records all events of the engine while something is done. */
  private List<RecordedEvent> recorded(String event, Work work) throws IOException {
    Path file = directory.resolve("recording.jfr");
    try (Recording recording = new Recording(settings())) {
      recording.start();
      work.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(found -> found.getEventType().getName().equals("io.sawlog." + event))
        .filter(found -> found.getString("topic").equals("t"))
        .toList();
  }

  private RecordedEvent only(String event, Work work) throws IOException {
    List<RecordedEvent> found = recorded(event, work);
    assertEquals(1, found.size(), found.toString());
    assertEquals(0, found.get(0).getInt("partition"));
    return found.get(0);
  }

  private Path place() {
    return directory.resolve("store");
  }

  @Test
  void shouldTurnOnAllEventsWithTheSettingsThatComeWithThem() {
    Set<String> on = new TreeSet<>();
    settings()
        .forEach(
            (setting, value) -> {
              if (setting.endsWith("#enabled") && value.equals("true")) {
                on.add(setting.substring("io.sawlog.".length(), setting.indexOf('#')));
              }
            });

    assertTrue(on.containsAll(ALL), on.toString());
    on.removeAll(ALL);
    assertEquals(Set.of("DeadLetter", "GroupStall"), on, "those of the groups, and no others");
  }

  @Test
  void shouldRecordTheFirstAppendAndEachThatRolls() throws IOException {
    try (SmallStore store = new SmallStore(place(), new HookedStorage())) {
      List<RecordedEvent> stalls = recorded("AppendStall", store::roll);

      assertEquals(2, stalls.size(), stalls.toString());
      for (RecordedEvent stall : stalls) {
        assertTrue(stall.getLong("frameBytes") >= 1000, stall.toString());
        assertTrue(stall.getDuration().toNanos() > 0);
        assertEquals(
            Thread.currentThread().getName(), stall.getThread().getJavaName(), "who waited");
      }
      assertEquals(2, store.inside().writer().counters().stalls.get());
    }
  }

  @Test
  void shouldRecordARoll() throws IOException {
    try (SmallStore store = new SmallStore(place(), new HookedStorage())) {
      store.append(1000);
      long[] base = new long[1];

      RecordedEvent roll = only("Roll", () -> base[0] = store.roll());

      assertEquals(base[0], roll.getLong("baseOffset"));
      assertEquals(SmallStore.SEGMENT_BYTES, roll.getLong("segmentBytes"));
      long used = roll.getLong("previousUsedBytes");
      assertTrue(used > SmallStore.SEGMENT_BYTES - 2000, Long.toString(used));
      assertTrue(used < SmallStore.SEGMENT_BYTES, Long.toString(used));
      assertEquals(
          "jdk.jfr.DataAmount",
          roll.getEventType().getField("segmentBytes").getAnnotationElements().stream()
              .map(annotation -> annotation.getTypeName())
              .filter(name -> name.endsWith("DataAmount"))
              .findFirst()
              .orElse("no unit"));
    }
  }

  @Test
  void shouldRecordAFlushAndNoneThatHadNothingToDo() throws IOException {
    try (SmallStore store = new SmallStore(place(), new HookedStorage())) {
      store.append(1000);
      store.append(1000);

      RecordedEvent flush =
          only(
              "Flush",
              () -> {
                store.partition.flush();
                store.partition.flush();
                store.inside().flushSchedule().work(1);
              });

      assertEquals(2, flush.getLong("durableOffset"));
      assertEquals(store.inside().writer().counters().flushedBytes.get(), flush.getLong("bytes"));
      assertTrue(flush.getLong("bytes") >= 2000, flush.toString());
      assertTrue(flush.getDuration().toNanos() > 0);
    }
  }

  @Test
  void shouldRecordARecovery() throws IOException {
    Path died = directory.resolve("died");
    FaultyStorage storage = new FaultyStorage();
    try (SmallStore store = new SmallStore(place(), storage)) {
      store.append(10);
      store.partition.flush();
      store.append(10);
      Logs.copyTree(place(), died);
    }

    RecordedEvent recovery = only("Recovery", () -> new SmallStore(died, storage).close());

    assertEquals("PROCESS_ENDED", recovery.getString("cause"));
    assertEquals(1, recovery.getLong("recoveryPoint"));
    assertEquals(2, recovery.getLong("endOffset"));
    assertEquals(2, recovery.getLong("nextOffset"));
    assertEquals(0, recovery.getLong("abortedRecords"));
    assertEquals(0, recovery.getInt("filesSetAside"));
    assertTrue(recovery.getLong("scannedBytes") > 0);
    assertEquals(List.of(), recorded("Recovery", () -> new SmallStore(died, storage).close()));
  }

  @Test
  void shouldRecordAFullDiskForTheAppendThatFailsAndForTheOneThatWill() throws IOException {
    FullableStorage storage = new FullableStorage();
    try (SmallStore store = new SmallStore(place(), storage)) {
      for (int i = 0; i < 40; i++) {
        store.append(1000);
      }
      storage.full = true;

      RecordedEvent ahead = only("DiskFull", store::settle);
      assertFalse(ahead.getBoolean("appendRefused"));

      RecordedEvent refused =
          only("DiskFull", () -> assertThrows(LogFullException.class, store::roll));
      assertTrue(refused.getBoolean("appendRefused"));
      assertEquals(place().resolve("t/0").toString(), refused.getString("directory"));
      assertTrue(refused.getLong("frameBytes") >= 1000);
      storage.full = false;
    }
  }

  @Test
  void shouldRecordAPartitionThatFails() throws IOException {
    FaultyStorage storage = new FaultyStorage();
    SmallStore store = new SmallStore(place(), storage);
    store.append(10);
    store.partition.flush();
    store.append(10);
    storage.unforceable = HookedStorage::isSegment;

    RecordedEvent failed =
        only(
            "PartitionFailed",
            () -> assertThrows(FailedLogException.class, store.partition::flush));

    assertEquals(1, failed.getLong("durableOffset"));
    assertTrue(failed.getString("reason").contains("a flush failed"), failed.toString());
    assertThrows(FailedLogException.class, store::close);
  }
}
