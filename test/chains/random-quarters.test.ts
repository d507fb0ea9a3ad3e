/** 10,000 random quarters of declarations, rejections, credits and late money: where every cent of segment 2 is. */
import { expect, test } from 'vitest'
import { loadPrecedence } from '../../data/region/programme-files.ts'
import {
  type Counted,
  declarationOf,
  type DeclaredLine,
  refuseUnsound,
  type StandingLine,
} from '../../engine/bundled/declaration.ts'
import {
  entriesOfAnswers,
  entriesOfDeclaration,
  entriesOfPayout,
  type Segment2Entry,
} from '../../engine/bundled/entries.ts'
import { isPayable, passedOnOf, type Receipt } from '../../engine/bundled/payout.ts'
import { answersOf, type Answer } from '../../engine/bundled/remittance.ts'
import { quarterCentsOf, recipientsOf } from '../../engine/bundled/tariff.ts'
import { dayOf, epochDayOf, type Day } from '../../engine/kernel/calendar.ts'
import { randomOf, type Random } from '../../engine/kernel/random.ts'

const QUARTER_DAYS: readonly Day[] = ['2025-01-01', '2025-04-01', '2025-07-01', '2025-10-01']
const YEARS = 2_500
const seed = Number(process.env.DICE_SEED ?? 20_260_101)
const precedence = await loadPrecedence()

/** One contract year of a small region. */
class Year {
  readonly lines = new Map<string, DeclaredLine>()
  readonly answers: Answer[] = []
  readonly answered = new Map<string, number>()
  readonly entries: Segment2Entry[] = []
  readonly receipts: Receipt[] = []
  readonly passed = new Map<string, number>()
  readonly paidTo = new Map<string, number>()
  readonly quarters: readonly number[]
  readonly recipients

  constructor(private readonly dice: Random) {
    this.quarters = quarterCentsOf(1 + dice.below(40_000))
    const component = () => ({
      activity: 'a',
      prevalence: dice.below(100) / 100 + 0.01,
      minutes: dice.below(60) + 1,
      hourlyEur: dice.below(90) + 0.95,
    })
    const components = [
      { ...component(), provider: 'poh' },
      { ...component(), provider: 'dc01' },
      { ...component(), provider: 'dc02' },
    ]
    const bundled = { components, advanceShare: 0, overhead: dice.below(3) / 7 }
    this.recipients = recipientsOf(bundled, new Set(['dc01', 'dc02']))
  }

  standing(): StandingLine[] {
    const rejected = new Map<string, number>()
    for (const { lineId, state, cents } of this.answers)
      if (state === 'rejected') rejected.set(lineId, (rejected.get(lineId) ?? 0) + cents)
    return [...this.lines.values()].map((line) => ({
      ...line,
      rejectedCents: rejected.get(line.lineId) ?? 0,
      beside: [],
    }))
  }

  /** Who counts, as known at a message: of each patient and quarter day it may be told otherwise later. */
  declare(at: number): void {
    const { dice } = this
    const counted = QUARTER_DAYS.slice(0, at + 1).flatMap((quarterDay, quarter) =>
      Array.from({ length: 6 }, (_, patient): Counted[] => {
        if (dice.below(8) === 0) return []
        const practice = `g${patient % 2}`
        const insurer = dice.below(10) === 0 ? '3311' : '7095'
        return [
          {
            quarterDay,
            patientId: `i${patient}`,
            practice,
            partner: practice,
            insurer,
            cents: this.quarters[quarter]!,
          },
        ]
      }).flat(),
    )
    const messageDay = QUARTER_DAYS[at]!
    const before = this.standing()
    const message = declarationOf({ contract: 'c', programme: 'dm2', messageDay, counted, before })
    refuseUnsound(message, before, precedence)
    for (const line of message) this.lines.set(line.lineId, line)
    this.entries.push(...entriesOfDeclaration(message, messageDay))
    expect(declarationOf({ contract: 'c', programme: 'dm2', messageDay, counted, before: this.standing() })).toEqual([])
  }

