# The edge on a machine of your own, in the runtime of Cloudflare's Workers, without an agent.
#
#   docker build --file deploy/docker/edge.Dockerfile --tag hearthcast-edge .
FROM node:26-trixie-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-fund --no-audit --ignore-scripts
COPY . .
RUN node scripts/build/main.ts && npm prune --omit=dev --no-fund --no-audit --ignore-scripts

FROM node:26-trixie-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends procps \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=node --group=node --mode=0700 /data
COPY --from=build /src /app
WORKDIR /app
VOLUME ["/data"]
EXPOSE 8484
USER node
ENTRYPOINT ["node", "--optimize-for-size", "scripts/local/main.ts", "--no-agent", "--no-demo", "--host", "0.0.0.0", "--data", "/data"]
