package io.sawlog.tools;

import io.sawlog.groups.GroupDescription;
import io.sawlog.groups.PartitionDescription;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Puts a survey into one HTML page: a headline, a chart for each question with the numbers beneath
 * it as a table, and the charting library itself. The tables are there without JavaScript; the
 * charts are drawn by it from the JSON of {@link ReportData}.
 */
final class ReportPage {
  private static final String LIBRARY =
      "/META-INF/resources/webjars/echarts/5.3.1/dist/echarts.min.js";

  private final StoreSurvey survey;
  private final long now;
  private final HtmlTable tables = new HtmlTable();

  /**
   * Makes a page.
   *
   * @param now when the survey was made, epoch ms
   */
  ReportPage(StoreSurvey survey, long now) {
    this.survey = survey;
    this.now = now;
  }

  /** The page, complete. */
  String html() {
    return resource("report/page.html")
        .replace("@@TITLE@@", HtmlTable.escape("Sawlog report: " + survey.directory()))
        .replace("@@STYLE@@", resource("report/page.css"))
        .replace("@@HEAD@@", head())
        .replace("@@PROBLEMS@@", problems())
        .replace("@@SECTIONS@@", sections())
        .replace("@@DATA@@", new ReportData(survey, now).json())
        .replace("@@LIBRARY@@", resource(LIBRARY))
        .replace("@@SCRIPT@@", resource("report/page.js"));
  }

