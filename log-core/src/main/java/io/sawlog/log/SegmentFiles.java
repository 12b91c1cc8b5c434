package io.sawlog.log;

import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.segment.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a partition directory holds by way of segments, judged by names and headers alone.
 *
 * @param found the segment files by ascending base offset
 * @param highestBase the highest base offset that any name tells of, also of indexes, of files that
 *     were set aside, and of copies that a repair keeps; {@link LogTail#NO_SEGMENT} if there is
 *     none
 */
record SegmentFiles(List<Found> found, long highestBase) {
  /** The ending of the name of a file that recovery has moved aside. */
  static final String ASIDE_SUFFIX = ".aside";

  private static final Pattern NAME = Pattern.compile("(\\d{20})\\.(?:log|index)(?:\\..+)?");

  /**
   * A segment file.
   *
   * @param baseOffset as its name says
   * @param path the file
   * @param header its header, null if that is no use
   * @param problem why the header is no use, empty if it is
   */
  record Found(long baseOffset, Path path, @Nullable SegmentHeader header, String problem) {
    Segment toSegment() {
      if (header == null) {
        throw new IllegalStateException(path + " " + problem);
      }
      return new Segment(path, header);
    }
  }

  /** Lists a partition. */
  static SegmentFiles list(PartitionPlace place) throws IOException {
    List<Found> found = new ArrayList<>();
    long highest = LogTail.NO_SEGMENT;
    for (String name : place.storage().list(place.directory())) {
      Matcher matcher = NAME.matcher(name);
      if (!matcher.matches()) {
        continue;
      }
      long baseOffset;
      try {
        baseOffset = Long.parseLong(matcher.group(1));
      } catch (NumberFormatException e) {
        continue;
      }
      highest = Math.max(highest, baseOffset);
      if (name.equals(SegmentHeader.fileName(baseOffset))) {
        try {
          found.add(read(place, baseOffset));
        } catch (NoSuchFileException e) {
          // retention of the writer has deleted it since it was listed
        }
      }
    }
    found.sort(Comparator.comparingLong(Found::baseOffset));
    return new SegmentFiles(List.copyOf(found), highest);
  }

  /** Reads the header of one segment file. */
  static Found read(PartitionPlace place, long baseOffset) throws IOException {
    Path path = place.directory().resolve(SegmentHeader.fileName(baseOffset));
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.LENGTH);
    try (StorageFile file = place.storage().open(path, Storage.Access.READ)) {
      file.read(bytes, 0);
    }
    bytes.flip();
    return switch (SegmentHeader.check(bytes)) {
      case UNKNOWN_VERSION ->
          throw new UnsupportedFormatException(
              path + " was written by a newer version: open the store with that one");
      case NOT_A_SEGMENT ->
          new Found(baseOffset, path, null, "does not begin with the header of a segment");
      case BAD_CHECKSUM ->
          new Found(baseOffset, path, null, "has a header that does not match its checksum");
      case VALID -> {
        SegmentHeader header = SegmentHeader.decode(bytes);
        boolean ours =
            header.topicId().equals(place.topicId())
                && header.partition() == place.number()
                && header.baseOffset() == baseOffset;
        yield ours
            ? new Found(baseOffset, path, header, "")
            : new Found(
                baseOffset,
                path,
                null,
                "is segment "
                    + header.baseOffset()
                    + " of partition "
                    + header.partition()
                    + " of topic "
                    + header.topicId()
                    + ", not of "
                    + place.topicId());
      }
    };
  }

  /** A name under which a segment file that is moved aside replaces no other. */
  static Path freeAsideName(Storage storage, Path segment) {
    return freeName(storage, segment.resolveSibling(segment.getFileName() + ASIDE_SUFFIX));
  }

  /** The name, or that name with the first number that is not taken. */
  static Path freeName(Storage storage, Path wanted) {
    Path name = wanted;
    for (int i = 2; storage.exists(name); i++) {
      name = wanted.resolveSibling(wanted.getFileName() + "." + i);
    }
    return name;
  }
}
