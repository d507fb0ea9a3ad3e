/** One attack: a population of its own, a sequence of questions to the API, and what the attacker makes of the answers. */
import type { FastifyInstance } from 'fastify'
import type { Store } from '../../data/postgres/database.ts'
import { randomOf } from '../../engine/kernel/random.ts'
import { audited, type Found } from './audit.ts'
import { isBrokenPeriod, populationOf, SETTLEMENTS } from './population.ts'
import { layDown } from './region.ts'
import { askOne, drawn, HONEST, type Published } from './researchers.ts'

export interface SequenceOrder {
  readonly seed: number
  /** questions at most */
  readonly questions: number
  /** groups that linear programming tries, for the measured and for the missing */
  readonly programs: number
}

export interface Attacked {
  readonly persons: number
  /** the contract's period lies in two calendar years, so that the year cuts too */
  readonly isBroken: boolean
  readonly asked: number
  readonly answered: number
  readonly found: readonly Found[]
  /** of the honest questions, asked after the hostile ones */
  readonly honestRefused: readonly string[]
  /** of the others: how many dimensions, and the share of all measured persons that stand in a row */
  readonly told: readonly { readonly by: number; readonly share: number }[]
}

const measuredIn = ({ rows }: Published): number => rows.reduce((sum, { measured }) => sum + measured, 0)

/** Runs one sequence, as one to three researchers who share what they get. */
export async function attack(app: FastifyInstance, store: Store, order: SequenceOrder): Promise<Attacked> {
  const dice = randomOf(order.seed, 2)
  const persons = populationOf(order.seed)
  const isBroken = isBrokenPeriod(order.seed)
  const region = await layDown(store, `attacked-${order.seed}`, persons, {
    researchers: 1 + dice.below(3),
    isBroken,
  })
  const published: Published[] = []
  const asked = 1 + dice.below(order.questions)
  for (let at = 0; at < asked; at++) {
    const answer = await askOne(app, region, drawn(dice, SETTLEMENTS), at)
    if ('published' in answer) published.push(answer.published)
  }
  const answered = published.length
  const honestRefused: string[] = []
  const told: { readonly by: number; readonly share: number }[] = []
  const whole = ((await askOne(app, region, { by: [], settlement: null }, 0)) as { published: Published }).published
  for (const question of HONEST) {
    const answer = await askOne(app, region, question, 0)
    if ('refused' in answer) {
      honestRefused.push(question.by.join())
      continue
    }
    published.push(answer.published)
    told.push({ by: question.by.length, share: measuredIn(answer.published) / measuredIn(whole) })
  }
  const found = audited(published, persons, dice, order.programs)
  return { persons: persons.length, asked, answered, found, honestRefused, told, isBroken }
}
