from pathlib import Path

import pytest

from tests import rules_of_code as code
from tests import rules_of_templates as templates
from tools import requirements, translations

HERE = Path(__file__).parent.parent
OF_CODE = [
    code.imports_go_down,
    code.nothing_hides_an_import,
    code.rooms_know_no_flask,
    code.only_the_edges_commit,
    code.only_the_clock_asks_the_time,
    code.points_are_integers,
    code.keys_are_made_of_nouns,
    code.relations_are_loaded_by_name,
    code.names_say_something,
]
OF_TEMPLATES = [
    templates.fragments_say_what_they_need,
    templates.fragments_have_one_named_root,
    templates.posts_work_without_javascript,
    templates.gets_work_without_javascript,
    templates.nothing_stands_inline,
]


def name_of(rule):
    return getattr(rule, "__name__", None)


@pytest.mark.parametrize("rule", OF_CODE, ids=name_of)
def test_the_code_keeps(rule):
    assert rule(HERE / "app") == []


@pytest.mark.parametrize("rule", OF_TEMPLATES, ids=name_of)
def test_the_templates_keep(rule):
    assert rule(HERE / "app" / "templates") == []


def test_files_and_functions_stay_small():
    assert code.files_and_functions_stay_small(HERE) == []


def test_every_text_has_its_japanese():
    assert translations.missing() == []


def test_tests_name_requirements_that_exist():
    assert set(requirements.proofs()) <= set(requirements.requirements())


# Each rule is shown to fail: a small house with one thing wrong in it.
PLANTED = [
    (code.imports_go_down, "points/lots.py", "from app.talks import metering"),
    (code.imports_go_down, "casts/search.py", "from app import purchases"),
    (code.imports_go_down, "attic/boxes.py", "from app import clock"),
    (code.nothing_hides_an_import, "talks/models.py", "from typing import TYPE_CHECKING"),
    (code.rooms_know_no_flask, "talks/entering.py", "from flask_babel import gettext"),
    (code.only_the_edges_commit, "talks/metering.py", "session.commit()"),
    (code.only_the_edges_commit, "blueprints/talks.py", "db.session.rollback()"),
    (code.only_the_clock_asks_the_time, "talks/metering.py", "at = datetime.now(UTC)"),
    (code.only_the_clock_asks_the_time, "jobs.py", "from time import time"),
    (code.only_the_clock_asks_the_time, "web.py", "from app.clock import now"),
    (code.only_the_clock_asks_the_time, "casts/search.py", "text('seen_at < now()')"),
    (code.points_are_integers, "points/lots.py", "def give(points: float): ..."),
    (code.points_are_integers, "points/models.py", "price_yen: Mapped[Decimal]"),
    (code.points_are_integers, "talks/receipts.py", "half = talk.price_points / 2"),
    (code.keys_are_made_of_nouns, "talks/metering.py", "spend(5, key=f'talk:{uuid4()}')"),
    (code.relations_are_loaded_by_name, "casts/models.py", "relationship('Account')"),
    (code.names_say_something, "talks/utils.py", ""),
    (code.names_say_something, "talks/metering.py", "class MeterManager: ..."),
    (code.files_and_functions_stay_small, "talks/metering.py", "x = 1\n" * 401),
    (code.files_and_functions_stay_small, "talks/ends.py", "def f():\n" + "    x = 1\n" * 51),
    (templates.fragments_say_what_they_need, "talks/_meter.html", "<p id='talk-meter'></p>"),
    (templates.fragments_have_one_named_root, "talks/_meter.html", "<p id='meters'></p>"),
    (
        templates.fragments_have_one_named_root,
        "talks/_meter.html",
        "<p id='talk-meter'></p><p></p>",
    ),
    (templates.posts_work_without_javascript, "talks/show.html", "<button hx-post='/x'></button>"),
    (
        templates.posts_work_without_javascript,
        "talks/show.html",
        "<form method='post' action='/a' hx-post='/b'></form>",
    ),
    (templates.gets_work_without_javascript, "casts/list.html", "<a href='/a' hx-get='/b'>b</a>"),
    (templates.nothing_stands_inline, "base.html", "<p style='color: red'></p>"),
    (templates.nothing_stands_inline, "base.html", "<script>alert(1)</script>"),
    (templates.nothing_stands_inline, "base.html", "<a onclick='go()'></a>"),
]


@pytest.mark.parametrize(("rule", "name", "text"), PLANTED, ids=name_of)
def test_a_planted_violation_is_seen(rule, name, text, tmp_path):
    planted = tmp_path / name
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(text)

    assert len(rule(tmp_path)) == 1


def test_a_text_without_japanese_is_seen(tmp_path):
    (tmp_path / "errors.py").write_text("N_('Nobody has translated this.')")

    assert "Nobody has translated this." in translations.texts(tmp_path)
    assert any("Nobody" in line for line in translations.missing(tmp_path))


FINE = """{# needs: talk #}
{% if talk.ended_at %}
<section id="talk-meter"><img src="a.png" alt=""></section>
{% else %}
<section id="talk-meter" hx-get="{{ url_for("talks.meter") }}" hx-trigger="every 10s">
  <form method="post" action="{{ url_for("talks.end", id=talk.id) }}"
        hx-post="{{ url_for("talks.end", id=talk.id) }}"><button>{{ _("End") }}</button></form>
</section>
{% endif %}
"""


@pytest.mark.parametrize("rule", OF_TEMPLATES, ids=name_of)
def test_a_fragment_in_the_wanted_style_breaks_nothing(rule, tmp_path):
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "_meter.html").write_text(FINE)

    assert rule(tmp_path) == []
