/** `winst declare`: what a contract declares of segment 2 on a quarter day, once, signed by the token in WINST_TOKEN. */
import { writeDeclarationFiles } from '../../../data/export/segment2-files.ts'
import { contractOfRegion } from '../../../data/region/contracts.ts'
import { latestDelivery, regionAsked } from '../../../data/region/regions.ts'
import { segment2Balances } from '../../../data/segment2/book.ts'
import { declare, type Declaration } from '../../../data/segment2/declare.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { signatureOf } from '../../views/signature.ts'
import { noteLook } from '../looks.ts'
import type { Terminal } from '../terminal.ts'
import type { Verb } from '../verb.ts'
import { holderOf, refuseOtherRegion, refuseOtherRoles, signed } from './holder.ts'
import { withStore } from './local-services.ts'
import { euro } from './print-settlement.ts'

export interface DeclareOptions {
  readonly contract: string
  readonly quarterDay: Day
  readonly region?: string
  readonly asOf?: Day
  readonly out?: string
}

export const declareVerb: Verb<DeclareOptions> = (options, { terminal }) =>
  withStore(async (store) => {
    const { quarterDay } = options
    const owner = await holderOf(store)
    refuseOtherRoles(owner, ['analyst'], 'declare')
    const region = await regionAsked(store, options.region ?? owner.region)
    refuseOtherRegion(owner, region.regionId, `contract ${options.contract}`)
    const contract = await contractOfRegion(store, region.regionId, options.contract)
    const asOf = options.asOf ?? (await latestDelivery(store, region))
    const order = { regionId: region.regionId, contract, quarterDay, asOf, by: signatureOf(owner) }
    const object = { contract: options.contract, quarterDay }
    const look = { command: 'winst declare', regionId: region.regionId, object, patients: 'everybody' } as const
    await noteLook(store, look)
    const made = await signed(store, (own) => declare(own, order))
    const files =
      made.state === 'held'
        ? []
        : await writeDeclarationFiles(store, {
            regionId: region.regionId,
            asOf,
            dir: options.out ?? 'declarations',
            lines: made.lines,
            code: made.code ?? '',
            uncounted: made.uncounted,
          })
    const insurers = byInsurer(made)
    print(made, insurers, quarterDay, terminal)
    return {
      contract: contract.contract.contract,
      quarter_day: quarterDay,
      as_of: asOf,
      state: made.state,
      held_by: made.heldBy,
      insurers,
      not_counted: reasonsOf(made),
      files,
      accounts: await segment2Balances(store.pool, region.regionId),
    }
  })

interface InsurerSum {
  readonly insurer: string
  readonly lines: number
  readonly credits: number
  readonly cents: number
}

const byInsurer = ({ lines }: Declaration): InsurerSum[] =>
  [...new Set(lines.map(({ insurer }) => insurer))].sort().map((insurer) => {
    const own = lines.filter((line) => line.insurer === insurer)
    return {
      insurer,
      lines: own.length,
      credits: own.filter(({ credits }) => credits !== null).length,
      cents: own.reduce((sum, { cents }) => sum + cents, 0),
    }
  })

/** Who does not count, by partner and the first reason. */
function reasonsOf({ uncounted }: Declaration) {
  const counts = new Map<string, number>()
  for (const { partner, reason } of uncounted) {
    const key = `${partner}\n${reason}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, patients]) => {
      const [partner_id, reason] = key.split('\n')
      return { partner_id, reason, patients }
    })
}

const SAID: Readonly<Record<Declaration['state'], (day: Day) => string>> = {
  posted: (day) => `Declared for ${day}.`,
  known: (day) => `${day} was declared before; nothing was declared now.`,
  held: (day) => `${day} is counted and shown, and nothing is declared:`,
}

function print(made: Declaration, insurers: readonly InsurerSum[], day: Day, terminal: Terminal): void {
  for (const { insurer, lines, credits, cents } of insurers)
    terminal.line(
      `${insurer.padEnd(10)} ${String(lines).padStart(8)} lines, of them ${credits} credits ${euro(cents).padStart(18)}`,
    )
  for (const { partner_id, reason, patients } of reasonsOf(made))
    terminal.line(`not counted: ${partner_id}, ${reason}: ${patients}`)
  terminal.line(SAID[made.state](day))
  for (const sentence of made.heldBy) terminal.line(sentence)
}
