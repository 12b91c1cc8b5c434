package io.sawlog.log.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.Path;

/** What another process does with the lock of a store. */
final class LockChild {
  private LockChild() {}

  public static void main(String[] arguments) throws IOException {
    Path lockFile = Path.of(arguments[1]);
    Storage storage = DiskStorage.withoutPosix();
    switch (arguments[0]) {
      case "try" -> {
        StorageLock lock = storage.tryLock(lockFile, "a child");
        say(lock == null ? "refused, held by " + storage.lockHolder(lockFile) : "taken");
      }
      case "hold" -> {
        StorageLock lock = storage.tryLock(lockFile, "a child");
        say(lock == null ? "refused" : "taken");
        System.in.read();
      }
      case "probe" -> {
        try (RandomAccessFile file = new RandomAccessFile(lockFile.toFile(), "rw")) {
          FileLock probe = file.getChannel().tryLock(1, 1, true);
          say(probe == null ? "refused" : "probing");
          System.in.read();
        }
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
