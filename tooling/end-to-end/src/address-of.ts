/** Where an app is served; `isolated: false` names the server without the headers that let pages share memory. */
export function addressOf(app: string, { isolated = true }: { readonly isolated?: boolean } = {}): string {
  const name = isolated ? 'QKV_ISOLATED_ADDRESS' : 'QKV_PLAIN_ADDRESS'
  const address = process.env[name]
  if (address === undefined)
    throw new Error(`end-to-end: ${name} is not set: run the tests with their config.`)
  return `${address}/${app}/`
}
