"""The shipped charters load, and hold the names and holders that the reading of pages needs."""

from datetime import date

from foedus.charters import load_charter, load_charters, with_variant


def test_all_load_and_are_keyed_by_organisation() -> None:
    assert list(load_charters()) == ["au", "cis", "csto", "ecowas", "eu", "las", "nato", "oas", "osce", "sco", "un"]
    assert all(charter.org == org for org, charter in load_charters().items())


def test_every_one_has_names_members_and_a_body_with_seats() -> None:
    for org, charter in load_charters().items():
        assert {"en", "ru"} <= charter.names.keys(), org
        assert next(iter(charter.statuses.values())).holders, org
        assert any(body.seats for body in charter.bodies.values()), org


def test_rules_are_written_or_the_lack_of_them_is_told() -> None:
    for org, charter in load_charters().items():
        assert bool(charter.rules) is not bool(charter.stub), org


def test_every_source_a_line_names_has_an_address() -> None:
    for org, charter in load_charters().items():
        named = {row.source for status in charter.statuses.values() for row in status.holders}
        assert named - {"recalled", ""} <= charter.sources.keys(), org


def test_bodies_have_names_in_the_languages_of_the_pages() -> None:
    names = load_charter("csto").bodies["csto:CFM"].names
    assert "外长理事会" in names["zh-Hans"]
    assert "СМИД" in names["ru"]
    assert "Hội đồng Bộ trưởng Ngoại giao" in names["vi"]


def test_one_day_one_secretary_general() -> None:
    office = load_charter("csto").offices["csto:secretary_general"]
    assert [h.person for h in office.holders_on(date(2022, 12, 31))] == ["Stanislav Zas"]
    assert [h.person for h in office.holders_on(date(2023, 1, 1))] == ["Imangali Tasmagambetov"]


def test_a_variant_changes_only_what_it_names() -> None:
    charter = load_charter("csto")
    other = with_variant(charter, "emergency-2023")
    assert {key for key in charter.rules if charter.rules[key] != other.rules[key]} == {
        "grant-assistance",
        "refuse-assistance",
    }
    assert other.variant == "emergency-2023" and not charter.variant
