# syntax=docker/dockerfile:1
# Build: everything from npm by the lock file, bundled into one folder.
FROM denoland/deno:debian-2.9.6 AS build
WORKDIR /src
COPY deno.json deno.lock ./
RUN deno install --frozen
COPY . .
RUN deno run -A tools/stage.ts

# Run: the Deno runtime, that folder, and OpenSSL for routers that speak only old TLS.
FROM denoland/deno:debian-2.9.6
RUN apt-get update \
  && apt-get install -y --no-install-recommends libssl3 openssl \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --home-dir /var/lib/tod --create-home tod
COPY --from=build --chown=root:root /src/dist/stage /opt/tod
USER tod
WORKDIR /var/lib/tod
ENV TOD_DATA_DIR=/var/lib/tod DENO_NO_UPDATE_CHECK=1 DENO_NO_PROMPT=1
VOLUME /var/lib/tod
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["deno", "eval", "--no-config", "const port = Deno.env.get('TOD_PORT') ?? '8080'; const answer = await fetch(`http://127.0.0.1:${port}/health`); Deno.exit(answer.ok ? 0 : 1)"]
ENTRYPOINT ["deno", "run", "--no-config", "--no-lock", "--no-remote", "--no-npm", "--cached-only", "--quiet", "--allow-all", "/opt/tod/main.js"]
CMD ["serve"]
