import { serve } from '@qkv/serve'

/** Starts the servers that `serverAddress` names, and returns what stops them. */
export default async function startServers(): Promise<() => void> {
  const isolated = await serve({ port: 0 })
  const plain = await serve({ port: 0, isolated: false })
  process.env['QKV_ISOLATED_ADDRESS'] = isolated.address
  process.env['QKV_PLAIN_ADDRESS'] = plain.address
  return () => {
    for (const { server } of [isolated, plain]) {
      server.close()
      server.closeAllConnections()
    }
  }
}
