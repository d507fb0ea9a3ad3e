/** What the reader may do with a settlement next: a form for each act, made of what the API says may follow. */
import type { Reader } from '../../../../data/access/keys.ts'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Lang } from '../../../report/words/format.ts'
import { fieldOf, formOf } from '../../elements/form.ts'
import { actWords } from '../../words/acts.ts'
import { frameWords } from '../../words/frame.ts'
import { settlementPath, type Life } from './settled.ts'

const ACTS = ['review', 'release', 'reject', 'pay'] as const
type Act = (typeof ACTS)[number]
export const isAct = (name: string): name is Act => (ACTS as readonly string[]).includes(name)

/** Whose share nobody is known to pay: an analyst signs for it. */
const NOBODYS = 'unknown'

/** The acts of a role among those that may follow; an analyst signs for nobody's share alone. */
function actsFor({ role, subject }: Reader, { next, shares, events }: Life): Act[] {
  const open = (of: 'approved' | 'paid') =>
    shares.filter(({ insurer, [of]: done }) => done === null && insurer === (role === 'insurer' ? subject : NOBODYS))
  return ACTS.filter((act) => {
    if (!next.includes(act) || !['analyst', 'insurer'].includes(role)) return false
    // Who prepared it does not review it.
    if (act === 'review') return role === 'analyst' && events[0]?.by !== `analyst:${subject}`
    if (act === 'release') return open('approved').length > 0
    return act === 'reject' || open('paid').length > 0
  })
}

/** What an act was sent with, where it was sent back. */
export interface ActTyped {
  readonly act: string
  readonly note: string
  readonly finality: string
}

/** The forms of what the reader may do, or in a sentence whom the settlement waits for. */
export function actForms(
  reader: Reader,
  {
    settlementId,
    life,
    typed,
  }: { readonly settlementId: string; readonly life: Life; readonly typed: ActTyped | null },
  lang: Lang,
): Html {
  const words = actWords[lang]
  const acts = actsFor(reader, life)
  const isWaiting = acts.every((act) => act === 'reject')
  const waiting = isWaiting ? markup`<p class="soft">${words.waiting[life.state]}</p>` : null
  if (acts.length === 0) return markup`${waiting}`
  return markup`${waiting}<section class="card" aria-labelledby="acts"><h2 id="acts">${words.title}</h2>
<div class="columns">${acts.map((act) => markup`<div>${actForm(act, { settlementId, typed: typed?.act === act ? typed : null }, lang)}</div>`)}</div></section>`
}

function actForm(
  act: Act,
  { settlementId, typed }: { readonly settlementId: string; readonly typed: ActTyped | null },
  lang: Lang,
): Html {
  const words = actWords[lang]
  const { status } = frameWords[lang]
  const finality = ['final', 'provisional'].map((each) => [each, status[each] ?? each] as const)
  return markup`<p id="${act}-says">${words.says[act]}</p>${formOf({
    id: act,
    action: settlementPath(settlementId, 'acts', act),
    fields: [
      act === 'release'
        ? fieldOf({
            name: 'finality',
            id: `${act}-finality`,
            label: words.finality,
            options: finality,
            value: typed?.finality ?? '',
          })
        : null,
      fieldOf({ name: 'note', id: `${act}-note`, label: words.note, rows: 2, value: typed?.note ?? '' }),
    ],
    button: words.acts[act],
  })}`
}
