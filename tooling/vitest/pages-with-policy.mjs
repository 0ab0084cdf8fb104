const path = '/page-with-policy'

/**
 * A vite plugin that serves `/page-with-policy?policy=...&module=...`: a page that runs one module under a content-security
 * policy, with the headers of all other pages.
 */
export function pagesWithPolicy(headers) {
  return {
    name: 'pages-with-policy',
    configureServer(server) {
      server.middlewares.use(path, (request, response) => {
        const { searchParams } = new URL(request.url, 'http://localhost')
        response.setHeader('Content-Type', 'text/html')
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        response.setHeader('Content-Security-Policy', searchParams.get('policy'))
        response.end(`<!doctype html><script type="module" src="${searchParams.get('module')}"></script>`)
      })
    },
  }
}
