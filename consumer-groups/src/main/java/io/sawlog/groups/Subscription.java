package io.sawlog.groups;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a member reads: topics by name, or all whose name matches a pattern.
 *
 * @param names the names; none if there is a pattern
 * @param pattern the pattern
 */
record Subscription(Set<String> names, @Nullable Pattern pattern) {
  Subscription {
    names = Set.copyOf(names);
  }

  boolean includes(String topic) {
    return pattern == null ? names.contains(topic) : pattern.matcher(topic).matches();
  }
}
