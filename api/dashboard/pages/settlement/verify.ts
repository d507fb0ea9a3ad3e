/** The marks of a settlement, and how whoever doubts it works it out again. */
import type { Reader } from '../../../../data/access/keys.ts'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import { settlementWords } from '../../words/settlement.ts'
import type { Settled } from './settled.ts'

export function verifySection(
  { role, subject }: Reader,
  { settlement, contract, life, names }: Settled,
  { lang }: Format,
): Html {
  const words = settlementWords[lang].verify
  const { settlement_id: id, dataset_sha256, contract_sha256, engine_version, model_ids } = settlement
  const models = Object.entries(model_ids).map(([measure, model]) =>
    model === null
      ? null
      : markup`<div>${names.titleOf(measure)}: <a href="/models/${model}"><code>${model}</code></a></div>`,
  )
  const file = `${id.slice(0, 12)}-${subject}.bundle`
  return markup`<h2 id="verify">${words.title}</h2><p>${words.about}</p>
<dl class="facts">
<dt>${words.settlement}</dt><dd><code>${id}</code></dd>
<dt>${words.dataset}</dt><dd><code>${dataset_sha256}</code></dd>
<dt>${words.contract}</dt><dd><a href="/contracts/${contract.contract}"><code>${contract_sha256}</code></a></dd>
<dt>${words.engine}</dt><dd>${engine_version}</dd>
<dt>${words.models}</dt><dd>${models}</dd>
${life?.ledger_head ? markup`<dt>${words.ledger}</dt><dd>${life.ledger_head.seq}: <code>${life.ledger_head.hash}</code></dd>` : null}
</dl>
${
  role === 'insurer'
    ? markup`<p><a href="/v1/settlements/${id}/bundle" download>${words.bundle}</a></p><p>${words.command}</p>
<pre>winst verify ${file}</pre>`
    : role === 'analyst'
      ? markup`<p>${words.commandStaff}</p>
<pre>winst bundle --settlement ${id.slice(0, 12)} --out ${id.slice(0, 12)}.bundle
winst verify ${id.slice(0, 12)}.bundle</pre>`
      : null
}`
}
