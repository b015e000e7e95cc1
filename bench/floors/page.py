"""The list's first page: one prepared statement and one compiled template, anew each time."""

from jinja2 import Template
from psycopg.rows import namedtuple_row

from bench.floors import connection

QUERY = """
    SELECT public_id, name, portrait, age_band, categories, tagline, rank, price_points, state,
           rating_tenths
    FROM talk_cast ORDER BY readiness DESC, active_at DESC, account_id DESC LIMIT 24
"""
PAGE = Template(
    """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>サシトーク</title>
<link rel="stylesheet" href="/static/style.css"></head>
<body><main><div class="casts">
{% for cast in casts %}
<article class="cast" id="cast-{{ cast.public_id }}">
  <div class="face">
    <img src="/static/{{ cast.portrait }}" alt="" width="200" height="200" loading="lazy">
    <span class="state live" data-cast="{{ cast.public_id }}">{{ cast.state }}</span>
    {% if cast.rating_tenths %}<span class="stars num"><svg class="icon s" aria-hidden="true"><use href="/static/icons.svg#star"/></svg><span class="unseen">評価 </span><b>{{ cast.rating_tenths // 10 }}.{{ cast.rating_tenths % 10 }}</b></span>{% endif %}
  </div>
  <div class="about">
    <div class="name">
      <h2><a href="/casts/{{ cast.public_id }}">{{ cast.name }}</a></h2>
      <span class="rank {{ cast.rank }}">{{ cast.rank | upper }}</span>
    </div>
    <p class="tagline">{{ cast.tagline }}</p>
    <p>{{ cast.age_band[:2] }}代{% for slug in cast.categories[:2] %} · {{ slug }}{% endfor %}</p>
    <p class="price"><span class="nowrap"><b>{{ cast.price_points }} pt</b> <span class="soft per">/ 分 ({{ cast.price_points }}円)</span></span></p>
  </div>
</article>
{% endfor %}
</div></main></body></html>
""",
    autoescape=True,
)


def app(environ, start_response):
    if environ["PATH_INFO"] == "/healthz":
        start_response("200 OK", [("Content-Length", "0")])
        return []
    with connection().cursor(row_factory=namedtuple_row) as cursor:
        casts = cursor.execute(QUERY, prepare=True).fetchall()
    body = PAGE.render(casts=casts).encode()
    start_response(
        "200 OK",
        [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))],
    )
    return [body]
