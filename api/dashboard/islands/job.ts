/** On the page of a job: how far it is, event by event; when it ends, or a worker is lost, the page says so. */

interface Job {
  readonly state: string
  readonly stopping: boolean
  readonly workers: number | null
  readonly progress: { readonly stage: string; readonly done: number; readonly of: number } | null
}

const place = document.querySelector<HTMLElement>('[data-job]')
const part = (name: string): HTMLElement | null => place?.querySelector<HTMLElement>(`[data-${name}]`) ?? null

function show({ progress, workers, stopping, state }: Job): void {
  const [told, bar] = [part('told'), part('bar')]
  if (progress && told && bar instanceof HTMLProgressElement) {
    const { stage, done, of } = progress
    const name = (JSON.parse(place?.dataset.stages ?? '{}') as Record<string, string>)[stage] ?? stage
    const sentence = place?.dataset.parts ?? ''
    told.textContent = sentence.replace('{stage}', name).replace('{done}', String(done)).replace('{of}', String(of))
    bar.max = of
    bar.value = done
  }
  const [unattended, stops] = [part('unattended'), part('stopping')]
  if (unattended) unattended.hidden = workers !== 0 || state === 'completed'
  if (stops) stops.hidden = !stopping
}

if (place?.dataset.job) {
  const events = new EventSource(place.dataset.job)
  events.addEventListener('progress', ({ data }: MessageEvent<string>) => show(JSON.parse(data) as Job))
  events.addEventListener('end', () => {
    events.close()
    location.reload()
  })
}
