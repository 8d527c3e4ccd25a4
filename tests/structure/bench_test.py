"""What the bench keeps, and how it compares two builds."""
import csv
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench"))
import compare  # noqa: E402  pylint: disable=wrong-import-position
import history  # noqa: E402  pylint: disable=wrong-import-position

DELAY = history.Figure("latency", "H264, p50", "ms", (9.5, 9.1, 12.25))


def rows(path):
    return list(csv.DictReader(path.open(encoding="utf-8")))


def test_adds_a_row_for_each_number_and_a_heading_once(tmp_path, monkeypatch):
    monkeypatch.setenv("RTCPUB_MACHINE", "a car's computer")
    file = tmp_path / "history.csv"
    history.append([DELAY], file)
    history.append([DELAY, history.Figure("server", "lost packets", "", (0,))], file)
    found = rows(file)
    assert [row["name"] for row in found] == ["H264, p50", "H264, p50", "lost packets"]
    assert (found[0]["median"], found[0]["unit"], found[0]["runs"]) == ("9.5", "ms", "9.5 9.1 12.25")
    assert found[0]["machine"] == "a car's computer"
    assert len(found[0]["commit"].rstrip("+")) == 9
    assert found[0]["date"].endswith("Z")


def test_the_history_has_the_columns_that_are_written():
    assert next(csv.reader(history.HISTORY.open(encoding="utf-8"))) == list(history.COLUMNS)


def test_names_no_host_as_the_machine(monkeypatch):
    monkeypatch.delenv("RTCPUB_MACHINE", raising=False)
    assert "cores" in history.machine()


def test_measures_both_builds_in_turn_and_begins_with_the_other_one_each_time(monkeypatch):
    order = []

    def measure(directory, figures):
        order.append(directory)
        return [{"figure": figures[0], "name": "p50", "unit": "ms", "runs": [len(order)]}]

    monkeypatch.setattr(compare, "measure", measure)
    found = compare.interleave({"before": "old", "now": "new"}, ["data"])
    assert order == ["old", "new", "new", "old", "old", "new"]
    assert found == {("data", "p50", "ms"): {"before": [1, 4, 5], "now": [2, 3, 6]}}


def test_tells_medians_and_their_ratio_and_each_run():
    assert compare.describe({"before": [10, 8, 12], "now": [9, 5, 20]}, "before", "now").split() == \
        ["10", "9", "0.900", "10", "8", "12;", "9", "5", "20"]


def test_tells_what_only_one_build_has():
    assert compare.describe({"before": [], "now": [4]}, "before", "now").split()[:3] == ["-", "4", "-"]


def test_has_no_ratio_to_nothing():
    assert compare.describe({"before": [0, 0, 0], "now": [1, 0, 0]}, "before", "now").split()[:3] == ["0", "0", "-"]
