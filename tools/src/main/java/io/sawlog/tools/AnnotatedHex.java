package io.sawlog.tools;

import java.io.OutputStream;
import java.io.PrintStream;
import net.openhft.chronicle.bytes.HexDumpBytes;
import org.agrona.DirectBuffer;

/**
 * Consecutive bytes of a file, each field in hexadecimal with what it says beside it. Loads
 * chronicle-bytes, which takes longer than all else that a dump does: so only {@code --hex} does.
 */
final class AnnotatedHex {
  static {
    silenceFirstUse();
  }

  private final HexDumpBytes hex = new HexDumpBytes();

  /**
   * Begins a piece.
   *
   * @param start the position of the first byte in its file
   */
  AnnotatedHex(long start) {
    hex.offsetFormat((offset, target) -> target.appendBase16(start + offset, 8));
  }

  /**
   * Its first use prints to stderr whatever the flags are, and nothing that a user could act on.
   */
  private static void silenceFirstUse() {
    PrintStream stderr = System.err;
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), false));
    try {
      HexDumpBytes first = new HexDumpBytes();
      first.write(new byte[1]);
      String unused = first.toHexString();
      first.releaseLast();
    } finally {
      System.setErr(stderr);
    }
  }

  /** Adds a field. */
  AnnotatedHex field(DirectBuffer bytes, int position, int length, String meaning) {
    byte[] copy = new byte[length];
    bytes.getBytes(position, copy);
    return field(copy, meaning);
  }

  /** Adds a field. */
  AnnotatedHex field(byte[] bytes, String meaning) {
    if (bytes.length > 0) {
      hex.writeHexDumpDescription(meaning);
      hex.write(bytes);
    }
    return this;
  }

  /** Indents what follows. */
  AnnotatedHex indent(int steps) {
    hex.adjustHexDumpIndentation(steps);
    return this;
  }

  /** Prints the piece, and ends it. */
  void printTo(Output output) {
    output.text(hex.toHexString());
    hex.releaseLast();
  }
}
