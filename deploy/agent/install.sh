#!/bin/sh
# Installs the Hearthcast agent on this machine, or brings an installed one to the server's version:
#
#   curl -fsSL https://your-server.example/install.sh | sh -s -- CODE [options]
#
# It can be run again at any time: what is there is kept, what is missing is added. --help lists the options.
set -eu

# Filled in by the server that this script came from, and by its build.
EDGE='@EDGE@'
RELEASE_KEY='@RELEASE_KEY@'
NODE_VERSION='@NODE_VERSION@'
# A line for each system: system, package of the npm registry, SHA-512 of its archive.
NODE_TABLE='@NODE_TABLE@'

# What the agent's code needs; the machine's own Node is taken where it is at least this.
MIN_NODE=24
ONLINE_SECONDS=45

say() { printf '%s\n' "$*"; }
step() { printf '==> %s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

usage() {
  cat <<USAGE
Usage: install.sh [CODE] [options]

  CODE                  the one-time code of "Add a machine"; not needed where the agent is enrolled already
  --root NAME=DIR       share a folder, in the library NAME (repeatable; --roots is the same)
  --allow DIR           folders below DIR may be chosen in the web app (repeatable)
  --name NAME           what people call this machine (default: its host name)
  --update MODE         automatic, offered or off (default: as the server's settings say)
  --user NAME           the user that the service runs as (default: hearthcast)
  --prefix DIR          put everything below DIR, for the user who runs this, without a service
  --no-service          make no service
  --node FILE           use this Node
  --registry URL        where Node is fetched from (default: https://registry.npmjs.org)
  --edge URL            the server (default: $EDGE)
  --allow-downgrade     take the server's agent although it is older than the installed one
  --trust-new-key       the server's owner has built it anew: trust its new release key
  --yes                 ask nothing
USAGE
}

# --- options ---------------------------------------------------------------------------------------------------

NEWLINE='
'

parse_options() {
  CODE='' ROOTS='' ALLOW='' NAME='' UPDATE='' AGENT_USER=hearthcast PREFIX='' SERVICE=yes NODE=''
  REGISTRY=https://registry.npmjs.org DOWNGRADE='' TRUST='' ASK=yes
  while [ $# -gt 0 ]; do
    case $1 in
      --root | --roots | --allow | --name | --update | --user | --prefix | --node | --registry | --edge)
        case ${2:--} in -*) fail "$1 needs a value (see --help)" ;; esac
        ;;
    esac
    case $1 in
      --help | -h) usage && exit 0 ;;
      --root | --roots) ROOTS="$ROOTS$2$NEWLINE" && shift ;;
      --allow) ALLOW="$ALLOW$2$NEWLINE" && shift ;;
      --name) NAME=$2 && shift ;;
      --update) UPDATE=$2 && shift ;;
      --user) AGENT_USER=$2 && shift ;;
      --prefix) PREFIX=$2 SERVICE=no && shift ;;
      --no-service) SERVICE=no ;;
      --node) NODE=$2 && shift ;;
      --registry) REGISTRY=${2%/} && shift ;;
      --edge) EDGE=${2%/} && shift ;;
      --allow-downgrade) DOWNGRADE=yes ;;
      --trust-new-key) TRUST=yes ;;
      --yes | -y) ASK=no ;;
      -*) fail "there is no option $1 (see --help)" ;;
      *) CODE=$1 ;;
    esac
    shift
  done
  case $UPDATE in automatic | offered | off | '') ;; *) fail "--update is automatic, offered or off" ;; esac
  case $EDGE in http://* | https://*) ;; *) fail "no server is known: add --edge https://your-server.example" ;; esac
  case "$AGENT_USER" in *[!a-zA-Z0-9_-]* | '') fail "--user is the plain name of a user" ;; esac
}

# --- where things go -------------------------------------------------------------------------------------------

choose_places() {
  case "$(uname -s)/$(uname -m)" in
    Linux/x86_64) SYSTEM=linux-x64 ;;
    Linux/aarch64 | Linux/arm64) SYSTEM=linux-arm64 ;;
    Darwin/x86_64) SYSTEM=darwin-x64 ;;
    Darwin/arm64) SYSTEM=darwin-arm64 ;;
    *) SYSTEM=other ;;
  esac
  if [ -n "$PREFIX" ]; then
    mkdir -p "$PREFIX" || fail "$PREFIX cannot be made"
    PREFIX=$(cd "$PREFIX" && pwd)
    APP=$PREFIX/app DATA=$PREFIX/data CONFIG=$PREFIX/agent.toml COMMAND=$PREFIX/bin/hearthcast-agent
    AGENT_USER=$(id -un)
  else
    APP=/opt/hearthcast-agent COMMAND=/usr/local/bin/hearthcast-agent
    DATA=/var/lib/hearthcast-agent CONFIG=/etc/hearthcast-agent/agent.toml
    if [ "${SYSTEM%-*}" = darwin ]; then
      DATA=/usr/local/var/hearthcast-agent CONFIG=/usr/local/etc/hearthcast-agent/agent.toml
      # A Mac's folders belong to people: the agent runs as the one who installs it.
      AGENT_USER=${SUDO_USER:-root}
    fi
  fi
}

