/** `winst explain`: from a cent back to its clause and its rows. */
import type { Verb } from '../verb.ts'
import { receiptOf } from '../../views/receipts/receipt.ts'
import { receiptText } from '../../views/receipts/receipt-text.ts'
import { idOf } from '../../../data/access/id-prefix.ts'
import { readSettlementRecord } from '../../views/settlement-view.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { noteLook } from '../looks.ts'
import { explainLine } from './explain-line.ts'
import { withStore } from './local-services.ts'

export interface ExplainOptions {
  readonly settlement?: string
  readonly partner?: string
  readonly patient?: string
  /** a declared line, in place of a settlement */
  readonly line?: string
  readonly region?: string
}

// The operator of the command line sees all that the store holds.
const operator = { role: 'analyst', subject: '' } as const

export const explainVerb: Verb<ExplainOptions> = (
  { settlement: asked, partner, patient, line, region },
  { terminal },
) =>
  withStore(async (store) => {
    if (line !== undefined) return await explainLine(store, { line, region }, terminal)
    if (asked === undefined || partner === undefined)
      throw new Refusal(
        'usage',
        'Name a settlement and a partner (--settlement, --partner), or a declared line (--line).',
      )
    const settlement = await idOf(store, 'settlement', asked)
    const record = await readSettlementRecord(store, operator, settlement)
    const receipt = await receiptOf(store, record, { partner, patient, claims: true })
    const patients = receipt.patients.map((row) => row.patient_id)
    const object = { settlement, partner }
    await noteLook(store, { command: 'winst explain', regionId: record.run.regionId, object, patients })
    if (patient === undefined) {
      terminal.line(receiptText(receipt).trimEnd())
      return receipt
    }
    // Imported late: the models are needed for --patient only.
    const { expectationExplanations } = await import('../../../jobs/assessment/expectation-explanation.ts')
    const expectations = await expectationExplanations(store, record, patient, receipt.patients)
    terminal.line(receiptText(receipt).trimEnd())
    terminal.line('\nWhy so much was expected')
    for (const { measure, mean, reference, in_words } of expectations)
      terminal.line(`  ${measure} ${mean} = ${reference} of anybody, ${in_words}`)
    return { ...receipt, expectations }
  })
