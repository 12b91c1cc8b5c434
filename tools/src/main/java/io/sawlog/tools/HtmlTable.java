package io.sawlog.tools;

import java.util.Locale;

/** Writes tables of HTML, one after the other. Everything that is put into one is escaped. */
final class HtmlTable {
  private final StringBuilder html = new StringBuilder();
  private int rows;

  /** Makes a text safe between tags, in attributes, and beside the places of a template. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;")
        .replace("@", "&#64;");
  }

  /** A number that can be read. */
  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Begins a table. A column of numbers has a name that begins with #, which is not shown. */
  void begin(String... columns) {
    html.setLength(0);
    rows = 0;
    html.append("<div class=\"table\"><table><thead><tr>");
    for (String column : columns) {
      boolean numbers = column.startsWith("#");
      html.append(numbers ? "<th class=\"n\">" : "<th>");
      html.append(escape(numbers ? column.substring(1) : column)).append("</th>");
    }
    html.append("</tr></thead><tbody>\n");
  }

  /** Adds a row of texts, and of numbers, which stand on the right. */
  void row(Object... cells) {
    rows++;
    html.append("<tr>");
    for (Object cell : cells) {
      if (cell instanceof Long number) {
        html.append("<td class=\"n\">").append(number(number));
      } else {
        html.append("<td>").append(escape(cell.toString()));
      }
      html.append("</td>");
    }
    html.append("</tr>\n");
  }

  /** The table; a line that says so if it has no row. */
  String end() {
    html.append("</tbody></table></div>\n");
    return rows == 0 ? "<p class=\"nothing\">none</p>\n" : html.toString();
  }
}
