package io.sawlog.bench;

import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
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
    LogAxis axis = new LogAxis("times Sawlog's time, median of the rounds; left of 1: faster");
    axis.setStandardTickUnits(NumberAxis.createStandardTickUnits());
    plot.setRangeAxis(axis);
    BarRenderer bars = (BarRenderer) plot.getRenderer();
    bars.setBase(1);
    bars.setBarPainter(new StandardBarPainter());
    bars.setShadowVisible(false);

    int height = HEIGHT_OF_THE_REST + HEIGHT_OF_QUESTION * ratios.getColumnCount();
    SVGGraphics2D svg = new SVGGraphics2D(WIDTH, height);
    chart.draw(svg, new Rectangle(WIDTH, height));
    Files.writeString(file, svg.getSVGElement() + "\n");
  }
}
