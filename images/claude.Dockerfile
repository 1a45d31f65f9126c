ARG BASE_IMAGE=coding-agent/base:latest
FROM ${BASE_IMAGE}

ARG AGENT_VERSION=2.1.197
USER root
# npm 11 leaves install scripts out; this one puts the binary for this machine in place.
RUN export HOME=/tmp/build \
 && npm install --global "@anthropic-ai/claude-code@${AGENT_VERSION}" \
 && cd "$(npm root --global)/@anthropic-ai/claude-code" && node install.cjs \
 && claude --version && rm -rf /tmp/*
USER node
LABEL adr.image.agent=claude \
      adr.image.version=${AGENT_VERSION} \
      org.opencontainers.image.title=coding-agent/claude \
      org.opencontainers.image.version=${AGENT_VERSION}
