package io.sawlog.log;

import io.sawlog.log.RecoveryPlan.Abort;
import io.sawlog.log.RecoveryPlan.Place;
import io.sawlog.log.RecoveryPlan.Range;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.FrameCheck;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows the frames of a partition from its recovery point to where the log ends, in one of two
 * ways: as the page cache of a process that died shows it, or as a power cut left it.
 */
final class RecoveryScan {
  private final PartitionPlace place;
  private final LogTail opening;
  private final List<SegmentFiles.Found> files;
  private final int firstIndex;
  private final Place start;
  private final List<Abort> aborts = new ArrayList<>();
  private final List<String> details = new ArrayList<>();

  private int index;
  private int position;
  private long offset;
  private long time;
  private boolean ended;
  private long endOffsetBeforeEnd;
  private Range garbage = new Range(0, 0);
  private long scannedBytes;

  /**
   * Prepares a scan.
   *
   * @param files the segment files, by base offset
   * @param firstIndex the one that holds the recovery point, -1 if there is none
   * @param start the recovery point
   * @param opening where the log ended when the life began that is recovered
   */
  RecoveryScan(
      PartitionPlace place,
      List<SegmentFiles.Found> files,
      int firstIndex,
      Place start,
      LogTail opening) {
    this.place = place;
    this.opening = opening;
    this.files = files;
    this.firstIndex = firstIndex;
    this.start = start;
    reset();
  }

  private void reset() {
    index = firstIndex;
    position = start.position();
    offset = start.offset();
    time = start.lastTime();
    ended = false;
    garbage = new Range(0, 0);
    scannedBytes = 0;
    aborts.clear();
  }

  /**
   * Takes every published frame, also behind claims that were never published.
   *
   * @return false if the bytes contradict the assumption that the page cache survived
   */
  boolean overHoles() throws IOException {
    reset();
    if (index < 0 && !files.isEmpty()) {
      return contradiction(files.get(0).path() + " " + files.get(0).problem());
    }
    while (index >= 0 && index < files.size()) {
      SegmentFiles.Found found = files.get(index);
      if (found.header() == null) {
        return contradiction(found.path() + " " + found.problem());
      }
      boolean last = index + 1 == files.size();
      try (StorageFile file = open(found)) {
        SegmentScanner scanner = new SegmentScanner(file, found.header());
        scanner.moveTo(position);
        if (!segmentOverHoles(found, scanner)) {
          return false;
        }
      }
      if (!ended) {
        return last || contradiction(found.path() + " has no END, and yet a segment follows it");
      }
      if (last) {
        return true;
      }
      if (files.get(index + 1).baseOffset() != offset) {
        return contradiction(
            found.path()
                + " ends at offset "
                + offset
                + ", but the next segment begins at "
                + files.get(index + 1).baseOffset());
      }
      moveTo(index + 1);
    }
    return true;
  }

  private boolean segmentOverHoles(SegmentFiles.Found found, SegmentScanner scanner)
      throws IOException {
    while (true) {
      FrameCheck check = scanner.check(offset);
      if (check == FrameCheck.VALID) {
        if (take(scanner)) {
          return true;
        }
      } else if (check == FrameCheck.EMPTY || check == FrameCheck.CLAIMED) {
        int hole = scanner.position();
        int next = endOfHole(scanner);
        if (next < 0) {
          return contradiction(where(found, -next) + " lies behind an unfinished append");
        }
        if (next == scanner.fileEnd()) {
          position = hole;
          return true;
        }
        if (!fill(found, hole, next, scanner.baseOffset())) {
          return contradiction(where(found, next) + " does not continue the offsets before it");
        }
      } else {
        return contradiction(where(found, scanner.position()) + " " + check.inWords());
      }
    }
  }

  /**
   * Looks behind a claim for the next frame that was published.
   *
   * @return its position, to which the scanner has moved; the end of the file if there is none, and
   *     {@link #garbage} is then what the claims left; a negative position for bytes that fit
   *     neither
   */
  private int endOfHole(SegmentScanner scanner) throws IOException {
    int hole = scanner.position();
    int claimedTo = hole;
    while (true) {
      FrameCheck check = scanner.check(SegmentScanner.ANY_OFFSET);
      int at = scanner.position();
      if (check == FrameCheck.VALID) {
        return at;
      }
      if (check == FrameCheck.CLAIMED) {
        int length = -scanner.length();
        if (length < FrameFormat.HEADER_LENGTH
            || length % FrameFormat.ALIGNMENT != 0
            || length > scanner.fileEnd() - at) {
          return -at;
        }
        claimedTo = at + length;
        scanner.moveTo(claimedTo);
      } else if (check == FrameCheck.EMPTY) {
        int next = scanner.findNonZero(at);
        if (next == SegmentScanner.NOT_FOUND) {
          garbage = new Range(hole, claimedTo);
          return scanner.fileEnd();
        }
        if (next == at) {
          return -at;
        }
      } else {
        return -at;
      }
    }
  }

  /** Covers a hole with as many ABORTED frames as its count of records needs. */
  private boolean fill(SegmentFiles.Found found, int from, int to, long nextOffset) {
    List<Abort> covering = Abort.covering(found.baseOffset(), from, to, offset, nextOffset, time);
    if (covering.isEmpty()) {
      return false;
    }
    aborts.addAll(covering);
    offset = nextOffset;
    return true;
  }

