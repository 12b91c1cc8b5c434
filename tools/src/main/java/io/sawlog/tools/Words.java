package io.sawlog.tools;

import java.util.Locale;

/** Numbers as they read best in a line of text. */
final class Words {
  private Words() {}

  /** A number of things. */
  static String count(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  /** A checksum or a salt. */
  static String hex(int word) {
    return String.format(Locale.ROOT, "%08x", word);
  }

  /** The offsets from the first one up to, and without, the next one. */
  static String offsets(long first, long next) {
    if (next == Finding.UNKNOWN) {
      return "offsets from " + first + " on";
    }
    return switch ((int) Math.min(2, Math.max(0, next - first))) {
      case 0 -> "no offset";
      case 1 -> "offset " + first;
      default -> "offsets " + first + ".." + (next - 1);
    };
  }
}
