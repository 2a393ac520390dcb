# The agent with ffmpeg and the drivers of Intel's and AMD's graphics; NVIDIA's come from the host's container toolkit.
#
#   docker build --file deploy/docker/agent.Dockerfile --tag hearthcast-agent .
FROM node:26-trixie-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-fund --no-audit --ignore-scripts
COPY . .
RUN node scripts/build/main.ts

FROM node:26-trixie-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ffmpeg intel-media-va-driver libvpl2 mesa-va-drivers \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=node --group=node --mode=0700 /data
COPY --from=build /src/dist/agent/agent.mjs /app/agent.mjs
# In a container a new version is a new image: "hearthcast-agent update" says so.
ENV HEARTHCAST_CONTAINER=1 HEARTHCAST_DATA=/data
VOLUME ["/data"]
USER node
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["node", "/app/agent.mjs", "status"]
ENTRYPOINT ["node", "--max-semi-space-size=4", "--optimize-for-size", "/app/agent.mjs"]
CMD ["run"]
