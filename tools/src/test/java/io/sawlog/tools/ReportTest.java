package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sawlog.groups.Consumer;
import io.sawlog.groups.Groups;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import io.sawlog.log.SawlogConfig;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a store, as a file and as a browser draws it. */
class ReportTest {
  private static final int RECORDS = 3000;
  private static final List<String> CHARTS =
      List.of("segments", "bytes", "records", "index", "groups", "recovery");

  /** The colours of what is drawn, and of nothing else. */
  private static final List<String> INKS =
      List.of("#2f6f9f", "#c8702a", "#4a8c5c", "#7a6bb5", "#b59a2b", "#b3261e");

  private static final int ONE_IN_THE_LEGEND = 1;

  @TempDir Path directory;
  private Path store;
  private Path page;
  private Cli cli;

  @BeforeEach
  void prepare() {
    store = directory.resolve("sawlog-data");
    page = directory.resolve("page.html");
    cli = Cli.in(directory);
  }

  /** Two topics, segments that were rolled, a group that lags, and a power loss that was mended. */
  private void fill() {
    try (Sawlog log = Sawlog.open(store)) {
      append(log.createTopic("orders", TopicConfig.defaults().segmentBytes(64 << 10)));
      append(log.createTopic("audit.log", TopicConfig.defaults().partitions(2)));
      try (Consumer consumer = Groups.of(log).consumer("billing", "orders")) {
        consumer.commit(consumer.poll(Duration.ZERO).get(99));
      }
      Groups.of(log).create("mail", "orders", Position.earliest());
    }
  }

  private static void append(Topic topic) {
    for (int i = 0; i < RECORDS; i++) {
      topic.append("key-" + i % 7, "x".repeat(i % 100));
    }
    topic.flush();
  }

