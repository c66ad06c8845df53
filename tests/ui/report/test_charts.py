"""The charts of a report: what is drawn stands where the values say."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given as supposing
from hypothesis import strategies as st

from eval.metrics.interval import Estimate
from eval.metrics.report import Bin, Curve, RiskPoint, Stage
from ui.report.charts import interval_strip, reliability_chart, risk_chart, success_chart, time_chart
from ui.report.svg import AxisScale, label, rounded_up, ticks


def shares(*values):
    return tuple(Estimate(value, value, value, 10) for value in values)


def drawn(svg, tag, css_class):
    """The elements of one tag and class, in their order."""
    wanted = set(css_class.split())
    return [one for one in ET.fromstring(svg).iter(tag) if wanted <= set(one.get("class", "").split())]


def points(svg, css_class):
    (line,) = drawn(svg, "polyline", css_class)
    return [tuple(map(float, point.split(","))) for point in line.get("points").split()]


def texts(svg, css_class="tick"):
    return [one.text.replace("\u202f", "") for one in drawn(svg, "text", css_class)]


def told(svg):
    root = ET.fromstring(svg)
    return root.find("title").text, root.find("desc").text.replace("\u202f", " ")


def axis(svg, anchor, unit):
    """What the ticks of an axis say of where values lie: value -> place."""
    at = "y" if anchor == "end" else "x"
    said = {
        float(one.text.removesuffix("\u202f%")) / unit: float(one.get(at))
        for one in drawn(svg, "text", "tick")
        if one.get("text-anchor") == anchor and "small" not in one.get("class")
    }
    (low, start), (high, end) = min(said.items()), max(said.items())
    return lambda value: start + (value - low) / (high - low) * (end - start)


def test_a_curve_of_success_runs_through_its_shares():
    svg = success_chart([Curve("fused", shares(0.5, 0.75, 1.0)), Curve("dense", shares(0.4, 0.45, 1.0))])
    across, up = axis(svg, "middle", 1), axis(svg, "end", 100)
    for order, expected in (("fused", (0.5, 0.75, 1.0)), ("dense", (0.4, 0.45, 1.0))):
        found = points(svg, f"curve {order}")
        assert [x for x, _ in found] == pytest.approx([across(k) for k in (1, 2, 3)], abs=0.1)
        assert [y + 4 for _, y in found] == pytest.approx([up(share) for share in expected], abs=0.1)
        assert len(drawn(svg, "circle", f"point {order}")) == 3
    assert [one.text for one in drawn(svg, "text", "key")] == ["fused", "dense"]
    assert texts(svg) == ["40%", "60%", "80%", "100%", "1", "2", "3"]
    assert told(svg) == ("Success at k", "fused: 50.0 % at 1, 100.0 % at 3; dense: 40.0 % at 1, 100.0 % at 3.")


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_curve_of_one_rank_is_a_point(share):
    svg = success_chart([Curve("fused", shares(share))])
    assert len(points(svg, "curve fused")) == 1
    assert points(svg, "curve fused")[0][1] + 4 == axis(svg, "end", 100)(share)


def test_a_dot_of_reliability_lies_at_its_confidence_and_its_share():
    given = [Bin(0.9, 1.0, 0.95, Estimate(0.8, 0.6, 0.9, 30)), Bin(0.5, 0.6, 0.55, Estimate(0.5, 0.1, 0.9, 2))]
    withheld = [Bin(0.5, 0.6, 0.51, Estimate(0.25, 0.1, 0.6, 8))]
    svg = reliability_chart(given, withheld, 0.52)
    across, up = axis(svg, "middle", 100), axis(svg, "end", 100)
    dots = drawn(svg, "circle", "bin given")[:2]
    assert [float(one.get("cx")) for one in dots] == pytest.approx([across(0.95), across(0.55)], abs=0.1)
    assert [float(one.get("cy")) + 4 for one in dots] == pytest.approx([up(0.8), up(0.5)], abs=0.1)
    assert float(dots[0].get("r")) > float(dots[1].get("r"))
    whisker = drawn(svg, "line", "whisker withheld")[0]
    assert [float(whisker.get(end)) + 4 for end in ("y1", "y2")] == pytest.approx([up(0.1), up(0.6)], abs=0.1)
    threshold = drawn(svg, "line", "threshold")[0]
    assert float(threshold.get("x1")) == pytest.approx(across(0.52), abs=0.1)
    assert sorted(texts(svg, "small")) == ["10", "30"]
    heights = [
        float(one.get("height")) for kind in ("withheld", "given") for one in drawn(svg, "rect", f"count {kind}")
    ]
    assert heights == pytest.approx([8 * 34 / 30, 34, 2 * 34 / 30], abs=0.1)
    assert "30 answers of 95.0 % mean confidence, 80.0 % right" in told(svg)[1]


def test_only_withheld_answers_are_a_diagram_too():
    svg = reliability_chart([], [Bin(0.1, 0.2, 0.15, Estimate(1.0, 0.2, 1.0, 1))], float("inf"))
    assert drawn(svg, "line", "threshold") == []
    assert [one.text for one in drawn(svg, "text", "key")] == ["withheld", "as often right as it says"]
    assert told(svg)[1] == "None given."


def test_the_threshold_is_marked_on_the_curve_of_risk():
    curve = [RiskPoint(0.9, 0.25, 0.0), RiskPoint(0.5, 0.75, 0.2), RiskPoint(0.1, 1.0, 0.4)]
    svg = risk_chart(curve, RiskPoint(0.5, 0.75, 0.2))
    across, up = axis(svg, "middle", 100), axis(svg, "end", 100)
    found = points(svg, "curve risk")
    assert [x for x, _ in found] == pytest.approx([across(0.25), across(0.75), across(1.0)], abs=0.1)
    assert [y + 4 for _, y in found] == pytest.approx([up(0.0), up(0.2), up(0.4)], abs=0.1)
    (chosen,) = drawn(svg, "circle", "chosen")
    assert (float(chosen.get("cx")), float(chosen.get("cy"))) == found[1]
    assert texts(svg, "halo") == ["threshold 0.50", "75% answered, 20% of it wrong"]


def test_a_risk_of_nothing_still_has_an_axis():
    svg = risk_chart([RiskPoint(0.9, 1.0, 0.0)], None)
    assert drawn(svg, "circle", "chosen") == []
    assert points(svg, "curve risk") == [(504.0, 320.0)]
    assert "100%" in texts(svg)


def test_a_bar_of_time_is_as_long_as_its_median():
    svg = time_chart([Stage("retrieve", 9, 0.02, 0.05), Stage("read", 9, 0.1, 0.2)])
    first, second = (float(one.get("width")) for one in drawn(svg, "rect", "median"))
    assert second == pytest.approx(5 * first, abs=0.3)
    reach = drawn(svg, "line", "p95")[0]
    assert float(reach.get("x2")) - 96 == pytest.approx(2.5 * first, abs=0.3)
    assert texts(svg, "value") == ["20ms", "100ms"]
    assert texts(svg) == ["0", "50ms", "100ms", "150ms", "200ms"]


def test_a_stage_without_time_has_a_bar_that_can_be_seen():
    assert [one.get("width") for one in drawn(time_chart([Stage("read", 1, 0.0, 0.0)]), "rect", "median")] == ["0.5"]


def test_a_stage_may_be_called_anything():
    svg = time_chart([Stage('<script>alert("1")</script> \ud800\x00', 1, 0.1, 0.2)])
    assert drawn(svg, "text", "label")[0].text == "<script>aler …"
    assert told(svg)[1].startswith('<script>alert("1")</script> \ufffd\ufffd: median')


def test_an_interval_is_a_line_around_its_value():
    svg = interval_strip(Estimate(0.5, 0.25, 1.0, 9))
    interval = drawn(svg, "line", "interval")[0]
    assert [float(interval.get(end)) for end in ("x1", "x2")] == [43.0, 154.0]
    assert [one.get("cx") for one in drawn(svg, "circle", "value")] == ["80"]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0.5, 1, [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]),
        (0.8, 1, [0.8, 0.85, 0.9, 0.95, 1.0]),
        (0, 0.032, [0, 0.01, 0.02, 0.03]),
        (0, 250, [0, 50, 100, 150, 200, 250]),
    ],
)
def test_ticks_are_round(low, high, expected):
    assert ticks(low, high) == pytest.approx(expected)


@supposing(st.floats(1e-6, 1e6))
def test_an_axis_ends_at_a_tick_at_or_above_its_values(value):
    end = rounded_up(value)
    assert value <= end * (1 + 1e-6)
    assert end <= 2.01 * value
    assert ticks(0, end)[-1] == pytest.approx(end)
    assert len(ticks(0, end)) <= 6


def test_a_scale_may_run_downwards():
    assert [AxisScale(0, 1, 300, 60).at(value) for value in (0, 0.5, 1)] == [300, 180, 60]


def test_words_are_escaped():
    assert "&lt;b&gt; &amp; &quot;" in label((0, 0), '<b> & "')
