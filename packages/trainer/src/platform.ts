// What Node, browsers and workers have in common; declared here, because the package is typed for none of them.
declare const performance: { now(): number }
declare const MessageChannel: new () => { readonly port1: Port; readonly port2: Port }

interface Port {
  addEventListener(type: 'message', listener: () => void, options: { readonly once: boolean }): void
  start(): void
  postMessage(message: null): void
  close(): void
}

/** Milliseconds on a clock that only runs forward. */
export function now(): number {
  return performance.now()
}

/** Lets everything else that waits in this thread run first: timers, input, painting, Ctrl-C. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    // A message costs a twentieth of what a timer does, which browsers stretch to 4 ms besides.
    const { port1, port2 } = new MessageChannel()
    const receive = (): void => {
      port1.close()
      resolve()
    }
    port1.addEventListener('message', receive, { once: true })
    port1.start()
    port2.postMessage(null)
  })
}
