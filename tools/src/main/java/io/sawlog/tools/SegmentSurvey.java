package io.sawlog.tools;

import io.sawlog.index.HeaderCheck;
import io.sawlog.index.SparseIndex;
import io.sawlog.log.file.Storage;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a report shows of a segment, found by reading all of it.
 *
 * @param file its name
 * @param baseOffset the offset of its first record
 * @param nextOffset the one behind its last record; of a sealed one, the base of the next segment
 * @param firstTime the append time of its first frame, epoch ms; {@link #UNKNOWN} if it has none
 * @param lastTime the append time of its last frame
 * @param records in intact frames
 * @param usedBytes where its frames end
 * @param fileBytes how long the file is
 * @param sealed whether it has its END
 * @param damagedPlaces what is not as it was written, a torn tail included
 * @param index the state of its index
 * @param indexEntries how many entries the index has
 * @param indexBlocks how many it could have: one for each interval of the bytes that are used
 * @param aborted its aborted appends
 */
record SegmentSurvey(
    String file,
    long baseOffset,
    long nextOffset,
    long firstTime,
    long lastTime,
    long records,
    long usedBytes,
    long fileBytes,
    boolean sealed,
    int damagedPlaces,
    Index index,
    long indexEntries,
    long indexBlocks,
    List<Aborted> aborted) {
  static final long UNKNOWN = Long.MIN_VALUE;

  /** More of them tell nothing new, and would have to be drawn. */
  private static final int MOST_ABORTED = 200;

  /** The state of an index. */
  enum Index {
    GOOD,
    MISSING,
    UNUSABLE
  }

  /**
   * An append that was given up.
   *
   * @param time its append time, epoch ms
   * @param offset the first of its offsets
   * @param records how many it used up
   */
  record Aborted(long time, long offset, long records) {}

  /** The entries of an index, and the bytes for which there is one. */
  private record IndexState(Index state, long entries, long intervalBytes) {}

  /** Reads a segment from front to back, over whatever is wrong in it. */
  static SegmentSurvey of(Storage storage, SegmentFile segment, TimeBins growth)
      throws IOException {
    long base = segment.header().baseOffset();
    long firstTime = UNKNOWN;
    long lastTime = UNKNOWN;
    long records = 0;
    int damaged = segment.isHeaderIntact() ? 0 : 1;
    List<Aborted> aborted = new ArrayList<>();
    Finding.End end = new Finding.End(0, base, false);
    if (segment.isReadable()) {
      SegmentWalk walk = segment.walk();
      Finding found = walk.next();
      while (!(found instanceof Finding.End last)) {
        if (found instanceof Finding.Frame frame && !frame.isEnd()) {
          firstTime = firstTime == UNKNOWN ? frame.appendTime() : firstTime;
          lastTime = frame.appendTime();
          records += frame.recordCount();
          growth.add(frame.appendTime(), frame.length(), frame.recordCount());
          if (!frame.isData() && aborted.size() < MOST_ABORTED) {
            aborted.add(new Aborted(frame.appendTime(), frame.baseOffset(), frame.recordCount()));
          }
        } else if (found instanceof Finding.Damage) {
          damaged++;
        }
        found = walk.next();
      }
      end = last;
    }
    IndexState index = index(storage, segment);
    return new SegmentSurvey(
        String.valueOf(segment.path().getFileName()),
        base,
        end.nextOffset(),
        firstTime,
        lastTime,
        records,
        end.position(),
        segment.size(),
        end.sealed(),
        damaged,
        index.state(),
        index.entries(),
        index.intervalBytes() == 0 ? 0 : end.position() / index.intervalBytes(),
        List.copyOf(aborted));
  }

  private static IndexState index(Storage storage, SegmentFile segment) {
    try {
      IndexCopy index = IndexCopy.read(storage, IndexCopy.pathBeside(segment.path()));
      if (index.check(segment.header()) instanceof HeaderCheck.Valid valid) {
        long[] entries = new long[1];
        new SparseIndex(index.bytes(), valid.header()).forEach(entry -> entries[0]++);
        return new IndexState(Index.GOOD, entries[0], valid.header().intervalBytes());
      }
      return new IndexState(Index.UNUSABLE, 0, 0);
    } catch (NoSuchFileException e) {
      return new IndexState(Index.MISSING, 0, 0);
    } catch (IOException e) {
      return new IndexState(Index.UNUSABLE, 0, 0);
    }
  }
}
