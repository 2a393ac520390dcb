#!/bin/sh
# Installs the agent as a new user would, in a clean Debian with its own mounts and host name, against an edge that
# runs outside: twice, then an update, a forced roll-back, the uninstall, and what is left. Needs root, debootstrap
# and a Debian mirror, and takes some minutes. Called by test/install/main.ts, which starts the edge:
#
#   clean-root.sh ROOT EDGE CODE
set -eu

ROOT=$1 EDGE=$2 CODE=$3
SUITE=${SUITE:-trixie}
MIRROR=${MIRROR:-http://deb.debian.org/debian}

step() { printf '\n=== %s\n' "$*"; }
inside() { chroot "$ROOT" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin HOME=/root HEARTHCAST_TRIAL_MS=30000 "$@"; }
files() { find "$ROOT" -xdev \( -path "$ROOT/proc" -o -path "$ROOT/sys" -o -path "$ROOT/dev" -o -path "$ROOT/var/cache/apt" -o -path "$ROOT/var/lib/apt" \) -prune -o -print | sed "s|^$ROOT||" | sort; }
offer() { printf '%s' "$1" >"$ROOT.offer"; }

wait_for() {
  what=$1 && shift
  tries=0
  until inside "$@" 2>/dev/null | grep -q "$what"; do
    tries=$((tries + 1))
    if [ $tries -ge 120 ]; then
      echo "waited in vain for $what" >&2
      inside "$@" >&2 || exit 1
      exit 1
    fi
    sleep 1
  done
  echo "seen: $what"
}

# A service manager's part, which a chroot has not: what the unit says, as the user it names.
serve() {
  inside runuser -u hearthcast -- env HEARTHCAST_INSTALL=/opt/hearthcast-agent HEARTHCAST_CONFIG=/etc/hearthcast-agent/agent.toml \
    HEARTHCAST_TRIAL_MS=30000 HEARTHCAST_VERSIONS=/var/lib/hearthcast-agent/versions /opt/hearthcast-agent/node/bin/node /opt/hearthcast-agent/launcher.mjs >"$ROOT.service.log" 2>&1 &
  SERVICE=$!
}

step "A clean Debian ($SUITE)"
[ -d "$ROOT/usr" ] || debootstrap --variant=minbase --include=ca-certificates,curl "$SUITE" "$ROOT" "$MIRROR" >"$ROOT.debootstrap.log" 2>&1 || { tail "$ROOT.debootstrap.log" && exit 1; }
mount -t proc proc "$ROOT/proc"
mount --rbind /dev "$ROOT/dev"
cp /etc/resolv.conf /etc/hosts "$ROOT/etc/"
# A network that looks into TLS has a CA of its own: what this machine trusts, the root trusts.
cp -L /etc/ssl/certs/ca-certificates.crt "$ROOT/etc/ssl/certs/ca-certificates.crt"
mkdir -p "$ROOT/srv/films"
files >"$ROOT.before"

step "The line of the web app"
offer ''
inside sh -c "curl -fsSL $EDGE/install.sh | sh -s -- $CODE --name cleanroom --root 'Movies=/srv/films'"
serve
wait_for '"connected":true' hearthcast-agent status --json

step "The same line again"
inside sh -c "curl -fsSL $EDGE/install.sh | sh -s -- $CODE"

step "What the doctor says"
inside hearthcast-agent doctor || true

step "An update"
offer 9.9.1
inside hearthcast-agent update
wait_for '"version":"9.9.1"' hearthcast-agent status --json
wait_for '"trial": null' cat /var/lib/hearthcast-agent/versions/state.json

step "An update that does not come up"
offer 9.9.2
inside hearthcast-agent update
wait_for '"9.9.2"' cat /var/lib/hearthcast-agent/versions/state.json
wait_for 'rolled-back' cat /var/lib/hearthcast-agent/versions/state.json
wait_for '"version":"9.9.1"' hearthcast-agent status --json

step "Back by hand"
inside hearthcast-agent rollback
wait_for '"version":"0' hearthcast-agent status --json

step "The uninstall"
inside runuser -u hearthcast -- sh -c 'kill -TERM -1'
wait "$SERVICE" || true
# The agent hands over first; its user can be taken away only when the last process has gone.
# shellcheck disable=SC2016
while inside sh -c 'for p in /proc/[0-9]*; do [ "$(stat -c %U "$p" 2>/dev/null)" != hearthcast ] || exit 0; done; exit 1'; do sleep 1; done
inside hearthcast-agent uninstall --yes

step "What is left (without what the package manager brought)"
files >"$ROOT.after"
comm -13 "$ROOT.before" "$ROOT.after" | grep -vE '^/(usr/(bin|lib|lib64|share|sbin|include|libexec)|var/lib/dpkg|var/log|var/cache|var/lib/(dbus|systemd|alsa)|etc/(ssl|ld.so|alternatives|fonts|OpenCL|glvnd|vdpau|pulse|X11|alsa|libva|passwd-|group-|shadow-|gshadow-|subuid|subgid|.*\.conf|mailcap.*|mime.types|apparmor.d|default|init.d|rc.\.d|systemd|ca-certificates|udev|perl|libnl|xdg|python.*))' || true
if inside id hearthcast 2>/dev/null; then echo "the user is still there" >&2 && exit 1; fi
[ ! -e "$ROOT/opt/hearthcast-agent" ] && [ ! -e "$ROOT/var/lib/hearthcast-agent" ] && [ ! -e "$ROOT/etc/hearthcast-agent" ] && [ ! -e "$ROOT/usr/local/bin/hearthcast-agent" ]
echo "nothing of the agent is left"
