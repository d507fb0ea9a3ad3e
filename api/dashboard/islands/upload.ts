/** On the page of deliveries: files dropped on the form, how much of them is sent, and a single archive sent as it is. */

const uploading = document.querySelector<HTMLFormElement>('form[data-upload]')
const input = uploading?.querySelector<HTMLInputElement>('input[type=file]')
const bar = uploading?.querySelector('progress')
const told = uploading?.querySelector<HTMLElement>('[data-told]')

const ARCHIVES: readonly (readonly [RegExp, string])[] = [
  [/\.zip$/i, 'application/zip'],
  [/\.(tar\.gz|tgz)$/i, 'application/gzip'],
  [/\.tar$/i, 'application/x-tar'],
]
const typeOf = ({ name }: File): string | undefined => ARCHIVES.find(([ending]) => ending.test(name))?.[1]

function say(sentence: string | undefined): void {
  if (told) told.textContent = sentence ?? ''
}

function upload(to: HTMLFormElement, files: readonly File[]): void {
  const [first] = files
  const archives = files.filter((file) => typeOf(file) !== undefined)
  if (!first || (archives.length > 0 && files.length > 1)) return say(to.dataset.one)
  const request = new XMLHttpRequest()
  request.open('POST', to.action)
  request.setRequestHeader('accept', 'text/html')
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    const done = Math.floor((100 * loaded) / total)
    if (bar) [bar.hidden, bar.value] = [false, done]
    say(done < 100 ? to.dataset.sending?.replace('{done}', String(done)) : to.dataset.sent)
  })
  request.addEventListener('error', () => say(to.dataset.lost))
  request.addEventListener('load', () => {
    if (request.status < 400) return location.assign(request.responseURL)
    const page = new DOMParser().parseFromString(request.responseText, 'text/html')
    document.title = page.title
    document.body.replaceWith(page.body)
    document.getElementById('content')?.focus()
  })
  const type = typeOf(first)
  if (type === undefined) {
    const body = new FormData()
    for (const file of files) body.append('files', file, file.name)
    request.send(body)
  } else {
    request.setRequestHeader('content-type', type)
    request.send(first)
  }
}

if (uploading && input) {
  const drop = uploading.querySelector<HTMLElement>('.drop') ?? uploading
  for (const name of ['dragover', 'dragleave', 'drop'])
    drop.addEventListener(name, (event) => {
      event.preventDefault()
      drop.classList.toggle('over', name === 'dragover')
    })
  drop.addEventListener('drop', (event) => {
    const { dataTransfer } = event
    if (dataTransfer && dataTransfer.files.length > 0) input.files = dataTransfer.files
  })
  uploading.addEventListener('submit', (event) => {
    event.preventDefault()
    upload(uploading, [...(input.files ?? [])])
  })
}
