# One image for the API and for the workers: TypeScript is run, not built, so there is nothing to compile.
FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Frames are for analysts, who have an installation of their own: 311 MB that no API and no worker loads.
RUN npm ci --omit=dev && npm uninstall --no-save --omit=dev danfojs-node && npm cache clean --force

FROM node:22-bookworm-slim
ENV NODE_ENV=production WINST_HOME=/var/lib/winst HOST=0.0.0.0 PORT=8080
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json tsconfig.json ./
COPY engine ./engine
COPY models ./models
COPY data ./data
COPY jobs ./jobs
COPY api ./api
COPY client ./client
COPY verifier ./verifier
RUN install --directory --owner=node --group=node "$WINST_HOME" "$WINST_HOME/uploads"
USER node
EXPOSE 8080
# The process itself must be the one that is told to stop, so no npm in between.
ENTRYPOINT ["node", "--import", "tsx", "api/cli/cli.ts"]
CMD ["serve"]
