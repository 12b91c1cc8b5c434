package io.sawlog.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;

/** Contents for files, and what files contain. */
final class Bytes {
  private Bytes() {}

  /** Bytes without a zero among them, the same ones every time. */
  static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    Random random = new Random(length);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (1 + random.nextInt(255));
    }
    return bytes;
  }

  static byte[] read(StorageFile file, long position, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocateDirect(length);
    int count = file.read(target, position);
    byte[] bytes = new byte[count];
    target.flip().get(bytes);
    return bytes;
  }

  /** The bytes of all blocks of a file. */
  static long allocated(Path file) throws IOException {
    return 512 * Long.parseLong(Shell.output("stat", "-c", "%b", file.toString()));
  }
}
