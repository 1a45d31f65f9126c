# The base that the images of all agents share. `adr build` runs these two builds:
#
#   docker build -f images/base.Dockerfile --build-arg BASE=node:20-bookworm-slim \
#     -t coding-agent/base:latest images
#   docker build -f images/pi.Dockerfile --build-arg BASE_IMAGE=coding-agent/base:latest \
#     -t coding-agent/pi:latest images
#
# BASE is any Debian or Ubuntu image (node, rust, nvidia/cuda ...): where it has no Node 20 or newer,
# Node comes from the npm registry. There is no entrypoint: adr passes the whole command line.

ARG BASE=node:20-bookworm-slim
FROM ${BASE}

USER root
RUN set -eu; export DEBIAN_FRONTEND=noninteractive \
 && apt-get update \
 && apt-get install -y --no-install-recommends \
      ca-certificates curl fd-find file git jq less openssh-client patch procps python3 \
      ripgrep tzdata unzip util-linux \
 && rm -rf /var/lib/apt/lists/* \
 && ln -sf "$(command -v fdfind)" /usr/local/bin/fd

ARG NODE_VERSION=20.20.2
ARG NPM_VERSION=10.9.9
RUN set -eu; \
    unpack() { curl -fsSL -o /tmp/package.tgz "https://registry.npmjs.org/$1" \
      && tar -xzf /tmp/package.tgz --no-same-owner -C "$2" --strip-components=1 && rm /tmp/package.tgz; }; \
    if ! node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2>/dev/null || ! command -v npm >/dev/null; then \
      case "$(dpkg --print-architecture)" in \
        amd64) arch=x64 ;; arm64) arch=arm64 ;; *) echo "no Node for $(dpkg --print-architecture)" >&2; exit 1 ;; \
      esac; \
      mkdir -p /opt/node "/usr/local/lib/node_modules/npm"; \
      unpack "node-linux-$arch/-/node-linux-$arch-$NODE_VERSION.tgz" /opt/node; \
      unpack "npm/-/npm-$NPM_VERSION.tgz" /usr/local/lib/node_modules/npm; \
      mv /opt/node/bin/node /usr/local/bin/node; rm -r /opt/node; \
      ln -sf ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm; \
      ln -sf ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx; \
    fi; \
    node --version; npm --version

# Uid 1000 is `node` in the official images; a base may have given it another name already.
RUN set -eu; \
    id node >/dev/null 2>&1 \
      || useradd --create-home --shell /bin/bash --non-unique --uid 1000 --user-group node; \
    mkdir -p /workspace; \
    chown node: /home/node /workspace

ENV HOME=/home/node \
    LANG=C.UTF-8 \
    TERM=xterm-256color \
    COLORTERM=truecolor

WORKDIR /workspace
USER node
CMD ["bash"]
