/** Handing in a delivery: a form that works without script, whose files go on to the API as they come in. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { json } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Lang } from '../../../report/words/format.ts'
import { passOn } from '../../ask.ts'
import { CONFIG } from '../../define.ts'
import { fieldOf } from '../../elements/form.ts'
import { importWords } from '../../words/sources/imports.ts'

/** What may be chosen about a delivery, as the address of the form carries it. */
export const CHOICES = ['format', 'delivered', 'pseudonymise'] as const
export type Choices = Readonly<Partial<Record<(typeof CHOICES)[number], string>>>

const TYPES = ['multipart/form-data', 'application/zip', 'application/x-tar', 'application/gzip']

/** The receiving end: the body is read by the API itself, as fast as it writes it away. */
export async function uploads(app: FastifyInstance): Promise<void> {
  app.addContentTypeParser(TYPES, (_request, body, done) => done(null, body))
  const text = { type: 'string', maxLength: 100 }
  const schema = {
    hide: true,
    body: { content: Object.fromEntries(TYPES.map((type) => [type, { schema: {} }])) },
    querystring: { type: 'object', properties: Object.fromEntries([...CHOICES, 'lang'].map((name) => [name, text])) },
  }
  // As long as the API gives an upload.
  app.post('/imports', { config: CONFIG, schema, handlerTimeout: 365_000 }, async (request, reply) => {
    const choices = chosenIn(request.query as Choices)
    try {
      const answer = await passOn(request, reply, {
        method: 'POST',
        url: `/v1/deliveries?${choices.toString()}`,
        headers: { 'content-type': request.headers['content-type'] ?? '' },
        body: request.body as Readable,
      })
      const { job_id: id } = (await json(answer.stream())) as { readonly job_id: string }
      return reply.redirect(`/jobs/${id}`, 303)
    } finally {
      restOf(request)
    }
  })
}

/** What was not read of an upload that is refused: a browser listens to an answer when it has sent everything. */
const restOf = ({ raw }: FastifyRequest): void => void (raw.readableEnded || raw.resume())

/** The choices that were made, without those left out. */
function chosenIn(query: Choices): URLSearchParams {
  const made = CHOICES.flatMap((name) => (query[name] ? [[name, query[name]] as [string, string]] : []))
  return new URLSearchParams(made)
}

export function uploadForm(query: Choices, lang: Lang): Html {
  const words = importWords[lang]
  const choices = chosenIn(query).toString()
  const format = Object.entries(words.formats).find(([name]) => name === query.format)?.[1]
  return markup`<section class="card">
<form method="post" action="/imports?${choices}" enctype="multipart/form-data" data-upload data-sending="${words.sending}" data-sent="${words.sent}" data-lost="${words.lost}" data-one="${words.one}">
<div class="field drop"><label for="files">${words.drop}</label>
<input type="file" id="files" name="files" multiple required aria-describedby="files-hint">
<p class="hint" id="files-hint">${words.chooseHint}</p>
${choices ? markup`<p class="hint">${words.chosen}: ${[format, query.delivered, query.pseudonymise === 'true' ? words.pseudonyms.true : ''].filter(Boolean).join(', ')}</p>` : null}</div>
<button>${words.send}</button>
<progress max="100" value="0" hidden aria-label="${words.send}"></progress>
<p data-told role="status"></p>
</form>
<details${choices ? markup` open` : null}><summary>${words.choices}</summary>
<form method="get" action="/imports">
${fieldOf({ name: 'format', label: words.format, value: query.format ?? 'csv', options: Object.entries(words.formats) })}
${fieldOf({ name: 'delivered', label: words.delivered, type: 'date', value: query.delivered ?? '', hint: words.deliveredHint })}
${fieldOf({ name: 'pseudonymise', label: words.pseudonymise, value: query.pseudonymise ?? 'false', options: Object.entries(words.pseudonyms), hint: words.pseudonymHint })}
<button class="quiet">${words.apply}</button>
</form></details>
</section>`
}
