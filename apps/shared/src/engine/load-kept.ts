import { type DownloadOptions, type ModelFiles, modelFilesFromUrl } from '@qkv/pipelines'

/** What was made of model files, and whether the browser keeps them for a time without a network. */
export interface KeptModel<Model> {
  readonly model: Model
  readonly kept: boolean
}

const cacheName = 'qkv-models'

/**
 * Makes something of the model files below an address, from this browser's store where they are there, else from the network.
 * Files are kept only once something could be made of them, and thrown away when they turn out to be damaged. The query of the
 * address is their version: keeping one forgets the others.
 *
 * @example
 * const { model } = await loadKept('https://example.org/models/zh-en/?version=1', (files) => loadTranslator(files, { device }))
 */
export async function loadKept<Model>(
  address: string,
  load: (files: ModelFiles) => Promise<Model>,
  options: DownloadOptions = {},
): Promise<KeptModel<Model>> {
  const online = modelFilesFromUrl(address, options)
  const store = await openStore()
  if (!store) return { model: await load(online), kept: false }
  const kept = new Map<string, Uint8Array>()
  const downloaded = new Map<string, Uint8Array>()
  const read = async (name: string): Promise<Uint8Array> => {
    const found = await store.match(addressOf(address, name))
    const bytes = found ? new Uint8Array(await found.arrayBuffer()) : await online.read(name)
    const origin = found ? kept : downloaded
    origin.set(name, bytes)
    return bytes
  }
  const files = { source: online.source, read }
  const model = await load(files).catch(async (error: unknown) => {
    if (kept.size === 0 || options.signal?.aborted === true) throw error
    for (const name of kept.keys()) await store.delete(addressOf(address, name))
    return load(files)
  })
  return { model, kept: await keep(store, address, downloaded) }
}

function addressOf(folder: string, name: string): string {
  const address = new URL(name, folder)
  address.search = new URL(folder).search
  return address.href
}

/** Absent on pages without a secure origin, and where the browser keeps nothing. */
async function openStore(): Promise<Cache | undefined> {
  if (!('caches' in globalThis)) return undefined
  return caches.open(cacheName).catch(() => undefined)
}

/** False when the browser has no room for them. */
async function keep(store: Cache, folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<boolean> {
  try {
    for (const [name, bytes] of files) {
      await store.put(addressOf(folder, name), new Response(Uint8Array.from(bytes)))
    }
    await forgetOtherVersions(store, folder)
    return true
  } catch {
    return false
  }
}

async function forgetOtherVersions(store: Cache, folder: string): Promise<void> {
  const { origin, pathname, search } = new URL(folder)
  for (const request of await store.keys()) {
    const stored = new URL(request.url)
    const isSibling = stored.origin === origin && stored.pathname.startsWith(pathname)
    if (isSibling && stored.search !== search) await store.delete(request)
  }
}
