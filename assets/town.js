// Starts GOV.UK Frontend's components, draws a chart above each table that asks for one, and keeps
// up to date what says that it is not final.

const self = document.querySelector("script[data-govuk]");

// Colours and dashes that differ without colour vision, each 3:1 or better on white.
const INK = ["#12436d", "#a8540b", "#801650", "#28807a"];
const DASH = [[], [8, 4], [2, 3], [12, 4, 2, 4]];
const HEIGHT = 280;
// Between the lines of an axis, where there are only whole things to count: 1, 2, 5, 10...
const WHOLE_STEPS = Array.from({ length: 30 }, (_, place) => [1, 2, 5][place % 3] * 10 ** Math.floor(place / 3));

const { initAll } = await import(self.dataset.govuk);
initAll();

const tables = [...document.querySelectorAll("table[data-chart]")];
if (tables.length > 0) {
  const { default: Plot } = await import(self.dataset.plot);
  tables.forEach((table) => drawChart(Plot, table));
}

keepUpToDate();
goOnWhenDone();

/** Ask at the address of the link that says `data-go-on`, and follow it once it leads elsewhere. */
async function goOnWhenDone() {
  const link = document.querySelector("a[data-go-on]");
  while (link) {
    await new Promise((go) => setTimeout(go, 3000));
    const answer = document.hidden ? null : await fetch(link.href, { redirect: "manual" }).catch(() => null);
    const leadsOn = answer?.type === "opaqueredirect";
    if (leadsOn || (answer?.ok && !(await answer.text()).includes("data-go-on"))) {
      location.assign(link.href);
      return;
    }
  }
}

/** Fetch the page again and again, and put in what has changed of the parts that say `data-live`. */
async function keepUpToDate() {
  while (document.querySelector("[data-live]")) {
    await new Promise((go) => setTimeout(go, 2000));
    const page = document.hidden ? null : await fetchPage(location.href);
    const live = page ? document.querySelectorAll("[data-live]") : [];
    live.forEach((part) => {
      const fresh = page.getElementById(part.id);
      if (!fresh || part.contains(document.activeElement)) {
        return;
      }
      if (fresh.innerHTML !== part.innerHTML) {
        part.replaceChildren(...fresh.childNodes);
      }
      if (!("live" in fresh.dataset)) {
        delete part.dataset.live;
      }
    });
  }
}

async function fetchPage(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}

/** Put a chart of the table's numbers before it. The table stays: it is what everyone can read. */
function drawChart(Plot, table) {
  const { labels, series } = readTable(table);
  if (labels.length === 0 || series.length === 0) {
    return;
  }
  const frame = document.createElement("div");
  frame.className = "town-chart";
  frame.setAttribute("role", "img");
  frame.setAttribute("aria-label", table.caption?.textContent.trim() || document.title);
  (table.closest(".town-scroll") ?? table).before(frame);

  // Bars stand side by side for two columns at most; more are easier to read as lines.
  const bars = table.dataset.chart === "bar" && series.length <= 2;
  const numbers = [labels.map((_, index) => index), ...series.map((each) => each.numbers)];
  const plot = new Plot(chartOptions(Plot, labels, series, bars, frame.clientWidth), numbers, frame);
  new ResizeObserver(() => {
    if (frame.clientWidth !== plot.width) {
      plot.setSize({ width: frame.clientWidth, height: HEIGHT });
    }
  }).observe(frame);
}

/** The first column names the points; every other column of numbers is one series. */
function readTable(table) {
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  const labels = rows.map((row) => row.cells[0].textContent.trim());
  const headers = [...(table.tHead?.rows[0]?.cells ?? [])];
  const series = headers
    .map((header, column) => ({ header, column }))
    .filter(({ header, column }) => column > 0 && !("chartSkip" in header.dataset))
    .map(({ header, column }) => ({
      title: header.textContent.trim(),
      numbers: rows.map((row) => readNumber(row.cells[column])),
    }))
    .filter(({ numbers }) => numbers.some((number) => number !== null));
  return { labels, series };
}

/** A cell's `data-value`, or the number in its text: "£1,234.50" is 1234.5, "none" is null. */
function readNumber(cell) {
  const text = (cell?.dataset.value ?? cell?.textContent ?? "").replace(/[^\d.\-−]/g, "").replace("−", "-");
  const number = Number.parseFloat(text);
  return Number.isNaN(number) ? null : number;
}

function isWhole({ numbers }) {
  return numbers.every((number) => number === null || Number.isInteger(number));
}

function chartOptions(Plot, labels, series, bars, width) {
  const language = document.documentElement.lang || "en";
  const axis = { stroke: "#0b0c0c", font: "14px arial, sans-serif", ticks: { stroke: "#cecece" } };
  return {
    width,
    height: HEIGHT,
    cursor: { show: false },
    legend: { show: series.length > 1, live: false },
    scales: {
      x: { time: false, range: (_, low, high) => [low - 0.6, high + 0.6] },
      y: { range: (_, low, high) => [Math.min(0, low), Math.max(1, high * 1.1)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 90,
        incrs: [1, 2, 3, 4, 6, 8, 13, 26, 52],
        values: (_, places) => places.map((place) => labels[place] ?? ""),
      },
      {
        ...axis,
        size: 70,
        grid: { stroke: "#e5e6e7" },
        ...(series.every(isWhole) && { incrs: WHOLE_STEPS }),
        values: (_, places) => places.map((place) => place.toLocaleString(language)),
      },
    ],
    series: [{}, ...series.map((each, index) => drawnAs(Plot, each, index, series.length, bars))],
  };
}

function drawnAs(Plot, { title }, index, count, bars) {
  const ink = INK[index % INK.length];
  if (!bars) {
    return { label: title, stroke: ink, width: 2, dash: DASH[index % DASH.length], points: { size: 6 } };
  }
  const align = count === 1 ? 0 : index === 0 ? -1 : 1;
  return {
    label: title,
    stroke: ink,
    fill: ink,
    points: { show: false },
    paths: Plot.paths.bars({ size: [count === 1 ? 0.6 : 0.35, 60], align }),
  };
}
