/** The acts on a settlement that its page asks for. */
import type { FastifyInstance } from 'fastify'
import { markup } from '../../../report/elements/html.ts'
import { defineForm } from '../../define.ts'
import { saidOf, toldProblem } from '../../errors.ts'
import { isAct } from './act-forms.ts'
import { settlementView } from './settlement.ts'
import { settlementPath } from './settled.ts'

export async function acts(app: FastifyInstance): Promise<void> {
  defineForm(app, '/settlements/:settlement/acts/:act', ['note', 'finality', 'insurer'], async (sent) => {
    const { ask, params, fields, key, lang } = sent
    const { settlement, act } = params
    const { note, finality, insurer } = fields
    const body: Parameters<typeof ask.post<'/v1/settlements/{settlement}/{act}'>>[1]['body'] = {}
    if (note.trim() !== '') body.note = note
    if (insurer !== '') body.insurer = insurer
    if (act === 'release' && (finality === 'final' || finality === 'provisional')) body.finality = finality
    try {
      if (isAct(act)) await ask.post('/v1/settlements/{settlement}/{act}', { path: { settlement, act }, body, key })
      return { to: settlementPath(settlement) }
    } catch (error) {
      const problem = toldProblem(error)
      const view = await settlementView({ ...sent, params: { settlement }, query: {} }, { act, note, finality })
      return { ...view, status: problem.status, body: markup`${saidOf(problem, lang)}${view.body}` }
    }
  })
}
