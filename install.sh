#!/usr/bin/env bash
# Installs adr and adr-tmux for one user: ./install.sh --help
#
# The new runtime is put together beside the old one and takes its place with a rename; whatever fails
# before the end, the old installation stays as it was. Configuration and state are never touched.
set -euo pipefail
umask 022

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
prefix='' demo=''
# Set by find_user: the home to install into, and under sudo the user to act for.
user_home='' user_name='' user_owner='' user_uid=''
# What an exit before the end has to undo.
stage='' old='' swapped='' new_links='' scratch='' socket=''

usage() {
  cat <<'TEXT'
Usage: ./install.sh [--prefix DIR] [--demo]

Installs adr and adr-tmux: the two commands into ~/.local/bin, what they need into ~/.local/share/adr.
Safe to run again: it replaces the installation and leaves your configuration alone. Needs no root.

Options:
  --prefix DIR  Install into DIR/bin and DIR/share/adr instead
  --demo        Then start a session of two demo agents, send, show the status and stop it
                (needs tmux; neither Docker nor keys)
  -h, --help    Show this help
TEXT
}

# fail CODE MESSAGE [HINT...]
fail() {
  local code=$1
  printf 'Error: %s\n' "$2" >&2
  shift 2
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit "$code"
}

read_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      --prefix)
        [ $# -gt 1 ] || fail 2 '--prefix requires a value'
        prefix=$2
        shift
        [ -n "$prefix" ] || fail 2 '--prefix requires a value'
        ;;
      --prefix=?*) prefix=${1#--prefix=} ;;
      --prefix=) fail 2 '--prefix requires a value' ;;
      --demo) demo=yes ;;
      -h | --help)
        usage
        exit 0
        ;;
      *)
        printf "Error: Unknown option '%s'\n" "$1" >&2
        usage >&2
        exit 2
        ;;
    esac
    shift
  done
}

# Under sudo the user is the one who called it, not root.
find_user() {
  user_home=${HOME:-}
  if [ "$(id -u)" != 0 ] || [ -z "${SUDO_USER:-}" ] || [ "$SUDO_USER" = root ]; then return 0; fi
  case $SUDO_USER in -* | *[!A-Za-z0-9._-]*) fail 4 "cannot act for the user '$SUDO_USER'" ;; esac
  local gid
  user_name=$SUDO_USER
  if command -v getent >/dev/null; then
    IFS=: read -r _ _ user_uid gid _ user_home _ < <(getent passwd "$user_name") ||
      fail 4 "there is no user '$user_name'"
  else
    user_uid=$(id -u "$user_name") gid=$(id -g "$user_name")
    user_home=$(eval "printf %s ~$user_name")
  fi
  user_owner=$user_uid:$gid
}

# as_user COMMAND...: under sudo as the user who called it.
as_user() {
  if [ -z "$user_name" ]; then
    "$@"
  else
    sudo -u "$user_name" -H env PATH="$PATH" "$@"
  fi
}

