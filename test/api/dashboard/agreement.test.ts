/** Over simulated settlements: what the first line, a tile, a chart, a table, CSV, XLSX and PDF say is the number of the API. */
import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { extractText } from 'unpdf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { read, utils } from 'xlsx'
import { csvOf } from '../../../api/dashboard/files/csv.ts'
import type { Sheet } from '../../../api/dashboard/files/sheet.ts'
import { xlsxOf } from '../../../api/dashboard/files/xlsx.ts'
import { sheetTable } from '../../../api/dashboard/elements/table.ts'
import { partnerPdf } from '../../../api/dashboard/pages/partner/files.ts'
import { outcomesSheet } from '../../../api/dashboard/pages/partner/sheets.ts'
import { firstLine, whyOf } from '../../../api/dashboard/pages/partner/why.ts'
import { partnerTiles } from '../../../api/dashboard/pages/partner/partner.ts'
import type { Settled } from '../../../api/dashboard/pages/settlement/settled.ts'
import { bridgeChart, forestChart } from '../../../api/dashboard/pages/settlement/figures.ts'
import { settlementPdf } from '../../../api/dashboard/pages/settlement/files.ts'
import { partnersSheet } from '../../../api/dashboard/pages/settlement/sheets.ts'
import { formatOf, type Format, type Lang } from '../../../api/report/words/format.ts'
import { calculationFor } from '../../../api/views/receipts/calculation.ts'
import { settlementFor, statementFor } from '../../../api/views/role-view.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { liveStore } from '../../support/services/live.ts'
import { simulatedSettlement } from '../../support/settlements/simulated-settlement.ts'

const reader = { role: 'analyst', subject: 'ann' } as const
let store: Store
beforeAll(async () => void (store = await liveStore()))
afterAll(() => store.close())

/** What the API tells an analyst of the settlement that a seed names. */
async function toldOf(seed: number) {
  const { settlement, input } = simulatedSettlement(seed, false, 120)
  const { contract } = input
  const record = { settlement, excerpt: null, contract, status: 'final', held: [] } as const
  const told = settlementFor(reader, record)
  const settled: Settled = {
    settlement: told,
    life: null,
    contract: {
      contract: contract.contract,
      contract_sha256: settlement.contract_sha256,
      title: contract.title,
      programme: contract.programme,
      period: { start: contract.period.start, end: contract.period.end },
      yaml: '',
    },
    names: { nameOf: (id) => id, titleOf: (measure) => measure, unitOf: () => '' },
  }
  const statements = (told.partners ?? []).map(({ partner_id }) => statementFor(reader, record, partner_id))
  return { told, settled, statements, calculation: await calculationFor(store, reader, record) }
}

/** Text of markup as it is read. */
const shown = (html: { readonly text: string }): string =>
  html.text
    .replaceAll(/<(?!text|\/text)[^>]*>/g, ' ')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&amp;', '&')
/** PDF readers part lines and spaces as they like. */
const packed = (text: string): string => text.replaceAll(/\s/g, '')

/** The numbers of one column in the table, in CSV and in XLSX, each in its own way of writing. */
async function sameEverywhere(sheet: Sheet, at: number, cents: readonly number[], format: Format): Promise<void> {
  const texts = cents.map((each) => format.cents(each))
  const cells = [...sheetTable(sheet, format).text.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row]) =>
    [...row!.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => cell!),
  )
  expect(cells.slice(1).map((row) => row[at])).toEqual(texts)
  const delimiter = format.lang === 'nl' ? ';' : ','
  const lines = parse(csvOf(sheet, format.lang), { bom: true, delimiter })
  expect(lines.slice(1).map((row) => Math.round(Number(row[at]!.replace(',', '.')) * 100))).toEqual(cents)
  const book = read(await xlsxOf([sheet]))
  const rows = utils.sheet_to_json<unknown[]>(book.Sheets[book.SheetNames[0]!]!, { header: 1, blankrows: false })
  expect(rows.slice(1).map((row) => Math.round(Number(row[at]) * 100))).toEqual(cents)
}

async function textOf(pdf: Buffer): Promise<string> {
  return packed((await extractText(new Uint8Array(pdf), { mergePages: true })).text)
}

test('the number of the API is what every page and every file says', { timeout: 300_000 }, async () => {
  let seen = 0
  const property = fc.asyncProperty(fc.nat(1_000_000), fc.constantFrom<Lang>('nl', 'en'), async (seed, lang) => {
    const format = formatOf(lang)
    const { told, settled, statements, calculation } = await toldOf(seed)
    const partners = told.partners ?? []
    if (partners.length === 0) return
    seen++
    const small = told.small_panels ? [told.small_panels.payment_cents] : []
    const payments = partners.map(({ payment_cents }) => payment_cents)
    const total = told.totals!.payment_cents
    await sameEverywhere(partnersSheet(settled, format), 4, [...payments, ...small, total], format)
    const { bridge } = calculation
    expect(bridge!.total_cents).toBe(total)
    const bars = shown(bridgeChart(bridge!, format))
    expect(bars).toContain(format.number(total / 100, 2))
    const forest = shown(forestChart(partners, (id) => id, format))
    const document = await textOf(await settlementPdf(settled, bridge, format))
    for (const cents of [...payments.slice(0, 30), total]) expect(document).toContain(packed(format.cents(cents)))
    for (const [i, row] of partners.entries()) {
      const text = format.cents(row.payment_cents)
      expect(shown(partnerTiles(row, told.contract, format))).toContain(text)
      if (partners.length <= 30) expect(forest).toContain(text)
      const line = firstLine(row, { you: true, name: '' }, format)
      if (row.payment_cents !== 0) expect(line).toContain(format.cents(Math.abs(row.payment_cents)))
      const worked = calculation.partners!.find(({ partner_id }) => partner_id === row.partner_id)!
      const outcomes = (worked.outcomes ?? []).flatMap(({ cents }) => (cents === null ? [] : [cents]))
      const why = whyOf(worked, row.eligible, settled.names, format).join(' ')
      const worth = outcomes.reduce((sum, cents) => sum + cents, 0)
      if (outcomes.length > 0) expect(why).toContain(format.cents(worth))
      if (outcomes.length > 0) expect(worth + worked.clauses_cents!).toBe(row.payment_cents)
      if (outcomes.length === worked.outcomes?.length)
        await sameEverywhere(
          outcomesSheet(worked, settled.names, format),
          1,
          [...outcomes, worked.clauses_cents!, row.payment_cents],
          format,
        )
      if (i > 0) continue
      const shownOf = { settled, own: statements[i]!, calculation: worked, receipt: null }
      const own = await textOf(await partnerPdf({ format, reader: { ...reader, ...IDENTITY } }, shownOf))
      expect(own).toContain(packed(firstLine(row, { you: false, name: row.partner_id }, format)))
      for (const cents of [...outcomes, row.payment_cents]) expect(own).toContain(packed(format.cents(cents)))
    }
  })
  await fc.assert(property, { numRuns: 15 })
  expect(seen).toBeGreaterThan(3)
})

const IDENTITY = { regionId: 1, region: 'r', scope: 'act', credential: '', person: null } as const
