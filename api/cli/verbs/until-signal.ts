/** Resolves when the process is asked to end (SIGINT, SIGTERM); the caller then closes what it opened. */
export const untilAsked = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
