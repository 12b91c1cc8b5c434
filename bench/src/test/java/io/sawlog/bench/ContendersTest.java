package io.sawlog.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Tailer;
import net.openhft.chronicle.bytes.SyncMode;
import org.junit.jupiter.api.Test;

/** Who is measured keeps what was appended, and reads all of it. */
class ContendersTest {
  private static final int RECORDS = 20_000;
  private static final int BATCH = 100;
  private static final int SYNCED = 3;

  @Test
  void shouldKeepAndReadWhatSawlogAppends() {
    byte[] record = new byte[Payload.LENGTH];
    try (SawlogLog log = new SawlogLog();
        Tailer tailer = log.tailer()) {
      for (int i = 0; i < RECORDS; i++) {
        log.append();
      }

      int read = 0;
      int shown;
      while ((shown =
              tailer.poll(
                  message -> message.value().getBytes(message.valueOffset(), record), BATCH))
          > 0) {
        read += shown;
      }

      assertEquals(RECORDS, read);
    }
    assertArrayEquals(Payload.bytes(), record);
  }

  @Test
  void shouldKeepAndReadWhatChronicleAppends() {
    try (ChronicleLog log = new ChronicleLog(SyncMode.NONE)) {
      ChronicleLog.Appender appender = log.appender();
      for (int i = 0; i < RECORDS; i++) {
        appender.append();
      }

      ChronicleLog.Reader reader = log.reader();
      for (int i = 0; i < RECORDS; i++) {
        assertTrue(reader.read(), "record " + i);
      }

      assertFalse(reader.read());
      assertArrayEquals(Payload.bytes(), reader.record());
    }
  }

  @Test
  void shouldKeepAndReadWhatKafkaAppends() {
    try (KafkaLog log = new KafkaLog()) {
      KafkaLog.Appender appender = log.appender();
      for (int i = 0; i < RECORDS; i++) {
        appender.append(1);
      }
      for (int i = 0; i < RECORDS; i += BATCH) {
        appender.append(BATCH);
      }

      KafkaLog.Reader reader = log.reader();
      int read = 0;
      int taken;
      while ((taken = reader.read(BATCH - 1)) > 0) {
        read += taken;
      }

      assertEquals(2 * RECORDS, read);
      assertArrayEquals(Payload.bytes(), reader.record());
    }
  }

  @Test
  void shouldFlushEachRecordOfKafkaThatIsSynced() {
    try (KafkaLog log = new KafkaLog(1)) {
      KafkaLog.Appender appender = log.appender();

      for (int i = 1; i <= SYNCED; i++) {
        appender.append(1);

        assertEquals(i, log.flushed());
      }
    }
  }

  @Test
  void shouldKeepAndReadWhatAeronRecords() {
    try (AeronLog log = new AeronLog(AeronLog.NO_SYNC)) {
      log.append(RECORDS);

      for (int pass = 0; pass < 2; pass++) {
        int read = 0;
        int taken;
        while ((taken = log.read(BATCH - 1)) > 0) {
          read += taken;
        }

        assertEquals(RECORDS, read);
        assertArrayEquals(Payload.bytes(), log.record());
      }
    }
  }

  @Test
  void shouldRecordSyncedWithAeron() {
    try (AeronLog log = new AeronLog(AeronLog.SYNC_DATA)) {
      for (int i = 0; i < SYNCED; i++) {
        log.append(1);
      }

      assertEquals(SYNCED, log.read(BATCH));
    }
  }
}
