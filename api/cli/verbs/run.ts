/** `winst run`: import, train, expect, realise and settle, with every file of the interface in one directory; each other year of a term in a
 *  directory of its own in it, named by its first day. */
import { join } from 'node:path'
import { invariant } from '../../../engine/kernel/refusal.ts'
import type { Verb } from '../verb.ts'
import { preparerAtHand } from './act.ts'
import { importAsAsked, regionNamed, sayImport, type ImportOptions } from './import.ts'
import { printSettlement } from './print-settlement.ts'
import { refuseContractBeforehand, settleYears, type SettledYear, type SettleOptions } from './settle.ts'
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
    const years = await settleYears(store, config, { ...options, region }, terminal)
    const others = years.filter(({ isOwn }) => !isOwn)
    const folderOf = ({ period }: SettledYear): string => join(options.out, period.start)
    for (const year of others) {
      await writeResults(store, year.runId, folderOf(year))
      await printSettlement(store, year.runId, folderOf(year), terminal)
    }
    const own = years.find(({ isOwn }) => isOwn)
    invariant(own, 'the period that the contract names is settled, or refused')
    const files = await writeResults(store, own.runId, options.out)
    const settlement = await printSettlement(store, own.runId, options.out, terminal)
    return {
      import: imported,
      settlement,
      files: ['rejects.csv', ...files],
      out: options.out,
      stage_seconds: own.seconds,
      ...(others.length > 0 && {
        other_years: others.map((year) => ({ period: year.period, settlement_id: year.runId, out: folderOf(year) })),
      }),
    }
  })
