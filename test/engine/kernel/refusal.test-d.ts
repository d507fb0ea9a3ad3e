/** What must not compile of refusals; the type check (`npm run types`) reads this, nothing runs it. */
import { STATUS_OF_CODE, type RefusalStatus } from '../../../api/plugins/refusal-statuses.ts'
import { refuseFaults } from '../../../engine/kernel/document.ts'
import type { RefusalCode } from '../../../engine/kernel/refusal-codes.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'

export const compiles = [
  new Refusal('unknown_contract', 'There is no such contract.'),
  STATUS_OF_CODE.unknown_contract satisfies RefusalStatus,
]

export const doesNotCompile = (text: string, others: Omit<typeof STATUS_OF_CODE, 'unknown_run'>) => {
  // @ts-expect-error a code that is not in the list
  const invented = new Refusal('no_such_code', 'What?')
  // @ts-expect-error a text that nobody looked up in the list
  const unchecked = new Refusal(text, 'What?')
  // @ts-expect-error the same where every fault of a document is gathered
  refuseFaults([], text, 'the document')
  // @ts-expect-error a table without a status for one of the codes
  const partial: Readonly<Record<RefusalCode, RefusalStatus>> = others
  // @ts-expect-error a status that no refusal has
  const teapot: RefusalStatus = 418
  return [invented, unchecked, partial, teapot]
}
