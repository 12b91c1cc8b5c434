package io.sawlog.log;

import static io.sawlog.log.segment.FrameFormat.KIND_DATA;
import static io.sawlog.log.segment.FrameFormat.KIND_END;

import io.sawlog.log.segment.FrameBuffer;
import io.sawlog.log.segment.FrameCheck;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.MalformedRecordException;
import io.sawlog.log.segment.RecordCursor;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A cursor on one partition. It copies whole frames into its own buffer, checks them there, and
 * shows their records one by one: reading costs producers nothing and allocates nothing.
 *
 * <p>For one thread at a time, {@link #close} included; its handler may close it. It stays where it
 * is when anything is thrown, so damage is reported by every call until the tailer is moved. Damage
 * that lies wholly before its position is passed over.
 */
public final class Tailer implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int MOST_SEARCHES = 5;
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private final PartitionView partition;
  private final TailerConfig config;
  private final RecordCursor record = new RecordCursor();
  private final MessageView view;
  private @Nullable SegmentReader reader;

  /** Where the next frame is, in the segment of the reader, and the offset that follows there. */
  private int position;

  private long frameOffset;

  /** The frame that {@link #record} walks over. */
  private int currentFrame;

  private long currentFrameOffset;

  /** The offset of the next record to show; those before it are skipped. */
  private long nextOffset;

  private boolean closed;

  private Tailer(PartitionView partition, TailerConfig config) {
    this.partition = partition;
    this.config = config;
    this.view =
        new MessageView(
            partition.place().topic(), partition.place().number(), record, new UnsafeBuffer(0, 0));
  }

  static Tailer open(PartitionView partition, Position start, TailerConfig config) {
    Tailer tailer = new Tailer(partition, config);
    try {
      tailer.seek(start);
      return tailer;
    } catch (RuntimeException e) {
      tailer.close();
      throw e;
    }
  }

  /**
   * Shows the records that are there, without waiting.
   *
   * @param handler receives each record; if it throws, the tailer stays before that record
   * @param limit how many records to show at most
   * @return how many were shown; 0 at the end of what is visible
   * @throws CorruptLogException if bytes are damaged
   * @throws OffsetOutOfRangeException if the position was deleted
   * @throws LogIoException if the device cannot deliver the bytes
   * @throws LogClosedException if the tailer or the store is closed
   */
  public int poll(MessageHandler handler, int limit) {
    checkOpen();
    int shown = 0;
    try {
      checkNotDeleted(nextOffset);
      while (shown < limit && (record.hasNext() || nextFrame(config.visibility()))) {
        record.next();
        if (record.offset() >= nextOffset) {
          show(handler);
          shown++;
        }
      }
      if (shown == 0 && limit > 0) {
        partition.stalled();
      }
      return shown;
    } catch (MalformedRecordException e) {
      rewind();
      throw corrupt(currentFrame, currentFrameOffset, "cannot be decoded: " + e.getMessage(), e);
    } catch (IOException e) {
      rewind();
      throw ioFailure(e);
    } catch (Throwable t) {
      rewind();
      throw t;
    }
  }

  private void show(MessageHandler handler) {
    long offset = record.offset();
    nextOffset = offset + 1;
    boolean handled = false;
    try {
      handler.onMessage(view);
      handled = true;
    } finally {
      if (!handled && nextOffset == offset + 1) {
        nextOffset = offset;
      }
    }
  }

  /**
   * Shows the records that are there, and waits for the first one if there is none, as the idle
   * strategy of the configuration says.
   *
   * @param handler receives each record; if it throws, the tailer stays before that record
   * @param limit how many records to show at most
   * @param timeout how long to wait
   * @return how many were shown; 0 if the time is over, or the thread was interrupted
   * @throws LogException as {@link #poll(MessageHandler, int)}
   */
  public int poll(MessageHandler handler, int limit, Duration timeout) {
    long timeoutNs = timeout.compareTo(LONGEST) < 0 ? timeout.toNanos() : Long.MAX_VALUE;
    int shown = poll(handler, limit);
    long start = System.nanoTime();
    while (shown == 0
        && limit > 0
        && System.nanoTime() - start < timeoutNs
        && !Thread.currentThread().isInterrupted()) {
      config.idleStrategy().idle();
      shown = poll(handler, limit);
    }
    config.idleStrategy().reset();
    return shown;
  }

  /**
   * The offset of the next record that would be shown, if it is not in a gap.
   *
   * @return an offset
   */
  public long position() {
    return nextOffset;
  }

  /**
   * Moves the tailer.
   *
   * @param target where to
   * @throws OffsetOutOfRangeException if the offset is below the log start or above the log end
   * @throws LogException as {@link #poll(MessageHandler, int)}
   */
  public void seek(Position target) {
    checkOpen();
    long before = nextOffset;
    boolean moved = false;
    try {
      move(target);
      moved = true;
    } catch (IOException e) {
      throw ioFailure(e);
    } finally {
      if (!moved) {
        record.clear();
        closeReader();
        nextOffset = before;
      }
    }
  }

  private void move(Position target) throws IOException {
    if (target instanceof Position.Earliest) {
      search(this::seekEarliest);
    } else if (target instanceof Position.Latest) {
      search(() -> seekOffset(partition.logEndOffset()));
    } else if (target instanceof Position.AtOffset at) {
      checkRange(at.offset());
      search(() -> seekOffset(at.offset()));
    } else if (target instanceof Position.AtTime at) {
      search(() -> seekTime(at.epochMs()));
    }
  }

  private void seekEarliest() throws IOException {
    partition.refresh();
    seekOffset(partition.logStartOffset());
  }

  private interface Search {
    void run() throws IOException;
  }

  /** Searches again if a segment has gone meanwhile: it may have been deleted. */
  private void search(Search search) throws IOException {
    for (int attempt = 1; attempt < MOST_SEARCHES; attempt++) {
      try {
        search.run();
        return;
      } catch (NoSuchFileException | OffsetOutOfRangeException e) {
        partition.refresh();
      }
    }
    search.run();
  }

  private void checkRange(long offset) throws IOException {
    long start = partition.logStartOffset();
    long end = partition.logEndOffset();
    if (offset < start || offset > end) {
      throw new OffsetOutOfRangeException(
          partition.place().name()
              + ": offset "
              + offset
              + " is out of range, the log holds "
              + start
              + " to "
              + end
              + " (exclusive)",
          start,
          end);
    }
  }

  private void seekOffset(long offset) throws IOException {
    record.clear();
    nextOffset = offset;
    Segment segment = segmentOf(offset);
    if (segment == null) {
      closeReader();
      return;
    }
    SegmentReader opened = open(segment);
    land(opened, opened.positionForOffset(offset, recordsIn(segment)));
  }

  /** The segment to begin with: offsets below the first one lie in a gap. */
  private @Nullable Segment segmentOf(long offset) {
    Segment floor = partition.segments().floor(offset);
    return floor == null ? partition.segments().first() : floor;
  }

  /** Looks at all published frames, whatever is shown: those that are older never count. */
  private void seekTime(long epochMs) throws IOException {
    record.clear();
    nextOffset = partition.logStartOffset();
    Segment segment = segmentOf(nextOffset);
    if (segment == null) {
      closeReader();
      return;
    }
    SegmentReader opened = open(segment);
    Segment last = lastBeginningBefore(epochMs, segment, opened);
    opened.open(last);
    land(opened, opened.positionForTime(epochMs, recordsIn(last)));
    while (nextFrame(Visibility.PUBLISHED)) {
      if (record.frameTime() >= epochMs) {
        nextOffset = Math.max(nextOffset, currentFrameOffset);
        rewind();
        return;
      }
    }
    record.clear();
    nextOffset = Math.max(nextOffset, frameOffset);
  }

  /**
   * Counts the records of a segment; frames behind its END do not count, whatever they look like.
   */
  private long recordsIn(Segment segment) throws IOException {
    Segment next = partition.segments().after(segment);
    long end = next == null ? partition.totalRecordCount() : next.header().recordsBefore();
    return end - segment.header().recordsBefore();
  }

  private Segment lastBeginningBefore(long epochMs, Segment first, SegmentReader opened)
      throws IOException {
    List<Segment> segments = partition.segments().all();
    int low = segments.indexOf(first) + 1;
    int high = segments.size() - 1;
    Segment found = first;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (RetentionSweep.firstTime(segments.get(middle), opened) < epochMs) {
        found = segments.get(middle);
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return found;
  }

  /** Goes on at a frame whose position an index gave and the log confirmed. */
  private void land(SegmentReader opened, int landing) throws IOException {
    position = landing;
    frameOffset = opened.segment().baseOffset();
    if (landing != SegmentHeader.LENGTH) {
      FrameBuffer frames = opened.buffer();
      frameOffset = FrameFormat.baseOffset(frames.buffer(), frames.indexOf(landing));
    }
  }

  private SegmentReader open(Segment segment) {
    SegmentReader present = reader;
    if (present == null) {
      present =
          new SegmentReader(
              partition.place().storage(), partition.indexIntervalBytes(), BUFFER_BYTES, segment);
      reader = present;
    } else {
      present.open(segment);
    }
    return present;
  }

  /** Moves to the next frame that has a record to show; false if there is none to be seen yet. */
  private boolean nextFrame(Visibility visibility) throws IOException {
    if (closed) {
      return false;
    }
    checkNotDeleted(nextOffset);
    SegmentReader current = reader;
    if (current == null) {
      Segment first = segmentOf(nextOffset);
      if (first == null) {
        return false;
      }
      current = open(first);
      land(current, SegmentHeader.LENGTH);
    }
    while (partition.isVisible(frameOffset, visibility)) {
      FrameCheck found;
      try {
        found = current.check(position, frameOffset);
      } catch (NoSuchFileException e) {
        current = leaveDeleted(current, e);
        continue;
      }
      if (found != FrameCheck.VALID) {
        if (skipAborted(current.segment()) || passOrRefuse(current, found)) {
          continue;
        }
        return false;
      }
      FrameBuffer frames = current.buffer();
      int frame = frames.indexOf(position);
      int kind = FrameFormat.kind(frames.buffer(), frame);
      if (kind == KIND_END) {
        if (!followEnd(current, FrameFormat.baseOffset(frames.buffer(), frame))) {
          return false;
        }
        continue;
      }
      currentFrame = position;
      currentFrameOffset = frameOffset;
      position += FrameFormat.length(frames.buffer(), frame);
      frameOffset += FrameFormat.recordCount(frames.buffer(), frame);
      if (kind == KIND_DATA && frameOffset > nextOffset) {
        record.reset(frames.buffer(), frame);
        view.wrap(frames.buffer());
        return true;
      }
    }
    return false;
  }

  /** A segment that was read to its last record may be deleted before its END was read. */
  private SegmentReader leaveDeleted(SegmentReader deleted, NoSuchFileException e)
      throws IOException {
    partition.refresh();
    checkNotDeleted(nextOffset);
    Segment next = segmentOf(nextOffset);
    if (next == null || next.baseOffset() == deleted.segment().baseOffset()) {
      throw e;
    }
    record.clear();
    SegmentReader opened = open(next);
    land(opened, SegmentHeader.LENGTH);
    return opened;
  }

  private boolean skipAborted(Segment segment) {
    RecoveryPlan.Abort abort = partition.abortAt(segment, position);
    if (abort == null) {
      return false;
    }
    position += abort.length();
    frameOffset += abort.recordCount();
    return true;
  }

  private boolean followEnd(SegmentReader current, long baseOffset) throws IOException {
    // asked first: what is made while the segment is looked for is not missing
    long knownEnd = partition.knownEnd();
    Segment next = partition.segmentStartingAt(baseOffset);
    if (next == null) {
      if (baseOffset < knownEnd) {
        partition.refresh();
        checkNotDeleted(baseOffset);
        throw corrupt(
            position, frameOffset, "is the END, but the segment it names does not exist", null);
      }
      return false;
    }
    record.clear();
    current.open(next);
    position = SegmentHeader.LENGTH;
    frameOffset = baseOffset;
    return true;
  }

  /**
   * Decides what to do about a frame that is not there.
   *
   * @return whether to go on at once; false to wait until there is more
   * @throws CorruptLogException if it must be there
   */
  private boolean passOrRefuse(SegmentReader current, FrameCheck found) throws IOException {
    boolean waiting = found == FrameCheck.EMPTY || found == FrameCheck.CLAIMED;
    if (waiting && frameOffset >= partition.knownEnd()) {
      return false;
    }
    // what was missing a moment ago may have been published before the known end was read
    if (waiting && current.checkAgain(position, frameOffset) == FrameCheck.VALID) {
      return true;
    }
    partition.refresh();
    partition.checkOpen();
    if (passDamage(current)) {
      return true;
    }
    if (nextOffset > frameOffset && nextOffset >= partition.knownEnd()) {
      // all of the damage lies before what is waited for
      return false;
    }
    checkNotDeleted(frameOffset);
    throw corrupt(position, frameOffset, found.inWords(), null);
  }

  /**
   * Goes on behind damage, if all of it lies before the next record to show. The length of a
   * damaged frame means nothing, so what follows is searched for; and a record may hold a copy of
   * frames, but none of a frame that came after it.
   */
  private boolean passDamage(SegmentReader current) throws IOException {
    if (frameOffset >= nextOffset) {
      return false;
    }
    SegmentScanner scanner = current.scanner();
    int behind = scanner.findValid(position + FrameFormat.ALIGNMENT, frameOffset);
    if (behind == SegmentScanner.NOT_FOUND || scanner.baseOffset() > nextOffset) {
      return false;
    }
    if (scanner.kind() != KIND_END) {
      // frames behind the END of a log that was cut are no part of it
      Segment segment = current.segment();
      if (scanner.baseOffset() - segment.baseOffset() >= recordsIn(segment)) {
        return false;
      }
      frameOffset = scanner.baseOffset();
    }
    position = behind;
    return true;
  }

  private void checkNotDeleted(long offset) throws IOException {
    long start = partition.logStartOffset();
    if (offset < start) {
      throw new OffsetOutOfRangeException(
          partition.place().name()
              + ": offset "
              + offset
              + " was deleted, the log starts at "
              + start,
          start,
          partition.logEndOffset());
    }
  }

  private CorruptLogException corrupt(
      int at, long offset, String problem, @Nullable Throwable cause) {
    String message =
        partition.place().name()
            + ": the frame at position "
            + at
            + " of "
            + (reader == null ? "no segment" : reader.segment().path())
            + " (offset "
            + offset
            + ") "
            + problem
            + ": "
            + CorruptLogException.WAY_OUT;
    return cause == null
        ? new CorruptLogException(message)
        : new CorruptLogException(message, cause);
  }

  private LogException ioFailure(IOException e) {
    try {
      partition.checkOpen();
      partition.refresh();
      checkNotDeleted(nextOffset);
    } catch (IOException | LogException better) {
      if (better instanceof LogException known) {
        return known;
      }
    }
    String what = partition.place().name() + ": reading at offset " + nextOffset + " failed: ";
    return e instanceof NoSuchFileException
        ? new CorruptLogException(what + e.getMessage(), e)
        : new LogIoException(what + e.getMessage(), e);
  }

  /** Goes back to the frame under way, so that the record that was not handled is shown again. */
  private void rewind() {
    if (record.isInFrame()) {
      record.clear();
      position = currentFrame;
      frameOffset = currentFrameOffset;
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new LogClosedException(partition.place().name() + ": the tailer is closed");
    }
    partition.checkOpen();
  }

  private void closeReader() {
    SegmentReader present = reader;
    reader = null;
    if (present != null) {
      present.close();
    }
  }

  /** Closes the file until it is needed again, for a tailer that may never be closed. */
  void rest() {
    if (reader != null) {
      reader.close();
    }
  }

  /**
   * Closes the tailer and its file. Calling it again does nothing.
   *
   * <p>Not while another thread uses it: interrupt that thread, which ends its waiting, and let it
   * close the tailer; or close the store, whereupon it gets a {@link LogClosedException}.
   */
  @Override
  public void close() {
    closed = true;
    record.clear();
    closeReader();
  }
}
