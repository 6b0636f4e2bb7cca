#!/bin/sh
# Makes the namespace that Sojourn uses, and its search attributes. May be run again at any time.
# TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are read by the temporal command itself.
set -eu

retention=30d
attributes='SojournJourney SojournPerson SojournRun SojournOutcome SojournVersion'

temporal operator namespace describe >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$retention"

# A new namespace is known to the whole server after some seconds.
tries=0
until temporal operator search-attribute list >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo "the namespace $TEMPORAL_NAMESPACE did not appear within a minute" >&2; exit 1; }
  sleep 1
done

set --
for attribute in $attributes; do set -- "$@" --name "$attribute" --type Keyword; done
temporal operator search-attribute create "$@"
