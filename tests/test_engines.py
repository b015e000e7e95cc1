import psycopg
import pytest
from redis import Redis

from app import engines


def query(url, statement):
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        done = connection.execute(statement)
        return done.fetchall() if done.description else []


def test_a_second_start_finds_the_data_of_the_first(tmp_path):
    with engines.running(tmp_path) as first:
        query(first.database_url, "CREATE TABLE kept AS SELECT 'tea' AS word")

    with engines.running(tmp_path) as second:
        assert query(second.database_url, "SELECT word FROM kept") == [("tea",)]


def test_a_deep_checkout_and_its_neighbour_run_side_by_side(tmp_path):
    deep = tmp_path / "a b" / ("deep/" * 30)

    with engines.running(deep) as here, engines.running(tmp_path / "neighbour") as there:
        Redis.from_url(here.redis_url).set("word", "tea")
        query(here.database_url, "CREATE EXTENSION pg_trgm")

        assert Redis.from_url(there.redis_url).get("word") is None
        assert query(here.database_url, "SELECT cardinality(show_trgm('占い'))") == [(3,)]


def test_the_last_to_leave_stops_what_a_killed_one_left(tmp_path):
    left_url = engines.start_postgres(tmp_path)
    engines.start_redis(tmp_path)

    with engines.running(tmp_path) as first:
        with engines.running(tmp_path):
            pass
        assert first.database_url == left_url
        assert Redis.from_url(first.redis_url).ping()

    with pytest.raises(psycopg.OperationalError):
        query(left_url, "SELECT 1")