# Before anything is made: without a code this would end half way.
need_code() {
  [ -n "$CODE" ] || [ -f "$DATA/identity.json" ] || fail "this machine is not enrolled yet: add the code that \"Add a machine\" shows in the web app"
}

# A pipe cannot be read again: as root the script is fetched once more.
become_root() {
  [ -z "$PREFIX" ] && [ "$(id -u)" != 0 ] || return 0
  has sudo || fail "this needs root: run it as root, or with --prefix DIR to install for yourself without a service"
  say "This needs root: asking sudo."
  fetch_text "$EDGE/install.sh" >"$WORK/install.sh" || fail "$EDGE/install.sh cannot be fetched"
  sudo sh "$WORK/install.sh" "$@"
  exit $?
}

# --- fetching --------------------------------------------------------------------------------------------------

fetch() {
  if has curl; then curl -fsSL --retry 3 -o "$2" "$1"
  elif has wget; then wget -q -O "$2" "$1"
  else fail "neither curl nor wget is here: install one of them"; fi
}
fetch_text() { if has curl; then curl -fsSL "$1"; else wget -q -O - "$1"; fi; }

sha512_of() {
  if has sha512sum; then sha512sum "$1"; elif has shasum; then shasum -a 512 "$1"; else openssl dgst -r -sha512 "$1"; fi |
    cut -d ' ' -f 1
}

# --- what it needs ---------------------------------------------------------------------------------------------

PACKAGES=''
add_package() {
  step "Installing $* with the system's package manager"
  for package in "$@"; do has_package "$package" || PACKAGES="$PACKAGES $package"; done
  package_manager "$@" >"$WORK/packages.log" 2>&1
}

has_package() {
  if has dpkg; then dpkg -s "$1"; elif has rpm; then rpm -q "$1"; elif has pacman; then pacman -Q "$1"; else return 1; fi >/dev/null 2>&1
}

package_manager() {
  if has brew; then
    # It refuses root.
    if [ "$(id -u)" = 0 ]; then sudo -u "${SUDO_USER:-nobody}" brew install "$@"; else brew install "$@"; fi
  elif [ "$(id -u)" != 0 ]; then echo "packages are installed by root only" && return 1
  elif has apt-get; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
  elif has dnf; then dnf install -y -q "$@"
  elif has pacman; then pacman -S --noconfirm --needed "$@"
  elif has zypper; then zypper -n install "$@"
  else echo "no package manager that is known here" && return 1; fi
}

node_works() { [ "$("$1" -p "Number(process.versions.node.split('.')[0]) >= $MIN_NODE" 2>/dev/null)" = true ]; }

