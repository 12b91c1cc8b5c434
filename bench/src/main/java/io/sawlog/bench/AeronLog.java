package io.sawlog.bench;

import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.ArchivingMediaDriver;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.status.RecordingPos;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.agrona.concurrent.status.CountersReader;
import org.jspecify.annotations.Nullable;

/**
 * A recording of Aeron Archive over IPC, with the media driver and the archive in this process. As
 * its users would have it on two cores: one thread for the driver and one for the archive; the
 * latter yields instead of parking, so that a producer does not wait for it to wake up.
 *
 * <p>A message is recorded when the archive says so: to append means to offer and, at the end of a
 * block, to wait for that. For one thread.
 */
final class AeronLog implements AutoCloseable {
  /** What the archive calls to leave flushing to the kernel. */
  static final int NO_SYNC = 0;

  /** The data of a recording is flushed before its position moves. */
  static final int SYNC_DATA = 1;

  private static final String CHANNEL = "aeron:ipc";
  private static final int STREAM = 1001;
  private static final int REPLAY_STREAM = 1002;
  private static final int SEGMENT_BYTES = 128 << 20;

  private final Path directory = Directory.create();
  private final UnsafeBuffer payload = new UnsafeBuffer(Payload.bytes());
  private final byte[] record = new byte[Payload.LENGTH];
  private final FragmentHandler copying =
      (buffer, offset, length, header) -> buffer.getBytes(offset, record, 0, Payload.LENGTH);
  private final YieldingIdleStrategy idle = new YieldingIdleStrategy();
  private final ArchivingMediaDriver driver;
  private final AeronArchive archive;
  private final ExclusivePublication publication;
  private final CountersReader counters;
  private final int counter;
  private final long recording;
  private long start;
  private @Nullable Subscription replay;

  AeronLog(int fileSyncLevel) {
    String driverDirectory = CommonContext.generateRandomDirName();
    driver =
        ArchivingMediaDriver.launch(
            new MediaDriver.Context()
                .aeronDirectoryName(driverDirectory)
                .threadingMode(ThreadingMode.SHARED)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true),
            new Archive.Context()
                .aeronDirectoryName(driverDirectory)
                .archiveDir(directory.resolve("archive").toFile())
                .threadingMode(ArchiveThreadingMode.SHARED)
                .idleStrategySupplier(YieldingIdleStrategy::new)
                .controlChannelEnabled(false)
                .archiveClientContext(new AeronArchive.Context().controlResponseChannel(CHANNEL))
                .replicationChannel("aeron:udp?endpoint=localhost:0")
                .recordingEventsEnabled(false)
                .segmentFileLength(SEGMENT_BYTES)
                .fileSyncLevel(fileSyncLevel)
                .catalogFileSyncLevel(fileSyncLevel));
    archive =
        AeronArchive.connect(
            new AeronArchive.Context()
                .aeronDirectoryName(driverDirectory)
                .controlRequestChannel(CHANNEL)
                .controlRequestStreamId(AeronArchive.Configuration.localControlStreamId())
                .controlResponseChannel(CHANNEL));
    publication = archive.addRecordedExclusivePublication(CHANNEL, STREAM);
    counters = archive.context().aeron().countersReader();
    counter = awaitCounter();
    recording = RecordingPos.getRecordingId(counters, counter);
  }

  private int awaitCounter() {
    int found;
    do {
      idle.idle();
      found =
          RecordingPos.findCounterIdBySession(
              counters, publication.sessionId(), archive.archiveId());
    } while (found == CountersReader.NULL_COUNTER_ID);
    return found;
  }

  /** Appends so many records, and returns when they are recorded. */
  void append(int count) {
    for (int i = 0; i < count; i++) {
      offer();
    }
    long end = publication.position();
    while (counters.getCounterValue(counter) < end) {
      if (!RecordingPos.isActive(counters, counter, recording)) {
        throw new IllegalStateException("the archive has stopped recording");
      }
      idle.idle();
    }
  }

  private void offer() {
    long result = publication.offer(payload, 0, Payload.LENGTH);
    while (result < 0) {
      if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED) {
        throw new IllegalStateException("offer: " + Publication.errorString(result));
      }
      idle.idle();
      result = publication.offer(payload, 0, Payload.LENGTH);
    }
  }

  /** Gives back the disk of whole segment files, as retention does in a running program. */
  void trim() {
    long base =
        AeronArchive.segmentFileBasePosition(
            start, publication.position(), publication.termBufferLength(), SEGMENT_BYTES);
    if (base > start) {
      archive.purgeSegments(recording, base);
      start = base;
    }
  }

  /** Takes the next records, at most so many; 0 at the end of the recording, then begins anew. */
  int read(int most) {
    if (replay == null) {
      replay = archive.replay(recording, start, publication.position(), CHANNEL, REPLAY_STREAM);
    }
    int taken = 0;
    while (taken < most) {
      int fragments = replay.poll(copying, most - taken);
      if (fragments == 0) {
        if (isOver(replay)) {
          break;
        }
        idle.idle();
      }
      taken += fragments;
    }
    if (taken == 0) {
      replay.close();
      replay = null;
    }
    return taken;
  }

  private boolean isOver(Subscription running) {
    return running.imageCount() == 1
        && running.imageAtIndex(0).position() >= publication.position();
  }

  byte[] record() {
    return record;
  }

  @Override
  public void close() {
    if (replay != null) {
      replay.close();
    }
    archive.close();
    driver.close();
    Directory.delete(directory);
  }
}
