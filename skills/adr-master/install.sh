#!/usr/bin/env bash
# Installs the adr-master skill for coding agents: install.sh --help
set -euo pipefail

name=adr-master
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'TEXT'
Usage: install.sh [--project [DIR]] [--remove]

Copies the skill to ~/.claude/skills (Claude Code) and ~/.agents/skills (pi, opencode, Codex).

Options:
  --project [DIR]  Into DIR/.claude/skills and DIR/.agents/skills instead (default: this directory)
  --remove         Remove the copies
  -h, --help       Show this help
TEXT
}

fail() {
  printf 'Error: %s\n' "$1" >&2
  exit "${2:-1}"
}

base=${HOME:-} remove=''
while [ $# -gt 0 ]; do
  case $1 in
    --project)
      base=$PWD
      case ${2:-} in '' | -*) ;; *) base=$2; shift ;; esac
      [ -d "$base" ] || fail "no directory '$base'" 2
      ;;
    --remove) remove=yes ;;
    -h | --help) usage; exit 0 ;;
    *) printf "Error: Unknown option '%s'\n" "$1" >&2; usage >&2; exit 2 ;;
  esac
  shift
done
[ -n "$base" ] || fail 'HOME is not set' 2

# A skill of that name that is not ours stays.
is_ours() { grep -qsx "name: $name" "$1/SKILL.md"; }

for folder in .claude/skills .agents/skills; do
  target=$base/$folder/$name
  if [ -e "$target" ] || [ -L "$target" ]; then
    is_ours "$target" && [ ! -L "$target" ] || fail "'$target' is something else: move it away first" 5
  fi
  if [ -n "$remove" ]; then
    [ -e "$target" ] || continue
    rm -rf "$target"
    printf 'Removed %s\n' "$target"
    continue
  fi
  mkdir -p "$base/$folder"
  staged=$(mktemp -d "$base/$folder/.$name.XXXXXX")
  trap 'rm -rf "$staged"' EXIT
  cp "$here/SKILL.md" "$staged/"
  cp -R "$here/reference" "$staged/"
  chmod -R u=rwX,go=rX "$staged"
  rm -rf "$target"
  mv "$staged" "$target"
  printf 'Installed %s\n' "$target"
done
