package io.sawlog.tools;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits a file or standard input into lines of bytes. A line ends with LF or with the input;
 * nothing is decoded, and a CR stays in the line. An interrupt of the reading thread ends the
 * input, also where it waits for a terminal or a pipe.
 */
final class LineReader implements AutoCloseable {
  private static final int INITIAL_CAPACITY = 1 << 16;

  private final FileInputStream stream;
  private final FileChannel channel;
  private final String name;
  private byte[] buffer = new byte[INITIAL_CAPACITY];
  private int start;
  private int end;

  /** No byte from {@code start} to here is a line feed. */
  private int searched;

  private boolean ended;
  private long lineCount;
  private long byteCount;

  private LineReader(FileInputStream stream, String name) {
    this.stream = stream;
    this.channel = stream.getChannel();
    this.name = name;
  }

  /** Reads a file, or standard input if there is none. */
  static LineReader open(@Nullable Path file, FileInputStream stdin) throws IOException {
    if (file == null || file.toString().equals("-")) {
      return new LineReader(stdin, "standard input");
    }
    if (file.toFile().isDirectory()) {
      throw new CommandException(file + " is a directory: --file takes a file of lines");
    }
    if (!file.toFile().exists()) {
      throw new CommandException(file + ": no such file");
    }
    return new LineReader(new FileInputStream(file.toFile()), file.toString());
  }

  /**
   * Reads the next line.
   *
   * @param maxLength the longest line that is of use; memory is bounded by it
   * @return the line without its LF, or null at the end of the input
   */
  byte @Nullable [] next(int maxLength) throws IOException {
    int lineEnd = find();
    while (lineEnd < 0 && fill(maxLength)) {
      lineEnd = find();
    }
    if (lineEnd < 0) {
      if (start == end) {
        return null;
      }
      lineEnd = end;
    }
    byte[] line = Arrays.copyOfRange(buffer, start, lineEnd);
    int next = Math.min(lineEnd + 1, end);
    byteCount += next - start;
    lineCount++;
    start = next;
    searched = next;
    return line;
  }

  /** Whether the next line can be had without waiting, as far as one can tell. */
  boolean isReady() throws IOException {
    return find() >= 0 || (!ended && stream.available() > 0);
  }

  private int find() {
    while (searched < end) {
      if (buffer[searched] == '\n') {
        return searched;
      }
      searched++;
    }
    return -1;
  }

  private boolean fill(int maxLength) throws IOException {
    if (ended) {
      return false;
    }
    if (end - start > maxLength) {
      throw new CommandException(
          name
              + ": line "
              + (lineCount + 1)
              + " is longer than the largest record of the topic ("
              + ByteSize.inWords(maxLength)
              + "): 'sawlog topic alter --max-frame-bytes' raises it");
    }
    makeRoom();
    try {
      int count = channel.read(ByteBuffer.wrap(buffer, end, buffer.length - end));
      if (count < 0) {
        ended = true;
        return false;
      }
      end += count;
      return true;
    } catch (ClosedByInterruptException e) {
      // What was not read as a whole line is not a line. The flag has done its work.
      boolean unused = Thread.interrupted();
      ended = true;
      start = end;
      searched = end;
      return false;
    }
  }

  private void makeRoom() {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      searched -= start;
      end -= start;
      start = 0;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
  }

  /** The bytes of the whole input if it is a file, else {@link Progress#UNKNOWN}. */
  long totalBytes() throws IOException {
    long size = channel.size();
    return size > 0 ? size : Progress.UNKNOWN;
  }

  long lineCount() {
    return lineCount;
  }

  long byteCount() {
    return byteCount;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