  private void losePower() throws IOException {
    Path died = directory.resolve("died");
    try (Sawlog log = Sawlog.open(store)) {
      log.topic("orders").append("k", "v");
      copyTree(store, died);
    }
    store = died;
    Sawlog.open(store, SawlogConfig.defaults().withAfterPowerLoss()).close();
    try (Sawlog log = Sawlog.open(store)) {
      log.topic("orders").append("k", "after the gap");
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private Cli.Result report() throws IOException {
    return cli.run("--dir", store.toString(), "report", "-o", page.toString());
  }

  private JsonNode data() throws IOException {
    String html = Files.readString(page);
    String begin = "<script type=\"application/json\" id=\"data\">";
    int from = html.indexOf(begin) + begin.length();
    return new ObjectMapper().readTree(html.substring(from, html.indexOf("</script>", from)));
  }

  @Test
  void shouldHoldWhatTheStoreHoldsAndNeedNothingElse() throws IOException {
    fill();
    Map<Path, String> before = Damage.contentOf(store);

    Cli.Result result = report().quiet();

    assertTrue(result.text().contains("2 topics, "), result.text());
    assertTrue(result.text().contains("6000 records, 2 groups: no damage"), result.text());
    assertEquals(before, Damage.contentOf(store));
    String html = Files.readString(page);
    String tags = html.replaceAll("(?s)<script>.*?</script>", "");
    for (String loading : List.of("src=", "href=", "url(", "@import")) {
      assertFalse(tags.contains(loading), "it loads something by " + loading);
    }
    assertFalse(html.contains("@@"), "a place of the template was not filled");
    JsonNode data = data();
    long[] sums = new long[2];
    for (JsonNode topic : data.get("growth")) {
      for (JsonNode bin : topic.get("bins")) {
        sums[0] += bin.get("records").asLong();
        sums[1] += bin.get("bytes").asLong();
      }
    }
    assertEquals(2 * RECORDS, sums[0]);
    assertTrue(sums[1] > 2 * RECORDS * 50, sums[1] + " bytes");
    assertEquals(3, data.get("partitions").size());
    JsonNode orders = data.get("partitions").get(2);
    assertEquals("orders-0", orders.get("name").asText());
    assertTrue(orders.get("segments").size() > 3, orders.toString());
    JsonNode sealed = orders.get("segments").get(0);
    assertEquals("good", sealed.get("index").asText());
    assertEquals(sealed.get("blocks").asLong(), sealed.get("entries").asLong());
    JsonNode billing = data.get("groups").get(0);
    assertEquals("billing", billing.get("group").asText());
    assertEquals(RECORDS - 100, billing.get("lag").asInt());
    assertEquals(RECORDS, billing.get("held").asInt());
    assertTrue(html.contains("<td>billing</td><td>orders-0</td><td class=\"n\">100</td>"));
  }

  @Test
  void shouldShowTheGapThatAPowerLossHasLeft() throws IOException {
    fill();
    losePower();

    report().quiet();

    JsonNode traces = data().get("partitions").get(2).get("traces");
    assertEquals(1, traces.size(), traces.toString());
    assertEquals("gap", traces.get(0).get("kind").asText());
    assertTrue(traces.get(0).get("what").asText().startsWith("offsets 3001.."), traces.toString());
  }

  @Test
  void shouldSayWhatIsDamagedAndDrawTheRest() throws IOException {
    fill();
    Path partition = store.resolve("orders/0");
    List<Path> segments = LogPath.segments(partition);
    Damage.flip(segments.get(0), 5000);
    Files.delete(segments.get(2));
    Files.delete(IndexCopy.pathBeside(segments.get(1)));
    Files.writeString(store.resolve("audit.log/topic.properties"), "garbage");

    Cli.Result result = report();

    assertEquals(ErrorReport.FAILED, result.exitCode(), result.stderr());
    assertTrue(result.text().contains("problems, listed in the page"), result.text());
    String html = Files.readString(page);
    assertTrue(html.contains(segments.get(0).getFileName() + ": position "), "the flipped bit");
    assertTrue(html.contains("a file is missing"), "the missing segment");
    assertTrue(html.contains("topic.properties: cannot be used"), "the settings");
    JsonNode orders = data().get("partitions").get(2);
    assertEquals(1, orders.get("segments").get(0).get("damaged").asInt());
    assertEquals("missing", orders.get("segments").get(1).get("index").asText());
    assertEquals(0, orders.get("traces").size(), "a missing file is no gap");
  }

  @Test
  void shouldWorkOnALiveStoreAndOnAnEmptyOne() throws IOException {
    try (Sawlog log = Sawlog.open(store)) {
      report().quiet();
      assertTrue(Files.readString(page).contains("The store has no topics yet."));

      append(log.topic("live"));
      report().quiet();
      assertTrue(Files.readString(page).contains("written by "));
      assertEquals(
          RECORDS,
          data().get("growth").get(0).get("bins").findValues("records").stream()
              .mapToInt(JsonNode::asInt)
              .sum());
    }
  }

  @Test
  void shouldEscapeWhatItIsGiven() throws IOException {
    store = directory.resolve("<script>alert('x')</script> & @@DATA@@");
    Files.createDirectories(store);
    fill();

    report().quiet();

    String html = Files.readString(page);
    assertFalse(html.contains("<script>alert"), "a name became a tag");
    assertTrue(
        html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &#64;&#64;DATA"));
    assertEquals(3, html.split("</script>", -1).length - 1, "the three scripts of the page");
  }

  @Test
  void shouldRefuseWhatIsNoStoreAndWhatIsNoFile() throws IOException {
    report().failed(ErrorReport.FAILED, "there is no store at", "--dir");
    fill();
    page = directory;
    report().failed(ErrorReport.BAD_USAGE, "is a directory", "-o");
  }

  @Test
  void shouldDrawMarksInEveryChartInARealBrowser() throws IOException {
    Chromium browser = Chromium.required(directory);
    fill();
    losePower();
    report().quiet();

    String drawn = browser.dom(page);

    for (String chart : CHARTS) {
      int from = drawn.indexOf("id=\"chart-" + chart + "\"");
      int to = drawn.indexOf("</svg>", from);
      assertTrue(from > 0 && to > from, chart + " was not drawn");
      String svg = drawn.substring(from, to);
      assertTrue(
          INKS.stream()
              .anyMatch(ink -> svg.split("fill=\"" + ink, -1).length - 1 > ONE_IN_THE_LEGEND),
          chart + " has no marks: " + svg);
      assertTrue(svg.contains("<text"), chart + " has no labels");
    }
  }

  @Test
  void shouldPaintInLightAndInDarkAndOnAPhone() throws IOException {
    Chromium browser = Chromium.required(directory);
    fill();
    losePower();
    report().quiet();

    BufferedImage light = ImageIO.read(browser.shot(page, 1100, 2600, false).toFile());
    BufferedImage dark = ImageIO.read(browser.shot(page, 420, 2600, true).toFile());

    assertTrue(brightness(light) > 200, "light: " + brightness(light));
    assertTrue(brightness(dark) < 80, "dark: " + brightness(dark));
    assertTrue(colours(light).contains(0x2f6f9f), "the marks of the first topic");
    assertTrue(colours(dark).contains(0x6aa9d8), "the marks of the first topic, in the dark");
  }

  private static double brightness(BufferedImage image) {
    long sum = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        sum += image.getRGB(x, y) >> 8 & 0xff;
      }
    }
    return (double) sum / image.getHeight() / image.getWidth();
  }

  private static Set<Integer> colours(BufferedImage image) {
    Set<Integer> colours = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colours.add(image.getRGB(x, y) & 0xffffff);
      }
    }
    return colours;
  }
}
