ARG BASE_IMAGE=coding-agent/base:latest
FROM ${BASE_IMAGE}

ARG AGENT_VERSION=1.18.33
USER root
# npm 11 leaves install scripts out; this one puts the binary for this machine in place, which
# makes the packages it came in superfluous.
RUN export HOME=/tmp/build \
 && npm install --global "opencode-ai@${AGENT_VERSION}" \
 && cd "$(npm root --global)/opencode-ai" && node postinstall.mjs && rm -rf node_modules/opencode-* \
 && opencode --version && rm -rf /tmp/*
USER node
LABEL adr.image.agent=opencode \
      adr.image.version=${AGENT_VERSION} \
      org.opencontainers.image.title=coding-agent/opencode \
      org.opencontainers.image.version=${AGENT_VERSION}
