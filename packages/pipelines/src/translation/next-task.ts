/**
 * Settles in the next turn of the event loop, after messages and other events that are waiting. A promise that is already
 * settled gives them no turn.
 *
 * @example
 * await translator.translate([text], { signal, onStep: (progress) => (show(progress), nextTask()) })
 */
export async function nextTask(): Promise<void> {
  await new Promise<void>((resolve) => {
    // Timers wait for 4 ms once they are nested; a channel does not.
    const { port1, port2 } = new MessageChannel()
    const done = (): void => {
      port1.close()
      resolve()
    }
    port1.addEventListener('message', done, { once: true })
    port1.start()
    port2.postMessage(undefined)
  })
}
