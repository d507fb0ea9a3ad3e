/** The first page: the settlements with their statements; without a token, a form for one. */
import { markup, raw, type Html } from './elements/html.ts'
import { formatOf } from './words/format.ts'
import { STYLE } from './elements/style.ts'
import type { Reader } from '../../data/access/keys.ts'

export interface PageLine {
  readonly settlement_id: string
  readonly contract: string
  readonly region: string
  readonly as_of: string
  readonly status: 'provisional' | 'final'
  /** what the reader may see as an amount; null: none */
  readonly cents: number | null
}

const FORM_STYLE = `form{margin:20px 0;display:grid;gap:10px;max-width:460px}input{font:inherit;padding:9px 12px;border:1px solid #7b8790;border-radius:3px}button{font:inherit;font-weight:600;padding:9px 18px;background:var(--gain);color:#fff;border:0;border-radius:3px;justify-self:start;cursor:pointer}header form{margin:12px 0 0}header button{background:transparent;border:1px solid #9fc3c8;padding:4px 14px}.fault{color:var(--loss);font-weight:600}`

const STATUS_WORDS = { provisional: 'voorlopig', final: 'definitief' } as const
const ROLE_WORDS = {
  analyst: 'analist',
  insurer: 'verzekeraar',
  partner: 'partner',
  researcher: 'onderzoeker',
  auditor: 'auditor',
  administrator: 'beheerder',
} as const

const pageOf = (title: string, lead: string, body: Html, header: Html | null = null): string =>
  markup`<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(STYLE + FORM_STYLE)}</style>
</head>
<body>
<header class="cover"><div class="frame"><h1>Gezondheidswinst</h1><p>${lead}</p>${header}</div></header>
<main class="frame">${body}</main>
</body>
</html>
`.text

/** Asks for a token; it is sent in the body of a form, never in an address. */
export const loginPage = (fault: string | null = null): string =>
  pageOf(
    'Gezondheidswinst: aanmelden',
    'Verwachte en bereikte gezondheid, en wat daaruit volgt.',
    markup`<h2>Aanmelden</h2>
<p>Deze pagina toont wat uw token mag zien. De beschrijving van de interface staat op <a href="/docs">/docs</a>.</p>
${fault === null ? null : markup`<p class="fault" role="alert">${fault}</p>`}
<form method="post" action="/login">
<label for="token">Token</label>
<input id="token" name="token" type="password" required autocomplete="off" spellcheck="false">
<button type="submit">Aanmelden</button>
</form>`,
  )

/** The settlements that the reader may see. */
export function settlementsPage({ role, subject }: Reader, lines: readonly PageLine[]): string {
  const format = formatOf('nl')
  const rows = lines.map(
    (line) => markup`<tr>
<th scope="row">${line.contract}</th><td>${line.region}</td><td>${format.day(line.as_of)}</td><td>${STATUS_WORDS[line.status]}</td>
<td class="n">${line.cents === null ? '–' : format.cents(line.cents)}</td>
<td>${role === 'analyst' ? markup`<a href="/v1/settlements/${line.settlement_id}/report">Afrekening</a>` : markup`<code>${line.settlement_id.slice(0, 12)}</code>`}</td></tr>
`,
  )
  const table = markup`<div class="scroll"><table>
<caption>Per contract de stand van de gegevens; de laatste stand geldt.</caption>
<thead><tr><th scope="col">Contract</th><th scope="col">Regio</th><th scope="col">Stand</th><th scope="col">Status</th><th scope="col" class="n">Betaling</th><th scope="col">Stuk</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
  return pageOf(
    'Gezondheidswinst: afrekeningen',
    `Aangemeld als ${ROLE_WORDS[role]}${subject === '' ? '' : ` ${subject}`}`,
    markup`<h2>Afrekeningen</h2>
${lines.length === 0 ? markup`<p>Er is nog niets afgerekend dat dit token mag zien.</p>` : table}
<p>De beschrijving van de interface staat op <a href="/docs">/docs</a>.</p>`,
    markup`<form method="post" action="/logout"><button type="submit">Afmelden</button></form>`,
  )
}