  private boolean contradiction(String what) {
    details.add(
        "the machine was not booted since, and yet "
            + what
            + ": either a cache was lost (a snapshot, a second mount), or bytes are damaged");
    return false;
  }

  /**
   * Takes the frames up to the first one that is not valid, as after a power cut.
   *
   * @throws CorruptLogException if a later frame vouches that the end found was durable and beyond
   */
  void untilFirstInvalid() throws IOException {
    reset();
    FrameCheck stop = FrameCheck.EMPTY;
    while (index >= 0 && index < files.size()) {
      SegmentFiles.Found found = files.get(index);
      try (StorageFile file = open(found)) {
        SegmentScanner scanner = new SegmentScanner(file, header(found));
        scanner.moveTo(position);
        stop = scanner.check(offset);
        while (stop == FrameCheck.VALID && !take(scanner)) {
          stop = scanner.check(offset);
        }
        if (!ended) {
          position = scanner.position();
        }
      }
      boolean follows =
          ended
              && index + 1 < files.size()
              && files.get(index + 1).header() != null
              && files.get(index + 1).baseOffset() == offset;
      if (!follows) {
        break;
      }
      moveTo(index + 1);
    }
    refuseDamageBelow(stop);
  }

  /** Searches what lies behind the end for frames that say the end was durable. */
  private void refuseDamageBelow(FrameCheck stop) throws IOException {
    if (stop != FrameCheck.EMPTY && stop != FrameCheck.VALID) {
      details.add(
          where(files.get(index), position) + " " + stop.inWords() + ": the log ends there");
    }
    for (int i = Math.max(index, 0); i < files.size(); i++) {
      SegmentFiles.Found found = files.get(i);
      if (found.header() == null || (i == index && ended)) {
        continue;
      }
      boolean torn = i == index;
      int limit = torn ? position : SegmentHeader.LENGTH - 1;
      try (StorageFile file = open(found)) {
        SegmentScanner scanner = new SegmentScanner(file, found.header());
        int from = torn ? position : SegmentHeader.LENGTH;
        int at = scanner.findValid(from, found.baseOffset());
        while (at != SegmentScanner.NOT_FOUND) {
          if (scanner.durablePosition() > limit) {
            throw damage(found, at, stop);
          }
          at = scanner.findValid(at + scanner.length(), found.baseOffset());
        }
        scannedBytes += scanner.position() - from;
      }
    }
  }

  private CorruptLogException damage(SegmentFiles.Found witness, int at, FrameCheck stop) {
    return new CorruptLogException(
        place.name()
            + ": the "
            + where(files.get(Math.max(index, 0)), position)
            + " (offset "
            + offset
            + ") "
            + stop.inWords()
            + ", although the "
            + where(witness, at)
            + " says that it was durable: nothing was changed; "
            + CorruptLogException.WAY_OUT);
  }

  /** Takes a valid frame; true if it was END. */
  private boolean take(SegmentScanner scanner) {
    scannedBytes += scanner.length();
    if (scanner.kind() == FrameFormat.KIND_END) {
      ended = true;
      position = scanner.position();
      endOffsetBeforeEnd = offset;
      offset = scanner.baseOffset();
      return true;
    }
    offset = scanner.nextOffset();
    time = scanner.appendTime();
    scanner.skip();
    return false;
  }

  private void moveTo(int nextIndex) {
    index = nextIndex;
    position = SegmentHeader.LENGTH;
    ended = false;
  }

  private StorageFile open(SegmentFiles.Found found) throws IOException {
    return place.storage().open(found.path(), Storage.Access.READ);
  }

  private static SegmentHeader header(SegmentFiles.Found found) {
    SegmentHeader header = found.header();
    if (header == null) {
      throw new IllegalStateException(found.path() + " " + found.problem());
    }
    return header;
  }

  private static String where(SegmentFiles.Found found, int position) {
    return "frame at position " + position + " of " + found.path();
  }

  /** The index of the last segment of the log; -1 if there is none. */
  int segmentIndex() {
    return index;
  }

  /** Where the frames end: the position of END, if there is one. */
  int endPosition() {
    return position;
  }

  /** The offset behind the last record. */
  long endOffset() {
    if (isNothingNew()) {
      SegmentHeader header = header(files.get(index));
      return header.baseOffset() + opening.recordCount() - header.recordsBefore();
    }
    return ended ? endOffsetBeforeEnd : offset;
  }

  /**
   * Whether the log ends with the END that it had already, which a recovery that was cut short may
   * have torn. Behind the END of a cut the offsets have a gap, so they tell nothing of the count.
   */
  private boolean isNothingNew() {
    return index >= 0
        && opening.sealed()
        && files.get(index).baseOffset() == opening.segmentBase()
        && position + FrameFormat.HEADER_LENGTH == opening.position();
  }

  /** Where the log goes on if it is not cut. */
  LogTail tail() {
    if (index < 0) {
      return new LogTail(LogTail.NO_SEGMENT, 0, offset, time, opening.recordCount(), true);
    }
    SegmentHeader header = header(files.get(index));
    int tailPosition = ended ? position + FrameFormat.HEADER_LENGTH : position;
    long recordCount = header.recordsBefore() + endOffset() - header.baseOffset();
    return new LogTail(header.baseOffset(), tailPosition, offset, time, recordCount, ended);
  }

  List<Abort> aborts() {
    return List.copyOf(aborts);
  }

  Range garbage() {
    return garbage;
  }

  long scannedBytes() {
    return scannedBytes;
  }

  List<String> details() {
    return details;
  }
}
