package io.sawlog.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The class path of each contender. All libraries lie in one directory, each in one version; where
 * a contender is built with another version than Sawlog, that one lies in a directory with the
 * contender's name, and stands before the others in its JVM.
 */
final class ClassPath {
  private static final String COMMON = System.getProperty("java.class.path", "");

  private ClassPath() {}

  static String of(String contender) {
    Path own = Path.of(COMMON).resolveSibling(contender);
    if (!Files.isDirectory(own)) {
      return COMMON;
    }
    try (Stream<Path> files = Files.list(own)) {
      List<String> jars = files.map(Path::toString).sorted().toList();
      return Stream.concat(jars.stream(), Stream.of(COMMON))
          .collect(Collectors.joining(File.pathSeparator));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
