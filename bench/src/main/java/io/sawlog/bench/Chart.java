package io.sawlog.bench;

import java.awt.Color;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.svg.SVGGraphics2D;

/**
 * The ratios as a picture: how many times Sawlog's time each contender needs, on a logarithmic
 * axis. Bars begin at 1: to the right is who is slower than Sawlog, to the left who is faster.
 */
final class Chart {
  private static final int WIDTH = 1000;
  private static final int HEIGHT_OF_QUESTION = 90;
  private static final int HEIGHT_OF_THE_REST = 120;

  private static final DecimalFormatSymbols SYMBOLS = DecimalFormatSymbols.getInstance(Locale.ROOT);

  /** The same colour for a contender in each picture. */
  private static final Map<String, Color> INKS =
      Map.of(
          "chronicle", new Color(0xc8702a),
          "kafka", new Color(0x2f6f9f),
          "aeron", new Color(0x4a8c5c),
          "limit", new Color(0x8a8f98),
          "fresh", new Color(0xb9a13c),
          "redis", new Color(0xa2477a));

  private final DefaultCategoryDataset ratios = new DefaultCategoryDataset();

  /** Adds what a question has given; the first outcome is Sawlog's. */
  void add(Question question, List<Outcome> outcomes) {
    Samples own = outcomes.get(0).times();
    for (Outcome other : outcomes.subList(1, outcomes.size())) {
      ratios.addValue(other.times().dividedBy(own).median(), other.contender(), question.title());
    }
  }

  /** Writes it as SVG. */
  void write(Path file) throws IOException {
    JFreeChart chart =
        ChartFactory.createBarChart(
            "Time for each record, as a multiple of Sawlog's",
            null,
            null,
            ratios,
            PlotOrientation.HORIZONTAL,
            /* legend= */ true,
            /* tooltips= */ false,
            /* urls= */ false);
    CategoryPlot plot = chart.getCategoryPlot();
    plot.setBackgroundPaint(Color.WHITE);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    LogAxis axis = new LogAxis("times Sawlog's time, median of the rounds; left of 1: faster");
    axis.setBase(2);
    axis.setTickUnit(new NumberTickUnit(1, new DecimalFormat("0.###", SYMBOLS)));
    axis.setNumberFormatOverride(new DecimalFormat("0.###", SYMBOLS));
    plot.setRangeAxis(axis);
    BarRenderer bars = (BarRenderer) plot.getRenderer();
    bars.setBase(1);
    bars.setBarPainter(new StandardBarPainter());
    bars.setShadowVisible(false);
    INKS.forEach(
        (contender, ink) -> {
          int row = ratios.getRowIndex(contender);
          if (row >= 0) {
            bars.setSeriesPaint(row, ink);
          }
        });

    int height = HEIGHT_OF_THE_REST + HEIGHT_OF_QUESTION * ratios.getColumnCount();
    SVGGraphics2D svg = new SVGGraphics2D(WIDTH, height);
    chart.draw(svg, new Rectangle(WIDTH, height));
    Files.writeString(file, svg.getSVGElement() + "\n");
  }
}
