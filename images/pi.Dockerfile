ARG BASE_IMAGE=coding-agent/base:latest
FROM ${BASE_IMAGE}

ARG AGENT_VERSION=0.73.1
USER root
RUN export HOME=/tmp/build \
 && npm install --global "@mariozechner/pi-coding-agent@${AGENT_VERSION}" \
 && pi --version && rm -rf /tmp/*
USER node
LABEL adr.image.agent=pi \
      adr.image.version=${AGENT_VERSION} \
      org.opencontainers.image.title=coding-agent/pi \
      org.opencontainers.image.version=${AGENT_VERSION}
