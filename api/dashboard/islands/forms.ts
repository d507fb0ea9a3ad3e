/** On every page: what is typed in a form is kept in this browser until it has been sent and taken, and a lost connection is told in words. */

const PREFIX = 'winst-draft '
const said = document.getElementById('said')

/** Fields that a person fills in; keys and files are not kept. */
const fieldsOf = (form: HTMLFormElement): (HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement)[] =>
  [...form.elements].filter(
    (each): each is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement =>
      (each instanceof HTMLInputElement && !['hidden', 'file', 'password'].includes(each.type)) ||
      each instanceof HTMLTextAreaElement ||
      each instanceof HTMLSelectElement,
  )

function tell(sentence: string | undefined): void {
  if (said) said.textContent = sentence ?? ''
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-draft]')) {
  const name = `${PREFIX}${location.pathname} ${form.dataset.draft}`
  const kept = sessionStorage.getItem(name)
  if (kept !== null) {
    const values = JSON.parse(kept) as Record<string, string>
    for (const field of fieldsOf(form)) if (field.name in values) field.value = values[field.name] ?? ''
    tell(said?.dataset.kept)
  }
  form.addEventListener('input', () => {
    const values = Object.fromEntries(fieldsOf(form).map(({ name: of, value }) => [of, value]))
    sessionStorage.setItem(name, JSON.stringify(values))
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void send(form, name, event.submitter)
  })
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
    // Refused, or sent back with faults: the answer is a page, and the draft stays.
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    document.title = page.title
    document.body.replaceWith(page.body)
    document.getElementById('content')?.focus()
  } catch {
    tell(said?.dataset.lost)
  }
}
