/** The tables of one partner's payment as files, and its statement for a board as a PDF: one page, then what it rests on. */
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../../../engine/kernel/refusal.ts'
import type { Format } from '../../../report/words/format.ts'
import { defineFile, type Asked } from '../../define.ts'
import { measuredText } from '../../elements/measured.ts'
import { pdfOf, type Block } from '../../files/pdf.ts'
import type { Sheet } from '../../files/sheet.ts'
import { tableFile } from '../../files/table-file.ts'
import { frameWords } from '../../words/frame.ts'
import { partnerWords } from '../../words/partner.ts'
import { settlementWords } from '../../words/settlement.ts'
import { partnerSettled, type PartnerSettled } from './partner.ts'
import { addsUpSheet, completeSheet, outcomesSheet, patientsSheet, payersSheet, tippingSheet } from './sheets.ts'
import { stepsSheet } from './steps.ts'
import { firstLine, whyOf } from './why.ts'
import { forestChart } from '../settlement/figures.ts'
import { footOf } from '../settlement/files.ts'

export async function partnerFiles(app: FastifyInstance): Promise<void> {
  defineFile(app, '/settlements/:settlement/partners/:partner/tables/:table/:kind', [], async (asked) => {
    const { settlement, partner, table, kind } = asked.params
    const sheet = sheetOf(await partnerSettled(asked, settlement, partner), table, asked.format)
    return await tableFile(sheet, { kind, name: `${partner}-${table.slice(0, 20)}`, lang: asked.lang })
  })
  defineFile(app, '/settlements/:settlement/partners/:partner/pdf', [], async (asked) => {
    const { settlement, partner } = asked.params
    const shown = await partnerSettled(asked, settlement, partner)
    const name = `${shown.settled.settlement.contract}-${partner}.pdf`
    return { type: 'application/pdf', name, bytes: await partnerPdf(asked, shown) }
  })
}

function sheetOf({ settled, own, calculation, receipt }: PartnerSettled, table: string, format: Format): Sheet {
  const { names } = settled
  if (table === 'outcomes' && calculation) return outcomesSheet(calculation, names, format)
  if (table === 'adds-up' && receipt) return addsUpSheet(receipt, names, format)
  if (table === 'complete' && own.statement) return completeSheet(own.statement, names, format)
  if (table === 'patients' && receipt?.patients)
    return patientsSheet(receipt.patients, partnerWords[format.lang].page.allPatients, names, format)
  throw new Refusal('not_found', `This partner has no table ${JSON.stringify(table.slice(0, 40))} that you may see.`)
}

/** The statement for a board. */
export async function partnerPdf(
  { format, reader }: Pick<Asked<never, never>, 'format' | 'reader'>,
  { settled, own, calculation, receipt }: PartnerSettled,
): Promise<Buffer> {
  const { settlement, contract, names } = settled
  const words = partnerWords[format.lang].page
  const about = settlementWords[format.lang]
  const name = names.nameOf(own.partner_id)
  const row = own.statement
  const { start, end } = contract.period
  const status = frameWords[format.lang].status[settlement.status] ?? settlement.status
  const line = firstLine(
    row ?? { payment_cents: own.payment_cents ?? 0 },
    { you: reader.role === 'partner', name },
    format,
  )
  const blocks: Block[] = [
    {
      text: about.about(about.period(format.day(start), format.day(end)), format.day(settlement.as_of), status),
      look: 'soft',
    },
    { text: line, look: 'lead' },
    ...(calculation ? whyOf(calculation, row?.eligible ?? 0, names, format).map((text) => ({ text })) : []),
    ...(row
      ? [
          {
            tiles: [
              { label: words.payment, value: format.cents(row.payment_cents) },
              { label: about.partners.patients, value: format.count(row.eligible) },
              { label: about.tiles.measured, value: measuredText([row], format) },
              { label: about.partners.value, value: format.signed(row.value_eur_per_patient_year, 2) },
            ],
          },
          { chart: forestChart([row], names.nameOf, format), caption: about.forest.title },
        ]
      : []),
    ...(calculation && row ? [{ heading: words.outcomes }, { sheet: outcomesSheet(calculation, names, format) }] : []),
    ...(row ? [{ sheet: payersSheet(row, format) }] : []),
    ...(row ? appendixOf({ settled, own, calculation, receipt }, row, format) : []),
  ]
  return await pdfOf(
    {
      title: words.title(name),
      blocks,
      foot: footOf(settled, format),
      pageOf: frameWords[format.lang].pageOf,
      day: settlement.as_of,
    },
    format,
  )
}

function appendixOf(
  { settled, own, calculation, receipt }: PartnerSettled,
  row: NonNullable<PartnerSettled['own']['statement']>,
  format: Format,
): Block[] {
  const { names } = settled
  const words = partnerWords[format.lang].page
  return [
    { pageBreak: true },
    ...(calculation ? [{ heading: words.steps }, { sheet: stepsSheet(calculation, row, names, format) }] : []),
    ...(receipt ? [{ heading: words.addsUp }, { sheet: addsUpSheet(receipt, names, format) }] : []),
    { heading: words.complete },
    { sheet: completeSheet(row, names, format) },
    ...(own.tipping?.verdict === 'tips'
      ? [{ heading: words.tipping }, { sheet: tippingSheet(own.tipping, names, format) }]
      : []),
  ]
}
