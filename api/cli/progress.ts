/** Progress on stderr: one bar that redraws itself on a terminal, a plain line per stage elsewhere. stdout stays clean. */

/** The part of a stream that progress uses; process.stderr and test doubles have it. */
export interface ProgressStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export interface Progress {
  /** `done` of `total` steps of a stage; the last step ends its line. A total of 0 is a stage without steps: done at once. */
  stage(name: string, done: number, total: number): void
  /** A sentence of its own, above the bar. */
  note(sentence: string): void
  /** Ends an unfinished bar, so that what comes next starts on a fresh line. */
  close(): void
}

const BAR_CELLS = 24
const NAME_CELLS = 14
const QUARTERS = 4

const barOf = (share: number): string => {
  const full = Math.round(share * BAR_CELLS)
  return '█'.repeat(full) + '░'.repeat(BAR_CELLS - full)
}

/** A bar on a terminal: the line is drawn again in place, at most once per hundredth of the stage. */
function barProgress(stream: ProgressStream): Progress {
  let drawn = ''
  let open = false
  const clear = (): void => {
    if (open) stream.write('\r\u001b[2K')
  }
  return {
    stage(name, done, total) {
      const share = total > 0 ? Math.min(1, done / total) : 1
      const text = `${name.padEnd(NAME_CELLS)} ${barOf(share)} ${String(Math.floor(share * 100)).padStart(3)}%`
      if (text === drawn) return
      const fits = text.slice(0, Math.max(10, (stream.columns ?? 80) - 1))
      clear()
      stream.write(share >= 1 ? `${fits}\n` : fits)
      drawn = text
      open = share < 1
    },
    note(sentence) {
      clear()
      stream.write(`${sentence}\n`)
      if (open) stream.write(drawn)
    },
    close() {
      if (open) stream.write('\n')
      open = false
    },
  }
}

/** Lines for a log: one per quarter of a stage instead of one per step. */
function lineProgress(stream: ProgressStream): Progress {
  const spoken = new Map<string, number>()
  return {
    stage(name, done, total) {
      const quarter = total > 0 ? Math.floor((Math.min(done, total) / total) * QUARTERS) : QUARTERS
      if (quarter <= (spoken.get(name) ?? 0)) return
      spoken.set(name, quarter)
      stream.write(total > 0 ? `${name}: ${done} of ${total}\n` : `${name}: done\n`)
    },
    note(sentence) {
      stream.write(`${sentence}\n`)
    },
    close() {},
  }
}

/** Progress in the form that the stream supports; reported progress never decreases. */
export const progressOn = (stream: ProgressStream): Progress =>
  stream.isTTY === true ? barProgress(stream) : lineProgress(stream)
