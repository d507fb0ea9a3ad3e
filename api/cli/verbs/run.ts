/** `winst run`: the main job. Import, train, expect, realise, settle; every file of the interface in one directory. */
import type { Verb } from '../verb.ts'
import { importAsAsked, regionNamed, sayImport, type ImportOptions } from './import.ts'
import { printSettlement } from './print-settlement.ts'
import { runFlow, type SettleOptions } from './settle.ts'
import { withStore } from './workplace.ts'
import { writeResults } from './write-results.ts'

export type RunOptions = ImportOptions & Omit<SettleOptions, 'out'> & { readonly out: string }

export const run: Verb<RunOptions> = (options, { terminal }) =>
  withStore(async (store, config) => {
    const imported = await importAsAsked(store, options, options.out, terminal)
    sayImport({ terminal }, imported)
    const { runId, seconds } = await runFlow(
      store,
      config,
      'settle',
      { ...options, region: regionNamed(options) },
      terminal,
    )
    const files = await writeResults(store, runId, options.out)
    const settlement = await printSettlement(store, runId, options.out, terminal)
    return { import: imported, settlement, files: ['rejects.csv', ...files], out: options.out, stage_seconds: seconds }
  })
