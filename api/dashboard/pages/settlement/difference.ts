/** What changed since the settlement before of the same contract; an analyst has it worked out where nobody did. */
import type { FastifyInstance } from 'fastify'
import { differenceChart } from '../../../report/charts/difference-chart.ts'
import { markup, type Html } from '../../../report/elements/html.ts'
import { ApiProblem, type AnswerOf, type Ask } from '../../ask.ts'
import { defineForm, type Asked } from '../../define.ts'
import { figureOf } from '../../elements/figure.ts'
import { formOf } from '../../elements/form.ts'
import { sheetTable } from '../../elements/table.ts'
import { settlementWords } from '../../words/settlement.ts'
import { differenceSheet } from './sheets.ts'
import { filesOf, settlementPath, type Settled } from './settled.ts'

type Difference = AnswerOf<'/v1/settlements/{settlement}/difference', 'get'>
type Head = AnswerOf<'/v1/settlements', 'get'>['items'][number]

/** The settlement before of the same contract that was not rejected. */
async function previousOf(ask: Ask, { settlement }: Pick<Settled, 'settlement'>): Promise<Head | null> {
  const { contract, settlement_id } = settlement
  const items = await ask.all('/v1/settlements', { query: { contract } })
  const at = items.findIndex((each) => each.settlement_id === settlement_id)
  return items.slice(at + 1).find(({ state }) => state !== 'rejected') ?? null
}

/** The difference, where it was worked out; null: it was not. */
export async function differenceFor(ask: Ask, settlement: string, from: string): Promise<Difference | null> {
  try {
    return await ask.get('/v1/settlements/{settlement}/difference', { path: { settlement }, query: { from } })
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.status === 404) return null
    throw error
  }
}

/** The section of a page; for readers of the whole and for partners. */
export async function differenceSection(
  { ask, reader, format }: Pick<Asked<never, never>, 'ask' | 'reader' | 'format'>,
  settled: Settled,
): Promise<Html> {
  const words = settlementWords[format.lang].difference
  const id = settled.settlement.settlement_id
  const before = await previousOf(ask, settled)
  if (!before) return markup`<h2>${words.title}</h2><p class="soft">${words.none}</p>`
  const difference = await differenceFor(ask, id, before.settlement_id)
  const link = markup`<p><a href="${settlementPath(before.settlement_id)}">${words.previous}</a></p>`
  if (!difference) {
    const form = formOf({
      id: 'difference',
      action: settlementPath(id, 'differences', before.settlement_id),
      fields: null,
      button: words.ask,
    })
    return markup`<h2>${words.title}</h2><p>${words.notAsked(format.day(before.as_of))}</p>
${reader.role === 'analyst' ? form : null}${link}`
  }
  const { totals, from, to } = difference
  return markup`<h2>${words.title}</h2>
${totals ? figureOf(words.title, differenceChart({ format }, totals, [from.as_of, to.as_of])) : null}
${sheetTable(differenceSheet(difference, settled.names, format), format, {
  files: filesOf(id, `difference-${from.settlement_id}`),
})}${link}`
}

export async function settlementDifferences(app: FastifyInstance): Promise<void> {
  defineForm(app, '/settlements/:settlement/differences/:from', [], async ({ ask, params, key }) => {
    const { settlement, from } = params
    const job = await ask.post('/v1/settlements/{settlement}/differences', {
      path: { settlement },
      body: { from },
      key,
    })
    return { to: `/jobs/${job.job_id}` }
  })
}
