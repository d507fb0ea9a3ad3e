/** The frame of every page: where the reader is, where else it can go, in whose name. */
import type { Identity, Role } from '../../data/access/keys.ts'
import { markup, type Html } from '../report/elements/html.ts'
import type { Lang } from '../report/words/format.ts'
import { assets } from './assets.ts'
import { frameWords, type Place } from './words/frame.ts'

/** What a page shows, without its frame. */
export interface View {
  readonly title: string
  readonly body: Html
  /** which entry of the menu it stands under */
  readonly place?: Place
  /** the pages that lead here, the outermost first */
  readonly path?: readonly { readonly title: string; readonly href: string }[]
  /** islands by the names of their files */
  readonly islands?: readonly string[]
  /** of the answer; left out: 200 */
  readonly status?: number
}

const PLACES: Readonly<Record<Place, string>> = {
  today: '/',
  settlements: '/settlements',
  contracts: '/contracts',
  imports: '/imports',
  models: '/models',
  disputes: '/disputes',
  work: '/work',
  patients: '/patients',
  jobs: '/jobs',
  research: '/research',
  audit: '/audit',
  region: '/region',
  keys: '/keys',
  method: '/method',
}

/** What each role finds in the menu, in this order. */
const MENU: Readonly<Record<Role, readonly Place[]>> = {
  analyst: [
    'today',
    'settlements',
    'contracts',
    'imports',
    'models',
    'disputes',
    'work',
    'jobs',
    'research',
    'region',
    'method',
  ],
  insurer: ['today', 'settlements', 'contracts', 'disputes', 'models', 'method'],
  partner: ['today', 'settlements', 'work', 'patients', 'disputes', 'method'],
  researcher: ['today', 'research', 'models', 'method'],
  auditor: [
    'today',
    'audit',
    'settlements',
    'contracts',
    'imports',
    'models',
    'disputes',
    'work',
    'jobs',
    'research',
    'region',
    'method',
  ],
  administrator: ['today', 'keys', 'region', 'method'],
}

export interface Around {
  readonly lang: Lang
  readonly reader: Identity | null
  /** of this very page */
  readonly url: string
}

/** The same address in the other language. */
function inLanguage(url: string, lang: Lang): string {
  const at = new URL(url, 'http://winst.local')
  at.searchParams.set('lang', lang)
  return at.pathname + at.search
}

function menu(view: View, { lang, reader }: Around): Html | null {
  if (!reader) return null
  const words = frameWords[lang]
  const entries = MENU[reader.role].map((place) => {
    const current = place === view.place ? markup` aria-current="page"` : null
    return markup`<li><a href="${PLACES[place]}"${current}>${words.places[place]}</a></li>`
  })
  return markup`<nav class="menu" aria-label="${words.menu}"><ul>${entries}</ul></nav>`
}

function holder({ lang, reader }: Around): Html | null {
  if (!reader) return null
  const words = frameWords[lang]
  return markup`<span class="holder">${words.roles[reader.role]} ${reader.subject} · ${reader.region}</span>
    <form method="post" action="/sign-out"><button class="plain">${words.signOut}</button></form>`
}

/** The whole page as HTML text. */
export async function frame(view: View, around: Around): Promise<string> {
  const { lang, url } = around
  const words = frameWords[lang]
  const { urlOf } = await assets()
  const other: Lang = lang === 'nl' ? 'en' : 'nl'
  const path = (view.path ?? []).map(({ title, href }) => markup`<li><a href="${href}">${title}</a></li>`)
  const scripts = ['forms', ...(view.islands ?? [])].map(
    (name) => markup`<script type="module" src="${urlOf(name)}"></script>`,
  )
  return markup`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${view.title} · gezondheidswinst</title>
<link rel="stylesheet" href="${urlOf('style')}">
<link rel="icon" href="data:,">
${scripts}
</head>
<body>
<a class="skip" href="#content">${words.skip}</a>
<header class="top">
<a class="brand" href="/">gezondheidswinst</a>
<div class="who">${holder(around)}<a href="${inLanguage(url, other)}" hreflang="${other}" lang="${other}">${words.otherLanguage}</a></div>
</header>
${menu(view, around)}
<main id="content" tabindex="-1">
${path.length > 0 ? markup`<nav class="path" aria-label="${words.path}"><ol>${path}</ol></nav>` : null}
<h1>${view.title}</h1>
${view.body}
</main>
<div id="said" role="status" aria-live="polite" data-lost="${words.lost}" data-kept="${words.keptDraft}"></div>
</body>
</html>
`.text
}
