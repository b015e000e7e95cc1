#!/bin/sh
# Dumps the database that PGHOST, PGUSER and PGDATABASE name into the folder BACKUPS.
#   backup.sh          one dump, now
#   backup.sh daily    one a day, until stopped
#   backup.sh check    ends with 1 where the newest dump is older than 26 hours
# A dump has its name only when it is whole and can be read. Old ones go only after a new one came.
set -eu
umask 077
KEPT_DAYS=14
DAY_MINUTES=1440
SPARE_MINUTES=120

whole() { find "$BACKUPS" -maxdepth 1 -name 'sashitalk-*.dump' "$@"; }

dump() {
  name="$BACKUPS/sashitalk-$(date -u +%Y%m%dT%H%M%SZ).dump"
  rm -f "$BACKUPS"/*.partial
  trap 'rm -f "$name.partial"' EXIT
  pg_dump --format=custom --no-owner --file="$name.partial"
  pg_restore --list "$name.partial" >/dev/null
  mv "$name.partial" "$name"
  echo "dumped $name"
  whole -mmin "+$((KEPT_DAYS * DAY_MINUTES))" -exec rm -f {} +
}

is_due() { [ -z "$(whole -mmin "-$DAY_MINUTES")" ]; }

case ${1:-once} in
  once) dump ;;
  daily)
    while :; do
      # In a process of its own: a failure is tried again in ten minutes, and check tells of it.
      if is_due; then sh "$0" || echo "the dump failed" >&2; fi
      sleep 600
    done
    ;;
  check)
    if [ -z "$(whole -mmin "-$((DAY_MINUTES + SPARE_MINUTES))")" ]; then
      echo "no dump of the last 26 hours in $BACKUPS" >&2
      exit 1
    fi
    ;;
  *)
    echo "usage: backup.sh [once|daily|check]" >&2
    exit 2
    ;;
esac
