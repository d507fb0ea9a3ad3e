/** Keys of the region, for its administrator: listed, given out, withdrawn. */
import type { FastifyInstance } from 'fastify'
import { KEY_SCOPES, ROLES, type KeyScope, type Role } from '../../../data/access/keys.ts'
import { markup, type Content, type Html } from '../../report/elements/html.ts'
import type { Format } from '../../report/words/format.ts'
import { ApiProblem, type AnswerOf, type Ask } from '../ask.ts'
import { defineForm, definePage, type Asked } from '../define.ts'
import { fieldOf, formOf } from '../elements/form.ts'
import { notice } from '../elements/notice.ts'
import { tableOf, text } from '../elements/table.ts'
import { saidOf } from '../errors.ts'
import type { View } from '../frame.ts'
import { frameWords } from '../words/frame.ts'
import { keyWords } from '../words/keys.ts'

type Key = AnswerOf<'/v1/keys', 'get'>['items'][number]
const FIELDS = ['role', 'subject', 'days', 'scope'] as const
type Filled = Readonly<Partial<Record<(typeof FIELDS)[number], string>>>

export async function keys(app: FastifyInstance): Promise<void> {
  definePage(app, '/keys', ['cursor'], async ({ ask, format, query }) =>
    keysPage(ask, format, { cursor: query.cursor }),
  )

  // What is given out is in this answer and in no other: a page of its own, not a way to one.
  defineForm(app, '/keys', FIELDS, async ({ ask, format, fields, key }) => {
    const words = keyWords[format.lang]
    const { role, subject, days, scope } = fields
    try {
      const given = await ask.post('/v1/keys', {
        body: {
          role: role as Role, // the API refuses any other
          subject,
          scope: scope as KeyScope,
          ...(days === '' ? {} : { days: Number(days) }),
        },
        key,
      })
      return {
        title: words.given,
        place: 'keys',
        path: [{ title: words.title, href: '/keys' }],
        body: markup`${notice('good', markup`${words.shownOnce}<pre>${given.token}</pre>`)}
<dl class="facts"><dt>${words.key}</dt><dd><code>${given.key}</code></dd><dt>${words.role}</dt><dd>${frameWords[format.lang].roles[role as Role]}</dd>
<dt>${words.subject}</dt><dd>${subject}</dd></dl>
<p><a href="/keys">${words.back}</a></p>`,
      }
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.problem.status === 401) throw error
      const fault = saidOf(error.problem, format.lang)
      return { ...(await keysPage(ask, format, { filled: fields, fault })), status: 422 }
    }
  })

  defineForm(app, '/keys/:key/revocation', [], async ({ ask, params, key }) => {
    await ask.post('/v1/keys/{key}/revocation', { path: { key: params.key }, key })
    return { to: '/keys' }
  })
}

/** The first page of an administrator: the same. */
export const keysToday = async ({ ask, format }: Asked<never, never>): Promise<View> => ({
  ...(await keysPage(ask, format, {})),
  place: 'today',
})

async function keysPage(
  ask: Ask,
  format: Format,
  {
    cursor,
    filled = {},
    fault = null,
  }: { readonly cursor?: string | undefined; readonly filled?: Filled; readonly fault?: Html | null },
): Promise<View> {
  const words = keyWords[format.lang]
  const { items, next } = await ask.get('/v1/keys', { query: { limit: 100, ...(cursor ? { cursor } : {}) } })
  return {
    title: words.title,
    place: 'keys',
    body: markup`<p class="lead">${words.lead}</p>
<section class="card"><h2>${words.give}</h2>${fault}${giveForm(filled, format)}</section>
${tableOf(
  {
    caption: words.caption,
    columns: [words.subject, words.role, words.scope, words.issuedBy, words.issuedAt, words.until, words.key].map(text),
    rows: items.map((key) => [
      key.subject,
      frameWords[format.lang].roles[key.role],
      words.scopes[key.scope] ?? key.scope,
      key.issued_by,
      format.day(key.issued_at.slice(0, 10)),
      untilOf(key, format),
      markup`<code>${key.key}</code>`,
    ]),
    empty: words.none,
  },
  format.lang,
)}
${next === null ? null : markup`<p class="files"><a href="/keys?cursor=${encodeURIComponent(next)}">${words.more}</a></p>`}`,
  }
}

function giveForm(filled: Filled, { lang }: Format): Html {
  const words = keyWords[lang]
  const { roles } = frameWords[lang]
  return formOf({
    id: 'give',
    action: '/keys',
    button: words.giveOut,
    fields: markup`${fieldOf({ name: 'role', label: words.role, value: filled.role ?? '', options: ROLES.map((role) => [role, roles[role]] as const) })}
${fieldOf({ name: 'subject', label: words.subject, value: filled.subject ?? '', required: true, hint: words.subjectHint })}
${fieldOf({ name: 'days', label: words.days, value: filled.days ?? '90', type: 'number', hint: words.daysHint })}
${fieldOf({ name: 'scope', label: words.scope, value: filled.scope ?? '', options: KEY_SCOPES.map((scope) => [scope, words.scopes[scope] ?? scope] as const) })}`,
  })
}

/** Until when it holds, and how it is withdrawn; or since when it no longer does. */
function untilOf(key: Key, format: Format): Content {
  const words = keyWords[format.lang]
  if (key.revoked_at !== null) return words.withdrawnOn(format.day(key.revoked_at.slice(0, 10)))
  return markup`${format.day(key.expires_at.slice(0, 10))}
${formOf({
  id: `withdraw-${key.key}`,
  action: `/keys/${key.key}/revocation`,
  fields: null,
  button: words.withdraw,
  label: words.withdrawLabel(`${key.subject} (${key.key})`),
})}`
}
