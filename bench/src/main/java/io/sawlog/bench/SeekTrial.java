package io.sawlog.bench;

import io.sawlog.log.MessageHandler;
import io.sawlog.log.Position;
import io.sawlog.log.Tailer;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import net.openhft.chronicle.bytes.SyncMode;

/**
 * Question: how long does it take to go to a record anywhere in a log, and to read it? To records
 * of the segment that is written, which is mapped, and of all others, which are read from their
 * files; all in the page cache. In a small log and in a large one.
 */
final class SeekTrial {
  private static final int WARM_UP = 20_000;
  private static final int SEEKS = 20_000;

  private final SplittableRandom random = new SplittableRandom(1);

  private SeekTrial() {}

  /**
   * Runs.
   *
   * @param arguments the contender; MiB of the small log and of the large one
   */
  public static void main(String[] arguments) {
    SeekTrial trial = new SeekTrial();
    boolean small = true;
    for (int i = 1; i < arguments.length; i++) {
      long records = (Long.parseLong(arguments[i]) << 20) / Payload.FRAME_LENGTH;
      String suffix = small ? " in the small log, us" : ", us";
      if (arguments[0].equals(Question.SAWLOG)) {
        trial.sawlog(records, suffix);
      } else {
        trial.chronicle(records, suffix);
      }
      small = false;
    }
  }

  private void sawlog(long records, String suffix) {
    try (SawlogLog log = new SawlogLog();
        Tailer tailer = log.tailer()) {
      for (long i = 0; i < records; i++) {
        log.append();
      }
      log.flush();
      long active = log.activeBaseOffset();
      long begin = log.timeOf(0);
      long end = log.timeOf(records - 1);
      byte[] record = new byte[Payload.LENGTH];
      MessageHandler copying =
          message -> message.value().getBytes(message.valueOffset(), record, 0, Payload.LENGTH);
      LongConsumer toOffset =
          offset -> {
            tailer.seek(Position.atOffset(offset));
            poll(tailer, copying);
          };
      LongConsumer toTime =
          time -> {
            tailer.seek(Position.atTime(Instant.ofEpochMilli(time)));
            poll(tailer, copying);
          };
      measure("offset, mapped" + suffix, active, records, toOffset);
      if (active > 0) {
        measure("offset, sealed" + suffix, 0, active, toOffset);
      }
      measure("time" + suffix, begin, end + 1, toTime);
    }
  }

  private static void poll(Tailer tailer, MessageHandler handler) {
    if (tailer.poll(handler, 1) != 1) {
      throw new IllegalStateException("nothing to read after a seek");
    }
  }

  private void chronicle(long records, String suffix) {
    try (ChronicleLog log = new ChronicleLog(SyncMode.NONE)) {
      ChronicleLog.Appender appender = log.appender();
      for (long i = 0; i < records; i++) {
        appender.append();
      }
      ChronicleLog.Reader reader = log.reader();
      LongConsumer toRecord =
          number -> {
            reader.toRecord(number);
            if (!reader.read()) {
              throw new IllegalStateException("nothing to read after a seek");
            }
          };
      measure("offset, mapped" + suffix, 0, records, toRecord);
    }
  }

  private void measure(String name, long from, long to, LongConsumer seek) {
    long[] targets = random.longs(WARM_UP + SEEKS, from, to).toArray();
    for (int i = 0; i < WARM_UP; i++) {
      seek.accept(targets[i]);
    }
    long begin = System.nanoTime();
    for (int i = WARM_UP; i < targets.length; i++) {
      seek.accept(targets[i]);
    }
    Trials.print(name, (System.nanoTime() - begin) / 1e3 / SEEKS);
  }
}
