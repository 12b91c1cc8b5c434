package io.sawlog.bench;

import io.sawlog.log.Partition;
import io.sawlog.log.Sawlog;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Question: how many bytes go to the device for each byte of the log, indexes, metadata and the
 * journal of the file system included? Nothing may be filled with zeros first.
 */
final class DeviceBytesTrial {
  private static final int APPENDS_A_PAUSE = 1000;
  private static final long PAUSE_NS = 500_000;

  private DeviceBytesTrial() {}

  /**
   * Runs.
   *
   * @param arguments the contender; how many MiB to append
   */
  public static void main(String[] arguments) throws Exception {
    int records = Math.toIntExact((Long.parseLong(arguments[1]) << 20) / Payload.FRAME_LENGTH);
    Path directory = Directory.create();
    Device device = Device.under(directory).orElse(null);
    try (Sawlog store = Sawlog.open(directory)) {
      Partition partition = store.topic(SawlogLog.TOPIC).partition(0);
      partition.flush();
      long before = device == null ? 0 : device.bytesWritten();
      UnsafeBuffer payload = new UnsafeBuffer(Payload.bytes());
      long next = System.nanoTime();
      for (int i = 0; i < records; i++) {
        if (i % APPENDS_A_PAUSE == 0) {
          // as a program does that has something else to do, so that the flusher comes in between
          next += PAUSE_NS;
          while (System.nanoTime() < next) {
            Thread.onSpinWait();
          }
        }
        partition.append(payload, 0, Payload.LENGTH);
      }
      partition.flush();
      long written = device == null ? 0 : device.bytesWritten() - before;
      long bytes = (long) records * Payload.FRAME_LENGTH;
      Trials.print("MiB of log", bytes / (double) (1 << 20));
      if (device != null) {
        Trials.print("bytes written to the device for each", (double) written / bytes);
      }
    }
    Directory.delete(directory);
  }
}
