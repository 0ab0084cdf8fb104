/**
 * Lets a built app work without a network from now on. Resolves with false where browsers allow no service worker: on pages that
 * come from another machine without https, and in some private windows.
 */
export async function keepForOffline(): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false
  try {
    await navigator.serviceWorker.register(new URL('service-worker.js', document.baseURI))
    await navigator.serviceWorker.ready
    return true
  } catch {
    return false
  }
}
