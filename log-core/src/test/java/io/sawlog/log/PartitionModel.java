package io.sawlog.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a partition must hold, as far as its users have been told. */
final class PartitionModel {
  /** The records of one append: consecutive numbers. */
  record Frame(int firstId, int count) {
    boolean holds(int id) {
      return id >= firstId && id < firstId + count;
    }
  }

  /** A record that an append has returned, or a reader has shown. */
  record Entry(int id, Frame frame) {}

  /** A record that was read. */
  record Read(long offset, int id, long time) {}

  /** Offsets that were given out without a gap, the upper end exclusive. */
  record Range(long from, long to) {}

  private final String name;
  private final TreeMap<Long, Entry> entries = new TreeMap<>();
  private final Map<Long, Long> times = new HashMap<>();
  private final List<Frame> inFlight = new ArrayList<>();
  private final List<Range> ranges = new ArrayList<>();
  private long rangeFrom;
  private long start;
  private long attemptedStart;
  private long synced;
  private long highest = -1;
  private int failedAppends;
  private long knownHoles;

  PartitionModel(String name) {
    this.name = name;
  }

  /** An append begins: from now on its records may be there. */
  void begin(Frame frame) {
    inFlight.add(frame);
  }

  /** An append has returned. */
  void acknowledge(Frame frame, long offset) {
    inFlight.remove(frame);
    adopt(frame, offset);
  }

  /** An append has failed in a way that promises that nothing was appended. */
  void refuse(Frame frame) {
    inFlight.remove(frame);
  }

  private void adopt(Frame frame, long offset) {
    for (int i = 0; i < frame.count(); i++) {
      Entry before = entries.put(offset + i, new Entry(frame.firstId() + i, frame));
      check(before == null, "offset " + (offset + i) + " was given out twice");
    }
    check(
        offset >= rangeFrom,
        "offset " + offset + " lies before the life, which began " + rangeFrom);
    highest = Math.max(highest, offset + frame.count() - 1);
  }

  /** Somebody was told that everything below an offset would survive a power cut. */
  void synced(long offset) {
    check(offset >= synced, "the durable offset went back from " + synced + " to " + offset);
    synced = offset;
  }

  /** Somebody was shown records below an offset as durable, perhaps not all there are. */
  void syncedAtLeast(long offset) {
    synced = Math.max(synced, offset);
  }

  long syncedOffset() {
    return synced;
  }

  void attemptStart(long offset) {
    attemptedStart = Math.max(attemptedStart, offset);
  }

  void start(long offset) {
    check(offset >= start, "the log start went back from " + start + " to " + offset);
    start = offset;
    attemptStart(offset);
  }

  long start() {
    return start;
  }

  long attemptedStart() {
    return attemptedStart;
  }

  boolean hasAppendsUnderWay() {
    return !inFlight.isEmpty();
  }

  /** The records that a reader sees from an offset on. */
  List<Read> from(long offset) {
    List<Read> expected = new ArrayList<>();
    entries
        .tailMap(Math.max(offset, start))
        .forEach(
            (at, entry) -> expected.add(new Read(at, entry.id(), times.getOrDefault(at, -1L))));
    return expected;
  }

  /** Compares what a reader saw of a log that is in use with what it must see. */
  void checkReading(List<Read> reads, long from, long before) {
    List<Read> expected = from(from);
    expected.removeIf(read -> read.offset() >= before);
    List<Read> seen = new ArrayList<>(reads);
    if (hasAppendsUnderWay() || failedAppends > 0) {
      seen.removeIf(read -> !entries.containsKey(read.offset()));
    }
    check(
        seen.size() == expected.size(),
        () -> "a reader saw " + brief(seen) + " and not " + brief(expected));
    for (int i = 0; i < seen.size(); i++) {
      check(
          seen.get(i).offset() == expected.get(i).offset()
              && seen.get(i).id() == expected.get(i).id(),
          "a reader saw " + seen.get(i) + " and not " + expected.get(i));
    }
    checkTimes(reads);
  }