  private static String resource(String name) {
    try (InputStream stream = ReportPage.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is missing in the jar of the tool");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String head() {
    long lag = survey.groups().stream().mapToLong(group -> group.lag().records()).max().orElse(0);
    boolean good = survey.damage().isEmpty();
    String verdict = good ? "no damage" : Words.count(survey.damage().size(), "problem");
    return "<p class=\"where\">"
        + HtmlTable.escape(survey.directory().toString())
        + "</p>\n<p class=\"when\">"
        + Timestamp.of(now)
        + " &middot; "
        + (survey.writer() == null
            ? "nobody writes it"
            : "written by " + HtmlTable.escape(survey.writer()))
        + " <span class=\"badge "
        + (good ? "good" : "bad")
        + "\">"
        + verdict
        + "</span></p>\n<div class=\"cards\">\n"
        + card("topics", HtmlTable.number(survey.growth().size()))
        + card("records", HtmlTable.number(survey.records()))
        + card("held", ByteSize.inWords(survey.usedBytes()))
        + card("segments", HtmlTable.number(survey.segmentCount()))
        + card("groups", HtmlTable.number(survey.groupCount()))
        + card("largest lag", HtmlTable.number(lag))
        + "</div>\n";
  }

  private static String card(String name, String value) {
    return "<div class=\"card\"><b>" + value + "</b><span>" + name + "</span></div>\n";
  }

  private String problems() {
    return list("damage", "Damaged", survey.damage()) + list("notes", "Notes", survey.notes());
  }

  private static String list(String style, String title, List<String> lines) {
    if (lines.isEmpty()) {
      return "";
    }
    StringBuilder html = new StringBuilder();
    html.append("<section class=\"").append(style).append("\"><h2>").append(title);
    html.append("</h2>\n<ul>\n");
    lines.forEach(line -> html.append("<li>").append(HtmlTable.escape(line)).append("</li>\n"));
    return html.append("</ul></section>\n").toString();
  }

  private String sections() {
    if (survey.partitions().isEmpty()) {
      return "<section><p class=\"nothing\">The store has no topics yet.</p></section>\n";
    }
    return section("segments", "Segments over time", segmentsText(), segments())
        + section(
            "bytes", "Bytes appended", "in intervals of " + interval() + ", by topic", growth(true))
        + section(
            "records",
            "Records appended",
            "in intervals of " + interval() + ", by topic",
            growth(false))
        + section(
            "index",
            "Index density",
            "how much of what an index can hold it holds; it is rebuilt where it is missing",
            index())
        + groups()
        + section(
            "recovery",
            "Traces of recovery",
            "a store keeps no diary: this is what deaths, recoveries and repairs have left behind",
            recovery());
  }

  private String interval() {
    return Durations.inWords(survey.intervalMs());
  }

  private static String segmentsText() {
    return "from the first record to the last; the higher a bar, the more it holds";
  }

  private static String section(String id, String title, String text, String table) {
    return "<section id=\""
        + id
        + "\">\n<h2>"
        + title
        + "</h2>\n<p>"
        + HtmlTable.escape(text)
        + "</p>\n<div class=\"chart\" id=\"chart-"
        + id
        + "\"></div>\n<details><summary>the numbers</summary>\n"
        + table
        + "</details>\n</section>\n";
  }

  private String segments() {
    tables.begin("Partition", "#Base offset", "#Next", "#Records", "Held", "File", "First", "Last");
    for (PartitionSurvey partition : survey.partitions()) {
      for (SegmentSurvey segment : partition.segments()) {
        tables.row(
            partition.name(),
            segment.baseOffset(),
            segment.nextOffset(),
            segment.records(),
            ByteSize.inWords(segment.usedBytes()),
            ByteSize.inWords(segment.fileBytes()),
            time(segment.firstTime()),
            time(segment.lastTime()));
      }
    }
    return tables.end();
  }

  private static String time(long epochMs) {
    return epochMs == SegmentSurvey.UNKNOWN ? "" : Timestamp.of(epochMs);
  }

  private String growth(boolean bytes) {
    tables.begin("Topic", "From", bytes ? "#Bytes" : "#Records");
    survey
        .growth()
        .forEach(
            (topic, bins) ->
                bins.bins()
                    .forEach(
                        bin ->
                            tables.row(
                                topic,
                                Timestamp.of(bin.start()),
                                bytes ? bin.bytes() : bin.records())));
    return tables.end();
  }

  private String index() {
    tables.begin("Partition", "Segment", "Index", "#Entries", "#Of");
    for (PartitionSurvey partition : survey.partitions()) {
      for (SegmentSurvey segment : partition.segments()) {
        tables.row(
            partition.name(),
            segment.file(),
            GroupWords.of(segment.index()),
            segment.indexEntries(),
            segment.indexBlocks());
      }
    }
    return tables.end();
  }

  private String groups() {
    if (survey.groups().isEmpty()) {
      String why =
          survey.groupCount() == 0
              ? "No group reads this store."
              : "None of the groups can be described: see what is damaged.";
      return "<section id=\"groups\"><h2>Groups and their lag</h2><p class=\"nothing\">"
          + why
          + "</p></section>\n";
    }
    tables.begin(
        "Group",
        "Partition",
        "#Committed",
        "#End",
        "#Lag",
        "Oldest",
        "#In flight",
        "#Failing",
        "#Dead");
    for (GroupDescription group : survey.groups()) {
      for (PartitionDescription partition : group.partitions()) {
        tables.row(
            group.group(),
            partition.partition().toString(),
            partition.committed(),
            partition.logEnd(),
            partition.lag().records(),
            partition.lag().age().toSeconds() + " s",
            partition.inFlight(),
            partition.failing(),
            group.deadLetters());
      }
    }
    return section(
        "groups",
        "Groups and their lag",
        "what each has finished of the records that the log holds",
        tables.end());
  }

  private String recovery() {
    tables.begin("Partition", "State", "#Recovery point", "#End", "#Not known to be durable");
    for (PartitionSurvey partition : survey.partitions()) {
      var meta = partition.meta();
      tables.row(
          partition.name(),
          meta == null ? "unreadable" : GroupWords.of(meta.state()),
          meta == null ? "" : meta.recoveryPointOffset(),
          partition.nextOffset(),
          meta == null ? "" : Math.max(0, partition.nextOffset() - meta.recoveryPointOffset()));
    }
    String states = tables.end();
    tables.begin("Partition", "When", "Trace", "What");
    for (PartitionSurvey partition : survey.partitions()) {
      for (PartitionSurvey.Trace trace : partition.traces()) {
        tables.row(
            partition.name(),
            Timestamp.of(trace.time()),
            GroupWords.of(trace.kind()),
            trace.what());
      }
    }
    return states + tables.end();
  }
}
