package io.sawlog.tools;

import io.sawlog.groups.TopicPartition;
import io.sawlog.log.Sawlog;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Partitions as {@code --topic} names them: {@code orders} for all, {@code orders:0,1} for some.
 */
final class PartitionList {
  private static final Pattern FORM = Pattern.compile("([^:]+)(?::(\\d{1,6}(?:,\\d{1,6})*))?");

  private PartitionList() {}

  static Set<TopicPartition> of(List<String> topics, Sawlog log) {
    Set<TopicPartition> partitions = new TreeSet<>();
    for (String text : topics) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new UsageException("'" + text + "' is not TOPIC or TOPIC:0,1");
      }
      String topic = form.group(1);
      ExistingTopic.require(log, topic);
      String numbers = form.group(2);
      if (numbers == null) {
        for (int number = 0; number < log.topic(topic).partitionCount(); number++) {
          partitions.add(new TopicPartition(topic, number));
        }
      } else {
        for (String number : numbers.split(",", -1)) {
          partitions.add(new TopicPartition(topic, Integer.parseInt(number)));
        }
      }
    }
    return partitions;
  }
}
