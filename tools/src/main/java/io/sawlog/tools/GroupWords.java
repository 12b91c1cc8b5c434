package io.sawlog.tools;

import java.util.Locale;

/** The names of the states and kinds of groups, as people and programs read them. */
final class GroupWords {
  private GroupWords() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
