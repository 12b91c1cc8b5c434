package io.sawlog.tools;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Standard output: bytes as they are, buffered. {@code System.out} will not do, for it swallows
 * errors, so that nobody would notice that the disk is full or that the reader has gone.
 *
 * <p>A line becomes visible to others with {@link #flush}, which comes by itself only when the
 * buffer is full. For one thread.
 */
final class Output extends OutputStream {
  private static final int CAPACITY = 1 << 16;

  private final OutputStream target;
  private final byte[] buffer = new byte[CAPACITY];
  private int length;

  Output(OutputStream target) {
    this.target = target;
  }

  /** Prints a text as UTF-8. */
  Output text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(bytes, 0, bytes.length);
    return this;
  }

  /** Prints a text as UTF-8, and a newline. */
  void line(String text) {
    text(text).newline();
  }

  void newline() {
    write('\n');
  }

  @Override
  public void write(int oneByte) {
    if (length == CAPACITY) {
      flush();
    }
    buffer[length++] = (byte) oneByte;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) {
    if (count > CAPACITY - length) {
      flush();
    }
    if (count > CAPACITY) {
      send(bytes, offset, count);
    } else {
      System.arraycopy(bytes, offset, buffer, length, count);
      length += count;
    }
  }

  @Override
  public void write(byte[] bytes) {
    write(bytes, 0, bytes.length);
  }

  /**
   * Hands everything to the operating system.
   *
   * @throws BrokenPipeException if nobody reads it
   * @throws CommandException if it cannot be written
   */
  @Override
  public void flush() {
    // Emptied first: what could not be written once is not tried again on the way out.
    int count = length;
    length = 0;
    if (count > 0) {
      send(buffer, 0, count);
    }
  }

  private void send(byte[] bytes, int offset, int count) {
    try {
      target.write(bytes, offset, count);
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      if (reason.toLowerCase(Locale.ROOT).contains("pipe")) {
        throw new BrokenPipeException(e);
      }
      throw new CommandException("cannot write to standard output: " + reason, e);
    }
  }
}
