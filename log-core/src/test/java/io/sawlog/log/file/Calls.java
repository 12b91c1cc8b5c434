package io.sawlog.log.file;

/** With which system calls a test runs. */
enum Calls {
  /** What the JDK offers. */
  JDK {
    @Override
    DiskStorage storage() {
      return DiskStorage.withoutPosix();
    }
  },
  /** Those of Linux as well (the same as {@link #JDK} elsewhere). */
  POSIX {
    @Override
    DiskStorage storage() {
      Posix.load();
      return DiskStorage.open();
    }
  };

  abstract DiskStorage storage();
}
