package io.sawlog.log;

import java.util.regex.Pattern;

/** Which names a topic may have: such as are a directory name everywhere, and never a path. */
final class Names {
  static final String LOCK_FILE = "store.lock";
  static final String GROUPS_DIRECTORY = "groups";

  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,248}");

  private Names() {}

  static boolean isLegal(String name) {
    return LEGAL.matcher(name).matches()
        && !name.equals(LOCK_FILE)
        && !name.equals(GROUPS_DIRECTORY);
  }

  /** Returns the name, or throws the exception that says what a name looks like. */
  static String check(String name) {
    if (!isLegal(name)) {
      throw new InvalidNameException(
          "'"
              + name
              + "' cannot be a topic name: use 1 to 249 of A-Z a-z 0-9 . _ - with no leading dot,"
              + " and neither 'groups' nor 'store.lock'");
    }
    return name;
  }
}
