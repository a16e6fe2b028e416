"""Draws the dashboard: the panels and expressions of dashboard.json, asked of a Prometheus, laid out as Grafana would."""

import json
import re
import urllib.parse
import urllib.request
from datetime import datetime, timezone

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates as dates
import matplotlib.pyplot as pyplot
from matplotlib.patches import Patch
from matplotlib.ticker import EngFormatter, FuncFormatter, MaxNLocator, PercentFormatter

COLOURS = {
    "green": "#56a64b", "dark-green": "#19730e", "blue": "#3274d9", "light-blue": "#8ab8ff", "dark-blue": "#1250b0",
    "purple": "#a352cc", "orange": "#ff780a", "dark-orange": "#c4560a", "yellow": "#e0b400", "light-yellow": "#ffee52",
    "red": "#e02f44", "dark-red": "#8f1d2b",
}
OTHERS = ["#3274d9", "#ff780a", "#56a64b", "#a352cc", "#e02f44", "#e0b400"]
UNITS = {
    "reqps": (lambda: FuncFormatter(lambda value, _: f"{value:g}"), "per second"),
    "percentunit": (lambda: PercentFormatter(1.0), "%"),
    "s": (lambda: EngFormatter(unit="s", sep=" "), "seconds"),
    "bytes": (lambda: EngFormatter(unit="B", sep=" "), "bytes"),
    "short": (lambda: FuncFormatter(lambda value, _: f"{value:g}"), "number"),
}
STEP = 1
ROW = 0.36  # inches for one unit of Grafana's grid


def draw(prometheus, dashboard, last_row, variables, start, end, happenings, title, file):
    """
    last_row: the title of the row after which nothing is drawn.
    happenings: (from, to, what) in seconds since the epoch; what is shaded on every panel and named on the first.
    """
    with open(dashboard) as source:
        panels = json.load(source)["panels"]
    rows = [number for number, panel in enumerate(panels) if panel["type"] == "row"]
    last = [panels[number]["title"] for number in rows].index(last_row)
    panels = panels[:(rows + [len(panels)])[last + 1]]
    height = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in panels)
    figure = pyplot.figure(figsize=(20, height * ROW + 0.9), facecolor="white")
    figure.text(0.02, 1 - 0.35 / figure.get_figheight(), title, fontsize=17, weight="bold", va="center")
    named = False
    for panel in panels:
        box = inches(panel["gridPos"], figure)
        if panel["type"] == "row":
            figure.text(0.02, box[1] + box[3], panel["title"], fontsize=14, weight="bold", va="center", color="#444444")
            continue
        axes = figure.add_axes(inside(box, panel, figure))
        axes.set_title(panel["title"], loc="left", fontsize=11, weight="bold", pad=7 if named else 22)
        axes.tick_params(labelsize=8)
        lines = [
            (legend(target["legendFormat"], series["metric"]), series["values"])
            for target in panel["targets"]
            for series in ask(prometheus, filled(target["expr"], variables), start, end)
        ]
        (timeline if panel["type"] == "state-timeline" else series_over_time)(axes, panel, lines)
        axes.set_xlim(moment(start), moment(end))
        axes.xaxis.set_major_formatter(dates.DateFormatter("%H:%M:%S"))
        axes.xaxis.set_major_locator(dates.AutoDateLocator(minticks=4, maxticks=9 if panel["gridPos"]["w"] > 8 else 7))
        for begun, over, what in happenings:
            axes.axvspan(moment(begun), moment(over), color="#000000", alpha=0.07, lw=0, zorder=0)
            axes.axvline(moment(begun), color="#333333", lw=0.8, ls=":", zorder=3)
            if not named:
                axes.annotate(
                    what, (moment((begun + over) / 2), 1), xycoords=("data", "axes fraction"), xytext=(0, 4),
                    textcoords="offset points", ha="center", fontsize=9, color="#333333")
        named = True
    figure.savefig(file, dpi=80)


def inches(grid, figure):
    """Grafana counts from the top, in 24 columns; matplotlib from the bottom, in fractions."""
    tall = figure.get_figheight()
    return (
        0.02 + grid["x"] / 24 * 0.97,
        1 - (0.7 + (grid["y"] + grid["h"]) * ROW) / tall,
        grid["w"] / 24 * 0.97,
        grid["h"] * ROW / tall,
    )


