#!/usr/bin/env bash
# Removes what install.sh installed, and nothing else: ./uninstall.sh --help
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: ./uninstall.sh [--yes] [--prefix DIR]

Removes adr and adr-tmux from ~/.local/bin and ~/.local/share/adr, and the completions that
'adr completions install' wrote. Your configuration, adr's state and the images stay. Under sudo it
acts for the user who called it.

Options:
  -y, --yes     Do not ask
  --prefix DIR  They were installed with this --prefix
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

# Under sudo the user is the one who called it, not root.
find_home() {
  if [ "$(id -u)" != 0 ] || [ -z "${SUDO_USER:-}" ] || [ "$SUDO_USER" = root ]; then
    printf %s "${HOME:-}"
    return
  fi
  case $SUDO_USER in -* | *[!A-Za-z0-9._-]*) fail 4 "cannot act for the user '$SUDO_USER'" ;; esac
  if command -v getent >/dev/null; then
    getent passwd "$SUDO_USER" | cut -d : -f 6 | tr -d '\n'
  else
    eval "printf %s ~$SUDO_USER"
  fi
}

# as_user COMMAND...: under sudo as the user who called it.
as_user() {
  if [ "$(id -u)" != 0 ] || [ -z "${SUDO_USER:-}" ] || [ "$SUDO_USER" = root ]; then
    "$@"
  else
    sudo -u "$SUDO_USER" -H env PATH="$PATH" "$@"
  fi
}

is_our_link() {
  [ -L "$1" ] || return 1
  [ "$(readlink "$1")" = "$2" ] || [ "$1" -ef "$2" ]
}

# Agents outlive the program that stops them: say so while it is still there.
warn_of_agents() {
  local tree runs
  tree=$(as_user "$runtime/bin/adr-tmux.js" status 2>/dev/null </dev/null) || tree=''
  case $tree in
    '' | 'No sessions'*) ;;
    *) printf 'Warning: agents are still running; end them first with: adr-tmux stop NAME\n%s\n' "$tree" >&2 ;;
  esac
  # Those of a session stand in the tree.
  runs=$(as_user "$runtime/bin/adr.js" ps 2>/dev/null </dev/null | awk 'NR == 1 || $4 == "-"') || runs=''
  case $runs in
    *$'\n'*) printf 'Warning: runs go on; end them first with: adr stop RUN\n%s\n' "$runs" >&2 ;;
  esac
}

ask() {
  printf 'Remove adr? This will delete %s and %s/.\n' "${links[*]-}" "$runtime"
  printf 'Your %s and Docker images are kept. [y/N] ' "${XDG_CONFIG_HOME:-$home/.config}/adr/config"
  local answer=''
  read -r answer || echo
  case $answer in [yY] | [yY][eE][sS]) return 0 ;; esac
  echo 'Aborted.'
  exit 0
}

remove() {
  rm -rf "$1" || fail 4 "cannot remove '$1'" 'check its permissions, or run this with sudo'
  echo "Removed $1"
}

# is_our_completion FILE PROGRAM SHELL: it bears the line that 'adr completions' writes.
is_our_completion() {
  [ -f "$1" ] && head -n 2 "$1" 2>/dev/null | grep -qxF "# $3 completion for $2; made by: $2 completions $3"
}

# Another installation in ~/.local still has a use for them.
remove_completions() {
  [ -n "$home" ] && [ ! -e "$home/.local/bin/adr" ] || return 0
  local program shell path folder=$home/.bash_completion.d
  for program in adr adr-tmux; do
    for shell in bash zsh fish; do
      case $shell in
        bash) path=$folder/$program ;;
        zsh) path=$home/.zsh/completions/_$program ;;
        fish) path=${XDG_CONFIG_HOME:-$home/.config}/fish/completions/$program.fish ;;
      esac
      is_our_completion "$path" "$program" "$shell" || continue
      as_user rm -f "$path" || fail 4 "cannot remove '$path'" 'check its permissions'
      echo "Removed $path"
    done
  done
  # shellcheck disable=SC2016  # the line as it stands there
  local line='for f in ~/.bash_completion.d/*; do . "$f"; done'
  if [ -d "$folder" ] && [ -z "$(ls -A "$folder")" ] && grep -qF "$line" "$home/.bashrc" 2>/dev/null; then
    printf 'Take this line out of ~/.bashrc, there is nothing left for it:\n  %s\n' "$line"
  fi
}

main() {
  local yes='' prefix='' here name link
  while [ $# -gt 0 ]; do
    case $1 in
      -y | --yes) yes=yes ;;
      --prefix)
        prefix=${2-}
        [ -n "$prefix" ] || fail 2 '--prefix requires a value'
        shift
        ;;
      --prefix=?*) prefix=${1#--prefix=} ;;
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

  home=$(find_home)
  here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  # The installed copy of this script removes the installation it is part of.
  if [ -z "$prefix" ] && [ -f "$here/.installed" ]; then prefix=$(cd "$here/../.." && pwd); fi
  if [ -z "$prefix" ]; then
    [ -n "$home" ] || fail 4 'HOME is not set' 'say where it was installed: --prefix DIR'
    prefix=$home/.local
  fi
  case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
  prefix=${prefix%/}
  runtime=$prefix/share/adr

  links=()
  for name in adr adr-tmux; do
    link=$prefix/bin/$name
    if is_our_link "$link" "$runtime/bin/$name.js"; then links+=("$link"); fi
  done
  if [ ! -f "$runtime/.installed" ] && [ ${#links[@]} -eq 0 ]; then
    echo 'adr does not appear to be installed.'
    exit 0
  fi

  warn_of_agents
  if [ -z "$yes" ]; then
    { [ -t 0 ] && [ -t 1 ]; } || fail 2 'there is no terminal to ask on' 'to remove adr without asking: ./uninstall.sh --yes'
    ask
  fi
  cd /
  # Links first: what is left when this is interrupted can be found and removed again.
  if [ ${#links[@]} -gt 0 ]; then
    for link in "${links[@]}"; do remove "$link"; done
  fi
  if [ -f "$runtime/.installed" ]; then remove "$runtime"; fi
  remove_completions
  echo 'adr has been uninstalled successfully.'
}

main "$@"
exit
