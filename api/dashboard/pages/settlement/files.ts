/** The tables of a settlement as files, and all of it as a PDF for a board. */
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../../../engine/kernel/refusal.ts'
import type { Format } from '../../../report/words/format.ts'
import { defineFile, type Asked } from '../../define.ts'
import { pdfOf, type Block } from '../../files/pdf.ts'
import type { Sheet } from '../../files/sheet.ts'
import { tableFile } from '../../files/table-file.ts'
import { frameWords } from '../../words/frame.ts'
import { settlementWords } from '../../words/settlement.ts'
import { differenceFor } from './difference.ts'
import { bridgeChart, forestChart, type Calculation } from './figures.ts'
import { differenceSheet, insurersSheet, partnersSheet, shareSheet } from './sheets.ts'
import { settledFor, type Settled } from './settled.ts'

export async function settlementFiles(app: FastifyInstance): Promise<void> {
  defineFile(app, '/settlements/:settlement/tables/:table/:kind', [], async (asked) => {
    const { settlement, table, kind } = asked.params
    const sheet = await sheetAsked(asked, settlement, table)
    return await tableFile(sheet, { kind, name: `${table.slice(0, 20)}-${settlement.slice(0, 12)}`, lang: asked.lang })
  })
  defineFile(app, '/settlements/:settlement/pdf', [], async (asked) => {
    const { settlement } = asked.params
    const settled = await settledFor(asked, settlement)
    const { bridge } = await asked.ask.get('/v1/settlements/{settlement}/calculation', { path: { settlement } })
    const bytes = await settlementPdf(settled, bridge, asked.format)
    return { type: 'application/pdf', name: `${settled.settlement.contract}-${settlement.slice(0, 12)}.pdf`, bytes }
  })
}

async function sheetAsked({ ask, reader, format }: Asked<never, never>, id: string, table: string): Promise<Sheet> {
  const settled = await settledFor({ ask, reader, format }, id)
  const { settlement, life, names } = settled
  if (table === 'partners' && settlement.partners) return partnersSheet(settled, format)
  if (table === 'insurers' && life) return insurersSheet(life, format)
  if (table === 'share' && settlement.insurer) return shareSheet(settled, format)
  const [, from] = /^difference-([0-9a-f]+)$/.exec(table) ?? []
  const difference = from === undefined ? null : await differenceFor(ask, id, from)
  if (difference) return differenceSheet(difference, names, format)
  throw new Refusal('not_found', `This settlement has no table ${JSON.stringify(table.slice(0, 40))} that you may see.`)
}

/** State and version of a settlement, for the foot of its pages. */
export function footOf({ settlement, contract, life }: Settled, format: Format): string {
  const { states, status } = frameWords[format.lang]
  const stands = life === null ? '' : `${states[life.state] ?? life.state}, `
  return `${contract.contract} · ${format.day(settlement.as_of)} · ${stands}${status[settlement.status] ?? settlement.status} · ${settlement.engine_version} · ${settlement.settlement_id.slice(0, 12)}`
}

/** A settlement for a board. */
export async function settlementPdf(settled: Settled, bridge: Calculation['bridge'], format: Format): Promise<Buffer> {
  const { settlement, contract, life, names } = settled
  const words = settlementWords[format.lang]
  const { partners = [], totals } = settlement
  const { start, end } = contract.period
  const status = frameWords[format.lang].status[settlement.status] ?? settlement.status
  const bridgeSays = bridge
    ? words.bridge.says(
        format.cents(bridge.gains_cents),
        format.cents(bridge.losses_cents),
        format.cents(bridge.total_cents),
      )
    : ''
  const blocks: Block[] = [
    {
      text: words.about(words.period(format.day(start), format.day(end)), format.day(settlement.as_of), status),
      look: 'soft',
    },
    ...(totals ? [{ tiles: [{ label: words.tiles.total, value: format.cents(totals.payment_cents) }] }] : []),
    ...(bridge ? [{ chart: bridgeChart(bridge, format), caption: bridgeSays }] : []),
    ...(partners.length > 0
      ? [{ chart: forestChart(partners, names.nameOf, format), caption: words.forest.title }]
      : []),
    ...(settlement.partners ? [{ sheet: partnersSheet(settled, format) }] : []),
    ...(settlement.insurer ? [{ sheet: shareSheet(settled, format) }] : []),
    ...(life && life.shares.length > 0
      ? [{ heading: words.insurers.title }, { sheet: insurersSheet(life, format) }]
      : []),
  ]
  return await pdfOf(
    {
      title: words.title(contract.title),
      blocks,
      foot: footOf(settled, format),
      pageOf: frameWords[format.lang].pageOf,
      day: settlement.as_of,
    },
    format,
  )
}
