/** On every page: what is typed in a form is kept in this browser until it has been sent and taken, and a lost connection is told in words. */

const PREFIX = 'winst-draft '
/** What stands for a box that is ticked. */
const TICKED = 'ticked'

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

/** Fields that a person fills in; keys and files are not kept. */
const fieldsOf = (form: HTMLFormElement): Field[] =>
  [...form.elements].filter(
    (each): each is Field =>
      (each instanceof HTMLInputElement && !['hidden', 'file', 'password'].includes(each.type)) ||
      each instanceof HTMLTextAreaElement ||
      each instanceof HTMLSelectElement,
  )

const isBox = (field: Field): field is HTMLInputElement =>
  field instanceof HTMLInputElement && field.type === 'checkbox'
const valueOf = (field: Field): string => (isBox(field) ? (field.checked ? TICKED : '') : field.value)

function fill(field: Field, value: string): void {
  if (isBox(field)) field.checked = value === TICKED
  else field.value = value
}

function tell(sentence: string): void {
  const said = document.getElementById('said')
  if (said) said.textContent = sentence
}

/** A sentence that every page brings along. */
const broughtAlong = (which: 'lost' | 'kept'): string => document.getElementById('said')?.dataset[which] ?? ''

/** Gives back what was typed before, keeps what is typed now, and sends without leaving the page. */
function watch(form: HTMLFormElement): void {
  const name = `${PREFIX}${location.pathname} ${form.dataset.draft}`
  const kept = sessionStorage.getItem(name)
  if (kept !== null) {
    const values = JSON.parse(kept) as Record<string, string>
    for (const field of fieldsOf(form)) if (field.name in values) fill(field, values[field.name] ?? '')
    tell(broughtAlong('kept'))
  }
  form.addEventListener('input', () => {
    const values = Object.fromEntries(fieldsOf(form).map((field) => [field.name, valueOf(field)]))
    sessionStorage.setItem(name, JSON.stringify(values))
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void send(form, name, event.submitter)
  })
}

const watchAll = (): void => {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-draft]')) watch(form)
}

/** Where the session had ended, signing in leads back to this page, which gives back what was typed in it. */
function comeBackHere(): void {
  const here = location.pathname + location.search
  for (const next of document.querySelectorAll<HTMLInputElement>('form[action="/sign-in"] input[name="next"]'))
    next.value = here
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href^="/sign-in/provider"]'))
    link.href = `/sign-in/provider?next=${encodeURIComponent(here)}`
}

/** Sends the form as the browser would, but stays on the page where nobody answers. */
async function send(form: HTMLFormElement, draft: string, submitter: HTMLElement | null): Promise<void> {
  const body = new FormData(form, submitter)
  const isPlain = form.enctype !== 'multipart/form-data'
  const texts = new URLSearchParams([...body].map(([of, value]) => [of, typeof value === 'string' ? value : '']))
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      body: isPlain ? texts : body,
      headers: { accept: 'text/html' },
      redirect: 'follow',
    })
    if (answer.redirected) {
      sessionStorage.removeItem(draft)
      location.assign(answer.url)
      return
    }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    // A fault of the service is none of the form: it is told, and the form stays to be sent again.
    const fault = answer.status >= 500 ? page.querySelector('[role=alert]')?.textContent : null
    if (fault) return tell(fault)
    // The answer is a page; the draft stays where it was refused, or sent back with faults.
    if (answer.ok) sessionStorage.removeItem(draft)
    document.title = page.title
    document.body.replaceWith(page.body)
    comeBackHere()
    watchAll()
    document.getElementById('content')?.focus()
  } catch {
    tell(broughtAlong('lost'))
  }
}

watchAll()
