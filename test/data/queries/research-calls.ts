/** What is asked of research: cells, editions, questions, answers. */
import { inTransaction } from '../../../data/postgres/transaction.ts'
import { appendAnswer, readAnswer } from '../../../data/research/answers.ts'
import { appendResearchCells, readResearchCells } from '../../../data/research/cells.ts'
import { editionOf, holdAgainstOpen, isFinal, openEditionOf, researchRun } from '../../../data/research/editions.ts'
import { findQuestion, listQuestions, registerQuestion } from '../../../data/research/questions.ts'
import { sha256 } from '../../support/settlements/sha256.ts'
import type { Calls, Stage } from './calls.ts'

export function researchCalls({ store, settlement, world: { run } }: Stage): Calls {
  const { regionId, runKey } = run
  const settlementId = settlement.settlement_id
  const questionId = sha256('a question')
  const asked = {
    contract: 'queries',
    settlement: null,
    title: 't',
    hypothesis: 'h',
    outcome: 'o',
    groups: 'g',
    analysis: 'a',
    measures: [],
    by: [],
  }
  const page = { sort: 'asked', descending: true, after: null, limit: 2 }
  return {
    'cells researchRun': () => inTransaction(store, (transaction) => researchRun(transaction, settlementId)),
    'cells appendResearchCells': () =>
      inTransaction(store, async (transaction) =>
        appendResearchCells(transaction, await researchRun(transaction, settlementId)),
      ),
    'cells readResearchCells': () => readResearchCells(store, runKey, 'partner', ['hba1c']),
    'editions editionOf': () => editionOf(store, { regionId, settlementId }),
    'editions isFinal': () => isFinal(store, { regionId, settlementId }),
    'editions holdAgainstOpen': () => inTransaction(store, (transaction) => holdAgainstOpen(transaction, settlementId)),
    'editions openEditionOf': () => openEditionOf(store, { regionId, contractId: 'queries' }),
    'questions registerQuestion': () =>
      registerQuestion(store, { questionId, regionId, askedBy: 'researcher:rob', asked }),
    'questions listQuestions': () => listQuestions(store, { contract: 'queries', isAnswered: false }, page),
    'questions findQuestion': () => findQuestion(store, questionId),
    'answers appendAnswer': () => appendAnswer(store, { questionId, settlementId, document: '{}' }),
    'answers readAnswer': () => readAnswer(store, questionId),
  }
}
