package io.sawlog.log.sim;

import java.util.Map;
import java.util.TreeMap;

/** A directory: the names as the process sees them, and as the disk holds them. */
final class Directory {
  final Map<String, Object> entries = new TreeMap<>();
  final Map<String, Object> stable = new TreeMap<>();
}
