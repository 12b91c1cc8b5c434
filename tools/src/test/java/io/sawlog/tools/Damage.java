package io.sawlog.tools;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What disks do to files, and how to see that nobody else did anything. */
final class Damage {
  private Damage() {}

  /** Flips one bit. */
  static void flip(Path path, long position) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(position);
      int before = file.read();
      file.seek(position);
      file.write(before ^ 0x10);
    }
  }

  /** Overwrites a range. */
  static void overwrite(Path path, long position, int length, int value) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(position);
      for (int i = 0; i < length; i++) {
        file.write(value);
      }
    }
  }

  /** Cuts a file off. */
  static void truncate(Path path, long length) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(length);
    }
  }

  /** The content of every file below a directory. */
  static Map<Path, String> contentOf(Path directory) throws IOException {
    Map<Path, String> content = new TreeMap<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            content.put(directory.relativize(file), bytes.length + ":" + Arrays.hashCode(bytes));
            return FileVisitResult.CONTINUE;
          }
        });
    return content;
  }
}
