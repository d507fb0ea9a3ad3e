/** A page that waits for something looks again by itself, after as many seconds as it says. */
const waiting = document.querySelector<HTMLElement>('[data-again]')
if (waiting) setTimeout(() => location.reload(), Number(waiting.dataset.again) * 1_000)
