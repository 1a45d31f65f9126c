ARG BASE_IMAGE=coding-agent/base:latest
FROM ${BASE_IMAGE}

ARG AGENT_VERSION=0.169.0
USER root
RUN export HOME=/tmp/build \
 && npm install --global "@openai/codex@${AGENT_VERSION}" \
 && codex --version && rm -rf /tmp/*
USER node
LABEL adr.image.agent=codex \
      adr.image.version=${AGENT_VERSION} \
      org.opencontainers.image.title=coding-agent/codex \
      org.opencontainers.image.version=${AGENT_VERSION}
