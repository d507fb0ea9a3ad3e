/** The verbs of the interface and where each is done; a verb loads what it needs when it is asked for. */
export const verbs = {
  run: async () => (await import('./run.ts')).run,
  import: async () => (await import('./import.ts')).importVerb,
  export: async () => (await import('./export.ts')).exportVerb,
  backtest: async () => (await import('./backtest.ts')).backtestVerb,
  train: async () => (await import('./settle.ts')).train,
  settle: async () => (await import('./settle.ts')).settle,
  explain: async () => (await import('./explain.ts')).explainVerb,
  bundle: async () => (await import('./bundle.ts')).bundleVerb,
  verify: async () => (await import('./verify.ts')).verifyVerb,
  design: async () => (await import('./not-yet.ts')).design,
  generate: async () => (await import('./generate.ts')).generate,
  serve: async () => (await import('./serve.ts')).serve,
  worker: async () => (await import('./worker.ts')).worker,
  migrate: async () => (await import('./migrate.ts')).migrateVerb,
}
