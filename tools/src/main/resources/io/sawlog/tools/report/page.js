(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const charts = [];
  const topics = [...new Set(data.partitions.map((p) => p.topic))];
  const rows = data.partitions.map((p) => p.name);
  const ink = {};

  function readColours() {
    const style = getComputedStyle(document.documentElement);
    for (const name of ["card", "ink", "soft", "line", "grid", "bad", "good", "waiting"]) {
      ink[name] = style.getPropertyValue("--" + name).trim();
    }
    ink.series = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => style.getPropertyValue("--c" + i).trim());
  }

  const colourOf = (topic) => ink.series[Math.max(0, topics.indexOf(topic)) % ink.series.length];
  const escape = (text) => String(text).replace(/[&<>"']/g, (c) => "&#" + c.charCodeAt(0) + ";");
  const count = (n) => Math.round(n).toLocaleString("en-US");
  const clock = (ms) => new Date(ms).toISOString().replace("T", " ").replace("Z", "");

  function bytes(n) {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let unit = 0;
    while (n >= 1024 && unit < units.length - 1) {
      n /= 1024;
      unit++;
    }
    return (unit === 0 ? Math.round(n) : n.toFixed(n < 10 ? 1 : 0)) + " " + units[unit];
  }

  function short(n) {
    for (const [size, unit] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
      if (n >= size) {
        return +(n / size).toFixed(1) + unit;
      }
    }
    return String(n);
  }

  function span(ms) {
    for (const [size, unit] of [[864e5, "d"], [36e5, "h"], [6e4, "min"], [1e3, "s"]]) {
      if (ms >= size) {
        return Math.round(ms / size) + " " + unit;
      }
    }
    return ms + " ms";
  }

  const tip = (title, lines) =>
    "<b>" + escape(title) + "</b>" + lines.map((line) => "<br>" + escape(line)).join("");

  function base(option) {
    return Object.assign({
      useUTC: true,
      animation: false,
      textStyle: { fontFamily: "inherit", color: ink.ink },
      grid: { left: 8, right: 18, top: 34, bottom: 8, containLabel: true },
      tooltip: {
        confine: true,
        backgroundColor: ink.card,
        borderColor: ink.line,
        textStyle: { color: ink.ink, fontSize: 13 }
      }
    }, option);
  }

  const label = (formatter) => ({ color: ink.soft, fontSize: 12, hideOverlap: true, formatter: formatter });
  const quietLine = () => ({ lineStyle: { color: ink.line } });

  function timeText(ms, range) {
    const text = clock(ms);
    return range > 2 * 864e5 ? text.slice(5, 10) : range > 36e5 ? text.slice(11, 16) : range > 6e3 ? text.slice(11, 19) : text.slice(14);
  }

  function timeAxis(extra) {
    return Object.assign({
      type: "time",
      axisLabel: Object.assign(label((ms) => "{small|" + timeText(ms, extra.max - extra.min) + "}"), {
        rich: { small: { fontSize: 12, color: ink.soft } }
      }),
      axisLine: quietLine(),
      axisTick: { show: false },
      splitLine: { show: false }
    }, extra);
  }

  function rowAxis(names) {
    return {
      type: "category",
      data: names,
      inverse: true,
      axisLabel: Object.assign(label(), {
        width: narrow() ? 96 : 220,
        overflow: "truncate",
        lineHeight: 14,
        interval: 0
      }),
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: true, lineStyle: { color: ink.grid } }
    };
  }

  function valueAxis(formatter, extra) {
    return Object.assign({
      type: "value",
      axisLabel: label(formatter),
      splitLine: { lineStyle: { color: ink.grid } },
      splitNumber: 4
    }, extra);
  }

  /* Ticks of bytes stand at multiples of a power of two. */
  function byteAxis(most) {
    const interval = Math.pow(2, Math.ceil(Math.log2(Math.max(4, most) / 4)));
    return valueAxis(bytes, { interval: interval, max: Math.ceil(Math.max(4, most) / interval) * interval });
  }

  const narrow = () => document.body.clientWidth < 560;
  const legend = (names) => ({
    show: names.length > 1,
    type: "scroll",
    top: 0,
    left: 0,
    itemWidth: 12,
    itemHeight: 12,
    icon: "roundRect",
    textStyle: { color: ink.soft },
    pageTextStyle: { color: ink.soft },
    data: names
  });
  const tall = (count) => Math.min(900, 90 + Math.max(2, count) * 34);

  /* One bar for each segment, from its first record to its last, as high as it is full. */
  function segments() {
    const largest = Math.max(1, ...data.partitions.flatMap((p) => p.segments.map((s) => s.used)));
    const times = data.partitions.flatMap((p) => p.segments.filter((s) => s.first !== undefined));
    if (times.length === 0) {
      return null;
    }
    const series = topics.map((topic) => ({
      name: topic,
      type: "custom",
      itemStyle: { color: colourOf(topic) },
      encode: { x: [1, 2], y: 0 },
      data: data.partitions.flatMap((p, row) => p.topic !== topic ? [] : p.segments
        .filter((s) => s.first !== undefined)
        .map((s) => ({ value: [row, s.first, s.last, s.used], segment: s, partition: p.name }))),
      renderItem: (params, api) => {
        const from = api.coord([api.value(1), api.value(0)]);
        const to = api.coord([api.value(2), api.value(0)]);
        const full = Math.min(26, api.size([0, 1])[1] * 0.8);
        const height = Math.max(4, full * Math.sqrt(api.value(3) / largest));
        const shape = { x: from[0], y: from[1] - height / 2, width: Math.max(3, to[0] - from[0] - 1), height: height, r: 3 };
        const item = series[params.seriesIndex].data[params.dataIndex].segment;
        return {
          type: "rect",
          shape: echarts.graphic.clipRectByRect(shape, params.coordSys) && shape,
          style: {
            fill: item.damaged > 0 ? ink.bad : api.visual("color"),
            opacity: item.sealed ? 0.82 : 1
          }
        };
      }
    }));
    return base({
      height: tall(rows.length),
      legend: legend(topics),
      xAxis: timeAxis({ min: Math.min(...times.map((s) => s.first)), max: Math.max(...times.map((s) => s.last)) + 1 }),
      yAxis: rowAxis(rows),
      tooltip: Object.assign(base({}).tooltip, {
        formatter: (p) => tip(p.data.partition + " from offset " + count(p.data.segment.base), [
          count(p.data.segment.records) + " records, " + bytes(p.data.segment.used),
          clock(p.data.segment.first),
          clock(p.data.segment.last),
          p.data.segment.sealed ? "sealed" : "not sealed: the last one"
        ].concat(p.data.segment.damaged > 0 ? [p.data.segment.damaged + " damaged or torn places"] : []))
      }),
      series: series
    });
  }

  function growth(key) {
    const used = data.growth.filter((g) => g.bins.length > 0);
    if (used.length === 0) {
      return null;
    }
    const totals = new Map();
    used.forEach((g) => g.bins.forEach((b) => totals.set(b.start, (totals.get(b.start) || 0) + b.bytes)));
    const starts = used.flatMap((g) => g.bins.map((b) => b.start));
    const first = Math.min(...starts);
    const last = Math.max(...starts);
    const width = data.interval_ms;
    const at = [];
    for (let t = first; t <= last && at.length < 2000; t += width) {
      at.push(t);
    }
    return base({
      legend: legend(used.map((g) => g.topic)),
      xAxis: {
        type: "category",
        data: at.map((t) => clock(t)),
        axisLabel: label((text, i) => timeText(at[i], last - first)),
        axisLine: quietLine(),
        axisTick: { show: false }
      },
      yAxis: key === "bytes" ? byteAxis(Math.max(...totals.values())) : valueAxis(short),
      tooltip: Object.assign(base({}).tooltip, {
        trigger: "axis",
        axisPointer: { type: "shadow", shadowStyle: { color: ink.grid, opacity: 0.5 } },
        formatter: (items) => tip(items[0].axisValue, items.filter((i) => i.value > 0)
          .map((i) => i.seriesName + ": " + (key === "bytes" ? bytes(i.value) : count(i.value) + " records")))
      }),
      series: used.map((g) => {
        const values = new Map(g.bins.map((b) => [b.start, b[key]]));
        return {
          name: g.topic,
          type: "bar",
          stack: "all",
          barCategoryGap: "12%",
          barMaxWidth: 40,
          itemStyle: { color: colourOf(g.topic) },
          data: at.map((t) => values.get(t) || 0)
        };
      })
    });
  }

  /* How full each index is, in the order of the segments. */
  function index() {
    const all = data.partitions.flatMap((p) => p.segments.map((s) => ({ p: p, s: s })));
    const drawn = all.filter((x) => x.s.blocks > 0 || x.s.index !== "good");
    if (drawn.length === 0) {
      return null;
    }
    const share = (s) => (s.blocks === 0 ? 0 : Math.min(100, 100 * s.entries / s.blocks));
    return base({
      height: 220,
      legend: legend(topics),
      xAxis: {
        type: "category",
        data: drawn.map((x) => x.p.name + " @ " + count(x.s.base)),
        axisLabel: Object.assign(label(), narrow() || drawn.length > 12 ? { show: false } : {}),
        axisLine: quietLine(),
        axisTick: { show: false }
      },
      yAxis: valueAxis((v) => v + " %", { max: 100, interval: 25 }),
      tooltip: Object.assign(base({}).tooltip, {
        formatter: (p) => {
          const s = drawn[p.dataIndex].s;
          return tip(p.name, s.index === "good"
            ? [count(s.entries) + " of " + count(s.blocks) + " entries", "one for " + bytes(s.used / Math.max(1, s.entries))]
            : ["the index is " + s.index]);
        }
      }),
      series: topics.map((topic) => ({
        name: topic,
        type: "bar",
        stack: "all",
        barMaxWidth: 40,
        barMinHeight: 3,
        itemStyle: { color: colourOf(topic), borderRadius: [3, 3, 0, 0] },
        data: drawn.map((x) => x.p.topic !== topic ? null : {
          value: share(x.s),
          itemStyle: x.s.index === "good" ? {} : { color: ink.bad }
        })
      }))
    });
  }

  /* What is done, under way, failing and waiting, of what the log holds. */
  function groups() {
    if (data.groups.length === 0) {
      return null;
    }
    const part = (name, colour, value) => ({
      name: name,
      type: "bar",
      stack: "all",
      barMaxWidth: 22,
      itemStyle: { color: colour },
      data: data.groups.map((g) => 100 * value(g) / Math.max(1, g.held))
    });
    const open = (g) => Math.min(g.lag, g.in_flight + g.failing);
    const series = [
      part("finished", ink.series[2], (g) => Math.max(0, g.held - g.lag)),
      part("in flight or failing", ink.series[1], open),
      part("waiting", ink.waiting, (g) => Math.min(g.held, g.lag) - open(g))
    ];
    series[2].label = {
      show: true,
      position: "insideRight",
      color: ink.ink,
      fontSize: 12,
      textBorderColor: ink.waiting,
      textBorderWidth: 3,
      formatter: (p) => {
        const g = data.groups[p.dataIndex];
        return g.lag === 0 ? "" : short(g.lag) + (narrow() ? "" : " behind, " + span(g.lag_ms));
      }
    };
    return base({
      height: tall(data.groups.length),
      legend: legend(series.map((s) => s.name)),
      xAxis: valueAxis((v) => v + " %", { max: 100, interval: 25 }),
      yAxis: Object.assign(rowAxis(data.groups.map((g) => g.group + (narrow() ? "\n" : "  ") + g.partition)), { splitLine: { show: false } }),
      tooltip: Object.assign(base({}).tooltip, {
        trigger: "axis",
        axisPointer: { type: "shadow", shadowStyle: { color: ink.grid, opacity: 0.5 } },
        formatter: (items) => {
          const g = data.groups[items[0].dataIndex];
          return tip(g.group + " in " + g.partition, [
            count(g.lag) + " records behind" + (g.lag > 0 ? ", the oldest for " + span(g.lag_ms) : ""),
            count(g.in_flight) + " in flight, " + count(g.failing) + " failing"
          ]);
        }
      }),
      series: series
    });
  }

  /* What earlier lives have left behind, and when. */
  function recovery() {
    const kinds = { aborted: "aborted append", gap: "gap in the offsets", kept_file: "file kept aside" };
    const symbols = { aborted: "circle", gap: "diamond", kept_file: "rect" };
    const all = data.partitions.flatMap((p, row) => p.traces.map((t) => ({ t: t, p: p, row: row })));
    if (all.length === 0) {
      return null;
    }
    const times = data.partitions.flatMap((p) => p.segments.filter((s) => s.first !== undefined));
    const stamps = all.map((x) => x.t.time).concat(times.map((s) => s.first), times.map((s) => s.last));
    const first = Math.min(...stamps);
    const last = Math.max(...stamps);
    const room = Math.max(1, (last - first) * 0.03);
    return base({
      height: tall(rows.length),
      legend: legend(Object.values(kinds)),
      xAxis: timeAxis({ min: first - room, max: last + room }),
      yAxis: rowAxis(rows),
      tooltip: Object.assign(base({}).tooltip, {
        formatter: (p) => tip(p.data.partition + ": " + p.seriesName, [p.data.what, clock(p.value[0])])
      }),
      series: Object.keys(kinds).map((kind, i) => ({
        name: kinds[kind],
        type: "scatter",
        symbol: symbols[kind],
        symbolSize: 13,
        itemStyle: { color: [ink.series[5], ink.bad, ink.series[4]][i], opacity: 0.85 },
        data: all.filter((x) => x.t.kind === kind)
          .map((x) => ({ value: [x.t.time, x.row], what: x.t.what, partition: x.p.name }))
      }))
    });
  }

  const all = {
    segments: ["No segment has a record.", segments],
    bytes: ["Nothing was appended yet.", () => growth("bytes")],
    records: ["Nothing was appended yet.", () => growth("records")],
    index: ["No segment is long enough to have index entries.", index],
    groups: ["No group reads this store.", groups],
    recovery: ["No traces: nothing was aborted, cut or set aside in what the log still holds.", recovery]
  };

  function draw() {
    readColours();
    charts.splice(0).forEach((chart) => chart.dispose());
    for (const [id, [nothing, make]] of Object.entries(all)) {
      const place = document.getElementById("chart-" + id);
      const option = place && make();
      if (!place) {
        continue;
      }
      place.classList.toggle("empty", !option);
      if (!option) {
        place.textContent = nothing;
        continue;
      }
      place.style.height = (option.height || (narrow() ? 240 : 300)) + "px";
      delete option.height;
      const chart = echarts.init(place, null, { renderer: "svg" });
      chart.setOption(option);
      charts.push(chart);
    }
  }

  for (const details of document.querySelectorAll("details")) {
    details.open = details.querySelectorAll("tbody tr").length <= 8;
  }
  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  let width = document.body.clientWidth;
  addEventListener("resize", () => {
    if (width !== document.body.clientWidth) {
      width = document.body.clientWidth;
      draw();
    }
  });
})();