# give_away PATH...: what stands in the user's home is the user's, also when root made it.
give_away() {
  [ -n "$user_owner" ] || return 0
  case $prefix/ in "$user_home"/*) chown -h -R "$user_owner" "$@" ;; esac
}

require_node() {
  local hint='install a newer Node: https://nodejs.org'
  [ -z "$user_name" ] || hint="under sudo, hand your PATH on: sudo env PATH=\"\$PATH\" ./install.sh"
  command -v node >/dev/null || fail 4 'adr needs Node 20.12 or newer, and there is no node on PATH' "$hint"
  node -e 'var v = process.versions.node.split("."); process.exit(+v[0] > 20 || (+v[0] === 20 && +v[1] >= 12) ? 0 : 1)' ||
    fail 4 "adr needs Node 20.12 or newer, this is $(node --version)" "$hint"
}

# --- from a checkout -----------------------------------------------------------------------------

is_checkout() { [ -d "$source_dir/src" ] && [ -f "$source_dir/build.mjs" ]; }

# dist_is_current: everything is built, and no source is newer.
dist_is_current() {
  local entry
  for entry in adr adr-tmux demo-agent; do [ -f "$source_dir/dist/$entry.js" ] || return 1; done
  [ -z "$(cd "$source_dir" && find src package.json build.mjs -newer dist/adr.js -print | head -n 1)" ]
}

packages_are_current() {
  local installed=$source_dir/node_modules/.package-lock.json
  [ -f "$installed" ] && [ ! "$source_dir/package-lock.json" -nt "$installed" ]
}

build() {
  dist_is_current && return 0
  command -v npm >/dev/null || fail 4 'building from a checkout needs npm, and there is no npm on PATH'
  [ -f "$source_dir/package-lock.json" ] || fail 1 "incomplete checkout: $source_dir/package-lock.json is missing"
  if ! packages_are_current; then
    echo 'Fetching packages (npm ci) ...'
    (cd "$source_dir" && as_user env npm_config_update_notifier=false npm ci --include=dev --no-audit --no-fund --loglevel=error </dev/null) ||
      fail 1 'npm ci failed'
  fi
  echo 'Building ...'
  (cd "$source_dir" && as_user env npm_config_update_notifier=false npm run --silent build </dev/null && touch dist/adr.js) || fail 1 'the build failed'
}

check_source() {
  local path
  for path in bin/adr.js bin/adr-tmux.js dist/adr.js dist/adr-tmux.js dist/demo-agent.js images package.json LICENSE \
    uninstall.sh; do
    [ -e "$source_dir/$path" ] || fail 1 "incomplete: $source_dir/$path is missing"
  done
}

# --- putting it in place -------------------------------------------------------------------------

# Unlike mv, this never moves a directory into another one; two in one go leave hardly a moment between them.
# rename FROM TO [FROM TO...]
rename() {
  node -e 'const fs = require("fs"), p = process.argv.slice(1); for (; p.length; p.splice(0, 2)) fs.renameSync(p[0], p[1])' "$@"
}

exists() { [ -e "$1" ] || [ -L "$1" ]; }

is_our_link() {
  [ -L "$1" ] || return 1
  [ "$(readlink "$1")" = "$2" ] || [ "$1" -ef "$2" ]
}

refuse_foreign() {
  local name
  for name in adr adr-tmux; do
    if exists "$bin_dir/$name" && ! is_our_link "$bin_dir/$name" "$runtime/bin/$name.js"; then
      fail 5 "Cannot overwrite existing file '$bin_dir/$name'. Remove it manually or check permissions."
    fi
  done
  exists "$runtime" || return 0
  if [ -L "$runtime" ] || [ ! -d "$runtime" ] || { [ ! -f "$runtime/.installed" ] && [ -n "$(ls -A "$runtime")" ]; }; then
    fail 5 "Cannot overwrite existing file '$runtime'. Remove it manually or check permissions."
  fi
}

# make_directory DIR: with its parents, all that is new of them the user's.
make_directory() {
  local first=$1
  while [ ! -e "$(dirname "$first")" ]; do first=$(dirname "$first"); done
  if [ ! -d "$1" ]; then
    mkdir -p "$1" || fail 4 "cannot create '$1'"
    give_away "$first"
  fi
  [ -w "$1" ] || fail 4 "cannot write to '$1'" 'check its permissions, or choose another place with --prefix DIR'
}

# What an install that was killed has left: nobody else's pid is in use by it any more.
remove_leftovers() {
  local left
  for left in "$share_dir"/.adr.new.* "$share_dir"/.adr.old.*; do
    if [ -d "$left" ] && ! kill -0 "${left##*.}" 2>/dev/null; then rm -rf "$left"; fi
  done
}

fill_stage() {
  local name
  mkdir "$stage"
  for name in bin dist images config-examples package.json LICENSE uninstall.sh; do
    if [ -e "$source_dir/$name" ]; then cp -R "$source_dir/$name" "$stage/"; fi
  done
  node -p 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).version' "$stage/package.json" >"$stage/.installed"
  chmod -R u+rwX,go+rX,go-w "$stage"
  chmod 755 "$stage/bin/adr.js" "$stage/bin/adr-tmux.js" "$stage/uninstall.sh"
  # Nothing is put in place that does not run.
  node "$stage/bin/adr.js" --version >/dev/null
  node "$stage/bin/adr-tmux.js" --version >/dev/null
  give_away "$stage"
}

link_program() {
  local name=$1 link=$bin_dir/$1 target=$runtime/bin/$1.js
  if is_our_link "$link" "$target"; then return 0; fi
  ln -s "$target" "$link"
  new_links="$new_links $name"
  give_away "$link"
}

put_in_place() {
  stage=$share_dir/.adr.new.$$
  fill_stage
  if [ -e "$runtime" ]; then
    old=$share_dir/.adr.old.$$
    swapped=yes
    rename "$runtime" "$old" "$stage" "$runtime"
  else
    swapped=yes
    rename "$stage" "$runtime"
  fi
  link_program adr
  link_program adr-tmux
  swapped=''
  local done_with=$old
  old=''
  [ -z "$done_with" ] || rm -rf "$done_with"
}

# shellcheck disable=SC2329  # called by the trap
clean_up() {
  local code=$? name
  trap - EXIT
  set +e
  if [ -n "$socket" ]; then end_demo; fi
  for name in $new_links; do [ -z "$swapped" ] || rm -f "$bin_dir/$name"; done
  # While the stage is there, what stands in its place is still the old one.
  if [ -n "$swapped" ] && [ ! -e "$stage" ]; then rm -rf "$runtime"; fi
  if [ -n "$old" ] && [ -d "$old" ]; then rename "$old" "$runtime"; fi
  if [ -n "$stage" ]; then rm -rf "$stage"; fi
  if [ -n "$scratch" ]; then rm -rf "$scratch"; fi
  if [ "$code" != 0 ] && [ -n "$swapped$stage" ] && [ ! -e "$runtime/.installed" ]; then
    echo 'Nothing was installed.' >&2
  fi
  exit "$code"
}

# --- afterwards ----------------------------------------------------------------------------------

remind_of_path() {
  local shown=$bin_dir line=$bin_dir found
  if [ "$bin_dir" = "$user_home/.local/bin" ]; then
    # shellcheck disable=SC2088,SC2016  # for the user to read
    shown='~/.local/bin' line='$HOME/.local/bin'
  fi
  # Under sudo this is root's PATH, which says nothing about the user's.
  [ -z "$user_name" ] || return 0
  case :$PATH: in
    *":$bin_dir:"* | *":$bin_dir/:"* | *":$(cd "$bin_dir" && pwd -P):"*)
      found=$(command -v adr) || return 0
      [ "$found" -ef "$bin_dir/adr" ] || echo "Warning: 'adr' on your PATH is another program: $found" >&2
      ;;
    *)
      printf 'Warning: %s is not on your PATH.\n' "$shown" >&2
      printf 'Add the following line to your shell config file and restart:\n' >&2
      # shellcheck disable=SC2016  # for the user's shell
      printf '  export PATH="$PATH:%s"\n' "$line" >&2
      ;;
  esac
}

# The demo has a tmux server of its own: the user's is not touched.
run_demo() {
  command -v tmux >/dev/null || fail 4 'adr is installed, but the demo needs tmux 3.2 or newer, which is not on PATH' \
    'Debian, Ubuntu: apt install tmux; Fedora: dnf install tmux; macOS: brew install tmux' "then: $bin_dir/adr-tmux demo"
  local code=0
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/adr-demo.XXXXXX")
  if [ -n "$user_owner" ]; then chown "$user_owner" "$scratch"; fi
  socket=adr-demo-$$
  (cd "$scratch" && demo_program demo --stop) || code=$?
  end_demo
  rm -rf "$scratch"
  scratch=''
  [ "$code" = 0 ] || fail "$code" 'adr is installed, but its demo failed'
}

demo_program() { as_user env -u ADR_BIN ADR_TMUX_SOCKET="$socket" "$bin_dir/adr-tmux" "$@" </dev/null; }

end_demo() {
  local name=$socket
  # Interrupted, it still has its session.
  if as_user tmux -L "$name" has-session -t =adr-demo 2>/dev/null; then demo_program stop demo --purge >/dev/null 2>&1 || true; fi
  as_user tmux -L "$name" kill-server 2>/dev/null || true
  socket=''
  rm -f "${TMUX_TMPDIR:-/tmp}/tmux-${user_uid:-$(id -u)}/$name"
}

main() {
  read_arguments "$@"
  require_node
  find_user
  if [ -z "$prefix" ]; then
    [ -n "$user_home" ] || fail 4 'HOME is not set' 'say where to install: --prefix DIR'
    prefix=$user_home/.local
  fi
  case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
  [ "$prefix" = / ] || prefix=${prefix%/}
  bin_dir=$prefix/bin share_dir=$prefix/share runtime=$prefix/share/adr

  refuse_foreign
  if is_checkout; then build; fi
  check_source
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  make_directory "$bin_dir"
  make_directory "$share_dir"
  remove_leftovers
  put_in_place
  printf 'Installed adr %s: %s, %s\n' "$(cat "$runtime/.installed")" "$bin_dir/adr" "$bin_dir/adr-tmux"
  remind_of_path
  echo "For completions in your shell: adr completions install"
  echo "adr installed. Run 'adr status' to check your agents."
  if [ -n "$demo" ]; then run_demo; fi
}

main "$@"