ensure_node() {
  if [ -n "$NODE" ]; then
    node_works "$NODE" || fail "$NODE is no Node of version $MIN_NODE or newer"
    return
  fi
  for NODE in "$(command -v node || true)" "$APP/node/bin/node"; do
    # One in somebody's home is not there for the service.
    case $NODE in /root/* | /home/*) [ -n "$PREFIX" ] || continue ;; esac
    if [ -n "$NODE" ] && [ -x "$NODE" ] && node_works "$NODE"; then return; fi
  done
  NODE=$APP/node/bin/node
  line=$(printf '%s\n' "$NODE_TABLE" | grep "^$SYSTEM " || true)
  if [ -z "$line" ] || { has ldd && ldd --version 2>&1 | grep -qi musl; }; then
    fail "there is no Node for this system to fetch: install Node $MIN_NODE or newer, then run this again"
  fi
  package=$(printf '%s' "$line" | cut -d ' ' -f 2)
  step "Fetching Node $NODE_VERSION"
  fetch "$REGISTRY/$package/-/$package-$NODE_VERSION.tgz" "$WORK/node.tgz" || fail "Node cannot be fetched from $REGISTRY: is it reachable? Else install Node $MIN_NODE or newer"
  [ "$(sha512_of "$WORK/node.tgz")" = "$(printf '%s' "$line" | cut -d ' ' -f 3)" ] || fail "what $REGISTRY sent is not the Node that was expected: nothing was installed"
  mkdir -p "$APP/node"
  tar -xzf "$WORK/node.tgz" -C "$WORK" package/bin
  rm -rf "$APP/node/bin"
  mv "$WORK/package/bin" "$APP/node/bin"
  chmod -R go=u-w "$APP/node"
  chmod 755 "$NODE"
  # The one library of it that small systems lack.
  if ! node_works "$NODE" && has apt-get; then add_package libatomic1 libstdc++6 || true; fi
  if ! node_works "$NODE" && has dnf; then add_package libatomic libstdc++ || true; fi
  node_works "$NODE" || fail "Node $NODE_VERSION does not run here: $("$NODE" -v 2>&1 | head -n 1)"
}

ensure_ffmpeg() {
  if has ffmpeg && has ffprobe; then return; fi
  [ -z "${HEARTHCAST_FFMPEG:-}" ] || return 0
  if ! add_package ffmpeg; then
    [ ! -s "$WORK/packages.log" ] || tail -n 3 "$WORK/packages.log" >&2
    fail "ffmpeg is missing and could not be installed: install ffmpeg, then run this again"
  fi
}

# --- the agent -------------------------------------------------------------------------------------------------

# Believes only what is signed with the pinned key; prints the version.
verify_release() {
  cat >"$WORK/verify.cjs" <<'VERIFY'
@VERIFY@
VERIFY
  "$NODE" "$WORK/verify.cjs" "$@"
}

pinned_key() {
  [ -f "$CONFIG" ] || return 0
  sed -n 's/^key *= *"\(.*\)"$/\1/p' "$CONFIG" | head -n 1
}

install_agent() {
  KEY=$(pinned_key)
  if [ -n "$KEY" ] && [ "$KEY" != "$RELEASE_KEY" ] && [ -z "$TRUST" ]; then
    fail "the server's release key is not the one that this machine trusts. If its owner has built it anew, add --trust-new-key"
  fi
  KEY=$RELEASE_KEY
  step "Fetching the agent from $EDGE"
  for file in manifest.json manifest.sig agent.mjs launcher.mjs; do
    fetch "$EDGE/install/$file" "$WORK/$file" || fail "$EDGE/install/$file cannot be fetched: is the server up, and was it built with an agent?"
  done
  installed=''
  if [ -L "$DATA/versions/current" ]; then installed=$(readlink "$DATA/versions/current"); fi
  VERSION=$(verify_release "$WORK" "$KEY" "$installed" "$DOWNGRADE") || exit 1

  mkdir -p "$APP" "$(dirname "$COMMAND")" "$(dirname "$CONFIG")" "$DATA/versions/$VERSION"
  chmod 700 "$DATA"
  cp "$WORK/agent.mjs" "$WORK/launcher.mjs" "$WORK/manifest.json" "$DATA/versions/$VERSION/"
  ln -sfn "$VERSION" "$DATA/versions/current"
  cp "$WORK/launcher.mjs" "$APP/launcher.mjs"
  chmod 644 "$APP/launcher.mjs"
  write_command
  say "    Hearthcast agent $VERSION"
}

shell_quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }

write_command() {
  cat >"$APP/hearthcast-agent" <<COMMAND
#!/bin/sh
export HEARTHCAST_INSTALL=$(shell_quoted "$APP") HEARTHCAST_CONFIG=$(shell_quoted "$CONFIG") HEARTHCAST_VERSIONS=$(shell_quoted "$DATA/versions")
user=$AGENT_USER node=$(shell_quoted "$NODE")
agent=\$HEARTHCAST_VERSIONS/current/agent.mjs
# What root does in the data folder would not be the agent's own.
if [ "\$(id -u)" = 0 ] && [ "\$user" != root ] && [ "\${1:-}" != uninstall ]; then
  if command -v runuser >/dev/null 2>&1; then exec runuser -u "\$user" -- "\$node" --max-semi-space-size=4 --optimize-for-size "\$agent" "\$@"; fi
  exec sudo -E -u "\$user" -- "\$node" --max-semi-space-size=4 --optimize-for-size "\$agent" "\$@"
fi
[ "\${1:-}" != serve ] || { shift && exec "\$node" "\$HEARTHCAST_INSTALL/launcher.mjs" "\$@"; }
exec "\$node" --max-semi-space-size=4 --optimize-for-size "\$agent" "\$@"
COMMAND
  chmod 755 "$APP/hearthcast-agent"
  [ "$COMMAND" = "$APP/hearthcast-agent" ] || ln -sfn "$APP/hearthcast-agent" "$COMMAND"
}

toml_text() {
  case $1 in *"$NEWLINE"*) fail "a name or folder holds a line break" ;; esac
  printf '"%s"' "$(printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g')"
}

allowed_folders() {
  if [ -n "$ALLOW" ]; then printf '%s' "$ALLOW"
  elif [ "${SYSTEM%-*}" = darwin ]; then for folder in /Volumes "${HOME:-}/Movies"; do [ -d "$folder" ] && say "$folder"; done
  else for folder in /srv /mnt /media; do [ -d "$folder" ] && say "$folder"; done; fi || true
}

NEW_CONFIG=''
write_config() {
  if [ -f "$CONFIG" ]; then
    # Of a file that is the owner's only the key is changed, and only when told to.
    if [ -n "$TRUST" ]; then
      sed "s|^key *= *\".*\"|key = \"$RELEASE_KEY\"|" "$CONFIG" >"$WORK/agent.toml" && cat "$WORK/agent.toml" >"$CONFIG"
    fi
    say "    kept $CONFIG"
    [ -z "$NAME$ALLOW$UPDATE" ] || warn "--name, --allow and --update were not taken over: they stand in $CONFIG"
    return
  fi
  NEW_CONFIG=yes
  {
    say "# The Hearthcast agent of this machine. \"hearthcast-agent config\" shows what holds; docs/agent.md explains each."
    say "edge = $(toml_text "$EDGE")"
    say "data = $(toml_text "$DATA")"
    [ -z "$NAME" ] || say "name = $(toml_text "$NAME")"
    say "log_file = $(toml_text "$DATA/agent.log")"
    say
    say "# Below these an admin may choose folders in the web app. Nothing else of this machine is shown there."
    say "allow = ["
    allowed_folders | while IFS= read -r folder; do say "  $(toml_text "$folder"),"; done
    say "]"
    say
    say "[update]"
    if [ -n "$UPDATE" ]; then say "mode = \"$UPDATE\""
    else say '# mode = "offered" (or automatic, off) would be stronger than what the settings of the server say.'; fi
    say "channel = \"stable\""
    say "# Only what is signed with this key is ever run here."
    say "key = \"$RELEASE_KEY\""
  } >"$CONFIG"
}

json_text() { printf '"%s"' "$(printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g')"; }

# What an uninstall takes away again. What an earlier run of this script made stays noted.
write_record() {
  if [ -f "$APP/install.json" ]; then
    grep -q '"madeUser": true' "$APP/install.json" && MADE_USER=true
    PACKAGES="$PACKAGES $(sed -n 's/.*"packages": \[\(.*\)\].*/\1/p' "$APP/install.json" | tr '",' '  ')"
  fi
  packages=$(for package in $PACKAGES; do say "$package"; done | sort -u | sed 's/.*/"&"/' | paste -sd , -)
  cat >"$APP/install.json" <<RECORD
{
  "app": $(json_text "$APP"),
  "data": $(json_text "$DATA"),
  "config": $(json_text "$CONFIG"),
  "command": $(json_text "$COMMAND"),
  "node": $(json_text "$NODE"),
  "user": $(json_text "$AGENT_USER"),
  "madeUser": $MADE_USER,
  "service": { "kind": "$SERVICE_KIND", "file": $(json_text "$SERVICE_FILE") },
  "packages": [$packages]
}
RECORD
  chmod 644 "$APP/install.json"
}

