import { RunError } from '../errors/run-error.ts'
import { checkFileName, type ModelFiles } from './model-files.ts'

/** How much of a file has come. */
export interface DownloadProgress {
  readonly file: string
  readonly loadedBytes: number
  /** Absent where the server does not say, or sends the file compressed. */
  readonly totalBytes: number | undefined
}

export interface DownloadOptions {
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
  /** Stops a download, whose promise rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Model files on a web server, below an absolute address. Reading throws a `RunError` when the server cannot be reached,
 * answers with an error or a web page, or sends less than it said.
 *
 * @example
 * const files = modelFilesFromUrl(new URL('models/zh-en/', location.href), { onProgress: ({ loadedBytes }) => show(loadedBytes) })
 * const translator = await loadTranslator(files, { device })
 */
export function modelFilesFromUrl(base: string | URL, options: DownloadOptions = {}): ModelFiles {
  const folder = new URL(base)
  if (!folder.pathname.endsWith('/')) folder.pathname += '/'
  const source = folder.href
  return {
    source,
    async read(name) {
      checkFileName(name, source)
      const address = new URL(name, folder)
      // A place with a query, such as a version, passes it on.
      address.search = folder.search
      return download(address.href, name, options)
    },
  }
}

async function download(address: string, file: string, options: DownloadOptions): Promise<Uint8Array> {
  const { onProgress, signal } = options
  try {
    const response = await fetch(address, signal ? { signal } : {})
    checkResponse(response, address)
    const totalBytes = totalOf(response)
    const chunks: Uint8Array[] = []
    let loadedBytes = 0
    const reader = response.body!.getReader()
    // More than was announced: it was compressed on the way, which other origins do not tell.
    const tell = (loaded: number): void =>
      onProgress?.({
        file,
        loadedBytes: loaded,
        totalBytes: totalBytes !== undefined && loaded > totalBytes ? undefined : totalBytes,
      })
    tell(0)
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value)
      loadedBytes += part.value.length
      tell(loadedBytes)
    }
    if (totalBytes !== undefined && loadedBytes < totalBytes) {
      throw downloadError(
        address,
        `ended after ${loadedBytes} bytes`,
        `the ${totalBytes} bytes that the server announced`,
        'Load it again.',
      )
    }
    return join(chunks, loadedBytes)
  } catch (error) {
    if (error instanceof RunError || signal?.aborted === true) throw error
    throw Object.assign(unreachableError(address, error), { cause: error })
  }
}

function checkResponse(response: Response, address: string): void {
  const { status, statusText, headers } = response
  if (!response.ok) {
    const got = `answered with ${status}${statusText === '' ? '' : ` ${statusText}`}`
    throw downloadError(address, got, 'the file of a model', 'Check the address of the model.')
  }
  // Servers of single-page apps answer with their page where a file is missing.
  if (!/^text\/html\b/i.test(headers.get('content-type') ?? '')) return
  throw downloadError(
    address,
    'answered with a web page',
    'the file of a model',
    'Check the address of the model.',
  )
}

/** The length of a compressed answer is not that of the file. */
function totalOf({ headers }: Response): number | undefined {
  const length = headers.get('content-length')
  const compressed = (headers.get('content-encoding') ?? 'identity') !== 'identity'
  return length === null || compressed ? undefined : Number(length)
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let start = 0
  for (const chunk of chunks) {
    bytes.set(chunk, start)
    start += chunk.length
  }
  return bytes
}

function unreachableError(address: string, error: unknown): RunError {
  const message = error instanceof Error ? error.message : String(error)
  return downloadError(
    address,
    `could not be downloaded (${message})`,
    'a server that sends the whole file',
    'Check the connection and the address, and load it again.',
  )
}

function downloadError(argument: string, got: string, expected: string, fix: string): RunError {
  return new RunError({ operation: 'model', argument, got, expected, fix })
}
