import type { PageMessage, PageReport } from './pages/describe-and-multiply.ts'

/** Runs `pages/describe-and-multiply.ts` on a page of its own under a content-security policy. Rejects when that page fails. */
export async function reportUnder(policy: string): Promise<PageReport> {
  const module = new URL('pages/describe-and-multiply.ts', import.meta.url).pathname
  const frame = document.createElement('iframe')
  frame.src = `/page-with-policy?${new URLSearchParams({ policy, module })}`
  try {
    return await new Promise<PageReport>((resolve, reject) => {
      const listen = ({ source, data }: MessageEvent<PageMessage>): void => {
        if (source !== frame.contentWindow) return
        window.removeEventListener('message', listen)
        if ('report' in data) resolve(data.report)
        else reject(new Error(data.error))
      }
      window.addEventListener('message', listen)
      document.body.append(frame)
    })
  } finally {
    frame.remove()
  }
}