  /**
   * Compares what recovery has left with what it had to leave, and goes on from there.
   *
   * @param reads all records
   * @param endOffset the offset behind the last record
   * @param nextOffset the offset of the next record
   * @param complete whether nothing that was acknowledged may be missing
   */
  void recovered(
      List<Read> reads, long logStart, long endOffset, long nextOffset, boolean complete) {
    check(logStart >= start, "the log start went back from " + start + " to " + logStart);
    long allowedStart = Math.max(start, attemptedStart);
    check(
        logStart <= allowedStart || reads.isEmpty(),
        "the log start " + logStart + " is above " + allowedStart + ", which nobody asked for");
    adoptUnacknowledged(reads);
    Map<Long, Entry> expected = entries.tailMap(logStart);
    int at = 0;
    Entry last = null;
    for (Map.Entry<Long, Entry> next : expected.entrySet()) {
      if (at == reads.size()) {
        loseTail(next, last, complete);
        break;
      }
      Read read = reads.get(at++);
      check(
          read.offset() == next.getKey() && read.id() == next.getValue().id(),
          () -> "after recovery the log has " + read + " and not " + next + brief(reads));
      last = next.getValue();
    }
    check(at == reads.size(), () -> "records came from nowhere: " + brief(reads));
    check(
        nextOffset > highest,
        "offsets are reused: the next one is "
            + nextOffset
            + ", but "
            + highest
            + " was given out");
    check(
        nextOffset >= synced,
        "the next offset is " + nextOffset + ", but the durable offset was " + synced);
    checkTimes(reads);
    checkHoles(logStart, endOffset, reads);
    entries.headMap(logStart).clear();
    if (!reads.isEmpty()) {
      entries.tailMap(reads.get(reads.size() - 1).offset(), false).clear();
    } else {
      entries.clear();
    }
    times.keySet().retainAll(entries.keySet());
    if (endOffset != nextOffset || nextOffset < rangeFrom) {
      if (endOffset > rangeFrom) {
        ranges.add(new Range(rangeFrom, endOffset));
      }
      rangeFrom = nextOffset;
      knownHoles = 0;
    }
    inFlight.clear();
    failedAppends = 0;
    start = logStart;
    attemptedStart = logStart;
    synced = nextOffset;
  }

  /**
   * Where the records end below the next offset, if the opening that could tell was cut short: a
   * gap is never smaller than the offsets of two segments.
   */
  long endBelow(long nextOffset, long recordCount) {
    if (nextOffset - highest <= 1 << 30 || nextOffset == rangeFrom) {
      return nextOffset;
    }
    return rangeFrom
        + recordCount
        - ranges.stream().mapToLong(range -> range.to() - range.from()).sum();
  }

  private void loseTail(Map.Entry<Long, Entry> first, Entry last, boolean complete) {
    check(!complete, () -> "acknowledged records are lost from " + first + " on");
    check(
        first.getKey() >= synced,
        () -> "durable records are lost from " + first + " on, durable was " + synced);
    check(
        last == null || !last.frame().equals(first.getValue().frame()),
        () -> "a batch was torn apart at " + first);
  }

  /** Records of appends that had not returned: all of a batch, or none. */
  private void adoptUnacknowledged(List<Read> reads) {
    for (Read read : reads) {
      if (!entries.containsKey(read.offset())) {
        Frame frame =
            inFlight.stream().filter(each -> each.firstId() == read.id()).findFirst().orElse(null);
        check(frame != null, () -> "a record came from nowhere: " + read + brief(reads));
        inFlight.remove(frame);
        adopt(frame, read.offset());
      }
    }
  }

  private void checkTimes(List<Read> reads) {
    long before = 0;
    for (Read read : reads) {
      long known = times.getOrDefault(read.offset(), read.time());
      check(known == read.time(), "the append time of " + read + " was " + known + " before");
      check(read.time() >= before, "append times decrease at " + read + " after " + before);
      before = read.time();
      times.put(read.offset(), read.time());
    }
  }

  private void checkHoles(long logStart, long endOffset, List<Read> reads) {
    long from = Math.max(rangeFrom, logStart);
    long present = reads.stream().filter(read -> read.offset() >= from).count();
    long missing = endOffset - from - present;
    long allowed =
        inFlight.stream().mapToInt(Frame::count).sum() + failedAppends + ABORTED_SLACK + knownHoles;
    check(
        missing <= allowed,
        () -> missing + " offsets below " + endOffset + " have no record" + brief(reads));
    knownHoles = Math.max(0, missing);
  }

  /** Segments that rolled while they were empty hold one aborted record each. */
  private static final int ABORTED_SLACK = 4;

  /** An append has failed, and left an aborted record, or its own, or nothing. */
  void failed(Frame frame) {
    failedAppends += frame.count();
  }

  /** How many records lie at or above an offset, aborted ones included. */
  long countFrom(long offset, long logEnd) {
    long from = Math.max(offset, start);
    long count = Math.max(0, logEnd - Math.max(from, rangeFrom));
    for (Range range : ranges) {
      count += Math.max(0, range.to() - Math.max(from, range.from()));
    }
    return count;
  }

  private static String brief(List<Read> reads) {
    int most = 6;
    if (reads.size() <= most) {
      return " " + reads;
    }
    return " "
        + reads.subList(0, most / 2)
        + "..."
        + reads.subList(reads.size() - most / 2, reads.size());
  }

  private void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(name + ": " + what);
    }
  }

  private void check(boolean holds, java.util.function.Supplier<String> what) {
    if (!holds) {
      throw new AssertionError(name + ": " + what.get());
    }
  }
}
