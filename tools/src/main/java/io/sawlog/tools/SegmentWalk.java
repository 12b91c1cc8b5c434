package io.sawlog.tools;

import io.sawlog.log.segment.FrameCheck;
import io.sawlog.log.segment.FrameFormat;
import io.sawlog.log.segment.SegmentHeader;
import io.sawlog.log.segment.SegmentScanner;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;

/**
 * Walks over a segment from front to back, and over whatever is wrong in it. Ends in any case: each
 * step goes forward.
 *
 * <p>The segment may be written meanwhile. A frame that is not there yet, but before others that
 * are, gets a moment to appear before it is called anything. For one thread.
 */
final class SegmentWalk {
  private static final int BLOCK = 4096;
  private static final int SECOND_LOOKS = 4;
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(5);

  private final SegmentScanner scanner;
  private long expectedOffset;
  private boolean behindEnd;
  private boolean done;
  private int frame;

  SegmentWalk(SegmentScanner scanner, SegmentHeader header) {
    this.scanner = scanner;
    this.expectedOffset = header.baseOffset();
  }

  /**
   * Moves on.
   *
   * @return what was found, at last and for ever an {@link Finding.End}
   */
  Finding next() {
    if (done || behindEnd) {
      return end(behindEnd);
    }
    FrameCheck check = FrameCheck.EMPTY;
    String failure = "";
    try {
      check = look();
    } catch (IOException e) {
      failure = "cannot be read: " + e.getMessage();
    }
    if (check == FrameCheck.VALID) {
      return takeFrame();
    }
    int position = scanner.position();
    long firstOffset = expectedOffset;
    boolean claimed = failure.isEmpty() && check == FrameCheck.CLAIMED;
    boolean empty = failure.isEmpty() && check == FrameCheck.EMPTY;
    long claimEnd = claimed ? (long) position - scanner.length() : 0;
    resume(check == FrameCheck.WRONG_OFFSET ? position : position + FrameFormat.ALIGNMENT);
    if (done) {
      if (empty && isZeroFrom(position)) {
        return end(false);
      }
      scanner.moveTo(position);
      return claimed
          ? new Finding.Unfinished(position, scanner.fileEnd(), firstOffset, Finding.UNKNOWN)
          : damage(position, scanner.fileEnd(), firstOffset, Finding.UNKNOWN, check, failure);
    }
    expectedOffset = Math.max(expectedOffset, scanner.baseOffset());
    // The claim of a live or a dead thread is as long as it says; damage would be an accident.
    if (claimed && claimEnd == scanner.position()) {
      return new Finding.Unfinished(position, scanner.position(), firstOffset, expectedOffset);
    }
    return damage(position, scanner.position(), firstOffset, expectedOffset, check, failure);
  }

  private static Finding.Damage damage(
      int position, int next, long firstOffset, long nextOffset, FrameCheck check, String failure) {
    String what = failure;
    if (failure.isEmpty()) {
      what = check == FrameCheck.EMPTY ? "is missing" : check.inWords();
    }
    return new Finding.Damage(position, next, firstOffset, nextOffset, what);
  }

  private Finding.End end(boolean sealed) {
    return new Finding.End(scanner.position(), expectedOffset, sealed);
  }

  /** Looks again, at fresh bytes, at what may only be unfinished. */
  private FrameCheck look() throws IOException {
    FrameCheck check = scanner.check(expectedOffset);
    for (int i = 0; i < SECOND_LOOKS && check != FrameCheck.VALID; i++) {
      if (i > 0) {
        if (!isUnfinishedBeforeOthers(check)) {
          return check;
        }
        LockSupport.parkNanos(PAUSE_NS);
      }
      scanner.buffer().clear();
      check = scanner.check(expectedOffset);
    }
    return check;
  }

  private boolean isUnfinishedBeforeOthers(FrameCheck check) throws IOException {
    if (check != FrameCheck.EMPTY && check != FrameCheck.CLAIMED) {
      return false;
    }
    int position = scanner.position();
    boolean found =
        scanner.findValid(position + FrameFormat.ALIGNMENT, expectedOffset)
            != SegmentScanner.NOT_FOUND;
    scanner.moveTo(position);
    return found;
  }

  private Finding.Frame takeFrame() {
    DirectBuffer bytes = scanner.buffer().buffer();
    frame = scanner.frame();
    Finding.Frame found =
        new Finding.Frame(
            scanner.position(),
            scanner.length(),
            FrameFormat.crc(bytes, frame),
            scanner.baseOffset(),
            FrameFormat.recordCount(bytes, frame),
            scanner.appendTime(),
            scanner.kind(),
            FrameFormat.attributes(bytes, frame),
            scanner.durablePosition());
    expectedOffset = found.nextOffset();
    behindEnd = found.isEnd();
    scanner.skip();
    return found;
  }

  /** Moves to the next intact frame, past blocks that the device does not deliver. */
  private void resume(int from) {
    int start = from;
    while (scanner.fileEnd() - start >= FrameFormat.HEADER_LENGTH) {
      try {
        if (scanner.findValid(start, expectedOffset) != SegmentScanner.NOT_FOUND) {
          return;
        }
        start = scanner.position();
        if (scanner.fileEnd() - start < FrameFormat.HEADER_LENGTH) {
          break;
        }
      } catch (IOException e) {
        start = Math.max(start, scanner.position());
      }
      start = (start / BLOCK + 1) * BLOCK;
    }
    done = true;
  }

  private boolean isZeroFrom(int position) {
    try {
      return scanner.findNonZero(position) == SegmentScanner.NOT_FOUND
          && scanner.fileEnd() - scanner.position() < FrameFormat.ALIGNMENT;
    } catch (IOException e) {
      return false;
    } finally {
      scanner.moveTo(position);
    }
  }

  /** The bytes around the last frame, valid until the next step. */
  DirectBuffer bytes() {
    return scanner.buffer().buffer();
  }

  /** Where the last frame lies in {@link #bytes}. */
  int frame() {
    return frame;
  }

  /** The first bytes of a place, for a look at what cannot be decoded. */
  byte[] peek(int position, int count) {
    int length = Math.max(0, Math.min(count, scanner.fileEnd() - position));
    int here = scanner.position();
    byte[] bytes = new byte[length];
    try {
      scanner.moveTo(position);
      FrameCheck unused = scanner.check(SegmentScanner.ANY_OFFSET);
      if (!scanner.buffer().contains(position, length)) {
        return new byte[0];
      }
      scanner.buffer().buffer().getBytes(scanner.frame(), bytes);
      return bytes;
    } catch (IOException e) {
      return new byte[0];
    } finally {
      scanner.moveTo(here);
    }
  }
}
