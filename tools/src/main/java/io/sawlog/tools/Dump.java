package io.sawlog.tools;

import io.sawlog.groups.SideLogReader;
import io.sawlog.index.HeaderCheck;
import io.sawlog.index.IndexEntry;
import io.sawlog.index.SparseIndex;
import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.Storage;
import io.sawlog.log.segment.MalformedRecordException;
import io.sawlog.log.segment.RecordCursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;

/** One run of {@code dump}: shows what was selected of one file after the other. */
final class Dump {
  private static final int PEEK_LENGTH = 256;

  private final Storage storage = DiskStorage.open();
  private final DumpFormat format;
  private final Selection selection;
  private final SideLogs sideLogs = new SideLogs();
  private long shown;
  private long damageCount;

  /**
   * What to show.
   *
   * @param from the lowest offset
   * @param to no offset from here on
   * @param max how many frames or records
   * @param records whether to show records
   * @param index whether to show indexes instead of segments
   */
  record Selection(long from, long to, long max, boolean records, boolean index) {
    boolean overlaps(long first, long next) {
      return first < to && (next > from || next == Finding.UNKNOWN || first >= from);
    }
  }

  Dump(DumpFormat format, Selection selection) {
    this.format = format;
    this.selection = selection;
  }

  /** How many damaged places were shown. */
  long damageCount() {
    return damageCount;
  }

  private boolean isFull() {
    return shown >= selection.max();
  }

  /** Shows a file, or all files of a directory. */
  void add(LogPath target) throws IOException {
    switch (target.kind()) {
      case SEGMENT -> {
        if (selection.index()) {
          addIndex(IndexCopy.pathBeside(target.path()));
        } else {
          addSegment(target.path());
        }
      }
      case INDEX -> addIndex(target.path());
      default -> {
        for (Path partition : target.partitions()) {
          addPartition(partition);
        }
      }
    }
  }

  /** Segments that hold nothing of the selection are not read: a partition may be large. */
  private void addPartition(Path partition) throws IOException {
    List<Path> segments = LogPath.segments(partition);
    for (int i = 0; i < segments.size() && !isFull(); i++) {
      long base = SegmentFile.baseOffsetOf(segments.get(i)).orElse(0);
      long next =
          i + 1 < segments.size()
              ? SegmentFile.baseOffsetOf(segments.get(i + 1)).orElse(Long.MAX_VALUE)
              : Long.MAX_VALUE;
      if (selection.overlaps(base, next)) {
        try {
          add(new LogPath(LogPath.Kind.SEGMENT, segments.get(i)));
        } catch (NoSuchFileException e) {
          if (Files.exists(segments.get(i))) {
            throw e;
          }
          // Retention of a live store has taken it since the directory was read.
        }
      }
    }
  }

  private void addSegment(Path path) throws IOException {
    if (isFull()) {
      return;
    }
    try (SegmentFile segment = SegmentFile.open(storage, path)) {
      format.segment(segment);
      damageCount += segment.headerProblem() == null ? 0 : 1;
      if (segment.isReadable()) {
        show(segment, segment.walk());
      }
    }
  }

  private void show(SegmentFile segment, SegmentWalk walk) {
    while (!isFull()) {
      Finding finding = walk.next();
      if (finding instanceof Finding.End end) {
        if (selection.overlaps(end.nextOffset(), Finding.UNKNOWN)) {
          format.end(segment, end);
        }
        return;
      } else if (finding instanceof Finding.Frame frame) {
        if (frame.baseOffset() >= selection.to()) {
          return;
        }
        if (selection.overlaps(frame.baseOffset(), frame.nextOffset())) {
          showFrame(segment, frame, walk);
        }
      } else if (finding instanceof Finding.Unfinished unfinished) {
        if (selection.overlaps(unfinished.firstOffset(), unfinished.nextOffset())) {
          format.unfinished(segment, unfinished);
        }
      } else if (finding instanceof Finding.Damage damage
          && selection.overlaps(damage.firstOffset(), damage.nextOffset())) {
        showDamage(segment, damage, walk);
      }
    }
  }

  private void showFrame(SegmentFile segment, Finding.Frame frame, SegmentWalk walk) {
    DirectBuffer bytes = walk.bytes();
    format.frame(segment, frame, bytes, walk.frame());
    if (!selection.records()) {
      shown++;
    }
    if (!frame.isData()) {
      return;
    }
    SideLogReader sideLog = sideLogs.of(segment.path());
    RecordCursor record = new RecordCursor();
    record.reset(bytes, walk.frame());
    try {
      while (record.hasNext() && !isFull()) {
        record.next();
        boolean wanted = record.offset() >= selection.from() && record.offset() < selection.to();
        if (wanted && selection.records()) {
          format.record(segment, frame, record, bytes);
          shown++;
        }
        if (wanted && sideLog != null) {
          showStep(segment, frame, record, bytes, sideLog);
        }
      }
    } catch (MalformedRecordException e) {
      damageCount++;
      format.damage(segment, malformed(frame, "cannot be decoded: " + e.getMessage()), new byte[0]);
    }
  }

  private void showStep(
      SegmentFile segment,
      Finding.Frame frame,
      RecordCursor record,
      DirectBuffer bytes,
      SideLogReader sideLog) {
    try {
      int length = Math.max(0, record.valueLength());
      format.step(
          segment, frame, record.offset(), sideLog.read(bytes, record.valuePosition(), length));
    } catch (IllegalArgumentException e) {
      damageCount++;
      format.damage(
          segment, malformed(frame, "holds no event of a group: " + e.getMessage()), new byte[0]);
    }
  }

  /**
   * The checksum is right, so the writer was wrong; the frame's offsets are used up all the same.
   */
  static Finding.Damage malformed(Finding.Frame frame, String what) {
    return new Finding.Damage(
        frame.position(),
        frame.position() + frame.length(),
        frame.baseOffset(),
        frame.nextOffset(),
        "matches its checksum but " + what);
  }

  private void showDamage(SegmentFile segment, Finding.Damage damage, SegmentWalk walk) {
    damageCount++;
    int length = Math.min(PEEK_LENGTH, damage.nextPosition() - damage.position());
    format.damage(segment, damage, walk.peek(damage.position(), length));
  }

  private void addIndex(Path path) throws IOException {
    if (isFull()) {
      return;
    }
    IndexCopy index = IndexCopy.read(storage, path);
    HeaderCheck check = check(index);
    format.index(index, check);
    if (!(check instanceof HeaderCheck.Valid valid)) {
      damageCount++;
      return;
    }
    SparseIndex entries = new SparseIndex(index.bytes(), valid.header());
    entries.forEach(entry -> showEntry(index, entry, valid.header().baseOffset()));
  }

  /** Against its segment if that is there, for an index of another one is worse than none. */
  private HeaderCheck check(IndexCopy index) throws IOException {
    Path beside = IndexCopy.segmentBeside(index.path());
    if (!Files.exists(beside) || beside.equals(index.path())) {
      return index.checkAlone();
    }
    try (SegmentFile segment = SegmentFile.open(storage, beside)) {
      return segment.isHeaderIntact() ? index.check(segment.header()) : index.checkAlone();
    }
  }

  private void showEntry(IndexCopy index, IndexEntry entry, long baseOffset) {
    long offset = baseOffset + entry.relativeOffset();
    if (!isFull() && offset >= selection.from() && offset < selection.to()) {
      format.entry(index, entry, offset);
      shown++;
    }
  }
}
