/** Worked examples of segment 2: tariff, declaration, remittance and payout. */
import { loadPrecedence } from '../../data/region/programme-files.ts'
import { declarationOf, refuseUnsound, type StandingLine } from '../../engine/bundled/declaration.ts'
import { passedOnOf, type Receipt } from '../../engine/bundled/payout.ts'
import { quarterOf } from '../../engine/bundled/quarter.ts'
import { answersOf, type AnswerState } from '../../engine/bundled/remittance.ts'
import { quarterCentsOf, recipientsOf, tariffPartsOf, yearCentsOf } from '../../engine/bundled/tariff.ts'
import { bundledOf } from '../../engine/contract/clauses.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { fieldOf, refuseFaults } from '../../engine/kernel/document.ts'
import { examplesOf } from './worked-examples.ts'

const precedence = await loadPrecedence()

examplesOf('tariff', ({ partners = [], ...clause }: { partners?: readonly string[] }) => {
  const field = { ...fieldOf(clause), path: 'bundled' }
  const bundled = bundledOf(field)
  refuseFaults(field.faults, 'invalid_contract', 'contract c')
  const year = yearCentsOf(bundled)
  return {
    year,
    quarters: quarterCentsOf(year),
    parts: tariffPartsOf(bundled).map(({ cents }) => cents),
    recipients: recipientsOf(bundled, new Set(partners)),
  }
})

interface Before {
  id: string
  on: Day
  message?: Day
  patient: string
  insurer: string
  cents?: number
  credits?: string
  rejected?: number
  programme?: string
}

const standing = (each: Before): StandingLine => ({
  lineId: each.id,
  quarterDay: each.on,
  messageDay: each.message ?? each.on,
  patientId: each.patient,
  practice: 'g1',
  partner: 'g1',
  insurer: each.insurer,
  cents: each.cents ?? 5537,
  contract: 'c',
  programme: each.programme ?? 'dm2',
  credits: each.credits ?? null,
  rejectedCents: each.rejected ?? 0,
  beside: [],
})

interface DeclarationCase {
  on: Day
  counted: readonly (readonly [Day, string, string])[]
  before?: readonly Before[]
  elsewhere?: readonly Before[]
}

examplesOf('declaration', ({ on, counted, before = [], elsewhere = [] }: DeclarationCase) => {
  quarterOf(on)
  const own = before.map(standing)
  const lines = declarationOf({
    contract: 'c',
    programme: 'dm2',
    messageDay: on,
    counted: counted.map(([quarterDay, patientId, insurer]) => ({
      quarterDay,
      patientId,
      insurer,
      practice: 'g1',
      partner: 'g1',
      cents: 5537,
    })),
    before: own,
  })
  refuseUnsound(lines, [...own, ...elsewhere.map(standing)], precedence)
  return {
    lines: lines.map(({ patientId, quarterDay, insurer, cents, credits }) => [
      patientId,
      quarterDay,
      insurer,
      cents,
      credits,
    ]),
  }
})

interface PayoutCase {
  on: Day
  receipts?: readonly (readonly [Day, number, Day])[]
  before?: readonly number[]
  overhead?: number
  answers?: readonly (readonly [string, AnswerState, number, Day | null])[]
}

examplesOf('payout', ({ on, receipts = [], before = [], overhead = 0, answers = [] }: PayoutCase) => {
  const line = (on: Day) => standing({ id: 'c.1', on, patient: 'i1', insurer: '7095' })
  const credit = standing({
    id: 'c.2',
    on: '2025-01-01',
    message: '2025-04-01',
    patient: 'i2',
    insurer: '7095',
    cents: -5537,
    credits: 'c.0',
  })
  const lines = new Map([line('2025-01-01'), credit].map((each) => [each.lineId, each]))
  const rows = answers.map(([lineId, state, cents, paidOn], at) => ({
    lineId,
    state,
    cents,
    paidOn,
    reason: '',
    line: at + 2,
  }))
  const received = answersOf('remittances.csv', rows, lines, []).flatMap(
    ({ state, lineId, cents, paidOn }, at): Receipt[] =>
      paidOn === null || state === 'rejected' ? [] : [{ receiptId: `a${at}`, line: lines.get(lineId)!, cents, paidOn }],
  )
  const given = receipts.map(([day, cents, paidOn], at) => ({ receiptId: String(at), line: line(day), cents, paidOn }))
  const component = { activity: 'a', provider: 'poh', prevalence: 1, minutes: 40, hourlyEur: 60 }
  const bundled = {
    components: [component, { ...component, provider: 'dc01', minutes: 20 }],
    advanceShare: 0,
    overhead,
  }
  const passed = passedOnOf([...given, ...received], new Set(before.map(String)), {
    on,
    daysAfterReceipt: 30,
    recipients: recipientsOf(bundled, new Set(['dc01'])),
  })
  return { passed: passed.map(({ partnerId, cents, due, late }) => [partnerId, cents, due, late]) }
})
