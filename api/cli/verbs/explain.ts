/** `winst explain`: from a cent back to its clause and its rows. */
import type { Verb } from '../verb.ts'
import { receiptOf } from '../../views/receipts/receipt.ts'
import { receiptText } from '../../views/receipts/receipt-text.ts'
import { idOf } from '../../../data/access/id-prefix.ts'
import { readSettlementRecord } from '../../views/settlement-view.ts'
import { noteLook } from '../looks.ts'
import { withStore } from './local-services.ts'

export interface ExplainOptions {
  readonly settlement: string
  readonly partner: string
  readonly patient?: string
}

// The operator of the command line sees all that the store holds.
const operator = { role: 'analyst', subject: '' } as const

export const explainVerb: Verb<ExplainOptions> = ({ settlement: asked, partner, patient }, { terminal }) =>
  withStore(async (store) => {
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