def inside(box, panel, figure):
    """Room for the title, the axis and the legend, in inches."""
    x, y, wide, tall = box
    across, up = figure.get_figwidth(), figure.get_figheight()
    left = 2.1 if panel["type"] == "state-timeline" else 0.75
    return x + left / across, y + 0.72 / up, wide - (left + 0.25) / across, tall - (1.2 if panel["type"] == "state-timeline" else 1.1) / up


def series_over_time(axes, panel, lines):
    defaults = panel["fieldConfig"]["defaults"]
    lines = [line for line in lines if any(value == value for _, value in line[1])]
    names = [name for name, _ in lines]
    colours = [colour(panel, name, number) for number, name in enumerate(names)]
    if defaults["custom"]["stacking"]["mode"] == "normal" and lines:
        at = sorted({time for _, values in lines for time, _ in values})
        table = [dict(values) for _, values in lines]
        axes.stackplot([moment(time) for time in at], [[row.get(time, 0) for time in at] for row in table],
                       labels=names, colors=colours, alpha=0.8, lw=0)
    else:
        for (name, values), shade in zip(lines, colours):
            axes.plot([moment(time) for time, _ in values], [value for _, value in values], label=name, color=shade,
                      lw=1.6 * properties(panel, name).get("custom.lineWidth", 1))
    formatter, unit = UNITS[defaults["unit"]]
    if defaults["custom"].get("scaleDistribution", {}).get("type") == "symlog":
        axes.set_yscale("symlog", linthresh=1)
    else:
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=defaults["unit"] == "short"))
    axes.yaxis.set_major_formatter(formatter())
    axes.set_ylabel(unit, fontsize=8)
    axes.set_ylim(defaults.get("min"), 1.02 if defaults.get("max") == 1 else None)
    if axes.get_ylim()[1] < 0.06 and defaults["unit"] != "s":
        axes.set_ylim(0, 1)
    axes.grid(color="#dddddd", lw=0.6)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncol=9, fontsize=8, frameon=False, columnspacing=1.2,
                handlelength=1.4)


def timeline(axes, panel, lines):
    mapped = panel["fieldConfig"]["defaults"]["mappings"][0]["options"]
    lines = sorted(lines, reverse=True)
    for height, (_, values) in enumerate(lines):
        for time, value in values:
            axes.broken_barh([(dates.date2num(moment(time)), STEP / 86400)], (height - 0.4, 0.8),
                             color=COLOURS[mapped[str(int(value))]["color"]], lw=0)
    axes.set_yticks(range(len(lines)), [name for name, _ in lines])
    axes.set_ylim(-0.6, max(len(lines), 1) - 0.4)
    axes.legend(handles=[Patch(color=COLOURS[state["color"]], label=state["text"]) for state in mapped.values()],
                loc="upper center", bbox_to_anchor=(0.5, -0.16), ncol=9, fontsize=8, frameon=False)


def colour(panel, name, number):
    own = properties(panel, name).get("color")
    return COLOURS[own["fixedColor"]] if own else OTHERS[number % len(OTHERS)]


def properties(panel, name):
    """What the panel says of one of its series alone."""
    return {each["id"]: each["value"] for override in panel["fieldConfig"]["overrides"]
            if override["matcher"]["options"] == name for each in override["properties"]}


def ask(prometheus, expression, start, end):
    query = urllib.parse.urlencode({"query": expression, "start": start, "end": end, "step": STEP})
    with urllib.request.urlopen(f"{prometheus}/api/v1/query_range?{query}") as answer:
        result = json.load(answer)["data"]["result"]
    return [{"metric": series["metric"], "values": [(time, float(value)) for time, value in series["values"]]}
            for series in result]


def filled(expression, variables):
    for name, value in variables.items():
        expression = expression.replace("$" + name, value)
    return expression


def legend(template, labels):
    return re.sub(r"{{\s*(\w+)\s*}}", lambda label: labels.get(label.group(1), ""), template)


def moment(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc)
