#!/bin/sh
# Fills the empty secrets of .env, which is made from .env.example where there is none, and says what
# is left for a person to fill. What has a value keeps it, so this may run again after each upgrade.
# Needs a POSIX shell and coreutils, nothing else.
set -eu
umask 077
cd "$(dirname "$0")/.."

SECRETS=" SECRET_KEY VIDEO_EVENT_SECRET VIDEO_TOKEN_SECRET POSTGRES_PASSWORD REDIS_PASSWORD
 VAULT_KEY MARKS_KEY METRICS_TOKEN JICOFO_AUTH_PASSWORD JVB_AUTH_PASSWORD TURN_SECRET "

# Letters and digits only: it stands in URLs and in Prosody's configuration.
new_secret() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

is_secret() {
  for secret in $SECRETS; do
    [ "$secret" = "$1" ] && return 0
  done
  return 1
}

knows() {
  while IFS= read -r known || [ -n "$known" ]; do
    case $known in "$1="*) return 0 ;; esac
  done <.env
  return 1
}

[ -e .env ] || cp .env.example .env

# A newer version may need a name that an older .env has never heard of.
while IFS= read -r line; do
  name=${line%%=*}
  case $line in
    '#'* | '') ;;
    *=*) knows "$name" || printf '\n%s\n' "$line" >>.env ;;
  esac
done <.env.example

made=0 left=
: >.env.new
while IFS= read -r line || [ -n "$line" ]; do
  name=${line%%=*}
  case $line in
    '#'*) ;;
    *=)
      if is_secret "$name"; then
        line="$name=$(new_secret)"
        made=$((made + 1))
      else
        left="$left $name"
      fi
      ;;
  esac
  printf '%s\n' "$line" >>.env.new
done <.env
mv .env.new .env

echo "$made new secrets stand in .env; keep a copy of that file in a safe place."
if [ -n "$left" ]; then
  echo "Left for you to fill:"
  for name in $left; do echo "  $name"; done
fi
