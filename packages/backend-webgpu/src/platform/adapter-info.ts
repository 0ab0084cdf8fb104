/** What an adapter says of itself. */
export interface AdapterInfo {
  readonly vendor: string
  readonly architecture: string
  readonly description: string
  readonly isFallbackAdapter: boolean
}

/** Where browsers kept it: Chrome has `info` since version 127, and `isFallbackAdapter` in it since 140. */
interface OlderAdapter {
  readonly info?: Partial<AdapterInfo>
  readonly isFallbackAdapter?: boolean
  requestAdapterInfo?(): Promise<Partial<AdapterInfo>>
}

/** What an adapter says of itself, in browsers of any age; empty where it says nothing. */
export async function adapterInfo(adapter: GPUAdapter): Promise<AdapterInfo> {
  const older = adapter as OlderAdapter
  const info = older.info ?? (await older.requestAdapterInfo?.()) ?? {}
  const { vendor = '', architecture = '', description = '' } = info
  const isFallbackAdapter = info.isFallbackAdapter ?? older.isFallbackAdapter ?? false
  return { vendor, architecture, description, isFallbackAdapter }
}