  /** Some open lines are answered, in part or in whole, on some day; money may come years late. */
  answer(from: Day): void {
    const { dice } = this
    const rows = [...this.lines.values()].flatMap((line) => {
      const open = Math.abs(line.cents) - (this.answered.get(line.lineId) ?? 0)
      if (open === 0 || dice.below(3) === 0) return []
      const cents = dice.below(3) === 0 ? 1 + dice.below(open) : open
      const paidOn = dayOf(epochDayOf(from) + dice.below(dice.below(5) === 0 ? 500 : 80))
      const paid = line.credits === null ? ('approved' as const) : ('credited' as const)
      const of = { lineId: line.lineId, cents, reason: '', line: 2 }
      return [
        dice.below(6) === 0 ? { ...of, state: 'rejected' as const, paidOn: null } : { ...of, state: paid, paidOn },
      ]
    })
    const fresh = answersOf('remittances.csv', rows, this.lines, this.answers)
    for (const { lineId, state, cents, paidOn } of fresh)
      if (paidOn !== null && state !== 'rejected')
        this.receipts.push({
          receiptId: `r${this.receipts.length}`,
          line: this.lines.get(lineId)!,
          cents: state === 'credited' ? 0 - cents : cents,
          paidOn,
        })
    for (const { lineId, cents } of fresh) this.answered.set(lineId, (this.answered.get(lineId) ?? 0) + cents)
    this.answers.push(...fresh)
    this.entries.push(...entriesOfAnswers(fresh, this.lines, from))
    expect(answersOf('remittances.csv', rows, this.lines, this.answers)).toEqual([])
  }

  payout(on: Day): void {
    const rules = { on, daysAfterReceipt: 30, recipients: this.recipients }
    const passed = passedOnOf(this.receipts, new Set(this.passed.keys()), rules)
    for (const { receiptId, partnerId, cents } of passed) {
      this.passed.set(receiptId, (this.passed.get(receiptId) ?? 0) + cents)
      this.paidTo.set(partnerId, (this.paidTo.get(partnerId) ?? 0) + cents)
    }
    this.entries.push(...entriesOfPayout(passed, on))
    expect(passedOnOf(this.receipts, new Set(this.passed.keys()), rules)).toEqual([])
  }

  balance(account: Segment2Entry['account'], partnerId?: string): number {
    return this.entries
      .filter((each) => each.account === account && (partnerId === undefined || each.partnerId === partnerId))
      .reduce((sum, { debitCents, creditCents }) => sum + debitCents - creditCents, 0)
  }

  check(on: Day): void {
    const sum = (of: readonly { readonly cents: number }[]) => of.reduce((total, { cents }) => total + cents, 0)
    const [received, declared] = [sum(this.receipts), sum([...this.lines.values()])]
    const rejected = sum(
      this.answers
        .filter(({ state }) => state === 'rejected')
        .map(({ lineId, cents }) => ({ cents: Math.sign(this.lines.get(lineId)!.cents) * cents })),
    )
    const stands = -this.balance('declared')
    // the ledger balances, and what was claimed and stands is in one of three places
    expect(this.balance('receivable') + this.balance('organisation') + this.balance('passed_on')).toBe(stands)
    expect([stands, this.balance('organisation') + this.balance('passed_on')]).toEqual([declared - rejected, received])
    // every receipt that was payable was passed on once and exactly, and nothing else was
    const payable = this.receipts.filter((each) => isPayable(each, on))
    expect(new Map(this.passed)).toEqual(new Map(payable.map(({ receiptId, cents }) => [receiptId, cents])))
    for (const partner of ['g0', 'g1', 'dc01', 'dc02'])
      expect(this.balance('passed_on', partner)).toBe(this.paidTo.get(partner) ?? 0)
    expect(this.balance('passed_on')).toBe(
      sum([...this.paidTo].flatMap(([partner, cents]) => (partner === '' ? [] : [{ cents }]))),
    )
  }
}

test(`every cent received is passed on once or stands with the organisation: ${YEARS * 4} quarters`, () => {
  for (let number = 0; number < YEARS; number++) {
    const dice = randomOf(seed, number)
    const year = new Year(dice)
    for (const [at, quarterDay] of QUARTER_DAYS.entries()) {
      year.declare(at)
      year.answer(quarterDay)
      const on = dayOf(epochDayOf(quarterDay) + dice.below(150))
      year.payout(on)
      year.answer(dayOf(epochDayOf(quarterDay) + 60))
    }
    year.payout('2029-12-31')
    year.check('2029-12-31')
  }
})