# --- user and service ------------------------------------------------------------------------------------------

MADE_USER=false
ensure_user() {
  [ -z "$PREFIX" ] || return 0
  if ! id "$AGENT_USER" >/dev/null 2>&1; then
    step "Making the user $AGENT_USER"
    shell=/usr/sbin/nologin
    [ -x "$shell" ] || shell=/sbin/nologin
    if has useradd; then useradd --system --user-group --home-dir "$DATA" --no-create-home --shell "$shell" "$AGENT_USER"
    elif has adduser; then adduser -S -D -H -h "$DATA" -s "$shell" "$AGENT_USER"
    else fail "the user $AGENT_USER cannot be made here: make it, or name another with --user"; fi
    MADE_USER=true
  fi
  # Where graphics cards are reached through.
  for group in render video; do
    if [ "$AGENT_USER" != root ] && has usermod && has getent && getent group "$group" >/dev/null 2>&1; then
      usermod -a -G "$group" "$AGENT_USER"
    fi
  done
}

own_files() {
  [ -z "$PREFIX" ] || return 0
  group=$(id -gn "$AGENT_USER")
  chown -R "$AGENT_USER:$group" "$DATA"
  chown "root:$group" "$CONFIG"
  chmod 640 "$CONFIG"
}

choose_service() {
  SERVICE_KIND=none SERVICE_FILE=''
  [ "$SERVICE" = yes ] || return 0
  if [ -d /run/systemd/system ]; then SERVICE_KIND=systemd SERVICE_FILE=/etc/systemd/system/hearthcast-agent.service
  elif [ "${SYSTEM%-*}" = darwin ]; then SERVICE_KIND=launchd SERVICE_FILE=/Library/LaunchDaemons/org.hearthcast.agent.plist; fi
}

