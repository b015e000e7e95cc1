# The product: one image for the web process, the worker, the timetable and the migrations.

FROM python:3.11.14-slim-trixie AS built
WORKDIR /srv/sashitalk
RUN python -m venv /opt/venv
COPY requirements.txt constraints.txt ./
# Wheels only, so that nothing is compiled and no compiler is needed.
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: \
    -r requirements.txt -c constraints.txt
COPY app app
COPY tools tools
COPY wsgi.py worker.py ./
# The bytecode is made here, since a running container may write nothing.
RUN /opt/venv/bin/python -m tools.translations \
    && python -m compileall -q --invalidation-mode unchecked-hash app wsgi.py worker.py

FROM python:3.11.14-slim-trixie
RUN groupadd --gid 10001 sashitalk \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp sashitalk
WORKDIR /srv/sashitalk
COPY --from=built /opt/venv /opt/venv
COPY --from=built /srv/sashitalk/app app
COPY --from=built /srv/sashitalk/wsgi.py /srv/sashitalk/worker.py ./
COPY migrations migrations
# glibc would give each thread a heap of its own, ten megabytes for nothing behind Python's one lock.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=1 \
    FLASK_APP=wsgi:app
USER 10001:10001
EXPOSE 8000
CMD ["granian", "--interface=wsgi", "--http=1", "--no-ws", "--host=0.0.0.0", "--port=8000", "wsgi:app"]
