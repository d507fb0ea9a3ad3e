/** `winst run`: import, train, expect, realise and settle, with every file of the interface in one directory. */
import type { Verb } from '../verb.ts'
import { preparerAtHand } from './act.ts'
import { importAsAsked, regionNamed, sayImport, type ImportOptions } from './import.ts'
import { printSettlement } from './print-settlement.ts'
import { refuseContractBeforehand, runFlow, type SettleOptions } from './settle.ts'
import { withStore } from './local-services.ts'
import { writeResults } from './write-results.ts'

export type RunOptions = ImportOptions & Omit<SettleOptions, 'out'> & { readonly out: string }

export const run: Verb<RunOptions> = (options, { terminal }) =>
  withStore(async (store, config) => {
    const region = regionNamed(options)
    await preparerAtHand(store)
    await refuseContractBeforehand(store, { ...options, region })
    const imported = await importAsAsked(store, options, options.out, terminal)
    sayImport({ terminal }, imported)
    const { runId, seconds } = await runFlow(store, config, 'settle', { ...options, region }, terminal)
    const files = await writeResults(store, runId, options.out)
    const settlement = await printSettlement(store, runId, options.out, terminal)
    return { import: imported, settlement, files: ['rejects.csv', ...files], out: options.out, stage_seconds: seconds }
  })
