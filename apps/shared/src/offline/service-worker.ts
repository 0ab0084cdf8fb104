import { clientsClaim } from 'workbox-core'
import { precacheAndRoute } from 'workbox-precaching'

/** The files of the built app; the build writes them here. */
declare const builtFiles: readonly { readonly url: string; readonly revision: string | null }[]

// Pages that are open already are served from here too: the first visit needs no reload to work without a network.
clientsClaim()
precacheAndRoute([...builtFiles], { ignoreURLParametersMatching: [/.*/] })
