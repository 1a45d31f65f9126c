#!/usr/bin/env bash
# Makes the local base image for the container and agents tiers, where no image can be pulled:
#
#   test/support/base-image.sh [NAME]        (default adr-test/base:bookworm)
#
# debootstrap's minimal system from this machine's own apt sources, this machine's node and npm,
# and what a build needs to reach the registries the way this machine does (certificates, apt and
# npm settings), read from the machine now. Nothing is done when the image exists.
# Stdout stays empty; progress goes to stderr.
set -euo pipefail

name=${1:-adr-test/base:bookworm}

say() { printf 'base-image: %s\n' "$*" >&2; }
die() { say "$*"; exit 4; }

if docker image inspect "$name" >/dev/null 2>&1; then
  say "$name exists"
  exit 0
fi
[ "$(id -u)" = 0 ] || die "making $name needs root (debootstrap, chroot); or import a base with node >= 20 under that name"
for tool in debootstrap docker node npm apt-get tar; do
  command -v "$tool" >/dev/null || die "missing: $tool"
done

codename=$(. /etc/os-release && echo "${VERSION_CODENAME:?}")
work=$(mktemp -d "${TMPDIR:-/tmp}/adr-base.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
root=$work/root

# Own distribution only: other archives on this machine need keys that the image does not have.
sources=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
  awk -v c="$codename" '($2 == c || index($2, c "-") == 1) && ($3 == "main" || $3 == "universe") { print "deb", $1, $2, $3 }' |
  sort -u)
mirror=$(awk -v c="$codename" '$3 == c && $4 == "main" { print $2; exit }' <<<"$sources")
[ -n "$mirror" ] || die "no apt source for $codename on this machine"

say "debootstrap $codename from $mirror"
if ! debootstrap --variant=minbase --include=ca-certificates "$codename" "$root" "$mirror" >"$work/log" 2>&1; then
  tail -n 20 "$work/log" >&2
  die "debootstrap failed"
fi

say "node $(node --version), npm $(npm --version)"
install -D -m 0755 "$(node -p process.execPath)" "$root/usr/local/bin/node"
npm_dir=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
mkdir -p "$root/usr/local/lib/node_modules" "$root/usr/local/etc"
cp -a "$npm_dir" "$root/usr/local/lib/node_modules/npm"
chown -R 0:0 "$root/usr/local/lib/node_modules"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"

say "apt and npm settings, certificates"
echo "$sources" >"$root/etc/apt/sources.list"
apt-config dump Acquire |
  grep -E '^Acquire::(Check-|Retries|ForceIPv|https?::(Proxy|Timeout))' >"$root/etc/apt/apt.conf.d/90adr-test" || true

certificates=$root/usr/local/share/ca-certificates
bundle=/etc/ssl/certs/ca-certificates.crt
find /usr/local/share/ca-certificates -name '*.crt' -exec cp -L {} "$certificates/" \; 2>/dev/null || true
cafile=$(cd / && npm config get cafile 2>/dev/null)
for extra in "${NODE_EXTRA_CA_CERTS:-}" "${SSL_CERT_FILE:-}" "$cafile"; do
  if [ -f "$extra" ] && [ "$(readlink -f "$extra")" != "$(readlink -f $bundle)" ]; then
    cp -L "$extra" "$certificates/extra-$(basename "$extra" | tr -c 'A-Za-z0-9\n' -).crt"
  fi
done
chroot "$root" update-ca-certificates >"$work/log" 2>&1 || { cat "$work/log" >&2; die "update-ca-certificates failed"; }

# npm reads its own list of authorities, so it has to be told about the system's.
{
  echo "cafile=$bundle"
  for key in registry proxy https-proxy noproxy strict-ssl; do
    value=$(cd / && npm config get "$key" 2>/dev/null)
    case $value in '' | null | undefined) ;; *) echo "$key=$value" ;; esac
  done
} >"$root/usr/local/etc/npmrc"

rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/var/log/* "$root"/tmp/*
chroot "$root" /usr/local/bin/node --version >/dev/null || die "this machine's node does not run in $codename"

tar -C "$root" --one-file-system --numeric-owner -cf - . |
  docker import \
    --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change 'CMD ["bash"]' \
    --message 'adr test base' - "$name" >/dev/null
say "$name made, $(docker image inspect --format '{{.Size}}' "$name" | awk '{ printf "%.0f MB", $1 / 1e6 }')"