filled() {
  sed -e "s|%NODE%|$NODE|g" -e "s|%APP%|$APP|g" -e "s|%DATA%|$DATA|g" -e "s|%CONFIG%|$CONFIG|g" -e "s|%USER%|$AGENT_USER|g"
}

write_service() {
  case $SERVICE_KIND in
    systemd)
      filled >"$SERVICE_FILE" <<'UNIT'
@SYSTEMD_UNIT@
UNIT
      ;;
    launchd)
      filled >"$SERVICE_FILE" <<'PLIST'
@LAUNCHD_PLIST@
PLIST
      ;;
  esac
}

start_service() {
  case $SERVICE_KIND in
    systemd)
      step "Starting the service hearthcast-agent"
      systemctl daemon-reload
      systemctl enable -q hearthcast-agent
      systemctl restart hearthcast-agent
      ;;
    launchd)
      step "Starting the service org.hearthcast.agent"
      launchctl bootout system "$SERVICE_FILE" 2>/dev/null || true
      launchctl bootstrap system "$SERVICE_FILE"
      ;;
  esac
}

# --- enrolment, folders, the first sign of life ----------------------------------------------------------------

agent() { "$APP/hearthcast-agent" "$@"; }

enrol() {
  if agent status --json 2>/dev/null | grep -q '"agentId":"agt_'; then
    say "    enrolled already"
    return
  fi
  step "Enrolling this machine"
  # Not as an argument: those are in every user's list of processes.
  if ! HEARTHCAST_CODE=$CODE agent enrol; then
    # The next try may come with other options.
    [ -z "$NEW_CONFIG" ] || rm -f "$CONFIG"
    exit 1
  fi
}

ask_folders() {
  if [ "$ASK" = no ] || [ -n "$ROOTS" ] || [ ! -t 1 ] || [ ! -r /dev/tty ]; then return 0; fi
  say
  say "Which folders does this machine share? Write NAME=FOLDER, such as Movies=/srv/films, one at a time."
  say "An empty line ends the list; folders can also be chosen in the web app."
  while printf '> ' && IFS= read -r answer </dev/tty && [ -n "$answer" ]; do
    if [ -d "${answer#*=}" ]; then ROOTS="$ROOTS$answer$NEWLINE"; else say "There is no folder ${answer#*=}."; fi
  done
}

add_folders() {
  [ -n "$ROOTS" ] || return 0
  step "Adding folders"
  printf '%s' "$ROOTS" | while IFS= read -r root; do
    agent roots add "$root" || warn "$root was not added"
  done
}

wait_online() {
  printf '==> Waiting for the server to see this machine'
  waited=0
  while [ $waited -lt "$ONLINE_SECONDS" ]; do
    if agent status --json 2>/dev/null | grep -q '"connected":true'; then
      say ": online"
      return 0
    fi
    printf '.'
    sleep 1
    waited=$((waited + 1))
  done
  say
  warn "the server has not seen this machine yet. \"hearthcast-agent doctor\" says what is in the way."
}

say_what_it_can_do() {
  say
  agent doctor 2>/dev/null | grep -E '(ffmpeg|hardware|graphics|folder)' | sed 's/^/    /' || true
}

main() {
  parse_options "$@"
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
  choose_places
  become_root "$@"
  need_code
  umask 022
  mkdir -p "$APP"
  ensure_node
  ensure_ffmpeg
  choose_service
  ensure_user
  install_agent
  write_config
  write_record
  own_files
  enrol
  ask_folders
  add_folders
  write_service
  start_service
  say
  if [ "$SERVICE_KIND" = none ]; then
    say "The agent is installed. No service was made; this runs it until you stop it:"
    say
    say "    $COMMAND serve"
  else
    wait_online
    say_what_it_can_do
    say
    say "Done. Next: choose this machine's folders at $EDGE/admin/machines"
  fi
  say "    $COMMAND status | doctor | roots | logs | update | uninstall"
}

# Called in the last line: a download that was cut off runs nothing.
main "$@"
